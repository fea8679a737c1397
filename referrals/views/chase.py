"""催办单、督办单、工作提示函、商请函、提请督导函: the paper against a delay, as a page to print and to answer."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from cases.enums import Section
from core import access
from core.errors import DomainError, DuplicateRequest, NotAllowed, NotFound
from core.views import Asked, page, request_key
from referrals.enums import ChasePaper
from referrals.forms import TextForm
from referrals.models import Referral, ReferralChase
from referrals.services import chase_oversee
from referrals.services.chasing import may_oversee
from referrals.views import CHASE_READERS
from referrals.views.letter import director_of


def _seen(request: Asked, chase_id: UUID) -> ReferralChase:
    paper = (
        ReferralChase.objects.visible_to(request.identity)
        .select_related("office", "addressee")
        .filter(pk=chase_id)
        .first()
    )
    if paper is None:
        raise NotFound
    access.note(
        access.Action.EXPORT,
        object_type="referralchase",
        object_id=paper.pk,
        case_id=paper.case_id,
        office_id=paper.office_id,
        sections=[Section.LETTER],
    )
    return paper


def _show(request: Asked, paper: ReferralChase, form: TextForm | None = None, status: int = 200) -> HttpResponse:
    by = request.identity
    # the superior federation and the committee see the paper alone: number and band, never the letter
    letter = Referral.objects.visible_to(by).select_related("unit").filter(pk=paper.referral_id).first()
    open_to_answer = paper.overseen_at is None and may_oversee(paper, by)
    context = {
        "paper": paper, "letter": letter, "director": paper.issued_by_name or director_of(paper.office_id),
        "to_region": paper.paper == ChasePaper.REGION, "to_committee": paper.paper == ChasePaper.COMMITTEE, "form": (form or TextForm()) if open_to_answer else None,
    }  # fmt: skip
    return render(request, "referrals/chase_paper.html", context, status=status)


@page(*CHASE_READERS)
def chase(request: Asked, chase_id: UUID) -> HttpResponse:
    """One paper."""
    return _show(request, _seen(request, chase_id))


@page(*CHASE_READERS, methods=("POST",))
def oversee(request: Asked, chase_id: UUID) -> HttpResponse:
    """The superior federation, or the committee, writes down what it did."""
    paper, form = _seen(request, chase_id), TextForm(request.POST)
    if not form.is_valid():
        return _show(request, paper, form, status=422)
    try:
        chase_oversee(chase_id=paper.pk, by=request.identity, key=request_key(request), **form.cleaned_data)
    except DuplicateRequest:
        return redirect("referrals:chase", paper.pk)
    except (NotFound, NotAllowed):
        raise
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return _show(request, paper, form, status=409)
    messages.success(request, _("Written down; the centre reads it."))
    return redirect("referrals:chase", paper.pk)
