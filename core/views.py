"""Pages and guards that every room uses: who may enter, what a refusal looks like."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from core import access
from core.errors import DomainError, NotAllowed, NotFound
from core.identity import Identity

View = Callable[..., HttpResponse]


class Asked(HttpRequest):
    """A request after IdentityMiddleware (for type checking)."""

    identity: Identity
    htmx: Any


def page(*roles: str, methods: tuple[str, ...] = ("GET", "HEAD")) -> Callable[[View], View]:
    """A page for people who are logged in and hold one of `roles` (any role when none is named), reached by `methods` only."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: Asked, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in methods:
                return _not_for_this(request, methods)
            if not request.identity.is_authenticated:
                if request.headers.get("HX-Request"):
                    return HttpResponse(status=401)
                return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
            if roles and not request.identity.has(*roles):
                access.note(access.Action.DENIED, reason="role")
                return refusal(request, 403)
            # No text of the database holds it; what an address narrows by often reaches a query as it stands.
            if any("\x00" in value for _name, values in request.GET.lists() for value in values):
                return refusal(request, 400)
            return view(request, *args, **kwargs)

        guarded.roles = roles  # type: ignore[attr-defined]
        guarded.methods = methods  # type: ignore[attr-defined]
        return guarded

    return wrap


def _not_for_this(request: Asked, methods: tuple[str, ...]) -> HttpResponse:
    """405. A form's address that was opened by itself (copied, reloaded) leads a person back instead of to the browser's own page."""
    shown = request.method == "GET" and request.identity.is_authenticated and not request.headers.get("HX-Request")
    answer = refusal(request, 405) if shown else HttpResponse(status=405)
    answer["Allow"] = ", ".join(methods)
    return answer


def request_key(request: HttpRequest) -> UUID | None:
    """The key that the form carried, so that the same POST does its work once."""
    try:
        return UUID(request.POST.get("request_key", ""))
    except ValueError:
        return None


def seen_version(request: HttpRequest) -> int | None:
    """The version of the row that the form was rendered from."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def refusal(request: HttpRequest, status: int, message: Any = "", **context: Any) -> HttpResponse:
    """The page of a refusal (403, 404, 405, 409, 422): calm, plain, says nothing of what may not be known."""
    template = f"errors/{status}.html" if status in (400, 403, 404, 405, 409, 422, 500, 503) else "errors/400.html"
    back = "" if status == 400 else _came_from(request)  # a request that is wrong in itself may name any host
    return render(request, template, {"message": message, "back": back, **context}, status=status)


def _came_from(request: HttpRequest) -> str:
    """The page of ours that led here, else nothing. Not after a POST: the browser's own way back keeps what was typed."""
    link = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(link, {request.get_host()}, require_https=request.is_secure())
    return link if request.method == "GET" and is_ours and urlsplit(link).path != request.path else ""


def domain_error(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A rule's error that the view did not put beside a field."""
    if isinstance(error, NotFound):
        access.note(access.Action.DENIED, reason="not_found")
        return refusal(request, 404)
    if isinstance(error, NotAllowed):
        access.note(access.Action.DENIED, reason=error.code)
        return refusal(request, 403, error.message)
    return refusal(request, error.status, error.message, changes=getattr(error, "changes", []))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return refusal(request, 400)


def forbidden(request: HttpRequest, exception: PermissionDenied | None = None) -> HttpResponse:
    """403."""
    return refusal(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose protection token has run out: said plainly, nothing was saved."""
    return refusal(
        request, 403, _("This page was open for too long. Go back, reload it and send it again; nothing was saved.")
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: the same for missing and for not allowed to know."""
    if hasattr(request, "identity"):
        access.note(access.Action.DENIED, reason="not_found")
    return refusal(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when the database is away. Rendered without a query and without any value of the failed work."""
    away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    status = 503 if away else 500
    return HttpResponse(render_to_string(f"errors/{status}.html", {"plain": True}), status=status)
