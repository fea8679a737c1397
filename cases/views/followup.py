"""A callback: how she can be reached without danger, what was tried before, and what came of this attempt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from agencies import stepup
from agencies.enums import Role
from cases import worklist
from cases.enums import AttemptOutcome, FollowUpStatus, Risk
from cases.forms.followup import AttemptForm, FailureForm, RevealForm
from cases.models import Case, FollowUp, FollowUpAttempt, PartyIdentity, SafeContact, WorkItem
from cases.services import followups
from core import access, clock, keys
from core.errors import DomainError, DuplicateRequest, NotAllowed, NotFound, StaleVersion
from core.identity import Identity
from core.phone import display
from core.views import Asked, page, request_key, seen_version

CALLERS = (Role.OPERATOR, Role.SHIFT_SUPERVISOR, Role.MANAGER, Role.DIRECTOR)


@dataclass(frozen=True)
class Seen:
    """A callback with what the one who asks may see around it."""

    row: FollowUp
    case: Case
    safe: SafeContact | None
    name: str
    is_safe: bool

    @property
    def window(self) -> str:
        """Her safe hours in words; nothing where none are agreed."""
        return followups.window(self.safe)


def _fetch(by: Identity, pk: UUID) -> Seen:
    row = FollowUp.objects.visible_to(by).filter(pk=pk).first()
    case = (
        Case.objects.visible_to(by).select_related("category", "office", "manager").filter(pk=row.case_id).first()
        if row
        else None
    )
    if row is None or case is None:
        raise NotFound
    keys.preload([case.pk])
    safe = SafeContact.objects.visible_to(by).filter(case=case, party__is_primary=True).first()
    person = PartyIdentity.objects.visible_to(by).filter(case=case, party__is_primary=True).first()
    return Seen(row, case, safe, person.name if person else "", followups.is_safe_now(safe))


def _log(seen: Seen, action: access.Action, reason: str = "") -> None:
    sections = ["header", "safe_contact", *(["identity"] if seen.name else [])]
    access.note(
        action, object_type="cases.followup", object_id=seen.row.pk, case_id=seen.case.pk, office_id=seen.case.office_id,
        sections=sections if action == access.Action.VIEW else ["safe_contact"], reason=reason,
    )  # fmt: skip


def _may_decide(by: Identity, case: Case) -> bool:
    return case.office_id in (by.director_offices if case.risk == Risk.HIGH else by.case_offices)


def _page(
    request: Asked,
    seen: Seen,
    *,
    form: forms.Form | None = None,
    failure: forms.Form | None = None,
    stale: StaleVersion | None = None,
    number: str = "",
    status: int = 200,
) -> HttpResponse:
    by, row, safe = request.identity, seen.row, seen.safe
    waiting = (
        row.status == FollowUpStatus.FAILED
        and seen.case.is_open
        and WorkItem.objects.open().visible_to(by).filter(kind="followup.failed", source_id=row.pk).exists()
    )
    due = row.status == FollowUpStatus.DUE and seen.case.is_open
    context: dict[str, Any] = {
        "row": row, "call_due": worklist.calls_due(by, [row]).get(row.pk), "case": seen.case, "safe": safe, "name": seen.name, "window": seen.window, "unsafe_now": not seen.is_safe,
        "again_at": followups.within_safe_hours(clock.now(), safe), "number": number, "due": due, "waiting": waiting,
        "may_decide": waiting and _may_decide(by, seen.case), "is_staff": seen.case.office_id in by.case_offices,
        "tries": list(FollowUpAttempt.objects.visible_to(by).filter(follow_up=row).order_by("-at")),
        "left": followups.MAX_ATTEMPTS - row.attempts, "form": form or AttemptForm(), "failure": failure or FailureForm(),
        "reveal": RevealForm(), "stale": stale,
        "changes": [{"field": change.label, "was": change.was, "now": change.now} for change in stale.changes] if stale else [],
    }  # fmt: skip
    return render(request, "cases/followup.html", context, status=status)


@page(*CALLERS, methods=("GET", "HEAD", "POST"))
def followup(request: Asked, pk: UUID) -> HttpResponse:
    """The page of a callback; a POST records one attempt."""
    seen = _fetch(request.identity, pk)
    _log(seen, access.Action.VIEW)
    if request.method != "POST":
        return _page(request, seen)
    form = AttemptForm(request.POST)
    if not form.is_valid():
        return _page(request, seen, form=form, status=422)
    try:
        row = followups.attempt_record(
            follow_up_id=pk,
            by=request.identity,
            version=seen_version(request),
            key=request_key(request),
            **form.cleaned_data,
        )
    except DuplicateRequest:
        return redirect("cases:today")
    except StaleVersion as error:
        return _page(request, _fetch(request.identity, pk), form=form, stale=error, status=409)
    except (NotAllowed, NotFound):
        raise
    except DomainError as error:
        form.add_error(error.field, error.message)
        return _page(request, _fetch(request.identity, pk), form=form, status=422)
    messages.success(request, _what_next(row, form.cleaned_data["outcome"]))
    return redirect("cases:today")


def _what_next(row: FollowUp, outcome: str) -> str:
    if row.status == FollowUpStatus.REACHED:
        return _("Recorded: she was reached. Thank you.")
    if row.status == FollowUpStatus.FAILED:
        return _("Recorded. This callback is over without her; her centre decides now what is done instead.")
    if outcome == AttemptOutcome.UNSAFE:
        return _("Recorded. The next attempt is due in a day, within her safe hours.")
    return _("Recorded. The next attempt comes back to the list at a safe time.")


@page(*CALLERS, methods=("GET", "HEAD", "POST"))
def reveal(request: Asked, pk: UUID) -> HttpResponse:
    """The whole safe number, for a reason, within her safe hours; logged. The page puts it into its place, so that what was typed stays.

    Its address opened again leads back to the callback.
    """
    seen = _fetch(request.identity, pk)
    if request.method != "POST":
        return redirect("cases:followup", pk)
    if stepup.is_due(request, within=stepup.IN_A_SHIFT):
        address = stepup.address(request, then=reverse("cases:followup", args=[pk]))
        return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
    _log(seen, access.Action.VIEW)
    form = RevealForm(request.POST)
    calls = seen.row.status == FollowUpStatus.DUE and seen.case.is_open
    if not form.is_valid() or not calls or not seen.is_safe or seen.safe is None:
        return _page(request, seen, status=422)
    _log(seen, access.Action.REVEAL, form.cleaned_data["reason"])
    return _page(request, seen, number=display(seen.safe.safe_number))


@page(Role.MANAGER, Role.DIRECTOR, methods=("POST",))
def accept(request: Asked, pk: UUID) -> HttpResponse:
    """The manager, for high risk the director, accepts that she could not be reached and says what is done instead."""
    seen = _fetch(request.identity, pk)
    _log(seen, access.Action.VIEW)
    form = FailureForm(request.POST)
    if not form.is_valid():
        return _page(request, seen, failure=form, status=422)
    try:
        followups.failure_accept(
            follow_up_id=pk, by=request.identity, note=form.cleaned_data["note"], key=request_key(request)
        )
    except DuplicateRequest:
        return redirect("cases:today")
    except (NotAllowed, NotFound):
        raise
    except DomainError as error:
        form.add_error(error.field, error.message)
        return _page(request, seen, failure=form, status=422)
    messages.success(request, _("Recorded what is done instead."))
    return redirect("cases:detail", seen.case.pk)
