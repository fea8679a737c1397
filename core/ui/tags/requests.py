"""What a request carries and what it is answered with: hidden fields of a POST, the query string, the words of the script."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.ui.tags.base import register


@register.simple_tag
def request_key() -> SafeString:
    """The hidden key that makes a POST count once, however often it is sent."""
    return format_html('<input type="hidden" name="request_key" value="{}">', uuid.uuid4())


@register.simple_tag
def version(obj: Any) -> SafeString:
    """The hidden version of `obj` that the person is looking at (an object with `.version`, or the number itself)."""
    return format_html('<input type="hidden" name="version" value="{}">', getattr(obj, "version", obj))


@register.simple_tag(takes_context=True)
def form_head(context: Context, obj: Any = None) -> SafeString:
    """What every POST form begins with: CSRF token, request key and, where an object is changed, its version."""
    token = format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', context.get("csrf_token") or "")
    return format_html("{}{}{}", token, request_key(), version(obj) if obj is not None else "")


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The page's own query string with `changes`; None or "" takes a key out."""
    request = context.get("request")
    kept = request.GET.copy() if request is not None else {}
    for key, value in changes.items():
        kept.pop(key, None)
        if value not in (None, ""):
            kept[key] = str(value)
    text = kept.urlencode() if hasattr(kept, "urlencode") else urlencode(kept)
    return f"?{text}" if text else "?"


@register.simple_tag
def ui_texts() -> dict[str, str]:
    """What app.js says, in the person's language."""
    return {
        "saving": _("Saving…"),
        "saved": _("Saved %(time)s"),
        "notSaved": _("Not saved yet; what you typed is kept on this page"),
        "cut": _(
            "The text was longer than this box takes: only the first part was pasted (%(most)s characters in all)."
        ),
        "elsewhere": _(
            "Changed in another window. What you type here is no longer saved by itself; save it, and you are asked."
        ),
        "unsaved": _("You have changes that are not saved. Leave this page?"),
        "offline": _("No connection. What you typed is kept on this page; try again when the connection is back."),
        "online": _("The connection is back."),
        "copied": _("Copied."),
        "notCopied": _("It could not be copied. Select it and copy it by hand."),
        "failed": _("This did not work. Nothing was changed; please try again."),
        "refused": _("You may not do this."),
        "stale": _(
            "Somebody else has changed this meanwhile. Load the page again to see it; what you typed is kept until then."
        ),
        "sending": _("Please wait…"),
        "wrongPassword": _("The password is not right."),
        "sameUser": _("Somebody else has logged in. Load the page again."),
        "stillOut": _("You are not logged in yet."),
        "chartFailed": _("The chart could not be drawn; the table below has the figures."),
    }
