"""The second factor is asked for again before what must not be done with somebody else's open screen."""

from __future__ import annotations

import time
from urllib.parse import urlencode, urlsplit

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

ALWAYS_ANEW = 5 * 60  # seconds: an emergency view, an agency's key
IN_A_SHIFT = 30 * 60  # seconds: a masked value, which an operator needs many times a night


def is_due(request: HttpRequest, *, within: int = ALWAYS_ANEW) -> bool:
    """Whether the person has to show the second factor again, which was not shown for `within` seconds; a password is none.

    Real installations only: a demo's accounts have none (security.md, 5).
    """
    if not settings.SECOND_FACTOR_REQUIRED:
        return False
    user = request.user if request.user.is_authenticated else None
    shown = [record["at"] for record in get_authentication_records(request, user) if record.get("method") == "mfa"]
    return not shown or time.time() - max(shown) >= within


def address(request: HttpRequest, then: str = "") -> str:
    """Where it is shown again; from there the person comes to `then`, else back to this page (of a dialog: to the page that it lies on)."""
    here = urlsplit(request.headers.get("HX-Current-URL", "")).path or request.path
    return f"{reverse('mfa_reauthenticate')}?{urlencode({'next': then or here})}"
