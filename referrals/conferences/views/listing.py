"""The list of conferences: what comes, what is being written and confirmed, what is followed through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.keyset import keyset
from core import access, clock
from core.views import Asked, page
from referrals.conferences.enums import ConferenceStatus, DecisionStatus, InvitationStatus
from referrals.conferences.models import Conference, Decision, Invitation
from referrals.conferences.views import READERS, TONES

PAGE = 50


@dataclass(frozen=True)
class Part:
    """One part of the list."""

    code: str
    label: str | Promise
    statuses: tuple[str, ...] = ()


PARTS = [
    Part("coming", _("To come"), (ConferenceStatus.PLANNED,)),
    Part("minutes", _("Minutes of the conference"), (ConferenceStatus.HELD, ConferenceStatus.MINUTED)),
    Part("through", _("Follow-through"), (ConferenceStatus.CONFIRMED,)),
    Part("all", _("All")),
]


@page(*READERS)
def listing(request: Asked) -> HttpResponse:
    """The own centre's conferences, or those that the unit was invited to."""
    by = request.identity
    part = next((each for each in PARTS if each.code == request.GET.get("part")), PARTS[0])
    rows = Conference.objects.visible_to(by)
    tally = rows.aggregate(
        **{each.code: Count("pk", filter=Q(status__in=each.statuses)) for each in PARTS if each.statuses}
    )
    shown = rows.filter(status__in=part.statuses) if part.statuses else rows
    found = keyset(
        shown.select_related("room", "chair", "office"), "begins_at", descending=part.code != "coming", size=PAGE,
        after=request.GET.get("after", ""), before=request.GET.get("before", ""),
    )  # fmt: skip
    ids = [row.pk for row in found.rows]
    open_ones: dict[Any, int] = _count(
        Decision.objects.visible_to(by).filter(conference__in=ids, status=DecisionStatus.OPEN)
    )
    waiting: dict[Any, int] = _count(
        Invitation.objects.visible_to(by).filter(conference__in=ids, status=InvitationStatus.SENT)
    )
    for row in found.rows:
        row.tone = TONES[ConferenceStatus(row.status)]  # type: ignore[attr-defined]
        row.open_decisions, row.waiting = open_ones.get(row.pk, 0), waiting.get(row.pk, 0)  # type: ignore[attr-defined]
    access.note(access.Action.VIEW, object_type="conference", count=len(found.rows), reason="list")
    is_host = bool(by.case_offices)
    tabs = [
        {"label": each.label, "url": f"?part={each.code}", "active": each is part, "count": tally.get(each.code)}
        for each in PARTS
    ]
    context = {"rows": found.rows, "page": found, "tabs": tabs, "part": part, "is_host": is_host, "now": clock.now()}
    return render(request, "referrals/conference_list.html", context)


def _count(rows: Any) -> dict[Any, int]:
    return dict(rows.order_by().values_list("conference_id").annotate(Count("pk")))
