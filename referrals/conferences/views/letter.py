"""The invitation, read like a letter; and the measure that a body owes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from cases.enums import Section
from cases.services import calendars
from core import access, clock
from core.errors import DomainError, DuplicateRequest, NotAllowed, NotFound, StaleVersion
from core.identity import Identity
from core.views import Asked, page, request_key, seen_version
from referrals.conferences import services
from referrals.conferences.enums import ConferenceStatus, Confirmation, DecisionStatus, InvitationStatus
from referrals.conferences.forms import NoteForm, PledgeForm, RegretForm, WordsForm
from referrals.conferences.models import AgendaItem, Conference, Decision, Invitation
from referrals.conferences.services.decisions import may_finish
from referrals.conferences.views import READERS
from referrals.conferences.views.room import places

Text = Any
TONES = {
    InvitationStatus.SENT: "warn", InvitationStatus.ACCEPTED: "ok", InvitationStatus.DECLINED: "neutral", InvitationStatus.RECUSED: "neutral",
    InvitationStatus.WITHDRAWN: "neutral",
}  # fmt: skip


@dataclass(frozen=True)
class Verb:
    """One button of the page, and the form behind it."""

    code: str
    button: Text
    done: Text
    service: Any
    of_unit: bool
    form: type[forms.Form] = forms.Form
    help: Text = ""
    tone: str = "plain"
    icon: str = "check"
    leaves: bool = False


ON_INVITATION = {verb.code: verb for verb in (
    Verb("accept", _("We come"), _("Accepted: what is shared of this matter is open to you now."), services.invitation_accept, True, PledgeForm,
         _("What is shared of this one case opens at once; every look at it is logged."), "primary"),
    Verb("keep", _("We come at the new time"), _("Said; the centre knows that you come."), services.invitation_keep, True,
         help=_("The conference was moved. Look at the new time and place."), tone="primary", icon="calendar-check"),
    Verb("confirm", _("Confirm the minutes"), _("Confirmed."), services.minutes_confirm, True, tone="primary", icon="signature"),
    Verb("object", _("Object to the minutes"), _("Your objection is with the centre."), services.minutes_object, True, WordsForm,
         _("Say what is wrong and how it should read; it is kept with the minutes."), icon="message-2"),
    Verb("decline", _("We cannot come"), _("Declined; the letter is closed to your unit."), services.invitation_decline, True, RegretForm,
         _("The letter and what it opened are withdrawn at once."), icon="mail-x", leaves=True),
    Verb("recuse", _("Recuse from this matter"), _("Recused: nothing of this matter is open there any more."), services.invitation_recuse, True,
         help=_("Where somebody of the unit is kin, or has an interest. Other matters of the same meeting are not touched."), tone="danger", icon="user-off", leaves=True),
    Verb("enter", _("Enter: they come"), _("Entered."), services.invitation_enter, False, tone="primary", icon="phone-check",
         help=_("This unit has no account. The secrecy pledge is signed at the door.")),
    Verb("withdraw", _("Withdraw the invitation"), _("Withdrawn."), services.invitation_withdraw, False, tone="danger", icon="arrow-back-up",
         help=_("The unit sees neither the letter nor the case any more, at once.")),
)}  # fmt: skip
ON_DECISION = {verb.code: verb for verb in (
    Verb("finish", _("It is done"), _("Reported as done."), services.decision_finish, True, NoteForm, _("What was done, when, and by whom. Name nobody of the case."), "primary"),
    Verb("drop", _("Not needed any more"), _("Dropped."), services.decision_drop, False, NoteForm, _("Say why."), icon="circle-x"),
)}  # fmt: skip


def _verbs_of_invitation(row: Invitation, by: Identity) -> list[Verb]:
    mine = row.group_id in by.groups and row.named_liaison_id in (None, by.user_id)
    host = row.office_id in by.case_offices
    before = row.conference.status in (ConferenceStatus.PLANNED, ConferenceStatus.HELD)
    sent, joined = row.status == InvitationStatus.SENT, row.status == InvitationStatus.ACCEPTED
    asked = joined and row.confirmation == Confirmation.ASKED
    allowed = {
        "accept": mine and before and sent, "keep": before and row.has_new_time and (mine if row.unit.has_accounts else host), "confirm": mine and asked, "object": mine and asked, "decline": mine and before and (sent or joined),
        "recuse": (mine or host) and before and (sent or joined), "enter": host and before and sent and not row.unit.has_accounts,
        "withdraw": host and before and (sent or joined),
    }  # fmt: skip
    return [verb for code, verb in ON_INVITATION.items() if allowed[code]]


def _invitation(by: Identity, pk: UUID) -> Invitation:
    words = (
        "conference__office",
        "conference__room",
        "conference__chair",
        "unit",
        "named_liaison",
        "category",
        "pledged_by",
        "answered_by",
    )
    row = Invitation.objects.visible_to(by).select_related(*words).filter(pk=pk).first()
    if row is None:
        raise NotFound
    access.note(
        access.Action.VIEW,
        object_type="invitation",
        object_id=row.pk,
        case_id=row.case_id,
        office_id=row.office_id,
        sections=[Section.LETTER],
    )
    return row


def _steps(verbs: list[Verb], bound: dict[str, forms.Form]) -> list[dict[str, Any]]:
    return [
        {"verb": verb, "form": bound.get(verb.code) or verb.form(auto_id=f"{verb.code}-%s"), "open": verb.code in bound}
        for verb in verbs
    ]


def _lost(steps: list[dict[str, Any]], bound: dict[str, forms.Form]) -> forms.Form | None:
    """What was typed for a step that is no longer there: the page gives it back all the same."""
    there = {step["verb"].code for step in steps}
    return next((form for code, form in bound.items() if code not in there), None)


def _show_invitation(
    request: Asked, row: Invitation, *, status: int = 200, told: Any = "", **bound: forms.Form
) -> HttpResponse:
    by = request.identity
    joined = row.status == InvitationStatus.ACCEPTED
    table = places(row.conference, by, only=row.item_id) if joined or row.office_id in by.case_offices else []
    steps = _steps(_verbs_of_invitation(row, by), bound)
    context = {
        "row": row, "conference": row.conference, "place": table[0] if table else None, "tone": TONES[InvitationStatus(row.status)], "told": told,
        "first": next((step for step in steps if step["verb"].tone == "primary"), None),
        "others": [step for step in steps if step["verb"].tone != "primary"], "is_host": row.office_id in by.case_offices, "joined": joined,
        "section_labels": [Section.SAFE_CONTACT.label, *(Section(code).label for code in row.sections)], "kind": "invitation",
        "lost": _lost(steps, bound), "minutes_out": row.conference.status in (ConferenceStatus.MINUTED, ConferenceStatus.CONFIRMED, ConferenceStatus.CLOSED),
    }  # fmt: skip
    return render(request, "referrals/invitation_detail.html", context, status=status)


@page(*READERS)
def invitation(request: Asked, invitation_id: UUID) -> HttpResponse:
    """One invitation: coded fields; once accepted the minutes of its item too."""
    return _show_invitation(request, _invitation(request.identity, invitation_id))


@page(*READERS, methods=("POST",))
def on_invitation(request: Asked, invitation_id: UUID, verb: str) -> HttpResponse:
    """Carry out one step on an invitation."""
    doing, by = ON_INVITATION[verb], request.identity
    row = _invitation(by, invitation_id)
    form = doing.form(request.POST, auto_id=f"{verb}-%s")
    if not form.is_valid():
        return _show_invitation(request, row, status=422, **{verb: form})
    away = doing.leaves and row.office_id not in by.case_offices
    home = redirect("referrals:conferences") if away else redirect("referrals:invitation", invitation_id)
    try:
        doing.service(
            invitation_id=invitation_id,
            by=by,
            version=seen_version(request),
            key=request_key(request),
            **form.cleaned_data,
        )
    except DuplicateRequest:
        return home
    except (NotFound, NotAllowed):
        raise
    except DomainError as error:
        if isinstance(error, StaleVersion) or error.code == "wrong_status":
            typed = {verb: form} if form.fields else {}
            return _show_invitation(request, _invitation(by, invitation_id), status=409, told=error.message, **typed)
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return _show_invitation(request, _invitation(by, invitation_id), status=422, **{verb: form})
    messages.success(request, doing.done)
    return home


@page(*READERS)
def ics(request: Asked, invitation_id: UUID) -> HttpResponse:
    """The appointment for a calendar outside: busy, with the way to log in, and nothing else."""
    row = _invitation(request.identity, invitation_id)
    text = calendars.busy(
        uid=row.pk,
        begins_at=row.conference.begins_at,
        ends_at=row.conference.ends_at,
        stamp=clock.now(),
        url=request.build_absolute_uri("/"),
        sequence=row.conference.sequence,
    )
    return HttpResponse(
        text,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="busy.ics"'},
    )


def _decision(by: Identity, pk: UUID) -> Decision:
    row = (
        Decision.objects.visible_to(by).select_related("unit", "staff", "named_liaison", "office").filter(pk=pk).first()
    )
    if row is None:
        raise NotFound
    access.note(
        access.Action.VIEW,
        object_type="decision",
        object_id=row.pk,
        case_id=row.case_id,
        office_id=row.office_id,
        sections=[Section.LETTER],
    )
    return row


def _show_decision(
    request: Asked, row: Decision, *, status: int = 200, told: Any = "", **bound: forms.Form
) -> HttpResponse:
    by = request.identity
    host = row.office_id in by.case_offices
    mine = row.group_id in by.groups and row.named_liaison_id in (None, by.user_id)
    verbs = [
        verb for verb in ON_DECISION.values() if row.status == DecisionStatus.OPEN and (host or (mine and verb.of_unit))
    ]
    late = row.status == DecisionStatus.OPEN and row.due_at < clock.now()
    seen = AgendaItem.objects.visible_to(by).filter(pk=row.item_id).exists()
    steps = _steps(verbs, bound)
    context = {
        "row": row, "late": late, "tone": "danger" if late else "ok" if row.status == DecisionStatus.DONE else "info", "told": told,
        "conference": Conference.objects.visible_to(by).filter(pk=row.conference_id).first() if seen else None, "kind": "decision",
        "first": next((step for step in steps if step["verb"].tone == "primary"), None),
        "others": [step for step in steps if step["verb"].tone != "primary"], "lost": _lost(steps, bound),
    }  # fmt: skip
    return render(request, "referrals/decision_detail.html", context, status=status)


@page(*READERS)
def decision(request: Asked, decision_id: UUID) -> HttpResponse:
    """One measure: what, who, by when, and what was done."""
    return _show_decision(request, _decision(request.identity, decision_id))


@page(*READERS, methods=("POST",))
def on_decision(request: Asked, decision_id: UUID, verb: str) -> HttpResponse:
    """Carry out one step on a measure."""
    doing, by = ON_DECISION[verb], request.identity
    row = _decision(by, decision_id)
    may_finish(row, by)
    form = doing.form(request.POST, auto_id=f"{verb}-%s")
    if not form.is_valid():
        return _show_decision(request, row, status=422, **{verb: form})
    home = redirect("referrals:decision", decision_id)
    try:
        doing.service(
            decision_id=decision_id, by=by, version=seen_version(request), key=request_key(request), **form.cleaned_data
        )
    except DuplicateRequest:
        return home
    except (NotFound, NotAllowed):
        raise
    except DomainError as error:
        row = _decision(by, decision_id)
        if isinstance(error, StaleVersion) or error.code == "wrong_status":
            return _show_decision(request, row, status=409, told=error.message, **{verb: form})
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return _show_decision(request, row, status=422, **{verb: form})
    messages.success(request, doing.done)
    return home
