"""The parts of a page: its head, tabs, notices, panels and dialogs."""

# ruff: noqa: A002 - the names of arguments are what templates write
from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.template.context import Context
from django.utils.safestring import SafeString

from core.ui.tags.base import TONE_ICONS, component, register, tone_of, trim


@register.simple_block_tag(takes_context=True)
def page_head(
    context: Context,
    content: str,
    title: Any,
    *,
    subtitle: Any = "",
    state: Any = "",
    back: str = "",
    back_label: Any = "",
    sticky: bool = True,
) -> SafeString:
    """The page's one h1, its state (chips) and, as content, its actions (one `btn-primary`)."""
    return component(
        "page_head",
        context,
        title=title,
        subtitle=subtitle,
        state=state,
        back=back,
        back_label=back_label,
        sticky=sticky,
        actions=trim(content),
    )


@register.simple_tag(takes_context=True)
def tabs(context: Context, items: Sequence[Mapping[str, Any]], label: Any = "") -> SafeString:
    """Pages beside each other: [{label, url, active, count}]."""
    return component("tabs", context, items=items, label=label)


@register.simple_block_tag
def alert(content: str, tone: str = "info", title: Any = "", icon: str = "") -> SafeString:
    """Something to know before going on. `danger` speaks up to screen readers."""
    return component(
        "alert", tone=tone_of(tone), title=title, icon=icon or TONE_ICONS.get(tone, "info-circle"), body=trim(content)
    )


@register.simple_block_tag
def empty_state(content: str, title: Any, how: Any = "", icon: str = "inbox") -> SafeString:
    """Nothing here: what would come here and how; content is the one action, if there is one."""
    return component("empty", title=title, how=how, icon=icon, actions=trim(content))


@register.simple_block_tag
def panel(
    content: str,
    title: Any,
    *,
    id: str = "",
    url: str = "",
    count: int | None = None,
    action_url: str = "",
    action: Any = "",
    icon: str = "",
) -> SafeString:
    """A part of a page under its own h2. With `url` it loads itself when it comes into sight; content stands there until then."""
    return component(
        "panel",
        title=title,
        id=id or f"panel-{uuid.uuid4().hex[:8]}",
        url=url,
        count=count,
        action_url=action_url,
        action=action,
        icon=icon,
        body=trim(content),
    )


@register.simple_block_tag
def dialog(content: str, id: str, title: Any, wide: bool = False) -> SafeString:
    """A modal `<dialog>`, opened by any button with `data-dialog="id"`."""
    return component("dialog", id=id, title=title, wide=wide, body=content)
