"""The bell: something waits. The count says no more; the list names it for those who may see it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Notification
from agencies.services.notifications import mark_read, notices, unread
from agencies.words import notice_words
from core.identity import Identity
from core.views import Asked, page

NEWS: dict[str, str | Promise] = {
    "absence": gettext_lazy("An absence was entered or ended"), "burst": gettext_lazy("Unusual access"),
    "glass": gettext_lazy("Your emergency view was reviewed"), "approval": gettext_lazy("Your ask for a minor's record was answered"),
    "access": gettext_lazy("What your unit may see of a case has changed"), "month": gettext_lazy("A monthly report was returned to your centre"),
    "month_owed": gettext_lazy("Your centre is reminded of a monthly report that it has not submitted"),
    "factor": gettext_lazy("Two administrators have taken your second factor away. If you did not ask for it, tell them at once."),
}  # fmt: skip


def _words(notice: Notification) -> str | Promise:
    if notice.kind == "work_item":
        # A reminder of the same item carries its number after the item's id.
        return _("Something that you owe is late") if notice.key.count(":") > 1 else _("You have something new to do")
    return NEWS.get(notice.kind, _("There is news for you"))


def _items(by: Identity, notices: Iterable[Notification]) -> dict[UUID, str]:
    """What is behind the notices of work items, as far as `by` may see it."""
    ids = {notice.work_item_id for notice in notices if notice.work_item_id}
    return {pk: words for say in notice_words for pk, words in say(by, ids).items()} if ids else {}


@page()
def notifications(request: Asked) -> HttpResponse:
    """All own notices, newest first."""
    rows = notices(request.identity).order_by("-created_at", "pk")
    listed = Paginator(rows, 30).get_page(request.GET.get("page"))
    items = _items(request.identity, listed)
    shown = [
        {
            "notice": notice,
            "words": _words(notice),
            "item": items.get(notice.work_item_id) if notice.work_item_id else "",
        }
        for notice in listed
    ]
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
