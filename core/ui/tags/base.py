"""The one library of tags, and what all of them share."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

TONES = frozenset({"neutral", "info", "ok", "warn", "danger", "brand"})
TONE_ICONS = {"info": "info-circle", "ok": "circle-check", "warn": "alert-circle", "danger": "alert-triangle"}


def tone_of(tone: str) -> str:
    """The tone itself. Raises ValueError for one that does not exist."""
    if tone not in TONES:
        raise ValueError(f"no such tone: {tone}")
    return tone


def component(component: str, context: Context | None = None, /, **values: Any) -> SafeString:
    """A component's template with `values`, and of the page's context only what every template may need."""
    if context is not None:
        values.setdefault("request", context.get("request"))
        values.setdefault("csrf_token", context.get("csrf_token"))
    return mark_safe(get_template(f"components/{component}.html").render(values))  # noqa: S308 -- the engine has escaped it


def trim(content: str) -> SafeString:
    """A block's rendered content without its outer blanks, so that an empty one is false."""
    return mark_safe(content.strip())  # noqa: S308 -- rendered by the template engine, escaped there
