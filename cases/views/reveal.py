"""Masked values are shown to those who ask with a reason; each asking is logged."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from agencies import stepup
from cases.enums import Section
from cases.models import Party, PartyContact, PartyIdentity, SafeContact
from cases.services.followups import is_safe_now
from cases.views.scope import READERS, View, case_view
from core import access, keys
from core.errors import NotFound
from core.phone import display
from core.ui.masking import mask_id, mask_phone
from core.views import Asked, page

REASONS = {
    "call": _("I am going to call or visit her"),
    "identify": _("I am checking who somebody is"),
    "paper": _("I am writing a paper that needs it"),
    "correct": _("I am checking whether it is right"),
    "danger": _("Somebody is in danger"),
}
WHAT: dict[str, tuple[Any, str, Section, Any]] = {
    "phone": (PartyContact, "phone", Section.CONTACT, _("Phone")),
    "address": (PartyContact, "address", Section.CONTACT, _("Address")),
    "id": (PartyIdentity, "id_number", Section.IDENTITY, _("ID number")),
    "safe": (SafeContact, "safe_number", Section.SAFE_CONTACT, _("Safe number")),
}


def _value(seen: View, party_id: UUID, what: str) -> str:
    model, column, section, _title = WHAT[what]
    if not seen.shows(section):
        raise NotFound
    row = model.objects.visible_to(seen.by).filter(case_id=seen.case.pk, party_id=party_id).first()
    if row is None:
        raise NotFound
    keys.preload([seen.case.pk])
    return str(getattr(row, column) or "")


def _warning(seen: View, party_id: UUID, what: str) -> Any:
    """What to know before dialling: a respondent is not called, and she not outside her safe hours."""
    if what not in ("phone", "safe"):
        return ""
    if Party.objects.visible_to(seen.by).filter(pk=party_id, may_not_be_contacted=True).exists():
        return _("Do not contact him before the manager has recorded that she is safe and knows of it.")
    safe = SafeContact.objects.visible_to(seen.by).filter(case_id=seen.case.pk, party_id=party_id).first()
    return "" if is_safe_now(safe) else _("Do not call now: it is outside her safe hours")


def _masked(what: str, value: str) -> str:
    if what in ("phone", "safe"):
        return mask_phone(value)
    return mask_id(value) if what == "id" else "＊＊＊＊＊＊" * bool(value)


@page(*READERS, methods=("GET", "HEAD", "POST"))
def reveal(request: Asked, pk: UUID, party: UUID, what: str) -> HttpResponse:
    """The reasons to choose from (GET), or the value itself (POST with a reason), as the content of a dialog."""
    if what not in WHAT:
        raise NotFound
    seen = case_view(request, pk)
    value = _value(seen, party, what)
    reason = request.POST.get("reason", "")
    context = {
        "title": WHAT[what][3],
        "masked": _masked(what, value),
        "reasons": REASONS.items(),
        "url": request.path,
        "warning": _warning(seen, party, what),
    }
    if stepup.is_due(request, within=stepup.IN_A_SHIFT):
        return render(request, "_step_up.html", {"title": WHAT[what][3], "address": stepup.address(request)})
    if request.method != "POST":
        return render(request, "cases/_reveal_ask.html", context)
    if reason not in REASONS:
        return render(request, "cases/_reveal_ask.html", context | {"is_missing": True}, status=422)
    access.note(
        access.Action.REVEAL, object_type=what, object_id=party, case_id=pk, office_id=seen.case.office_id, sections=[WHAT[what][2]],
        reason=reason)  # fmt: skip
    shown = display(value) if what in ("phone", "safe") and value else value
    return render(request, "cases/_reveal_value.html", context | {"value": shown, "why": REASONS[reason]})
