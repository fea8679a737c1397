"""What keeps a person or her words from harm: how she may be reached, and what somebody else has changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.safestring import SafeString

from core.ui.tags.base import component, register


@register.simple_tag
def safe_contact(
    rules: Any = None,
    *,
    hours: Any = "",
    number: Any = "",
    code_word: Any = "",
    no_message: bool = False,
    no_text: bool = False,
    note: Any = "",
    unsafe_now: bool | None = None,
    missing: bool = False,
) -> SafeString:
    """How to reach the client without endangering her, on top of every screen from which someone might phone.

    Takes an object or mapping with these names, or the arguments; `unsafe_now=True` says that this is not a safe hour, False that it is.
    """
    names = ("hours", "number", "code_word", "no_message", "no_text", "note", "unsafe_now")
    given = dict(zip(names, (hours, number, code_word, no_message, no_text, note, unsafe_now), strict=True))
    if rules is not None:
        for name in names:
            value = rules.get(name) if isinstance(rules, Mapping) else getattr(rules, name, None)
            if value not in (None, ""):
                given[name] = value
    return component(
        "safe_contact", missing=missing or not any(value not in (None, "", False) for value in given.values()), **given
    )


@register.simple_tag
def stale_notice(
    changes: Sequence[Mapping[str, Any]], by: Any = "", at: dt.datetime | None = None, url: str = ""
) -> SafeString:
    """Somebody was faster: [{field, was, now, yours, by, at}]. What the person typed stays in the form below."""
    return component("stale_notice", changes=changes, by=by, at=at, url=url)
