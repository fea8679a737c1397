"""A PDF is taken when it can only be read: whatever runs, opens, sends or carries another file is refused.

No library for PDF is among the requirements, so the bytes themselves are looked at: as they stand, and inside every compressed stream, where
objects may hide. What cannot be looked into (a password, a filter that only hides) is refused as well. Names may be written with
hexadecimal escapes (/J#61vaScript, ISO 32000-1, 7.3.5); they are found all the same.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from core.uploads import pictures
from core.uploads.refusing import Refused

# Actions that run or reach out (ISO 32000-1, 12.6.4), files inside the file (7.11.4), forms that script themselves (12.7.8), media (13).
ACTIVE = (
    "JavaScript", "Launch", "EmbeddedFile", "EmbeddedFiles", "RichMedia", "SubmitForm", "ImportData", "GoToE", "Rendition", "Movie", "XFA",
)  # fmt: skip
# Filters that would hide objects from a look; today's programs write none of them but into inline images of a page.
HIDING = ("ASCIIHexDecode", "AHx", "ASCII85Decode", "A85", "LZWDecode", "LZW", "RunLengthDecode", "Crypt")
MOST_UNPACKED = 256 * 1024 * 1024
PIECE, CHUNK = 1024 * 1024, 4096
OVERLAP = 64  # longer than any name that is looked for, each character escaped


def _written(name: str) -> bytes:
    """All ways to write a name."""
    return b"".join(
        b"(?:" + re.escape(char.encode()) + b"|#(?i:" + f"{ord(char):02x}".encode() + b"))" for char in name
    )


def _any_of(names: tuple[str, ...]) -> re.Pattern[bytes]:
    return re.compile(b"/(?:" + b"|".join(map(_written, names)) + rb")(?=[\s/<>\[\](){}%]|$)")


_ACTIVE, _HIDING, _ENCRYPTED = _any_of(ACTIVE), _any_of(HIDING), _any_of(("Encrypt",))
# A stream that is packed twice, or whose filter is named somewhere else, or in a way of its own.
_FILTER, _FLATE = b"/" + _written("Filter"), b"(?:" + _written("FlateDecode") + b"|Fl)"
_TWICE = re.compile(
    _FILTER + rb"\s*(?:\d|\[\s*\d|/RL\b|\[[^\]]*/RL\b|\[[^\]]*/" + _FLATE + rb"[^\]]*/" + _FLATE + rb")"
)
_PREDICTED, _OBJECTS = _any_of(("Predictor",)), _any_of(("ObjStm", "First"))
_MARK, _LINE_END = re.compile(rb"stream"), re.compile(rb"\r\n|\r|\n")


def checked(content: bytes) -> bytes:
    """The same bytes, photos without the place where they were taken. Raises Refused."""
    if b"%%EOF" not in content[-2048:]:
        raise Refused("broken", _("This PDF is not whole. Save or scan it once more."))
    if _ENCRYPTED.search(content):
        raise Refused("locked", _("This PDF is locked with a password. Save it without one."))
    if _HIDING.search(content) or _TWICE.search(content):
        raise _active()
    for found in _PREDICTED.finditer(
        content
    ):  # lists of places use it, and images; a stream of objects that does is dressed up
        begin, end = content.rfind(b"endobj", 0, found.start()), content.find(b"stream", found.end())
        if _OBJECTS.search(content, max(begin, 0), end if end >= 0 else len(content)):
            raise _active()
    _look(content)
    _look_inside(content)
    return pictures.blanked(content)


def _active() -> Refused:
    return Refused(
        "active", _("This PDF holds a script, a form that sends, or another file. Print it as a PDF or scan it, and take that.")
    )  # fmt: skip


def _look(content: bytes) -> None:
    if _ACTIVE.search(content):
        raise _active()


def _look_inside(content: bytes) -> None:
    """Unpack whatever can be unpacked and look at it: wherever a stream could begin, whatever is said of its length."""
    left = MOST_UNPACKED
    for begin in _beginnings(content):
        kept = b""
        for read, piece in _unpacked(content, begin):
            left -= read + len(piece)
            if left < 0:
                raise Refused("unpacked", _("This PDF is too large when it is opened. Scan it with 300 dpi."))
            kept += piece
            if len(kept) >= PIECE:
                _look(kept)
                kept = kept[-OVERLAP:]
        _look(kept)


def _beginnings(content: bytes) -> Iterator[int]:
    """Where a compressed stream may begin: after the keyword, after its line, as strict and as patient readers take it."""
    for mark in _MARK.finditer(content):
        line = _LINE_END.search(content, mark.end(), mark.end() + 1024)
        for begin in sorted({mark.end(), line.end() if line else mark.end()}):
            if content[begin : begin + 1] and content[begin] & 0x0F == zlib.DEFLATED:
                yield begin


def _unpacked(content: bytes, begin: int) -> Iterator[tuple[int, bytes]]:
    """(bytes read, bytes unpacked), until the stream ends or breaks. Of a broken one readers show what came before the break: so it is given too."""
    unpack, place = zlib.decompressobj(), begin
    try:
        while place < len(content) and not unpack.eof:
            chunk = content[place : place + CHUNK]
            yield len(chunk), unpack.decompress(chunk, PIECE)
            while unpack.unconsumed_tail and not unpack.eof:
                yield 0, unpack.decompress(unpack.unconsumed_tail, PIECE)
            place += CHUNK
    except zlib.error:
        unpack = zlib.decompressobj()
        yield place - begin, unpack.decompress(content[begin:place])[-OVERLAP:]
        for at in range(place, min(place + CHUNK, len(content))):
            try:
                yield 1, unpack.decompress(content[at : at + 1])
            except zlib.error:
                return
