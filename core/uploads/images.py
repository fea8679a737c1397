"""Images are drawn anew: no place, no camera, no comment, nothing hidden behind the picture comes along."""

from __future__ import annotations

import io
import warnings

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from core.uploads.refusing import Refused

_BROKEN = (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError)


def jpeg_anew(content: bytes) -> bytes:
    """The same picture as a fresh JPEG, turned as the camera meant it. Raises Refused."""
    picture = _picture(content, "JPEG")
    if picture.mode not in ("L", "RGB"):
        picture = picture.convert("RGB")
    picture.info = {}  # Pillow would write a comment again
    into = io.BytesIO()
    picture.save(into, "JPEG", quality=90)
    return into.getvalue()


def png_anew(content: bytes) -> bytes:
    """The same picture as a fresh PNG. Raises Refused."""
    picture = _picture(content, "PNG")
    if picture.mode not in ("1", "L", "LA", "RGB", "RGBA"):
        picture = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    into = io.BytesIO()
    picture.info = {}  # its text chunks, its profile
    picture.save(into, "PNG")
    return into.getvalue()


def _picture(content: bytes, form: str) -> Image.Image:
    """The decoded picture. Its size is looked at before a pixel is decoded: a small file can ask for gigabytes."""
    broken = Refused("broken", _("This image cannot be opened. Take or scan it once more."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the limit below is the stricter one
            picture: Image.Image = Image.open(io.BytesIO(content), formats=[form])
        if picture.width * picture.height > settings.PAPER_MAX_PIXELS:
            raise Refused("pixels", _("This image has too many pixels. Scan it with 300 dpi, or make it smaller."))
        picture.load()
        return ImageOps.exif_transpose(picture)
    except _BROKEN:
        raise broken from None
