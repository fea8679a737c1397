"""Quick lock of the screen, and finding a session again: the page with what was typed stays open behind both.

The lock is the server's, not only a curtain: while it holds, no page and no fragment of this session is answered.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.hashers import check_password
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

LOCKED, TRIES = "screen_locked", "screen_unlock_tries"
MOST_TRIES = 5
OPEN_PATHS = ("/session/", "/accounts/logout/", "/i18n/", "/static/")


class ScreenLockMiddleware:
    """Answers 423 to programs and the unlock page to people while the screen is locked. Stands after authentication."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.session.get(LOCKED) or request.path.startswith(OPEN_PATHS):
            return self.get_response(request)
        if (
            request.headers.get("HX-Request")
            or request.path.startswith("/api/")
            or request.method not in ("GET", "HEAD")
        ):
            return HttpResponse(status=423)
        return render(request, "account/locked.html")


@require_GET
def session(request: HttpRequest) -> HttpResponse:
    """Who is logged in here, and a fresh form token; 401 when nobody is."""
    if not request.user.is_authenticated:
        return JsonResponse({}, status=401)
    return JsonResponse({"user": str(request.user.pk), "token": get_token(request)})


@require_GET
def back(request: HttpRequest) -> HttpResponse:
    """Where a login in a second tab ends: close it and go on in the first."""
    if not request.user.is_authenticated:
        return HttpResponseRedirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "account/back.html")


@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    """Lock this session until its owner's password is given."""
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    request.session[LOCKED] = True
    return HttpResponse(status=204)


@require_POST
def unlock(request: HttpRequest) -> HttpResponse:
    """Open a locked session; after `MOST_TRIES` wrong passwords it ends."""
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    from_page = request.POST.get("page") == "1"
    if check_password(request.POST.get("password", ""), request.user.password):
        request.session.pop(LOCKED, None)
        request.session.pop(TRIES, None)
        return HttpResponseRedirect(settings.LOGIN_REDIRECT_URL) if from_page else HttpResponse(status=204)
    tries = request.session.get(TRIES, 0) + 1
    if tries >= MOST_TRIES:
        logout(request)
        return HttpResponseRedirect(settings.LOGIN_REDIRECT_URL) if from_page else HttpResponse(status=401)
    request.session[TRIES] = tries
    return (
        render(request, "account/locked.html", {"wrong": True}, status=422) if from_page else HttpResponse(status=422)
    )


urlpatterns = [
    path("", session, name="session"),
    path("back/", back, name="session_back"),
    path("lock/", lock, name="session_lock"),
    path("unlock/", unlock, name="session_unlock"),
]
