"""Facts and figures: names and values, history, progress, charts."""

# ruff: noqa: A002 - the names of arguments are what templates write
from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.ui.figures import grouped
from core.ui.tags.base import component, register, tone_of, trim


@register.simple_block_tag
def facts(content: str, columns: int = 1) -> SafeString:
    """Names and values beside each other; filled with `fact` and `fact_block`."""
    return format_html('<dl class="facts facts-{}">{}</dl>', columns, content)


@register.simple_tag
def fact(label: Any, value: Any = "", num: bool = False) -> SafeString:
    """One name and value; an unknown value is a quiet dash."""
    shown = value if value not in (None, "") else format_html('<span class="quiet">{}</span>', "—")
    return format_html('<div><dt>{}</dt><dd class="{}">{}</dd></div>', label, "num" if num else "", shown)


@register.simple_block_tag
def fact_block(content: str, label: Any) -> SafeString:
    """A fact whose value is markup."""
    return format_html("<div><dt>{}</dt><dd>{}</dd></div>", label, content)


@register.simple_block_tag
def timeline(content: str, label: Any = "") -> SafeString:
    """One truth, many kinds of entry; filled with `timeline_entry`."""
    return format_html('<ol class="timeline" aria-label="{}">{}</ol>', label or _("Timeline"), content)


@register.simple_block_tag
def timeline_entry(
    content: str,
    title: Any,
    *,
    at: dt.datetime | None = None,
    who: Any = "",
    icon: str = "point",
    tone: str = "neutral",
    anchor: str = "",
) -> SafeString:
    """What happened, who did it, when; the content is its text."""
    return component(
        "timeline_entry", title=title, at=at, who=who, icon=icon, tone=tone_of(tone), anchor=anchor, body=trim(content)
    )


@register.simple_tag
def progress(
    *, url: str = "", value: int = 0, max: int = 100, label: Any = "", done: bool = False, failed: Any = ""
) -> SafeString:
    """How far long work is. With `url` it asks again every two seconds until the answer is rendered with `done` or `failed`."""
    share = min(100, round(100 * value / max)) if max else 0
    return component("progress", url=url, value=value, max=max, share=share, label=label, done=done, failed=failed)


@register.simple_tag
def stat(
    label: Any,
    value: Any,
    *,
    unit: Any = "",
    was: float | None = None,
    was_label: Any = "",
    before: float | None = None,
    before_label: Any = "",
    good: str = "",
    url: str = "",
    tone: str = "",
) -> SafeString:
    """A headline figure beside what it was (`was`, and a second comparison `before`); `good` is `up` or `down` where one is better."""
    comparisons = []
    for old, said in ((was, was_label or _("last month")), (before, before_label or _("same month last year"))):
        if old is None or not isinstance(value, int | float):
            continue  # a figure that is not shown is compared with nothing
        change = float(value) - old
        direction = "up" if change > 0 else "down" if change < 0 else "same"
        css = "" if direction == "same" or not good else "ok" if direction == good else "warn"
        amount = f"{abs(change):.1f}".rstrip("0").rstrip(".") if change % 1 else grouped(abs(int(change)))
        comparisons.append({"label": said, "old": grouped(old), "direction": direction, "css": css, "amount": amount})
    return component(
        "stat",
        label=label,
        value=grouped(value),
        unit=unit,
        comparisons=comparisons,
        url=url,
        tone=tone and tone_of(tone),
    )


@register.simple_tag
def stepper(steps: Sequence[Any], current: int) -> SafeString:
    """Where one is in a few steps; `current` counts from 1."""
    rows = [
        {
            "label": step,
            "state": "done" if number < current else "current" if number == current else "ahead",
            "number": number,
        }
        for number, step in enumerate(steps, start=1)
    ]
    return component("stepper", steps=rows)


@register.simple_tag(takes_context=True)
def checklist(context: Context, items: Sequence[Mapping[str, Any]], label: Any = "", id: str = "") -> SafeString:
    """What to do, and when and by whom it was done: [{label, help, done_at, by, url, name}].

    `url` takes the POST that ticks it (htmx replaces the whole list with the answer); without it an item is only shown.
    """
    return component("checklist", context, items=items, label=label, id=id or f"checklist-{uuid.uuid4().hex[:8]}")


@register.simple_block_tag
def chart(content: str, id: str, title: Any, height: str = "md") -> SafeString:
    """A chart drawn from `json_script` data of that id (an ECharts option); content is its text alternative, normally a table."""
    return component("chart", id=id, title=title, height=height, body=content)
