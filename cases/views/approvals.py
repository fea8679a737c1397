"""查阅审批: asking for a closed record of a minor, and the decision of the director or of the named reviewer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import User
from cases.forms.approvals import ApprovalForm
from cases.models import ApprovalWords, Case, RecordApproval
from cases.services import approvals as services
from cases.views.acting import lines
from cases.views.assess import GET_POST
from core import access
from core.errors import DomainError, DuplicateRequest, NotAllowed, NotFound
from core.keyset import keyset
from core.views import Asked, page, request_key

DECIDERS = ("director", "supervisor", "province")
READERS = ("manager", "auditor", *DECIDERS)
SIZE = 50
SAID = {
    "approved": gettext_lazy("Approved. The record is open to the one who asked until the day given."),
    "nothing": gettext_lazy("Approved, but no closed record of a minor can be opened under this number."),
    "refused": gettext_lazy("Refused. Nothing was opened."),
}


def _state(row: RecordApproval) -> tuple[str, str]:
    if row.decided_at is None:
        return _("Waits for the reviewer above") if row.reviewer_id else _("Waits for the director"), "warn"
    if row.is_refused:
        return _("Refused"), "neutral"
    if row.until is None:
        return _("Nothing to open"), "neutral"
    if row.is_in_force:
        return _("In force"), "ok"
    return (_("Ended early") if row.is_ended_early else _("Ended")), "neutral"


@page(*READERS)
def approvals(request: Asked) -> HttpResponse:
    """Newest first: the own ones; the centre's for its director; those that one is named to decide."""
    rows = RecordApproval.objects.visible_to(request.identity).select_related("asker", "office")
    found = keyset(
        rows, "asked_at", descending=True, size=SIZE, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )  # fmt: skip
    access.note(access.Action.VIEW, object_type="cases.recordapproval", reason="list", count=len(found.rows))
    shown = [{"row": row, "state": _state(row)} for row in found.rows]
    may_ask = services.centres(request.identity).exists()
    context = {"rows": shown, "next": found.next, "prev": found.prev, "may_ask": may_ask}
    return render(request, "cases/approval_list.html", context)


@page("manager", "director", methods=GET_POST)
def ask(request: Asked) -> HttpResponse:
    """Ask for one."""
    centres = services.centres(request.identity)
    if not centres.exists():
        raise NotFound  # a director reads the records of the own centre without asking
    form, status = ApprovalForm(request.POST or None, centres=centres), 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and (made := _asked(request, form)):
            return made
    return render(request, "cases/approval_ask.html", {"form": form, "lines": lines(form)}, status=status)


def _asked(request: Asked, form: ApprovalForm) -> HttpResponse | None:
    try:
        row = services.approval_ask(by=request.identity, key=request_key(request), **form.cleaned_data)
    except DuplicateRequest as error:
        return redirect("cases:approval", error.object_id)
    except (NotFound, NotAllowed):
        raise
    except DomainError as error:
        form.add_error(error.field, error.message)
        return None
    told = (
        _("Asked. The centre has no director now: the reviewer above has been told.")
        if row.reviewer_id
        else _("Asked. The director has been told.")
    )
    messages.success(request, told)
    return redirect("cases:approval", row.pk)


@page(*READERS)
def approval(request: Asked, pk: UUID) -> HttpResponse:
    """One of them."""
    by = request.identity
    row = RecordApproval.objects.visible_to(by).select_related("asker", "office").filter(pk=pk).first()
    if row is None:
        raise NotFound
    access.note(
        access.Action.VIEW, object_type="cases.recordapproval", object_id=row.pk, case_id=row.case_id, office_id=row.office_id,
        reason="approval",
    )  # fmt: skip
    decider = User.objects.filter(pk=row.decided_by_id).first() if row.decided_by_id else None
    context: dict[str, Any] = {
        "row": row, "state": _state(row), "decider": decider.name if decider else "",
        "words": ApprovalWords.objects.visible_to(by).filter(approval_id=pk).first(),  # the auditor reads no words
        "may_decide": row.asker_id != by.user_id and services.waiting(by).filter(pk=pk).exists(),
        "may_end": services.ending(by).filter(pk=pk).exists(),
        "case": Case.objects.visible_to(by).filter(pk=row.case_id).first() if row.case_id else None,
    }  # fmt: skip
    return render(request, "cases/approval_detail.html", context)


@page(*DECIDERS, methods=("POST",))
def decide(request: Asked, pk: UUID) -> HttpResponse:
    """Approve or refuse."""
    try:
        outcome = services.approval_decide(
            approval_id=pk,
            by=request.identity,
            agreed=request.POST.get("answer") == "approve",
            key=request_key(request),
        )
    except DuplicateRequest:
        return redirect("cases:approvals")
    messages.success(request, SAID[outcome])
    return redirect("cases:approval", pk)


@page(*DECIDERS, methods=("POST",))
def end(request: Asked, pk: UUID) -> HttpResponse:
    """End it before its day."""
    try:
        services.approval_end(approval_id=pk, by=request.identity, key=request_key(request))
    except DuplicateRequest:
        return redirect("cases:approvals")
    messages.success(request, _("Ended. The record is closed again."))
    return redirect("cases:approval", pk)
