"""Before a view runs: an agency's system by its key, a password of one's own and a second factor before any real data, no way by e-mail."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve

from agencies.programs import SCHEME, Program, program_of
from core import access
from core.identity import ANONYMOUS, acting_as
from core.middleware import client_address
from core.views import not_found

ALWAYS = ("account_logout", "account_reauthenticate", "set_language", "session")
ENROLMENT = ("mfa_", *ALWAYS)
OWN_CHOICE = "account_change_password"


# Accounts have no e-mail address and nobody signs up: with an address of one's own a password could be had from outside.
SAYS_WHO_RESETS = "account_reset_password"  # its page has no form: it names the administrator
CLOSED = ("account_email", "account_confirm_email", "account_reset_password")


class ClosedDoorsMiddleware:
    """The login library's ways by e-mail are not there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        """404 before the library's view runs."""
        name = _view_name(request)
        if name == SAYS_WHO_RESETS and request.method in ("GET", "HEAD"):
            return None
        return not_found(request) if name.startswith(CLOSED) else None


class AgencyKeyMiddleware:
    """A signed request of an agency's system acts as that system, for the routes that are made for it and for no others.

    Stands before the identity is bound. A nonce is used up in a transaction of its own, whatever becomes of the request.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.headers.get("Authorization", "").startswith(SCHEME):
            return self.get_response(request)
        route = _route(request)
        trail = access.begin(route, client_address(request))
        with acting_as(ANONYMOUS):
            try:
                program = program_of(request) if route.startswith("referrals_api:") else None
            except RequestDataTooBig:  # nothing can be said of a signature over what is not read
                access.note(access.Action.LOGIN_FAILED, reason="too_large")
                access.flush(trail)
                return JsonResponse({"code": "too_large"}, status=413)
            if program is None:
                access.note(access.Action.LOGIN_FAILED, reason="agency_key")
                access.flush(trail)
        if program is None:
            return JsonResponse({"code": "bad_signature"}, status=401)
        request.user = program  # type: ignore[assignment]
        return self.get_response(request)


def _route(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).view_name or ""
    except Resolver404:
        return ""


def _view_name(request: HttpRequest) -> str:
    return (request.resolver_match.view_name if request.resolver_match else "") or ""


def _must_choose(request: HttpRequest) -> bool:
    """A program has no password; a person's may be known to the administrator who gave it."""
    user = request.user
    return user.is_authenticated and not isinstance(user, Program) and user.must_choose_password


class FirstPasswordMiddleware:
    """Who was given a password chooses another one, and does nothing else before; the second factor comes after it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        """Send to the choice before the view runs."""
        if _view_name(request).startswith((OWN_CHOICE, *ALWAYS)) or not _must_choose(request):
            return None
        return redirect(OWN_CHOICE)


class SecondFactorMiddleware:
    """Who has no second factor yet may enrol one, and nothing else (real installations)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        """Send to the enrolment before the view runs."""
        if (
            not settings.SECOND_FACTOR_REQUIRED
            or not request.user.is_authenticated
            or isinstance(request.user, Program)
        ):
            return None  # a program's second factor is its signature
        name = _view_name(request)
        if name == OWN_CHOICE and _must_choose(request):
            return None
        if name.startswith(ENROLMENT) or is_mfa_enabled(request.user):
            return None
        return redirect("mfa_activate_totp")
