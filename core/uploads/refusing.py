"""A file that is not taken."""

from __future__ import annotations

from core.errors import DomainError


class Refused(DomainError):
    """The file is not taken; the message says why and what to do instead."""
