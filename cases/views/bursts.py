"""Alerts of unusual access, for the director and the auditor."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from agencies.models import User
from cases.models import Burst
from cases.services.bursts import burst_review
from core import access
from core.keyset import keyset
from core.views import Asked, page, request_key

ROLES = ("auditor", "director")
SIZE = 50


@page(*ROLES)
def bursts(request: Asked) -> HttpResponse:
    """Newest first: who, what, how much and how much is usual; no case."""
    rows = Burst.objects.visible_to(request.identity).select_related("actor", "office")
    found = keyset(
        rows,
        "found_at",
        descending=True,
        size=SIZE,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    names: dict[UUID | None, str] = dict(
        User.objects.filter(pk__in={row.reviewed_by_id for row in found.rows}).values_list("pk", "name")
    )
    access.note(access.Action.VIEW, object_type="cases.burst", count=len(found.rows))
    shown = [{"row": row, "reviewer": names.get(row.reviewed_by_id, "")} for row in found.rows]
    return render(request, "cases/bursts.html", {"rows": shown, "next": found.next, "prev": found.prev})


@page(*ROLES, methods=("POST",))
def review(request: Asked, pk: UUID) -> HttpResponse:
    """It has been looked into."""
    burst_review(burst_id=pk, by=request.identity, key=request_key(request))
    messages.success(request, _("Noted: it has been looked into."))
    return redirect("cases:bursts")
