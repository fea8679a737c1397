"""The centre refers a case."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.models import Unit
from cases.enums import CaseStatus, GrantBasis, Risk, Section
from cases.models import Case
from cases.services import clocks, guards
from cases.services.walls import kin_reported
from core import access, clock
from core.errors import DomainError, DuplicateRequest, NotAllowed, NotFound
from core.views import Asked, page, request_key
from referrals.forms import SendForm
from referrals.models import Referral
from referrals.services import referral_send
from referrals.services.sending import accept_due, needs_named_liaison
from referrals.views import SENDERS


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


def _form(request: Asked, case: Case) -> SendForm:
    data = request.POST if request.method == "POST" else None
    minor = needs_named_liaison(case) and case.concerns_minor
    basis = GrantBasis.DANGER if case.risk == Risk.HIGH else GrantBasis.MINOR if minor else GrantBasis.CONSENT
    due = clock.local(clocks.due("referral.respond").at)
    initial = {"unit": request.GET.get("unit", ""), "basis": basis}
    return SendForm(data, case=case, needs_liaison=needs_named_liaison(case), answer_due=due, initial=initial)


@page(*SENDERS, methods=("GET", "HEAD", "POST"))
def send(request: Asked, case_id: UUID) -> HttpResponse:
    """The form of a referral; every agency gets a letter of its own."""
    case = _case(request, case_id)
    form = _form(request, case)
    if request.method == "POST" and form.is_valid():
        try:
            row = referral_send(case_id=case.pk, by=request.identity, key=request_key(request), **form.arguments())
        except DuplicateRequest as error:
            return redirect("cases:detail", error.object_id)
        except (NotFound, NotAllowed):
            raise
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(
                request, _("Sent to %(unit)s: letter %(number)s.") % {"unit": row.unit.short_name, "number": row.number}
            )
            return redirect("referrals:detail", row.pk)
    if form.is_bound and form.data.get("kin") == "yes" and case.is_open:
        kin_reported(case_id=case.pk, by=request.identity)
    open_before = (
        Referral.objects.visible_to(request.identity).filter(case=case).select_related("unit").order_by("-sent_at")
    )
    context = {
        "case": case, "form": form, "before": open_before, "needs_liaison": needs_named_liaison(case), "back": reverse("cases:detail", args=[case.pk]),
        "is_blocked": not case.is_open or case.status == CaseStatus.RECEIVED,
        **_terms(case, form.chosen_unit),
    }  # fmt: skip
    return render(request, "referrals/referral_send.html", context, status=422 if form.is_bound else 200)


def _terms(case: Case, unit: Unit | None) -> dict[str, object]:
    return {"accept_by": accept_due(case, unit), "chosen_unit": unit}


@page(*SENDERS)
def liaison_choices(request: Asked, case_id: UUID) -> HttpResponse:
    """The liaisons of the unit that was just chosen, and by when it has to accept."""
    case = _case(request, case_id)
    form = SendForm(
        None, case=case, needs_liaison=needs_named_liaison(case), answer_due=clocks.due("referral.respond").at,
        initial={"unit": request.GET.get("unit", "")})  # fmt: skip
    context = {"form": form, "needs_liaison": needs_named_liaison(case), **_terms(case, form.chosen_unit)}
    return render(request, "referrals/_referral_liaisons.html", context)
