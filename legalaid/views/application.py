"""One application, and the steps on it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.enums import CaseStatus, PartyRole
from cases.models import Case, PartyIdentity
from cases.services import guards, intake
from cases.services.walls import kin_reported
from cases.views.acting import act
from core import access, clock, keys
from core.errors import DomainError, DuplicateRequest, NotAllowed, NotFound, StaleVersion
from core.identity import Identity
from core.views import Asked, page, request_key, seen_version
from legalaid import services
from legalaid.enums import AidStatus, EndReason
from legalaid.forms import ApplyForm, AssignForm, CloseForm, RefuseForm
from legalaid.models import Application
from legalaid.services.common import decides
from legalaid.views import READERS, SENDERS
from legalaid.views.listing import TONES
from legalaid.workflow import AID


def seen_application(by: Identity, pk: UUID) -> Application:
    """The application as `by` may see it, its looking-at noted. Raises NotFound for unknown, foreign and walled ones alike."""
    row = Application.objects.visible_to(by).select_related("unit", "office").filter(pk=pk).first()
    if row is None:
        raise NotFound
    access.note(
        access.Action.VIEW,
        object_type="legalaid",
        object_id=row.pk,
        case_id=row.case_id,
        office_id=row.office_id,
        sections=["identity", "legal"],
    )
    return row


def _people(by: Identity, row: Application) -> dict[str, Any]:
    """Who applies, and against whom (the body checks its own conflicts of interest): while they are open to `by`."""
    known = list(PartyIdentity.objects.visible_to(by).filter(case_id=row.case_id).select_related("party"))
    keys.preload([row.case_id])
    return {
        "applicant": next((each for each in known if each.party.is_primary), None),
        "others": [each for each in known if each.party.role == PartyRole.RESPONDENT],
    }


@page(*READERS)
def detail(request: Asked, pk: UUID) -> HttpResponse:
    """The application, read like a letter."""
    return _show(request, seen_application(request.identity, pk))


def _show(request: Asked, row: Application, *, status: int = 200, told: Any = "") -> HttpResponse:
    by = request.identity
    officer, sender = decides(row, by), row.office_id in by.case_offices
    late = row.due_at is not None and row.due_at < clock.now()
    case = Case.objects.visible_to(by).filter(pk=row.case_id).first()
    context = {
        "row": row, "case": case, "is_sender": sender, "is_officer": officer, "late": late, "told": told,
        "tone": "danger" if late else TONES[AidStatus(row.status)],
        "may_decide": officer and row.status == AidStatus.APPLIED, "may_assign": officer and row.status == AidStatus.GRANTED,
        "may_tell": sender and row.told_at is None and row.status in (AidStatus.REFUSED, AidStatus.ASSIGNED),
        "may_close": sender and AID.allows("close", row.status), **_people(by, row),
    }  # fmt: skip
    return render(request, "legalaid/application_detail.html", context, status=status)


def _at_once(request: Asked, pk: UUID, service: Any, said: str) -> HttpResponse:
    """A step that needs no words."""
    try:
        service(application_id=pk, by=request.identity, version=seen_version(request), key=request_key(request))
    except DuplicateRequest:
        return redirect("legalaid:detail", pk)
    except (NotFound, NotAllowed):
        raise
    except DomainError as error:
        status = 409 if isinstance(error, StaleVersion) else 422
        return _show(request, seen_application(request.identity, pk), status=status, told=error.message)
    messages.success(request, said)
    return redirect("legalaid:detail", pk)


@page(*READERS, methods=("POST",))
def grant(request: Asked, pk: UUID) -> HttpResponse:
    """给予法律援助."""
    return _at_once(
        request, pk, services.application_grant, _("Legal aid is granted. Assign a lawyer within three days.")
    )


@page(*SENDERS, methods=("POST",))
def tell(request: Asked, pk: UUID) -> HttpResponse:
    """She has been told."""
    return _at_once(request, pk, services.application_tell, _("Noted that she was told."))


def _step(request: Asked, row: Application, form: forms.Form, service: Any, **more: Any) -> HttpResponse:
    def verb(values: dict[str, Any]) -> Application:
        done: Application = service(
            application_id=row.pk,
            by=request.identity,
            version=seen_version(request),
            key=request_key(request),
            **values,
        )
        return done

    def version() -> int:
        return Application.objects.visible_to(request.identity).values_list("version", flat=True).get(pk=row.pk)

    return act(
        request,
        form,
        verb,
        to=reverse("legalaid:detail", args=[row.pk]),
        template="legalaid/application_form.html",
        version=version,
        row=row,
        **more,
    )


def _data(request: Asked) -> Any:
    return request.POST if request.method == "POST" else None


@page(*READERS, methods=("GET", "HEAD", "POST"))
def refuse(request: Asked, pk: UUID) -> HttpResponse:
    """不予法律援助."""
    row = seen_application(request.identity, pk)
    return _step(
        request, row, RefuseForm(_data(request)), services.application_refuse, title=_("Refuse legal aid"), submit=_("Refuse legal aid"),
        icon="circle-x", tone="danger", said=_("Refused. The centre tells her the reason and how to object."),
    )  # fmt: skip


@page(*READERS, methods=("GET", "HEAD", "POST"))
def assign(request: Asked, pk: UUID) -> HttpResponse:
    """指派法律援助人员."""
    row = seen_application(request.identity, pk)
    return _step(
        request, row, AssignForm(_data(request)), services.application_assign, title=_("Assign a lawyer"), submit=_("Assign the lawyer"),
        icon="user-check", said=_("The lawyer is assigned; the centre tells her."),
    )  # fmt: skip


@page(*SENDERS, methods=("GET", "HEAD", "POST"))
def close(request: Asked, pk: UUID) -> HttpResponse:
    """The matter is over."""
    row = seen_application(request.identity, pk)
    form = CloseForm(_data(request))
    fitting = {
        AidStatus.REFUSED: (EndReason.ACCEPTED, EndReason.WITHDRAWN), AidStatus.ASSIGNED: (EndReason.CONCLUDED, EndReason.ENDED, EndReason.WITHDRAWN),
    }.get(AidStatus(row.status), (EndReason.WITHDRAWN,))  # fmt: skip
    field: Any = form.fields["reason"]
    field.choices = [(code.value, code.label) for code in fitting]
    return _step(
        request, row, form, services.application_close, title=_("Close the application"), submit=_("Close the application"), icon="lock",
        said=_("Closed. The legal-aid centre's access has ended."),
    )  # fmt: skip


@page(*SENDERS, methods=("GET", "HEAD", "POST"))
def apply(request: Asked, case_id: UUID) -> HttpResponse:
    """The form of an application."""
    by = request.identity
    case = Case.objects.visible_to(by).select_related("office", "category").filter(pk=case_id).first()
    if case is None:
        raise NotFound
    guards.is_manager(case, by)
    access.note(
        access.Action.VIEW,
        object_type="case",
        object_id=case.pk,
        case_id=case.pk,
        office_id=case.office_id,
        sections=["header"],
    )
    form = ApplyForm(_data(request), case=case, workplaces=intake.workplaces(by, case.pk))
    if form.is_bound and form.is_valid():
        try:
            row = services.application_send(case_id=case.pk, by=by, key=request_key(request), **form.arguments())
        except DuplicateRequest as error:
            return redirect("cases:detail", error.object_id)
        except (NotFound, NotAllowed):
            raise
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(
                request, _("Sent to %(unit)s: %(number)s.") % {"unit": row.unit.short_name, "number": row.number}
            )
            return redirect("legalaid:detail", row.pk)
    if form.says_kin and case.is_open:
        kin_reported(case_id=case.pk, by=by)
    context = {"case": case, "form": form, "is_blocked": not case.is_open or case.status == CaseStatus.RECEIVED}
    return render(request, "legalaid/application_apply.html", context, status=422 if form.is_bound else 200)
