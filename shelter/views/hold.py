"""From the case: a bed for her, and the panel that says where she sleeps."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from cases.enums import CaseStatus, GrantBasis, Risk
from cases.models import Case
from cases.services import clocks, guards
from core import access, clock
from core.errors import DomainError, DuplicateRequest, NotAllowed, NotFound
from core.identity import Identity
from core.views import Asked, page, request_key
from shelter.board import board
from shelter.enums import CURRENT, StayStatus
from shelter.forms import HoldForm, hold_initial
from shelter.models import Stay
from shelter.services import stay_hold
from shelter.views import MANAGERS, READERS


def _case(by: Identity, case_id: UUID) -> Case:
    case = Case.objects.visible_to(by).select_related("office", "category").filter(pk=case_id).first()
    if case is None:
        raise NotFound
    return case


@page(*MANAGERS, methods=("GET", "HEAD", "POST"))
def hold(request: Asked, case_id: UUID) -> HttpResponse:
    """The form by which a bed is held."""
    by = request.identity
    case = _case(by, case_id)
    guards.is_manager(case, by)
    access.note(
        access.Action.VIEW,
        object_type="case",
        object_id=case.pk,
        case_id=case.pk,
        office_id=case.office_id,
        sections=["header"],
    )
    initial = hold_initial(clocks.due("refuge.stay").at) | {
        "basis": GrantBasis.DANGER if case.risk == Risk.HIGH else GrantBasis.CONSENT
    }
    form = HoldForm(request.POST if request.method == "POST" else None, office=case.office, by=by, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            row = stay_hold(case_id=case.pk, by=by, key=request_key(request), **form.arguments())
        except DuplicateRequest as error:
            return redirect("cases:detail", error.object_id)
        except (NotFound, NotAllowed):
            raise
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(
                request, _("The bed is held and the keepers are told: %(number)s.") % {"number": row.number}
            )
            return (
                redirect("shelter:stay", row.pk) if case.manager_id == by.user_id else redirect("cases:detail", case.pk)
            )
    context = {
        "case": case, "form": form, "board": board(by), "is_blocked": not case.is_open or case.status == CaseStatus.RECEIVED,
    }  # fmt: skip
    return render(request, "shelter/stay_hold.html", context, status=422 if form.is_bound else 200)


@page(*READERS)
def panel(request: Asked, case_id: UUID) -> HttpResponse:
    """The case page's panel: her stays, for the case's manager; a bed can be held by every manager of the centre."""
    by = request.identity
    case = _case(by, case_id)
    rows = list(Stay.objects.visible_to(by).filter(case=case).select_related("house", "bed").order_by("-held_at")[:10])
    if rows:
        access.note(
            access.Action.VIEW,
            object_type="stay",
            case_id=case.pk,
            office_id=case.office_id,
            sections=["shelter"],
            count=len(rows),
            reason="panel",
        )
    now = clock.now()
    for row in rows:
        row.is_late = row.status in CURRENT and (row.held_until if row.status == StayStatus.HELD else row.until) < now  # type: ignore[attr-defined]
    may_hold = case.office_id in by.case_offices and case.is_open and case.status != CaseStatus.RECEIVED
    is_other = case.office_id in by.case_offices and case.manager_id != by.user_id
    return render(
        request, "shelter/_stay_panel.html", {"case": case, "rows": rows, "may_hold": may_hold, "is_other": is_other}
    )
