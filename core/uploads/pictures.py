"""Pictures that lie inside other files: where and when they were taken is taken out of them, nothing is drawn anew."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from core.uploads.refusing import Refused

JPEG, PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
# Their places stand in their own directories, at any depth: TIFF in both byte orders, and what telephones write (HEIC, WebP).
OTHER = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
OF_TELEPHONES = (b"ftyp", b"WEBP")
START_OF_SCAN, COMMENT, LONGEST = 0xDA, 0xFE, 0xFFFF
KEPT_SEGMENTS = {0xE0, 0xE2, 0xEE}  # JFIF, the colour profile, Adobe's transform: without them the colours are wrong
KEPT_CHUNKS = {
    b"IHDR",
    b"PLTE",
    b"IDAT",
    b"IEND",
    b"tRNS",
    b"gAMA",
    b"cHRM",
    b"sRGB",
    b"iCCP",
    b"sBIT",
    b"pHYs",
    b"bKGD",
}
# A segment as cameras (Exif), editors (XMP) and agencies (IPTC) write it.
_TOLD = re.compile(rb"\xff[\xe1\xed](..)(?=Exif\x00\x00|http://ns\.adobe\.com/|Photoshop 3\.0\x00)", re.DOTALL)


def plain(content: bytes) -> bytes:
    """A JPEG or PNG without what it tells beside the picture; other files as they are. Raises Refused for a picture that keeps it elsewhere."""
    if content.startswith(JPEG):
        return b"".join(_of_jpeg(content))
    if content.startswith(PNG):
        return b"".join(_of_png(content))
    if content.startswith(OTHER) or content[4:8] in OF_TELEPHONES or content[8:12] in OF_TELEPHONES:
        raise Refused("picture", _("A picture in this document is of a kind that keeps where it was taken. Put it in as JPEG or PNG."))  # fmt: skip
    return content


def _of_jpeg(content: bytes) -> Iterator[bytes]:
    """Everything up to the picture's own data, less the segments that tell; then the rest."""
    yield content[:2]
    place = 2
    while content[place : place + 1] == b"\xff" and place + 4 <= len(content):
        marker = content[place + 1]
        if marker == START_OF_SCAN:
            break
        if marker == 0xFF:  # a fill byte
            place += 1
            continue
        end = place + 2 + int.from_bytes(content[place + 2 : place + 4], "big")
        if not (0xE0 <= marker <= 0xEF or marker == COMMENT) or marker in KEPT_SEGMENTS:
            yield content[place:end]
        place = end
    yield blanked(content[place:])


def _of_png(content: bytes) -> Iterator[bytes]:
    yield PNG
    place = len(PNG)
    while place + 12 <= len(content):
        end = place + 12 + int.from_bytes(content[place : place + 4], "big")
        if content[place + 4 : place + 8] in KEPT_CHUNKS:
            yield content[place:end]
        place = end


def blanked(content: bytes) -> bytes:
    """The same bytes with what JPEGs tell beside the picture written over, wherever one begins: nothing moves, so that offsets stay right."""
    if not _TOLD.search(content):
        return content
    kept = bytearray(content)
    for found in _TOLD.finditer(content):
        begin, length = found.end(), int.from_bytes(found.group(1), "big") - 2
        end = min(begin + max(length, 0), len(kept))
        kept[begin:end] = bytes(end - begin)
    return bytes(kept)
