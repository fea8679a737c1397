"""What people hand in as files: kept in memory, known by what it is and not by what it is called, and made harmless before it is sealed."""

from core.uploads.accepting import TYPES, FileType, Upload, accepted
from core.uploads.field import PapersField
from core.uploads.memory import MemoryOnlyHandler
from core.uploads.refusing import Refused

__all__ = ["TYPES", "FileType", "MemoryOnlyHandler", "PapersField", "Refused", "Upload", "accepted"]
