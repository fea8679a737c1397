"""The steps of a conference and of its agenda, each from a form of the room."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from cases.enums import GrantBasis
from cases.services import intake
from core.errors import DomainError, DuplicateRequest, NotAllowed, NotFound, StaleVersion
from core.views import Asked, page, request_key, seen_version
from referrals.conferences import services
from referrals.conferences.enums import InvitationStatus
from referrals.conferences.forms import DecideForm, Invitees, InviteForm, SeatForm, WordsForm
from referrals.conferences.models import AgendaItem, Invitation, Seat
from referrals.conferences.services.common import is_host
from referrals.conferences.services.convening import chairs
from referrals.conferences.views import HOSTS, READERS
from referrals.conferences.views.kin import report_kin
from referrals.conferences.views.room import conference_of, show

STEPS: dict[str, tuple[Any, Any]] = {
    "hold": (services.conference_hold, _("The conference is open; read out the secrecy rule.")),
    "minute": (services.conference_minute, _("The minutes are with the bodies that were there.")),
    "reopen": (services.conference_reopen, _("The minutes can be mended; afterwards everybody is asked again.")),
    "sign": (services.conference_sign, _("Signed: the minutes have their number.")),
    "close": (services.conference_close, _("Closed: what was shared is closed to the bodies.")),
    "cancel": (services.conference_cancel, _("Cancelled: the letters are withdrawn, the room is free.")),
}


@page(*HOSTS, methods=("POST",))
def step(request: Asked, conference_id: UUID, verb: str) -> HttpResponse:
    """Carry out one step of the whole conference."""
    by = request.identity
    service, said = STEPS[verb]
    found = conference_of(by, conference_id)
    is_host(found, by)
    words = WordsForm(request.POST, auto_id="cancel-%s") if verb == "cancel" else None
    if words is not None and not words.is_valid():
        return show(request, found, words=words, status=422)
    more = words.cleaned_data if words is not None else {}
    try:
        service(conference_id=conference_id, by=by, version=seen_version(request), key=request_key(request), **more)
    except DuplicateRequest:
        return redirect("referrals:conference", conference_id)
    except (NotFound, NotAllowed):
        raise
    except DomainError as error:
        status = 409 if isinstance(error, StaleVersion) or error.code == "wrong_status" else 422
        return show(request, conference_of(by, conference_id), words=words, told=error.message, status=status)
    messages.success(request, said)
    return redirect("referrals:conference", conference_id)


def _item(request: Asked, item_id: UUID) -> AgendaItem:
    rows = AgendaItem.objects.visible_to(request.identity).select_related(
        "case__office", "case__category", "conference__office"
    )
    row = rows.filter(pk=item_id).first()
    if row is None:
        raise NotFound
    is_host(row, request.identity)
    return row


def _of_item(request: Asked, item: AgendaItem, form: Any, service: Any, said: Any) -> HttpResponse:
    home = redirect("referrals:conference", item.conference_id)
    report_kin(item.case, form, request.identity)
    if form.is_valid():
        try:
            service(item_id=item.pk, by=request.identity, key=request_key(request), **form.arguments())
        except DuplicateRequest:
            return home
        except (NotFound, NotAllowed):
            raise
        except DomainError as error:
            field = {"units": "unit"}.get(error.field or "", error.field)
            form.add_error(field if field in form.fields else None, error.message)
        else:
            messages.success(request, said)
            return home
    found = conference_of(request.identity, item.conference_id)
    return show(request, found, bound=form, bound_item=item.pk, status=422)


@page(*HOSTS, methods=("POST",))
def invite(request: Asked, item_id: UUID) -> HttpResponse:
    """One more body for an item."""
    item = _item(request, item_id)
    form = InviteForm(
        request.POST,
        invitees=Invitees(item.case),
        by_consent=item.basis == GrantBasis.CONSENT,
        workplaces=intake.workplaces(request.identity, item.case_id),
        auto_id=f"invite-{item.pk}-%s",
    )
    return _of_item(request, item, form, services.invitation_send, _("Invited."))


@page(*HOSTS, methods=("POST",))
def decide(request: Asked, item_id: UUID) -> HttpResponse:
    """A decision of an item."""
    item = _item(request, item_id)
    joined = Invitation.objects.visible_to(request.identity).filter(item=item, status=InvitationStatus.ACCEPTED)
    form = DecideForm(
        request.POST, invitees=Invitees(item.case), staff=chairs(item.conference.office),
        seated=set(joined.values_list("unit_id", flat=True)), auto_id=f"decide-{item.pk}-%s",
        workplaces=intake.workplaces(request.identity, item.case_id),
    )  # fmt: skip
    return _of_item(request, item, form, services.decision_add, _("Decided; it stands on their worklist."))


@page(*HOSTS, methods=("POST",))
def close_item(request: Asked, item_id: UUID) -> HttpResponse:
    """Nothing of one case is followed any more: what is shared of it ends."""
    item = _item(request, item_id)
    try:
        services.item_close(item_id=item.pk, by=request.identity, key=request_key(request))
    except DuplicateRequest:
        return redirect("referrals:conference", item.conference_id)
    except (NotFound, NotAllowed):
        raise
    except DomainError as error:
        status = 409 if error.code == "wrong_status" else 422
        return show(request, conference_of(request.identity, item.conference_id), told=error.message, status=status)
    messages.success(request, _("Closed: nothing of this case is shared with the bodies any more."))
    return redirect("referrals:conference", item.conference_id)


@page(*READERS, methods=("POST",))
def seat(request: Asked, seat_id: UUID) -> HttpResponse:
    """Who of a body came."""
    row = Seat.objects.visible_to(request.identity).select_related("item").filter(pk=seat_id).first()
    if row is None:
        raise NotFound
    is_host(row, request.identity)
    home = redirect("referrals:conference", row.item.conference_id)
    form, status = SeatForm(request.POST), 422
    if form.is_valid():
        try:
            services.seat_mark(seat_id=seat_id, by=request.identity, key=request_key(request), **form.cleaned_data)
        except DuplicateRequest:
            return home
        except (NotFound, NotAllowed):
            raise
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
            status = 409 if error.code == "wrong_status" else 422
        else:
            return home
    found = conference_of(request.identity, row.item.conference_id)
    return show(request, found, seat=(seat_id, form), status=status)
