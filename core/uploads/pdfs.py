"""A PDF is taken when it can only be read: whatever runs, opens, sends or carries another file is refused.

No library for PDF is among the requirements, so the bytes themselves are looked at: as they stand, and inside every compressed stream, where
objects may hide. What cannot be looked into (a password, a filter that only hides) is refused as well. Names may be written with
hexadecimal escapes (/J#61vaScript, ISO 32000-1, 7.3.5); they are found all the same.
"""

from __future__ import annotations

import re
import zlib

from django.utils.translation import gettext_lazy as _

from core.uploads.refusing import Refused

# Actions that run or reach out (ISO 32000-1, 12.6.4), files inside the file (7.11.4), forms that script themselves (12.7.8), media (13).
ACTIVE = (
    "JavaScript", "Launch", "EmbeddedFile", "EmbeddedFiles", "RichMedia", "SubmitForm", "ImportData", "GoToE", "Rendition", "Movie", "XFA",
)  # fmt: skip
# Filters behind which a stream of objects could not be looked into.
HIDING = (
    "ASCIIHexDecode",
    "AHx",
    "ASCII85Decode",
    "A85",
    "LZWDecode",
    "LZW",
    "RunLengthDecode",
    "RL",
    "Crypt",
    "Predictor",
)
MOST_UNPACKED = 256 * 1024 * 1024
PIECE = 1024 * 1024
OVERLAP = 64  # longer than any name that is looked for, each character escaped


def _written(name: str) -> bytes:
    """All ways to write a name."""
    return b"".join(
        b"(?:" + re.escape(char.encode()) + b"|#(?i:" + f"{ord(char):02x}".encode() + b"))" for char in name
    )


def _any_of(names: tuple[str, ...]) -> re.Pattern[bytes]:
    return re.compile(b"/(?:" + b"|".join(map(_written, names)) + rb")(?=[\s/<>\[\](){}%]|$)")


_ACTIVE, _HIDING, _ENCRYPTED = _any_of(ACTIVE), _any_of(HIDING), _any_of(("Encrypt",))
_OBJECTS = _any_of(("ObjStm",))
_STREAM = re.compile(rb"stream\r?\n?")


def checked(content: bytes) -> bytes:
    """The same bytes. Raises Refused."""
    if b"%%EOF" not in content[-2048:]:
        raise Refused("broken", _("This PDF is not whole. Save or scan it once more."))
    if _ENCRYPTED.search(content):
        raise Refused("locked", _("This PDF is locked with a password. Save it without one."))
    _look(content)
    for found in _OBJECTS.finditer(content):
        begin = max(content.rfind(b"obj", 0, found.start()), found.start() - 2048, 0)
        end = content.find(b"stream", found.end())
        if _HIDING.search(content, begin, end if end >= 0 else found.end() + 2048):
            raise _active()
    _look_inside(content)
    return content


def _active() -> Refused:
    return Refused(
        "active", _("This PDF holds a script, a form that sends, or another file. Print it as a PDF or scan it, and take that.")
    )  # fmt: skip


def _look(content: bytes) -> None:
    if _ACTIVE.search(content):
        raise _active()


def _look_inside(content: bytes) -> None:
    """Unpack whatever can be unpacked, piece by piece, and look at it; wherever a stream could begin, whatever is said of its length."""
    left = MOST_UNPACKED
    for mark in _STREAM.finditer(content):
        rest: bytes = content[mark.end() : mark.end() + 1]
        if not rest or rest[0] & 0x0F != zlib.DEFLATED:  # no zlib header
            continue
        unpack, tail, rest = zlib.decompressobj(), b"", content[mark.end() :]
        try:
            while rest and not unpack.eof:
                piece = unpack.decompress(rest, PIECE)
                rest = unpack.unconsumed_tail
                left -= len(piece)
                if left < 0:
                    raise Refused("unpacked", _("This PDF is too large when it is opened. Scan it with 300 dpi."))
                _look(tail + piece)
                tail = piece[-OVERLAP:]
        except zlib.error:
            continue  # it only began like one, or is broken: a reader cannot unpack more of it than this
