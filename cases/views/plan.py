"""How a case goes on: the plan, a callback, another manager, follow-up; and what is owed on it."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from cases import worklist
from cases.enums import FollowUpStatus, Risk, Section
from cases.forms.course import AssignForm, CallbackForm, EmptyForm, PlanForm, ResumeForm
from cases.models import Case, FollowUp, FollowUpAttempt, TimelineEntry, WorkItem
from cases.services import case as services
from cases.services import clocks, followups
from cases.views.acting import act
from cases.views.assess import GET_POST
from cases.views.case_page import safe_rules
from cases.views.scope import MANAGERS, READERS, case_view, changing_case, note_view
from cases.views.steps import open_steps
from core import clock, keys
from core.errors import NotFound
from core.ui import times
from core.ui.sentences import joined
from core.views import Asked, page, request_key, seen_version

SIMPLE = "cases/case_form.html"


def _there(case: Case) -> str:
    return reverse("cases:detail", args=[case.pk])


def _version_of(case: Case) -> int:
    return Case.objects.get(pk=case.pk).version


@page(*MANAGERS, methods=GET_POST)
def plan(request: Asked, pk: UUID) -> HttpResponse:
    """What comes next, and by when."""
    seen = changing_case(request, pk)
    case = seen.case
    soon = clocks.due("case.review", urgent=case.risk == Risk.HIGH).at
    form = PlanForm(request.POST or None, initial={"due_at": clock.local(soon)})

    def other_plan() -> list[dict[str, Any]]:
        """Where another plan came first: what it says, beside what was typed."""
        entries = TimelineEntry.objects.visible_to(seen.by).filter(case=case, kind="case.planned")
        latest, text = entries.order_by("-at").first(), form.cleaned_data.get("text", "")
        review = WorkItem.objects.open().visible_to(seen.by).filter(case=case, kind="case.review").first()
        keys.preload([case.pk])
        return [
            {"field": form.fields["text"].label, "was": "", "now": latest.text if latest else "", "yours": text,
             "by": latest.actor_name if latest else "", "at": latest.at if latest else None},
            {"field": form.fields["due_at"].label, "was": "", "now": times.exact(review.due_at) if review else "",
             "yours": times.exact(form.cleaned_data["due_at"])},
        ]  # fmt: skip

    return act(
        request, form,
        lambda data: services.case_plan(
            case_id=case.pk, by=seen.by, version=seen_version(request), text=data["text"], due_at=data["due_at"], key=request_key(request)),
        to=_there(case), said=_("The plan is saved."), template=SIMPLE, version=lambda: _version_of(case), compare=other_plan, case=case,
        title=_("Make a plan"), submit=_("Save the plan"), icon="route",
    )  # fmt: skip


def _listed(moments: list[dt.datetime]) -> str:
    return joined(times.exact(moment) for moment in moments)


def _replaces(moments: list[dt.datetime]) -> str:
    """Said before she chooses a time: what is planned already does not stand beside it."""
    if not moments:
        return ""
    return _("It replaces the callback that is planned for %(when)s: at this risk one callback is owed.") % {
        "when": _listed(moments)
    }


def _callback_said(row: FollowUp, before: list[dt.datetime]) -> str:
    replaced = [moment for moment in before if moment != row.due_at]
    if not replaced:
        return _("The callback is planned.")
    return _("The callback is planned. The one of %(when)s is cancelled.") % {"when": _listed(replaced)}


@page(*MANAGERS, methods=GET_POST)
def callback(request: Asked, pk: UUID) -> HttpResponse:
    """A callback at a chosen time, within her safe hours."""
    seen = changing_case(request, pk)
    case = seen.case
    form = CallbackForm(request.POST or None)
    planned = followups.replaced_by_own(FollowUp.objects.visible_to(seen.by).filter(case=case), case)
    replaced = list(planned.values_list("due_at", flat=True))
    return act(
        request, form,
        lambda data: followups.follow_up_plan(
            case_id=case.pk, by=seen.by, due_at=data["due_at"], by_desk=data["by_desk"], key=request_key(request)),
        to=_there(case), said=lambda row: _callback_said(row, replaced), template=SIMPLE, case=case, rules=safe_rules(seen),
        title=_("Plan a callback"), submit=_("Plan the callback"), icon="phone-plus", notice=_replaces(replaced),
    )  # fmt: skip


@page(*MANAGERS, methods=GET_POST)
def assign(request: Asked, pk: UUID) -> HttpResponse:
    """Another manager takes the case."""
    seen = changing_case(request, pk)
    case = seen.case
    form = AssignForm(request.POST or None, case=case)
    return act(
        request, form,
        lambda data: services.case_assign(
            case_id=case.pk, by=seen.by, version=seen_version(request), manager=data["manager"], key=request_key(request)),
        to=_there(case), said=_("The case manager is changed."), template=SIMPLE, version=lambda: _version_of(case), case=case,
        title=_("Assign another manager"), submit=_("Change the case manager"), icon="user-check",
        lead=_("Everything that is owed on this case goes with it. Counselling notes open to the new manager and close to the old one."),
    )  # fmt: skip


@page(*MANAGERS, methods=GET_POST)
def follow_up(request: Asked, pk: UUID) -> HttpResponse:
    """The work is done: callbacks follow."""
    seen = changing_case(request, pk)
    case = seen.case
    return act(
        request, EmptyForm(request.POST if request.method == "POST" else None),
        lambda data: services.case_follow_up(case_id=case.pk, by=seen.by, version=seen_version(request), key=request_key(request)),
        to=_there(case), said=_("The case is in follow-up; callbacks are planned."), template=SIMPLE, version=lambda: _version_of(case),
        case=case, title=_("Move to follow-up"), submit=_("Move to follow-up"), icon="phone-outgoing",
        lead=_("What was to be done is done. Callbacks are planned by rule, within her safe hours; after the last one the case can be closed."),
    )  # fmt: skip


@page(*MANAGERS, methods=GET_POST)
def resume(request: Asked, pk: UUID) -> HttpResponse:
    """Something new was found in follow-up: the work goes on."""
    seen = changing_case(request, pk)
    case = seen.case
    return act(
        request, ResumeForm(request.POST if request.method == "POST" else None),
        lambda data: services.case_resume(
            case_id=case.pk, by=seen.by, version=seen_version(request), reason=data["reason"], key=request_key(request)),
        to=_there(case), said=_("The work goes on; make a plan."), template=SIMPLE, version=lambda: _version_of(case), case=case,
        title=_("Resume the work"), submit=_("Resume the work"), icon="player-play",
    )  # fmt: skip


@page(*READERS)
def followup_panel(request: Asked, pk: UUID) -> HttpResponse:
    """Callbacks planned and made."""
    seen = case_view(request, pk)
    if not seen.shows(Section.CALLBACK) or seen.is_desk:
        raise NotFound
    keys.preload([pk])
    rows = list(
        FollowUp.objects.visible_to(seen.by)
        .filter(case_id=pk)
        .select_related("desk_group__office")
        .order_by("-due_at")[:20]
    )
    tries: dict[UUID, list[FollowUpAttempt]] = {}
    for attempt in (
        FollowUpAttempt.objects.visible_to(seen.by).filter(follow_up__in=[row.pk for row in rows]).order_by("at")
    ):
        tries.setdefault(attempt.follow_up_id, []).append(attempt)
    due = worklist.calls_due(seen.by, [row for row in rows if row.status == FollowUpStatus.DUE])
    shown = [
        {
            "row": row,
            "tries": tries.get(row.pk, []),
            "is_due": row.status == FollowUpStatus.DUE and seen.is_staff,
            "due": due.get(row.pk),
        }
        for row in rows
    ]
    note_view(seen, [Section.CALLBACK], "followups")
    return render(request, "cases/_case_followups.html", {"followups": shown})


@page(*READERS)
def work_panel(request: Asked, pk: UUID) -> HttpResponse:
    """What is owed on this case."""
    seen = case_view(request, pk)
    if not seen.is_staff:
        raise NotFound
    return render(request, "cases/_case_work.html", {"steps": open_steps(pk, seen.by), "case": seen.case})
