"""What stands in every row of a list, written here directly because rendering a template for each would be felt."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core.ui import figures, masking, sentences, times
from core.ui.icons import ICONS
from core.ui.tags.base import TONE_ICONS, register, tone_of

register.filter("mask_phone", masking.mask_phone)
register.filter("mask_id", masking.mask_id)
register.filter("duration", times.duration)
register.filter("grouped", figures.grouped)
register.filter("joined", sentences.joined)
register.filter("labelled", sentences.labelled)
register.filter("in_brackets", sentences.in_brackets)


@register.simple_tag
def icon(name: str, label: Any = "", cls: str = "") -> SafeString:
    """A drawing from the sprite; decoration unless `label` says what it means."""
    return _drawn(name, cls, label) if label else _decoration(name, cls)


@cache
def _decoration(name: str, cls: str) -> SafeString:
    """Drawn once for the process: a list shows two in each row."""
    return _drawn(name, cls, "")


def _drawn(name: str, cls: str, label: Any) -> SafeString:
    if name not in ICONS:
        raise ValueError(f"no such icon: {name}; add it to core.ui.icons.ICONS")
    said = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon {}" {} focusable="false"><use href="{}#{}"></use></svg>',
        cls,
        said,
        static("vendor/icons.svg"),
        name,
    )


@register.simple_tag
def chip(text: Any, tone: str = "neutral", icon: str = "", title: Any = "") -> SafeString:
    """A state in a word; a tone that means something brings its icon, so that colour is never alone."""
    picture = icon or TONE_ICONS.get(tone_of(tone), "")
    return format_html(
        '<span class="chip chip-{}"{}>{}<span>{}</span></span>',
        tone,
        format_html(' title="{}"', title) if title else "",
        drawing(picture) if picture else "",
        text,
    )


def drawing(name: str) -> SafeString:
    return icon(name)


@register.simple_tag
def due(at: dt.datetime | None, done: dt.datetime | None = None, soon_hours: float = 24) -> SafeString:
    """剩 2 小时 / 逾期 1 天, as loud as it is late, the exact moment on hover. Nothing when nothing is due."""
    if at is None:
        return format_html('<span class="quiet">{}</span>', _("no due time"))
    said = times.due(at, done=done, soon=soon_hours * times.HOUR)
    return format_html(
        '<time class="due due-{}" datetime="{}" title="{}">{}<span>{}</span></time>',
        said.tone,
        at.isoformat(),
        times.exact(at),
        drawing(said.icon),
        said.words,
    )


@register.filter
def when(value: dt.datetime | dt.date | None) -> SafeString | str:
    """今天 10:32, with the whole moment on hover."""
    if not value:
        return ""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', value.isoformat(), times.exact(value), times.when(value)
    )


@register.filter
def ago(value: dt.datetime | None) -> SafeString | str:
    """3 分钟前, with the whole moment on hover."""
    if not value:
        return ""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', value.isoformat(), times.exact(value), times.ago(value)
    )


@register.filter
def exact(value: dt.datetime | dt.date | None) -> str:
    """2026-11-23 10:32."""
    return times.exact(value) if value else ""


@register.simple_tag
def person(name: Any, phone: str = "", id_number: str = "", note: Any = "", url: str = "") -> SafeString:
    """A human in one line: the name, and numbers masked. Give plain numbers or already masked ones."""
    shown = format_html('<a href="{}">{}</a>', url, name) if url else format_html("{}", name)
    phone_text = phone if "*" in (phone or "") else masking.mask_phone(phone)
    id_text = id_number if "*" in (id_number or "") else masking.mask_id(id_number)
    parts = [text for text in (note, phone_text, id_text) if text]
    return format_html(
        '<span class="person"><span class="person-name">{}</span>{}</span>',
        shown,
        format_html_join("", '<span class="person-part num">{}</span>', ((part,) for part in parts)),
    )


@register.simple_tag
def kbd(*keys: str) -> SafeString:
    """The keys to press, in order."""
    return format_html_join(" ", "<kbd>{}</kbd>", ((key,) for key in keys))
