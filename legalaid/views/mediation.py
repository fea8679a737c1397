"""Mediation: planned and recorded from the case; the panel of the case page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.enums import CaseStatus, Risk
from cases.models import Case
from cases.permissions import open_sections
from cases.services import guards
from cases.views.acting import act
from core import access, clock, keys
from core.errors import NotFound
from core.identity import Identity
from core.views import Asked, page, request_key, seen_version
from legalaid.enums import OPEN_AID, AidStatus, Outcome
from legalaid.forms import PlanForm, RecordForm
from legalaid.models import Application, Mediation
from legalaid.services import mediation_plan, mediation_record
from legalaid.views import READERS, SENDERS
from legalaid.views.listing import TONES

OUTCOME_TONES = {
    Outcome.AGREED: "ok",
    Outcome.PARTLY: "ok",
    Outcome.FAILED: "warn",
    Outcome.BROKEN_OFF: "warn",
    Outcome.CANCELLED: "neutral",
}


def _case(by: Identity, case_id: UUID) -> Case:
    case = Case.objects.visible_to(by).select_related("office", "category").filter(pk=case_id).first()
    if case is None:
        raise NotFound
    return case


def _note(case: Case, object_id: UUID | None = None) -> None:
    access.note(
        access.Action.VIEW,
        object_type="mediation",
        object_id=object_id,
        case_id=case.pk,
        office_id=case.office_id,
        sections=["header", "legal"],
    )


@page(*SENDERS, methods=("GET", "HEAD", "POST"))
def plan(request: Asked, case_id: UUID) -> HttpResponse:
    """A mediation to come; for a high-risk case the page says that there is none."""
    by = request.identity
    case = _case(by, case_id)
    guards.is_manager(case, by)
    _note(case)
    form = PlanForm(request.POST if request.method == "POST" else None, case=case)

    def verb(values: dict[str, Any]) -> Mediation:
        return mediation_plan(case_id=case.pk, by=by, key=request_key(request), **values)

    blocked = case.risk == Risk.HIGH
    return act(
        request, form, verb, to=reverse("cases:detail", args=[case.pk]), said=_("The mediation is planned."), template="legalaid/mediation_plan.html",
        case=case, is_blocked=blocked, is_early=case.status == CaseStatus.RECEIVED or case.risk == Risk.UNKNOWN or not case.is_open,
    )  # fmt: skip


@page(*SENDERS, methods=("GET", "HEAD", "POST"))
def mediation(request: Asked, pk: UUID) -> HttpResponse:
    """One mediation: the form that records it, and afterwards what came of it."""
    by = request.identity
    row = Mediation.objects.visible_to(by).select_related("room", "case").filter(pk=pk).first()
    if row is None:
        raise NotFound
    case = row.case
    guards.is_manager(case, by)
    _note(case, row.pk)
    keys.preload([case.pk])
    form = RecordForm(request.POST if request.method == "POST" else None)

    def verb(values: dict[str, Any]) -> Mediation:
        return mediation_record(
            mediation_id=row.pk, by=by, version=seen_version(request), key=request_key(request), **values
        )

    def version() -> int:
        return Mediation.objects.visible_to(by).values_list("version", flat=True).get(pk=row.pk)

    return act(
        request, form, verb, to=reverse("cases:detail", args=[case.pk]), said=_("The mediation is recorded."),
        template="legalaid/mediation_record.html", version=version, row=row, case=case, is_blocked=case.risk == Risk.HIGH,
        tone=OUTCOME_TONES[Outcome(row.outcome)] if row.outcome else "info",
    )  # fmt: skip


@page(*READERS, "liaison", "expert")
def panel(request: Asked, case_id: UUID) -> HttpResponse:
    """The case page's panel, for those to whom the legal section is open."""
    by = request.identity
    case = _case(by, case_id)
    if "legal" not in open_sections(by, case):
        raise NotFound
    applications = list(
        Application.objects.visible_to(by).filter(case=case).select_related("unit").order_by("-applied_at")[:20]
    )
    mediations = list(Mediation.objects.visible_to(by).filter(case=case).select_related("room").order_by("-at")[:20])
    keys.preload([case.pk])
    now = clock.now()
    for row in applications:
        row.is_late = row.due_at is not None and row.due_at < now  # type: ignore[attr-defined]
        row.tone = "danger" if row.is_late else TONES[AidStatus(row.status)]  # type: ignore[attr-defined]
    for one in mediations:
        one.tone = OUTCOME_TONES[Outcome(one.outcome)] if one.outcome else "info"  # type: ignore[attr-defined]
    access.note(
        access.Action.VIEW, object_type="legalaid", case_id=case.pk, office_id=case.office_id, sections=["legal"], reason="panel",
        count=len(applications) + len(mediations))  # fmt: skip
    is_staff = case.office_id in by.case_offices
    may_act = is_staff and case.is_open and case.status != CaseStatus.RECEIVED
    context = {
        "case": case, "applications": applications, "mediations": mediations, "is_staff": is_staff, "may_act": may_act,
        "may_mediate": may_act and case.risk not in (Risk.HIGH, Risk.UNKNOWN), "is_high": case.risk == Risk.HIGH,
        "links": is_staff or by.has("aid_officer"), "has_open": any(row.status in OPEN_AID for row in applications),
    }  # fmt: skip
    return render(request, "legalaid/_legalaid_panel.html", context)
