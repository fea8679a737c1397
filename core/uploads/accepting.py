"""Which files are taken: by their signature, never by their name; each type has its own way of being made harmless."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.uploads import images, pdfs, words
from core.uploads.refusing import Refused

NAME_LENGTH = 120


@dataclass(frozen=True)
class FileType:
    """One type on the allow-list."""

    code: str
    label: Any
    media_type: str
    extension: str
    starts_with: bytes
    made_harmless: Callable[[bytes], bytes]  # raises Refused


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TYPES = {
    kind.code: kind
    for kind in (
        FileType("pdf", _("PDF"), "application/pdf", "pdf", b"%PDF-", pdfs.checked),
        FileType("jpeg", _("JPEG image"), "image/jpeg", "jpg", b"\xff\xd8\xff", images.jpeg_anew),
        FileType("png", _("PNG image"), "image/png", "png", b"\x89PNG\r\n\x1a\n", images.png_anew),
        FileType("docx", _("Word document"), _WORD, "docx", b"PK\x03\x04", words.packed_anew),
    )
}


@dataclass(frozen=True)
class Upload:
    """A file that was taken: harmless bytes, and the name that the person knows it by."""

    name: str
    type: FileType
    content: bytes


def accepted(name: str, content: bytes, size: int | None = None) -> Upload:
    """The file as it may be kept. `size` is what was sent, where not all of it was kept. Raises Refused with words for the person."""
    most = settings.PAPER_MAX_BYTES
    if (size if size is not None else len(content)) > most or len(content) > most:
        raise too_large()
    if not content:
        raise Refused("empty", _("The file is empty."))
    kind = next((kind for kind in TYPES.values() if content.startswith(kind.starts_with)), None)
    if kind is None:
        raise Refused("type", _("Only PDF, JPEG, PNG and Word documents (.docx) are taken."))
    harmless = kind.made_harmless(content)
    if len(harmless) > most:
        raise too_large()
    return Upload(plain_name(name), kind, harmless)


def too_large() -> Refused:
    """Larger than the limit."""
    megabytes = settings.PAPER_MAX_BYTES // (1024 * 1024)
    return Refused("too_large", _("A file may have %(megabytes)s MB at most.") % {"megabytes": megabytes})


def plain_name(name: str) -> str:
    """The last part of the name, without what steers a terminal or turns the reading direction."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(" " if char.isspace() else char for char in last if unicodedata.category(char)[0] != "C")
    return visible.strip()[-NAME_LENGTH:]
