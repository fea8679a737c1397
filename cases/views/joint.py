"""Joint handling: asked from the case's page; one page that both centres see, each its own part of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.enums import GrantBasis, Risk, Section
from cases.enums_joint import JointStatus
from cases.forms.joint import AgreeForm, DeclineForm, EndForm, JointForm, NoteForm, PeopleForm
from cases.models import Case, JointHandling, TimelineEntry, WorkItem
from cases.services import clocks, intake
from cases.services import joint as services
from cases.services.joint import common
from cases.views.acting import act, at_once
from cases.views.assess import GET_POST
from cases.views.case_page import Shown, safe_rules, shown_entries
from cases.views.plan import _there, _version_of
from cases.views.scope import MANAGERS, case_view, changing_case
from core import access, clock, keys
from core.errors import DuplicateRequest, NotFound
from core.views import Asked, page, request_key, seen_version

NOTES = 20  # of what the second centre wrote, on the page of the joint handling; the rest stands in the case
ASK, DETAIL = "cases/joint_ask.html", "cases/joint_detail.html"


def _page_of(pk: UUID) -> str:
    return reverse("cases:joint", args=[pk])


def _first(case: Case) -> dict[str, Any]:
    """Danger to life and the protection of a minor carry further than consent; two months is what most need."""
    basis = (
        GrantBasis.DANGER if case.risk == Risk.HIGH else GrantBasis.MINOR if case.concerns_minor else GrantBasis.CONSENT
    )
    reason = "split_residence" if case.is_split_residence else "others_there"
    return {"basis": basis, "reason": reason, "ends_on": clock.today() + dt.timedelta(days=60)}


@page(*MANAGERS, methods=GET_POST)
def ask(request: Asked, pk: UUID) -> HttpResponse:
    """Ask another centre to handle the case together."""
    seen = changing_case(request, pk)
    case = seen.case
    now = services.of_case(case.pk, seen.by)
    if now is not None and request.method != "POST":
        return redirect(_page_of(now.row.pk))
    form = JointForm(request.POST or None, case=case, initial=_first(case))
    return act(
        request, form,
        lambda data: services.joint_ask(
            case_id=case.pk, by=seen.by, version=seen_version(request), new=data["new"], key=request_key(request)),
        to=_there(case), said=_("The other centre is asked. Your centre stays responsible."), template=ASK,
        version=lambda: _version_of(case), case=case, is_blocked=not case.is_open or case.status == "received",
        workplaces=intake.workplaces(seen.by, case.pk),
    )  # fmt: skip


def _seen(request: Asked, pk: UUID) -> JointHandling:
    """One of the own centre, on either side; its view is logged at the centre that looks."""
    by = request.identity
    words = ("office", "to_office", "category", "person", "deputy", "case")
    row = JointHandling.objects.visible_to(by).select_related(*words[:-1]).filter(pk=pk).first()
    if row is None:
        raise NotFound
    keys.preload([row.case_id])
    if request.method != "POST":
        access.note(
            access.Action.VIEW,
            object_type="joint",
            object_id=row.pk,
            case_id=row.case_id,
            office_id=row.office_id if row.office_id in by.case_offices else row.to_office_id,
            sections=[Section.LETTER],
        )
    return row


def _first_step(row: JointHandling) -> dt.datetime:
    due = min(clocks.due(common.WORK, urgent=row.risk == Risk.HIGH).at, row.ends_at)
    return clock.local(due)


def _how_to_reach_her(request: Asked, row: JointHandling, case: Case | None) -> dict[str, Any] | None:
    """The safe-contact box for who goes visiting; None where that section is not open to the viewer. Its view is logged."""
    if case is None:
        return None
    try:
        rules = safe_rules(case_view(request, case.pk))
    except NotFound:
        return None
    if rules is not None:
        access.note(
            access.Action.VIEW, object_type="joint", object_id=row.pk, case_id=case.pk, office_id=case.office_id, sections=[Section.SAFE_CONTACT]
        )  # fmt: skip
    return rules


def _notes(request: Asked, row: JointHandling, case: Case | None) -> list[Shown]:
    """What the second centre wrote, newest first, as far as this viewer may read it in the case. Its view is logged."""
    if case is None:
        return []
    rows = TimelineEntry.objects.visible_to(request.identity).filter(
        case_id=case.pk, kind="joint.note", object_id=row.pk
    )
    entries = list(rows.order_by("-at", "-pk")[:NOTES])
    if entries:
        sections = sorted({entry.section for entry in entries})
        access.note(access.Action.VIEW, object_type="joint", object_id=row.pk, case_id=case.pk, office_id=case.office_id, sections=sections)  # fmt: skip
    return shown_entries(entries, case)


def _facts(request: Asked, row: JointHandling, **forms: Any) -> dict[str, Any]:
    """What the page shows to this side, with its forms; `forms` holds the one that was filled in wrongly."""
    by = request.identity
    ours, now = row.office_id in by.case_offices, clock.now()
    helps = row.to_office_id in by.case_offices and row.is_open
    active = row.status == JointStatus.ACTIVE and row.ends_at > now
    case = (
        Case.objects.visible_to(by).select_related("office").filter(pk=row.case_id).first()
        if row.is_open or ours
        else None
    )
    items = WorkItem.objects.open().visible_to(by).filter(source_id=row.pk)
    owed = {item.kind: item for item in items.select_related("owner_user")}
    is_named = by.user_id in row.people
    found: dict[str, Any] = {
        "row": row, "ours": ours, "helps": helps, "active": active, "case": case, "is_named": is_named, "next": owed.get(common.WORK),
        "late": row.status == JointStatus.ASKED and row.due_at < now, "unread": common.READ in owed, "answers": helps and row.status == JointStatus.ASKED,
        "recalls": ours and row.status == JointStatus.ASKED,
        "rules": _how_to_reach_her(request, row, case) if helps and active else None, "notes": _notes(request, row, case),
        "shared": [(section.label, basis.label) for section, basis in row.shared],
    }  # fmt: skip
    if found["answers"]:
        found |= {
            "agree_form": AgreeForm(row=row, initial={"person": by.user_id, "due_at": _first_step(row)}),
            "decline_form": DeclineForm(),
        }
    if helps and active:
        people = {"person": row.person_id, "deputy": row.deputy_id}
        found |= {"people_form": PeopleForm(row=row, initial=people)}
        if is_named and case is not None:
            found["note_form"] = _note_form(request, row, None)
    if active:
        found["end_form"] = EndForm()
    return found | forms


def _note_form(request: Asked, row: JointHandling, data: Any) -> NoteForm:
    now = clock.local(clock.now()).replace(second=0, microsecond=0)
    return NoteForm(data, row=row, by=request.identity, initial={"happened_at": now, "due_at": _first_step(row)})


@page(*MANAGERS)
def detail(request: Asked, pk: UUID) -> HttpResponse:
    """The letter and, once agreed to, who helps until when."""
    row = _seen(request, pk)
    return render(request, DETAIL, {**_facts(request, row), "shown_version": row.version})


def _at_second(request: Asked, pk: UUID) -> JointHandling:
    row = _seen(request, pk)
    if row.to_office_id not in request.identity.case_offices:
        raise NotFound
    return row


@page(*MANAGERS, methods=("POST",))
def accept(request: Asked, pk: UUID) -> HttpResponse:
    """Agree, and name who helps."""
    row = _at_second(request, pk)
    form = AgreeForm(request.POST, row=row)
    return act(
        request, form,
        lambda data: services.joint_accept(
            joint_id=pk, by=request.identity, person=data["person"], deputy=data["deputy"], due_at=data["due_at"], key=request_key(request)),
        to=_page_of(pk), said=_("Agreed. What was offered is open to the people you named, and to nobody else here."), template=DETAIL,
        **_facts(request, row, agree_form=form),
    )  # fmt: skip


def _done_already(verb: Callable[[], Any]) -> HttpResponse:
    """The second press of a button that took the request out of the second centre's sight ends where the first one did."""
    try:
        verb()
    except DuplicateRequest:
        return redirect("cases:transfers")
    raise NotFound


@page(*MANAGERS, methods=("POST",))
def decline(request: Asked, pk: UUID) -> HttpResponse:
    """Not there, with the reason."""
    form = DeclineForm(request.POST)
    if not JointHandling.objects.visible_to(request.identity).filter(pk=pk).exists():
        words = form.data.get("answer") or "—"
        return _done_already(
            lambda: services.joint_decline(joint_id=pk, by=request.identity, reason=words, key=request_key(request))
        )  # fmt: skip
    row = _at_second(request, pk)
    return act(
        request, form,
        lambda data: services.joint_decline(joint_id=pk, by=request.identity, reason=data["answer"], key=request_key(request)),
        to=reverse("cases:transfers"), said=_("Declined. The responsible centre decides what comes next."), template=DETAIL,
        **_facts(request, row, decline_form=form),
    )  # fmt: skip


@page(*MANAGERS, methods=("POST",))
def name(request: Asked, pk: UUID) -> HttpResponse:
    """Name others."""
    row = _at_second(request, pk)
    form = PeopleForm(request.POST, row=row)
    return act(
        request, form,
        lambda data: services.joint_name(
            joint_id=pk, by=request.identity, version=seen_version(request), person=data["person"], deputy=data["deputy"],
            key=request_key(request)),
        to=_page_of(pk), said=_("Named. For whoever was named before, the case is closed."), template=DETAIL,
        version=lambda: JointHandling.objects.get(pk=pk).version, **_facts(request, row, people_form=form),
    )  # fmt: skip


@page(*MANAGERS, methods=("POST",))
def report(request: Asked, pk: UUID) -> HttpResponse:
    """Write down what was done."""
    row = _at_second(request, pk)
    form = _note_form(request, row, request.POST)
    return act(
        request, form,
        lambda data: services.joint_report(joint_id=pk, by=request.identity, key=request_key(request), **data),
        to=_page_of(pk), said=_("Written down. The responsible centre is asked to read it."), template=DETAIL,
        **_facts(request, row, note_form=form),
    )  # fmt: skip


def _back(request: Asked, row: JointHandling, there: str) -> str:
    """The page of who can see what, when the button stood there."""
    return reverse("cases:sharing", args=[row.case_id]) if "sharing" in request.POST else there


@page(*MANAGERS, methods=("POST",))
def recall(request: Asked, pk: UUID) -> HttpResponse:
    """The responsible centre takes the request back: one click."""
    row = _seen(request, pk)
    return at_once(
        request, lambda: services.joint_recall(joint_id=pk, by=request.identity, key=request_key(request)),
        said=_("The request is taken back."), to=_back(request, row, _page_of(pk)),
    )  # fmt: skip


@page(*MANAGERS, methods=("POST",))
def end(request: Asked, pk: UUID) -> HttpResponse:
    """Either centre ends it: one click, with a word on what is left to do."""
    if not JointHandling.objects.visible_to(request.identity).filter(pk=pk).exists():
        return _done_already(lambda: services.joint_end(joint_id=pk, by=request.identity, key=request_key(request)))
    row = _seen(request, pk)
    form = EndForm(request.POST)
    if not form.is_valid():
        return render(request, DETAIL, {**_facts(request, row, end_form=form), "form": form}, status=422)
    ours = row.office_id in request.identity.case_offices
    there = _page_of(pk) if ours else reverse("cases:transfers")
    return at_once(
        request,
        lambda: services.joint_end(joint_id=pk, by=request.identity, note=form.cleaned_data["note"], key=request_key(request)),
        said=_("The joint handling has ended. Nothing of the case is open to the second centre any more."), to=_back(request, row, there),
    )  # fmt: skip


@page(*MANAGERS, methods=("POST",))
def noted(request: Asked, pk: UUID) -> HttpResponse:
    """The responsible centre has read what was done there: one click."""
    _seen(request, pk)
    return at_once(
        request, lambda: services.joint_noted(joint_id=pk, by=request.identity, key=request_key(request)), said=_("Noted."), to=_page_of(pk)
    )  # fmt: skip
