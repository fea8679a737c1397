"""The bell: something waits; what it is stands behind the link."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from agencies.models import Notification
from agencies.services.notifications import mark_read, notices, unread
from core.views import Asked, page


def _words(notice: Notification) -> str:
    if notice.kind == "work_item":
        # A reminder of the same item carries its number after the item's id.
        return _("Something that you owe is late") if notice.key.count(":") > 1 else _("You have something new to do")
    return _("There is news for you")


@page()
def notifications(request: Asked) -> HttpResponse:
    """All own notices, newest first."""
    rows = notices(request.identity).order_by("-created_at", "pk")
    listed = Paginator(rows, 30).get_page(request.GET.get("page"))
    shown = [{"notice": notice, "words": _words(notice)} for notice in listed]
    return render(request, "agencies/notifications.html", {"listed": listed, "shown": shown})


@page()
def count(request: Asked) -> HttpResponse:
    """The number beside the bell for htmx; 204 when the page shows it already (`?have=`)."""
    now = unread(request.identity).count()
    if request.GET.get("have") == str(now):
        return HttpResponse(status=204)
    return render(request, "components/_bell_count.html", {"count": now})


@page(methods=("POST",))
def read(request: Asked) -> HttpResponse:
    """Everything is read."""
    mark_read(request.identity)
    return redirect("agencies:notifications")
