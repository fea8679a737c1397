"""The centre refers a case."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.enums import CaseStatus, GrantBasis, Risk, Section
from cases.models import Case
from cases.services import clocks, guards, intake
from cases.services.walls import kin_reported
from core import access, clock
from core.errors import DomainError, DuplicateRequest, NotAllowed, NotFound
from core.views import Asked, page, request_key
from referrals.forms import SendContext, SendForm
from referrals.models import Referral
from referrals.services import referrals_send
from referrals.services.letters import (
    Refused,
    asked_already,
    away_takers,
    behind_walls,
    needs_named_liaison,
)
from referrals.views import SENDERS

LETTERS_AT_MOST = 8
# What one more letter does not begin with: it is asked of each unit by itself.
EACH_ITS_OWN = {"ask": "", "ask_note": "", "named_liaison": "", "opens_to": "", "kin": "", "kin_checked": ()}


def _case(request: Asked, case_id: UUID) -> Case:
    case = Case.objects.visible_to(request.identity).select_related("category", "office").filter(pk=case_id).first()
    if case is None:
        raise NotFound
    guards.is_manager(case, request.identity)
    access.note(
        access.Action.VIEW,
        object_type="case",
        object_id=case.pk,
        case_id=case.pk,
        office_id=case.office_id,
        sections=[Section.HEADER],
    )
    return case


def _context(request: Asked, case: Case) -> SendContext:
    due = clock.local(clocks.due("referral.respond").at)
    return SendContext(case, answer_due=due, workplaces=intake.workplaces(request.identity, case.pk))


def _first(request: Asked, case: Case) -> dict[str, Any]:
    minor = needs_named_liaison(case) and case.concerns_minor
    basis = GrantBasis.DANGER if case.risk == Risk.HIGH else GrantBasis.MINOR if minor else GrantBasis.CONSENT
    return {"unit": request.GET.get("unit", ""), "basis": basis}


def _prefix(place: int) -> str | None:
    """The fields of the first letter stand without a prefix, those of the others behind their number."""
    return str(place + 1) if place else None


def _count(data: QueryDict) -> int:
    text = data.get("letters", "1")
    return min(max(int(text), 1), LETTERS_AT_MOST) if text.isascii() and text.isdecimal() and len(text) < 3 else 1


def _typed(form: SendForm) -> dict[str, Any]:
    """What stands in a letter's fields, as it was typed."""
    data: Any = form.data
    many = {"sections", "kin_checked"}
    return {
        name: data.getlist(form.add_prefix(name)) if name in many else data.get(form.add_prefix(name), "")
        for name in form.fields
    }


def _rearranged(request: Asked, context: SendContext, forms: list[SendForm]) -> list[SendForm]:
    """One more letter, or one less; nothing is checked yet and nothing lost.

    It begins with what the first one shares and why; what is asked is each unit's own.
    """
    typed = [_typed(form) for form in forms]
    if "add" in request.POST and len(typed) <= LETTERS_AT_MOST:
        unit = request.POST["add"]
        if unit and not typed[0]["unit"]:
            typed[0]["unit"] = unit
        elif len(typed) < LETTERS_AT_MOST:
            typed.append(typed[0] | EACH_ITS_OWN | {"unit": unit})
    away = request.POST.get("remove", "")
    if away.isascii() and away.isdecimal() and len(away) < 3 and 0 < int(away) < len(typed):
        del typed[int(away)]
    return [SendForm(None, context=context, prefix=_prefix(place), initial=each) for place, each in enumerate(typed)]


@page(*SENDERS, methods=("GET", "HEAD", "POST"))
def send(request: Asked, case_id: UUID) -> HttpResponse:
    """The form of a referral to one unit or to several at once; every unit gets a letter of its own."""
    case = _case(request, case_id)
    context = _context(request, case)
    if request.method == "POST":
        forms = [
            SendForm(request.POST, context=context, prefix=_prefix(place)) for place in range(_count(request.POST))
        ]
        if "add" in request.POST or "remove" in request.POST:
            return _show(request, context, _rearranged(request, context, forms))
        return _sent(request, case, forms) or _show(request, context, forms)
    return _show(request, context, [SendForm(None, context=context, initial=_first(request, case))])


def _sent(request: Asked, case: Case, forms: list[SendForm]) -> HttpResponse | None:
    """Send the letters, all or none. None where something is wrong: it stands beside its field then, everything at once."""
    wrong = [not form.is_valid() for form in forms]
    people = [(form.cleaned_data.get("named_liaison"), form.cleaned_data.get("opens_to")) for form in forms]
    found = behind_walls(case, [(form.chosen_unit, *them) for form, them in zip(forms, people, strict=True)])
    found += away_takers([(form.chosen_unit, taker) for form, (_named, taker) in zip(forms, people, strict=True)])
    if any(wrong) or found:
        # Not asked before a sending that is whole: of the same POST sent twice the service says what became of the first.
        found += asked_already(case, [(form.chosen_unit, form.cleaned_data.get("ask", "")) for form in forms])
    for place, error in found:
        forms[place].put(error)
    if not any(wrong) and not found:
        try:
            rows = referrals_send(
                case_id=case.pk,
                by=request.identity,
                key=request_key(request),
                letters=[form.letter() for form in forms],
            )
        except DuplicateRequest as error:
            return redirect("cases:detail", error.object_id)
        except (NotFound, NotAllowed):
            raise
        except Refused as error:
            for place, refused in error.found:
                forms[place].put(refused)
        except DomainError as error:
            forms[0].put(error)
        else:
            return _told(request, case, rows)
    if case.is_open and any(form.says_kin for form in forms):
        kin_reported(case_id=case.pk, by=request.identity)
    return None


def _told(request: Asked, case: Case, rows: list[Referral]) -> HttpResponse:
    for row in rows:
        messages.success(
            request, _("Sent to %(unit)s: letter %(number)s.") % {"unit": row.unit.short_name, "number": row.number}
        )
    return redirect("referrals:detail", rows[0].pk) if len(rows) == 1 else redirect("cases:detail", case.pk)


def _show(request: Asked, context: SendContext, forms: list[SendForm]) -> HttpResponse:
    case = context.case
    before = Referral.objects.visible_to(request.identity).filter(case=case).select_related("unit").order_by("-sent_at")
    taken = {form.chosen_unit.pk for form in forms if form.chosen_unit}
    values = {
        "case": case, "form": forms[0], "letters": forms, "before": before, "back": reverse("cases:detail", args=[case.pk]),
        "is_blocked": not case.is_open or case.status == CaseStatus.RECEIVED, "may_add": len(forms) < LETTERS_AT_MOST,
        "proposed": [unit for unit in context.proposed if unit.pk not in taken],
    }  # fmt: skip
    return render(request, "referrals/referral_send.html", values, status=422 if forms[0].is_bound else 200)


@page(*SENDERS)
def liaison_choices(request: Asked, case_id: UUID) -> HttpResponse:
    """The liaisons of the unit that was just chosen, and by when it has to accept."""
    case = _case(request, case_id)
    text = request.GET.get("letter", "0")
    prefix = _prefix(int(text) if text.isascii() and text.isdecimal() and len(text) < 3 else 0)
    unit = request.GET.get(f"{prefix}-unit" if prefix else "unit", "")
    form = SendForm(None, context=_context(request, case), prefix=prefix, initial={"unit": unit})
    return render(request, "referrals/_referral_liaisons.html", {"form": form})
