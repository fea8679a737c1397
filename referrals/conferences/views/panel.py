"""The case page's panel of conferences."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from cases.enums import CaseStatus
from cases.models import Case
from core import clock
from core.errors import NotFound
from core.views import Asked, page
from referrals.conferences.enums import ConferenceStatus, DecisionStatus
from referrals.conferences.models import AgendaItem, Conference, Decision
from referrals.conferences.views import READERS, TONES

SHOWN = 10


@page(*READERS, "expert", "keeper")
def panel(request: Asked, case_id: UUID) -> HttpResponse:
    """The conferences that the case came before, and what they decided, as far as the reader sat there."""
    by = request.identity
    case = Case.objects.visible_to(by).filter(pk=case_id).first()
    if case is None:
        raise NotFound
    items = AgendaItem.objects.visible_to(by).filter(case=case).values("conference_id")
    rows = list(Conference.objects.visible_to(by).filter(pk__in=items).order_by("-begins_at")[:SHOWN])
    for row in rows:
        row.tone = TONES[ConferenceStatus(row.status)]  # type: ignore[attr-defined]
    left = Decision.objects.visible_to(by).filter(case=case, status=DecisionStatus.OPEN)
    decisions = list(left.select_related("unit", "staff").order_by("due_at")[:SHOWN])
    now = clock.now()
    for decision in decisions:
        decision.is_late = decision.due_at < now  # type: ignore[attr-defined]
    of_centre = case.office_id in by.case_offices
    may_convene = of_centre and case.is_open and case.status != CaseStatus.RECEIVED
    context = {"case": case, "rows": rows, "decisions": decisions, "may_convene": may_convene, "of_centre": of_centre}
    return render(request, "referrals/_conference_panel.html", context)
