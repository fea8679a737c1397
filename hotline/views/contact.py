"""A contact that was saved: what was written down, what happens next, what is still owed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies import stepup
from agencies.enums import Role
from agencies.models import Office
from cases import registry
from cases.enums import Section
from cases.models import Case, WorkItem
from cases.services import followups
from cases.services.people import Safety
from core import access, clock, keys
from core.errors import DomainError, NotAllowed, NotFound
from core.phone import display, mask
from core.views import Asked, page, request_key
from hotline.enums import (
    DISPOSITION_TONES,
    PROTOCOL_HELP,
    ContactStatus,
    Danger,
    Disposition,
    ProtocolStep,
    WhisperAnswer,
    WhisperQuestion,
)
from hotline.forms import RevealForm, SettleForm
from hotline.models import Contact
from hotline.services.contact import contact_postpone, contact_settle, may_settle
from hotline.services.told import police_called

TAKERS = (Role.OPERATOR, Role.SHIFT_SUPERVISOR, Role.MANAGER, Role.DIRECTOR)
PANEL_SIZE = 20
FRESH = dt.timedelta(hours=24)  # after that the call's danger is the assessing centre's


def scoped(request: Asked, pk: UUID) -> Contact:
    """A saved contact in scope. Raises NotFound."""
    rows = Contact.objects.visible_to(request.identity).exclude(status=ContactStatus.DRAFT)
    found = (
        rows.select_related("office__region", "operator", "category", "region_residence", "region_registration")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def tone(contact: Contact) -> str:
    """The colour of what became of a contact."""
    return DISPOSITION_TONES.get(Disposition(contact.disposition), "neutral") if contact.disposition else "neutral"


def _owner(item: WorkItem) -> str:
    if item.owner_user:
        return str(item.owner_user)
    role = item.owner_role or (Role.SHIFT_SUPERVISOR if item.kind == "contact.whereabouts" else Role.OPERATOR)
    return f"{item.office.short_name} · {Role(role).label}"


def _next_steps(request: Asked, contact: Contact) -> list[dict[str, Any]]:
    items = WorkItem.objects.visible_to(request.identity).open().filter(contact_id=contact.pk, case__isnull=True)
    return [
        {"title": registry.work_kinds[item.kind].title, "icon": registry.work_kinds[item.kind].icon, "due": item.due_at, "owner": _owner(item)}
        for item in items.select_related("owner_user", "office").order_by("due_at")
    ]  # fmt: skip


def _safety(contact: Contact) -> dict[str, Any]:
    hours = f"{contact.safe_from:%H:%M}–{contact.safe_until:%H:%M}" if contact.safe_from and contact.safe_until else ""
    safe = Safety(hour_from=contact.safe_from, hour_until=contact.safe_until)
    number = " · ".join(
        part for part in (mask(contact.safe_number) if contact.safe_number else "", contact.safe_whose) if part
    )
    return {
        "hours": hours, "number": number, "code_word": contact.code_word, "no_message": True, "no_text": True,
        "unsafe_now": not followups.is_safe_now(safe) if hours else None,  # type: ignore[arg-type]
        "missing": not (hours or number),
    }  # fmt: skip


def _numbers(contact: Contact, *, revealed: bool) -> list[tuple[Any, str]]:
    show = display if revealed else mask
    named = ((_("Caller's phone"), contact.caller_phone), (_("Safe number"), contact.safe_number))
    found = [(label, show(number)) for label, number in named if number]
    if contact.whereabouts:
        found.insert(0, (_("Where she was"), contact.whereabouts if revealed else "＊＊＊＊＊＊"))
    return found


def protocol_steps(contact: Contact) -> list[dict[str, Any]]:
    """The steps of the protocol with the times they were done."""
    return [
        {"code": step.value, "label": step.label, "help": PROTOCOL_HELP[step],
         "at": dt.datetime.fromisoformat(contact.protocol[step.value]) if step.value in contact.protocol else None}
        for step in ProtocolStep
    ]  # fmt: skip


def _police_owed(request: Asked, contact: Contact) -> bool:
    """Whether whoever takes calls here is reminded that 110 does not know: while the call is fresh."""
    is_fresh = contact.ended_at is not None and contact.ended_at > clock.now() - FRESH
    mine = contact.office_id in request.identity.contact_offices
    return mine and is_fresh and contact.danger == Danger.YES and not police_called(contact)


def _answers(contact: Contact) -> list[tuple[Any, Any]]:
    given = contact.whisper_answers
    return [
        (question.label, WhisperAnswer(given[question.value]).label)
        for question in WhisperQuestion
        if question.value in given
    ]


def detail(
    request: Asked, contact: Contact, settle_form: SettleForm | None = None, lost: Sequence[tuple[Any, Any]] = ()
) -> HttpResponse:
    """The page of a saved contact."""
    case = (
        Case.objects.visible_to(request.identity).filter(pk=contact.case_id).select_related("office").first()
        if contact.case_id
        else None
    )
    access.note(
        access.Action.VIEW, object_type="hotline.contact", object_id=contact.pk, case_id=contact.case_id,
        office_id=contact.case_office_id or contact.office_id,  # who handles the case sees who has looked at its first call
        sections=[Section.IDENTITY, Section.INCIDENT, Section.SAFE_CONTACT],
    )  # fmt: skip
    owed = contact.status == ContactStatus.OPEN
    context = {
        "contact": contact, "tone": tone(contact), "steps": _next_steps(request, contact), "case": case,
        "taker": Office.objects.filter(pk=contact.case_office_id).first() if contact.case_office_id else None,
        "safety": _safety(contact), "is_owed": owed, "may_settle": owed and may_settle(contact, request.identity),
        "settle_form": settle_form or SettleForm(), "reveal_form": RevealForm(), "numbers": _numbers(contact, revealed=False), "in_danger": contact.danger == Danger.YES,
        "protocol": protocol_steps(contact), "answers": _answers(contact), "client_name": "" if contact.is_anonymous else contact.known_name,
        "police_owed": _police_owed(request, contact),
        "is_whereabouts": contact.disposition == Disposition.WHEREABOUTS,
        "may_take": contact.office_id in request.identity.contact_offices, "lost": lost,
    }  # fmt: skip
    status = 409 if lost else 422 if settle_form is not None and settle_form.errors else 200
    return render(request, "hotline/contact_detail.html", context, status=status)


@page(*TAKERS, methods=("POST",))
def settle(request: Asked, pk: UUID) -> HttpResponse:
    """What was owed is done, in words."""
    contact = scoped(request, pk)
    form = SettleForm(request.POST)
    if form.is_valid():
        try:
            done = {
                "contact_id": contact.pk,
                "by": request.identity,
                "note": form.cleaned_data["note"],
                "key": request_key(request),
            }
            if "again" in request.POST:
                contact_postpone(**done, callback_at=form.cleaned_data["again_at"])
                messages.success(request, _("Noted: it stays owed until she is reached."))
            else:
                contact_settle(**done)
                messages.success(request, _("Settled: nothing is owed on this contact any more."))
            return redirect("hotline:contact", contact.pk)
        except (NotFound, NotAllowed):
            raise
        except DomainError as error:
            if error.status == 409:  # the same POST again
                return redirect("hotline:contact", contact.pk)
            form.add_error("again_at" if error.field == "callback_at" else None, str(error.message))
    return detail(request, contact, form)


@page(*TAKERS, methods=("POST",))
def reveal(request: Asked, pk: UUID) -> HttpResponse:
    """The full numbers of a contact, with a reason, logged."""
    contact = scoped(request, pk)
    form, due = RevealForm(request.POST), stepup.is_due(request, within=stepup.IN_A_SHIFT)
    is_shown = form.is_valid() and not due
    if is_shown:
        access.note(
            access.Action.REVEAL, object_type="hotline.contact", object_id=contact.pk, case_id=contact.case_id,
            office_id=contact.office_id, sections=[Section.CONTACT], reason=form.cleaned_data["reason"],
        )  # fmt: skip
    context = {
        "contact": contact,
        "reveal_form": form,
        "revealed": is_shown,
        "step_up": stepup.address(request, then=reverse("hotline:contact", args=[pk])) if due else "",
        "numbers": _numbers(contact, revealed=is_shown),
    }
    template = "hotline/_contact_numbers.html" if request.htmx else "hotline/contact_numbers.html"
    return render(request, template, context, status=200 if form.is_valid() else 422)


@page()
def panel(request: Asked, case_id: UUID) -> HttpResponse:
    """The contacts of a case, for its page: those that the viewer may see."""
    if not Case.objects.visible_to(request.identity).filter(pk=case_id).exists():
        raise NotFound
    rows = list(
        Contact.objects.visible_to(request.identity)
        .filter(case_id=case_id)
        .select_related("operator")
        .order_by("-occurred_at")[:PANEL_SIZE]
    )
    keys.preload(row.pk for row in rows)
    access.note(access.Action.VIEW, object_type="hotline.contact", case_id=case_id, count=len(rows), reason="panel")
    return render(request, "hotline/_contact_panel.html", {"contacts": rows})
