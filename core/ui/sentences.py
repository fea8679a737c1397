"""Marks between words, in the language of the page: Chinese has its own comma for lists, its own colon and brackets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _


def joined(parts: Iterable[Any], path: str = "") -> str:
    """The parts as one list; `path` names what is shown of each (`user.name`)."""
    return _(", ").join(str(_shown(part, path)) for part in parts or ())


def _shown(part: Any, path: str) -> Any:
    for name in path.split(".") if path else ():
        part = part[name] if isinstance(part, dict) else getattr(part, name)
    return part


def labelled(text: Any, label: Any) -> str:
    """`label: text`."""
    return _("%(label)s: %(text)s") % {"label": label, "text": text}


def in_brackets(text: Any) -> str:
    """What is set behind a word, with the space that English wants before the bracket."""
    return _(" (%(text)s)") % {"text": text}
