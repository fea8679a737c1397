"""Around every request: its identity in one transaction over view and rendering, its language, its privacy, its query count."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.cache import patch_cache_control

from core import access, keys
from core.errors import DomainError
from core.identity import acting_as, identity_of

GetResponse = Callable[[HttpRequest], HttpResponse]


class ServerTimingMiddleware:
    """In a demo every response says how many queries it took and how long the database worked."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.SHOW_DEVELOPER_PAGES:
            return self.get_response(request)
        count, seconds = 0, 0.0

        def counted(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
            nonlocal count, seconds
            began = time.perf_counter()
            try:
                return execute(sql, params, many, context)
            finally:
                count += 1
                seconds += time.perf_counter() - began

        with connection.execute_wrapper(counted):
            response = self.get_response(request)
        response["Server-Timing"] = f'db;dur={seconds * 1000:.1f};desc="{count} queries"'
        return response


class ChineseFirstLocaleMiddleware:
    """Chinese unless the person chose otherwise; a browser's preference does not count, the office's language does."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_CODE)
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class PrivatePagesMiddleware:
    """Pages of people who are logged in are never kept by a browser or proxy; leaving clears what was kept."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        was_in = request.user.is_authenticated
        response = self.get_response(request)
        if was_in or request.user.is_authenticated or request.path.startswith("/accounts/"):
            patch_cache_control(response, no_store=True, private=True)
        if was_in and not request.user.is_authenticated:
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response


def client_address(request: HttpRequest) -> str | None:
    """Where the request comes from: the peer, or what the outermost of our own proxies saw (TRUSTED_PROXIES). Nothing further left is believed."""
    count = settings.TRUSTED_PROXIES
    if count:
        hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
        if len(hops) >= count:
            return _address(hops[-count])
    return request.META.get("REMOTE_ADDR") or None


def _address(text: str) -> str | None:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return None


class IdentityMiddleware:
    """One transaction over view and rendering with the signed identity; rolled back on failure, refusals noted after the rollback."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        keys.forget()
        try:
            match = resolve(request.path_info)
            route = match.view_name or ""
        except Resolver404:
            route = ""
        trail = access.begin(route, client_address(request))
        identity = identity_of(request.user)
        request.identity = identity  # type: ignore[attr-defined]
        request.verb_failed = False  # type: ignore[attr-defined]
        with acting_as(identity):
            response = self.get_response(request)
            failed = request.verb_failed or response.status_code >= 500  # type: ignore[attr-defined]
            if failed:
                transaction.set_rollback(True)
            else:
                access.flush(trail)
        if failed:
            access.only_refusals(trail)
            if trail.rows:
                with acting_as(identity):
                    access.flush(trail)
        keys.forget()
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Whatever a view raises, nothing of it is kept; a rule's own errors become their pages."""
        from core.views import domain_error

        request.verb_failed = True  # type: ignore[attr-defined]
        if isinstance(exception, DomainError):
            return domain_error(request, exception)
        return None
