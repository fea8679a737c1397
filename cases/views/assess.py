"""研判: the first assessment, a new look, and the answer of the screening while it is being filled in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.enums import CaseStatus, Section
from cases.forms.assess import AssessForm, ScreeningForm
from cases.instruments import INSTRUMENTS, Instrument, proposed
from cases.models import Case, RiskAssessment, SectionText
from cases.services import case as services
from cases.services import intake
from cases.views.acting import act
from cases.views.case_list import client_names
from cases.views.case_page import safe_rules
from cases.views.scope import MANAGERS, READERS, View, case_view, changing_case, managed_case, note_view
from core import keys
from core.errors import NotFound
from core.views import Asked, page, request_key, seen_version

GET_POST = ("GET", "HEAD", "POST")
NEW = (CaseStatus.RECEIVED, CaseStatus.ASSESSED)  # what was told at the call is the last that is known of the danger


def _instrument(request: Asked, case: Case) -> Instrument:
    """The one that was asked for, else the one that fits the matter."""
    asked = request.POST.get("instrument") or request.GET.get("instrument", "")
    return INSTRUMENTS.get(asked) or proposed(concerns_minor=case.concerns_minor, is_violence=case.category.is_violence)


def _choices(instrument: Instrument) -> list[dict[str, object]]:
    return [
        {"label": each.title, "url": f"?instrument={each.code}", "active": each is instrument}
        for each in INSTRUMENTS.values()
    ]


def _told(seen: View, narrative: str) -> list[dict[str, Any]]:
    """What the calls on the case told; a wish that stands in the narrative is not said twice."""
    if seen.case.status not in NEW:
        return []
    written = "".join(narrative.split())
    return [
        {"call": call, "needs": "" if "".join(call.needs.split()) in written else call.needs}
        for call in intake.told(seen.by, seen.case.pk)
    ]


def _known(seen: View) -> dict[str, Any]:
    """What the danger is judged by: who she is, what she told, what was done and agreed then, how she may be reached."""
    text = SectionText.objects.visible_to(seen.by).filter(case_id=seen.case.pk, section=Section.INCIDENT).first()
    keys.preload([seen.case.pk])
    note_view(seen, [Section.IDENTITY, Section.INCIDENT, Section.SAFE_CONTACT])
    narrative = text.text if text else ""
    return {
        "client": client_names(seen.by, [seen.case.pk]).get(seen.case.pk, ""), "narrative": narrative,
        "told": _told(seen, narrative), "rules": safe_rules(seen),
    }  # fmt: skip


@page(*MANAGERS, methods=GET_POST)
def assess(request: Asked, pk: UUID) -> HttpResponse:
    """Accept a case: screening, risk, manager, category."""
    seen = changing_case(request, pk)
    case = seen.case
    if case.status != CaseStatus.RECEIVED and request.method != "POST":
        return redirect("cases:detail", pk=case.pk)
    instrument = _instrument(request, case)
    form = AssessForm(
        request.POST or None, instrument=instrument, case=case,
        initial={"manager": case.manager_id or seen.by.user_id, "category": case.category_id},
    )  # fmt: skip
    return act(
        request, form,
        lambda data: services.case_assess(
            case_id=case.pk, by=seen.by, version=seen_version(request), key=request_key(request), **form.verb_values()),
        to=reverse("cases:detail", args=[case.pk]), said=_("Assessed. Now make the plan or refer the case to an agency."), template="cases/case_assess.html",
        version=lambda: Case.objects.get(pk=case.pk).version, case=case, instrument=instrument, tabs=_choices(instrument), is_first=True, **_known(seen),
    )  # fmt: skip


def _before(seen: View, instrument: Instrument) -> dict[str, str]:
    """What was answered to the same instrument last time."""
    rows = RiskAssessment.objects.visible_to(seen.by).filter(case_id=seen.case.pk, instrument=instrument.code)
    last = rows.order_by("-assessed_at", "-pk").first()
    return last.answers if last else {}


@page(*MANAGERS, methods=GET_POST)
def reassess(request: Asked, pk: UUID) -> HttpResponse:
    """A new look at the danger."""
    seen = changing_case(request, pk)
    case = seen.case
    instrument = _instrument(request, case)
    form = ScreeningForm(request.POST or None, instrument=instrument, before=_before(seen, instrument))
    return act(
        request, form,
        lambda data: services.case_reassess(
            case_id=case.pk, by=seen.by, version=seen_version(request), key=request_key(request), **form.verb_values()),
        to=reverse("cases:detail", args=[case.pk]), said=_("The new assessment is saved."), template="cases/case_assess.html",
        version=lambda: Case.objects.get(pk=case.pk).version, case=case, instrument=instrument, tabs=_choices(instrument), is_first=False, **_known(seen),
    )  # fmt: skip


@page(*MANAGERS, methods=("POST",))
def preview(request: Asked, pk: UUID) -> HttpResponse:
    """What the answers given so far say; nothing is saved."""
    seen = managed_case(request, pk)
    instrument = _instrument(request, seen.case)
    form = ScreeningForm(request.POST, instrument=instrument)
    form.is_valid()
    return render(
        request,
        "cases/_assess_outcome.html",
        {"outcome": form.outcome(), "instrument": instrument, "alarms": form.alarms()},
    )


@page(*READERS)
def risk_panel(request: Asked, pk: UUID) -> HttpResponse:
    """The assessments so far, newest first."""
    seen = case_view(request, pk)
    if not seen.shows(Section.RISK):
        raise NotFound
    keys.preload([pk])
    rows = list(RiskAssessment.objects.visible_to(seen.by).filter(case_id=pk).order_by("-assessed_at", "-pk")[:10])
    shown = []
    for row in rows:
        instrument = INSTRUMENTS.get(row.instrument)
        texts = {item.code: item.text for item in instrument.items} if instrument else {}
        shown.append({
            "row": row, "title": instrument.title if instrument else _("Assessment"), "highest": instrument.highest if instrument else None,
            "alarms": [texts.get(code, code) for code in row.alarms],
        })  # fmt: skip
    note_view(seen, [Section.RISK], "risk")
    return render(request, "cases/_case_risk.html", {"assessments": shown})
