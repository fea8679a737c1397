"""Alerts of unusual access, for the director, who is named, and the auditor."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.models import User
from cases.forms.glass import BurstForm
from cases.models import Burst
from cases.services.bursts import burst_review
from cases.views.assess import GET_POST
from core import access, clock, keys
from core.errors import DuplicateRequest, NotFound
from core.keyset import keyset
from core.views import Asked, page, request_key

ROLES = ("auditor", "director", "supervisor", "province")
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
    access.note(access.Action.VIEW, object_type="cases.burst", count=len(found.rows))
    return render(request, "cases/bursts.html", {"rows": found.rows, "next": found.next, "prev": found.prev})


def _log_of(row: Burst) -> str:
    """What this person opened on the day of the alert."""
    asked = {"who": row.actor_id, "day": clock.local(row.found_at).date()}
    return f"{reverse('agencies:access-log')}?{urlencode(asked)}"


@page(*ROLES, methods=GET_POST)
def burst(request: Asked, pk: UUID) -> HttpResponse:
    """One alert: look into it and write down what it was, or read what was found."""
    row = Burst.objects.visible_to(request.identity).select_related("actor", "office").filter(pk=pk).first()
    if row is None:
        raise NotFound
    access.note(access.Action.VIEW, object_type="cases.burst", object_id=row.pk)
    form = BurstForm(request.POST or None) if row.reviewed_at is None else None
    if request.method == "POST" and form is None:
        return redirect("cases:burst", pk)  # somebody was faster
    if request.method == "POST" and form and form.is_valid():
        try:
            burst_review(burst_id=pk, by=request.identity, key=request_key(request), **form.cleaned_data)
        except DuplicateRequest:
            return redirect("cases:burst", pk)
        messages.success(request, _("Noted: it has been looked into."))
        return redirect("cases:bursts")
    keys.preload([row.pk] if row.reviewed_at else [])
    reviewer = User.objects.filter(pk=row.reviewed_by_id).first() if row.reviewed_by_id else None
    context = {
        "row": row, "form": form, "reviewer": reviewer.name if reviewer else "",
        "log": _log_of(row) if request.identity.has("auditor", "director") else "",
    }  # fmt: skip
    return render(request, "cases/burst_detail.html", context, status=422 if request.method == "POST" else 200)
