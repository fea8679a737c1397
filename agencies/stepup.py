"""The second factor is asked for again before what must not be done with somebody else's open screen."""

from __future__ import annotations

from urllib.parse import urlencode

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse


def is_due(request: HttpRequest) -> bool:
    """Whether the person has to show the second factor again (real installations; a demo's accounts have none)."""
    return bool(settings.SECOND_FACTOR_REQUIRED) and not did_recently_reauthenticate(request)


def address(request: HttpRequest) -> str:
    """Where it is shown again; from there the person comes back to this page."""
    return f"{reverse('mfa_reauthenticate')}?{urlencode({'next': request.path})}"
