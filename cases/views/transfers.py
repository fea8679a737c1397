"""Transfers: asked from the case's page; one page that both centres see, each its own part of it; the list of those that wait."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.enums import Section, TransferStatus
from cases.forms.transfer import AcceptForm, ReturnForm, TransferForm
from cases.models import Transfer
from cases.services import intake
from cases.services import transfers as services
from cases.services.joint import of_centres
from cases.views.acting import act, at_once
from cases.views.assess import GET_POST
from cases.views.plan import _there, _version_of
from cases.views.scope import MANAGERS, changing_case
from core import access, clock, keys
from core.errors import NotFound
from core.views import Asked, page, request_key, seen_version

ANSWER = "cases/transfer_detail.html"


@page(*MANAGERS, methods=GET_POST)
def ask(request: Asked, pk: UUID) -> HttpResponse:
    """Ask another centre to go on with the case."""
    seen = changing_case(request, pk)
    case = seen.case
    asked = Transfer.objects.sent_by(seen.by).filter(case=case, status=TransferStatus.ASKED).first()
    if asked is not None and request.method != "POST":
        return redirect("cases:transfer", pk=asked.pk)
    form = TransferForm(request.POST or None, case=case)
    return act(
        request, form,
        lambda data: services.transfer_ask(
            case_id=case.pk, by=seen.by, version=seen_version(request), to_office=data["to_office"], reason=data["reason"],
            message=data["message"], summary=data["summary"], key=request_key(request)),
        to=_there(case), said=_("The other centre is asked. Until it has taken the case over, your centre stays responsible."),
        template="cases/transfer_ask.html", version=lambda: _version_of(case), case=case, matters=services.obstacles(case),
        workplaces=intake.workplaces(seen.by, case.pk),
    )  # fmt: skip


def _seen(request: Asked, pk: UUID) -> Transfer:
    """A transfer of the own centre, sent or received; its view is logged at the centre that looks."""
    by = request.identity
    words = ("office", "to_office", "category")
    row = Transfer.objects.visible_to(by).select_related(*words).filter(pk=pk).first()
    if row is None:
        raise NotFound
    keys.preload([row.case_id])
    if request.method != "POST":
        here = row.to_office_id if row.to_office_id in by.case_offices else row.office_id
        access.note(
            access.Action.VIEW,
            object_type="transfer",
            object_id=row.pk,
            case_id=row.case_id,
            office_id=here,
            sections=[Section.LETTER],
        )
    return row


def _page_of(pk: UUID) -> str:
    return reverse("cases:transfer", args=[pk])


def _facts(request: Asked, row: Transfer) -> dict[str, Any]:
    by = request.identity
    receives, is_asked = row.to_office_id in by.case_offices, row.status == TransferStatus.ASKED
    return {
        "row": row, "receives": receives, "sends": row.office_id in by.case_offices, "is_asked": is_asked,
        "answers": receives and is_asked, "recalls": row.office_id in by.case_offices and is_asked, "late": is_asked and row.due_at < clock.now(),
    }  # fmt: skip


@page(*MANAGERS)
def detail(request: Asked, pk: UUID) -> HttpResponse:
    """The letter. The receiving centre takes the case over or returns it, the asking one may recall."""
    row = _seen(request, pk)
    if "taken" in request.GET and row.successor_id:
        return redirect("cases:detail", pk=row.successor_id)
    context = _facts(request, row)
    if context["answers"]:
        context |= {"accept_form": _accept_form(request, row), "return_form": ReturnForm()}
    return render(request, ANSWER, context)


def _accept_form(request: Asked, row: Transfer) -> AcceptForm:
    return AcceptForm(request.POST or None, row=row, initial={"manager": request.identity.user_id})


@page(*MANAGERS, methods=("POST",))
def accept(request: Asked, pk: UUID) -> HttpResponse:
    """Take the case over."""
    row = _received(request, pk)
    form = _accept_form(request, row)
    return act(
        request, form,
        lambda data: services.transfer_accept(transfer_id=pk, by=request.identity, manager=data["manager"], key=request_key(request)),
        to=f"{_page_of(pk)}?taken=1", said=_("The case is yours. Read how she can be reached, then plan what comes next."), template=ANSWER,
        accept_form=form, return_form=ReturnForm(), **_facts(request, row),
    )  # fmt: skip


@page(*MANAGERS, methods=("POST",))
def send_back(request: Asked, pk: UUID) -> HttpResponse:
    """退回."""
    row = _received(request, pk)
    form = ReturnForm(request.POST)
    return act(
        request, form,
        lambda data: services.transfer_return(transfer_id=pk, by=request.identity, reason=data["answer"], key=request_key(request)),
        to=_page_of(pk), said=_("Returned. The earlier centre decides what comes next."), template=ANSWER, accept_form=AcceptForm(row=row),
        return_form=form, **_facts(request, row),
    )  # fmt: skip


def _received(request: Asked, pk: UUID) -> Transfer:
    row = _seen(request, pk)
    if row.to_office_id not in request.identity.case_offices:
        raise NotFound
    return row


@page(*MANAGERS, methods=("POST",))
def recall(request: Asked, pk: UUID) -> HttpResponse:
    """The asking centre takes it back: one click."""
    row = _seen(request, pk)
    return at_once(
        request, lambda: services.transfer_recall(transfer_id=pk, by=request.identity, key=request_key(request)),
        said=_("The transfer is recalled."), to=reverse("cases:detail", args=[row.case_id]), otherwise=_page_of(pk),
    )  # fmt: skip


@page(*MANAGERS)
def transfers(request: Asked) -> HttpResponse:
    """What other centres ask of the own one and what it asks of them, and the cases that it handles together with others."""
    by = request.identity
    waiting = services.waiting(by)
    context: dict[str, Any] = {
        "asked_of_us": [each for each in waiting if each.row.to_office_id in by.case_offices],
        "asked_by_us": [each for each in waiting if each.row.to_office_id not in by.case_offices],
        "taken": services.taken_over(by), "joints": of_centres(by),
    }  # fmt: skip
    access.note(
        access.Action.VIEW,
        object_type="transfer",
        sections=[Section.LETTER],
        reason="list",
        count=len(waiting) + len(context["joints"]),
    )
    return render(request, "cases/transfer_list.html", context)
