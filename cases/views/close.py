"""How a case ends: not accepted, closed through its checks, taken up again."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.forms.course import CloseForm, RefuseForm, ReopenForm
from cases.models import Case
from cases.services import case as services
from cases.services.closing import against_her_wish
from cases.services.matters import before_closing
from cases.views.acting import act
from cases.views.assess import GET_POST
from cases.views.plan import SIMPLE, _there, _version_of
from cases.views.scope import MANAGERS, changing_case, is_second_press, managed_case
from core.identity import Identity
from core.views import Asked, page, request_key, seen_version


def _after_ending(case: Case, by: Identity) -> str:
    """The case; a child's record exists, once it is closed or refused, for its manager and the director."""
    stays = not case.concerns_minor or by.user_id == case.manager_id or case.office_id in by.director_offices
    return _there(case) if stays else reverse("cases:today")


@page(*MANAGERS, methods=GET_POST)
def close(request: Asked, pk: UUID) -> HttpResponse:
    """办结: only where nothing is left open."""
    if is_second_press(request, pk, "case.close"):
        return redirect("cases:today")  # where the first one ended
    seen = changing_case(request, pk)
    case = seen.case
    form = CloseForm(request.POST or None)
    return act(
        request, form,
        lambda data: services.case_close(
            case_id=case.pk, by=seen.by, version=seen_version(request), reason=data["reason"], note=data["note"], key=request_key(request)),
        to=_after_ending(case, seen.by), said=_("The case is closed and locked."), template="cases/case_close.html", version=lambda: _version_of(case),
        case=case, cancel=_there(case), matters=before_closing(case), not_her_wish=against_her_wish(case) if case.is_open else None,
    )  # fmt: skip


@page(*MANAGERS, methods=GET_POST)
def refuse(request: Asked, pk: UUID) -> HttpResponse:
    """不予受理, with the reason and where she was pointed to."""
    if is_second_press(request, pk, "case.refuse"):
        return redirect("cases:today")
    seen = changing_case(request, pk)
    case = seen.case
    form = RefuseForm(request.POST or None)
    return act(
        request, form,
        lambda data: services.case_refuse(
            case_id=case.pk, by=seen.by, version=seen_version(request), reason=data["reason"], pointed_to=data["pointed_to"],
            key=request_key(request)),
        to=_after_ending(case, seen.by), said=_("Saved as not accepted."), template=SIMPLE, version=lambda: _version_of(case), case=case,
        cancel=_there(case), title=_("Do not accept"), submit=_("Do not accept the case"), icon="circle-x", tone="danger",
        lead=_("She must know why, and where to go instead. This cannot be taken back."),
    )  # fmt: skip


@page(*MANAGERS, methods=GET_POST)
def reopen(request: Asked, pk: UUID) -> HttpResponse:
    """A closed case is taken up again."""
    seen = managed_case(request, pk)
    case = seen.case
    form = ReopenForm(request.POST or None)
    return act(
        request, form,
        lambda data: services.case_reopen(
            case_id=case.pk, by=seen.by, version=seen_version(request), reason=data["reason"], key=request_key(request)),
        to=_there(case), said=_("The case is open again. Look at the danger first, then make a plan."), template=SIMPLE, version=lambda: _version_of(case), case=case,
        title=_("Reopen"), submit=_("Reopen the case"), icon="lock-open",
        lead=_("What agencies could see does not come back: share it again where it is needed."),
    )  # fmt: skip
