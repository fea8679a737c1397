"""One stay, and the steps on it."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.services import clocks
from cases.views.acting import act
from core import access, clock, keys
from core.errors import NotFound
from core.identity import Identity
from core.views import Asked, page, request_key, seen_version
from shelter.enums import CURRENT, Danger, StayStatus
from shelter.forms import CheckInForm, CheckOutForm, ExtendForm, ReleaseForm
from shelter.models import HouseAddress, Stay
from shelter.services import stay_check_in, stay_check_out, stay_extend, stay_release
from shelter.views import KEEPERS, READERS
from shelter.workflow import STAY

TONES = {
    StayStatus.HELD: "warn",
    StayStatus.CHECKED_IN: "info",
    StayStatus.CHECKED_OUT: "neutral",
    StayStatus.RELEASED: "neutral",
}


def _stay(by: Identity, pk: UUID) -> Stay:
    row = Stay.objects.visible_to(by).select_related("house", "bed", "keeper_office").filter(pk=pk).first()
    if row is None:
        raise NotFound
    access.note(
        access.Action.VIEW,
        object_type="stay",
        object_id=row.pk,
        case_id=row.case_id,
        office_id=row.office_id,
        sections=["shelter"],
    )
    keys.preload([row.case_id])
    return row


@page(*READERS)
def stay(request: Asked, pk: UUID) -> HttpResponse:
    """Who stays where and until when, what the keeper must know, and the next step."""
    by = request.identity
    row = _stay(by, pk)
    is_keeper, is_staff = row.keeper_office_id in by.keeper_offices, row.office_id in by.case_offices
    due = row.held_until if row.status == StayStatus.HELD else row.until
    context: dict[str, Any] = {
        "row": row, "tone": TONES[StayStatus(row.status)], "is_keeper": is_keeper, "is_staff": is_staff, "is_current": row.status in CURRENT,
        "due": due, "is_late": row.status in CURRENT and due < clock.now(), "dangers": [Danger(code).label for code in row.dangers],
        "notes": list(row.notes.order_by("at")), "may_check_in": is_keeper and STAY.allows("check_in", row.status),
        "may_check_out": is_keeper and STAY.allows("check_out", row.status),
        "may_release": (is_keeper or is_staff) and STAY.allows("release", row.status),
        "may_extend": (is_keeper or is_staff) and row.status in CURRENT,
        "nights": max(0, (_day(row.checked_out_at or clock.now()) - _day(row.checked_in_at)).days) if row.checked_in_at else None,
        "knows_address": HouseAddress.objects.visible_to(by).filter(house_id=row.house_id).exists(),
    }  # fmt: skip
    return render(request, "shelter/stay_detail.html", context)


def _day(moment: dt.datetime) -> dt.date:
    return clock.local(moment).date()


def _step(
    request: Asked,
    row: Stay,
    form: forms.Form,
    service: Any,
    *,
    said: str,
    title: str,
    submit: str,
    icon: str,
    **more: Any,
) -> HttpResponse:
    def verb(values: dict[str, Any]) -> Stay:
        done: Stay = service(
            stay_id=row.pk, by=request.identity, version=seen_version(request), key=request_key(request), **values
        )
        return done

    def version() -> int:
        return Stay.objects.visible_to(request.identity).values_list("version", flat=True).get(pk=row.pk)

    return act(
        request, form, verb, to=more.pop("to", reverse("shelter:stay", args=[row.pk])), said=said, template=more.pop("template", "shelter/stay_form.html"),
        version=version, row=row, title=title, submit=submit, icon=icon, **more,
    )  # fmt: skip


def _data(request: Asked) -> Any:
    return request.POST if request.method == "POST" else None


@page(*KEEPERS, methods=("GET", "HEAD", "POST"))
def check_in(request: Asked, pk: UUID) -> HttpResponse:
    """入住登记 in three steps on one page."""
    row = _stay(request.identity, pk)
    initial = {
        "persons": row.persons,
        "children": row.children,
        "dangers": row.dangers,
        "health_needs": row.health_needs,
    }
    return _step(
        request, row, CheckInForm(_data(request), initial=initial), stay_check_in, said=_("She is checked in. Welcome."), title=_("Check in"),
        submit=_("Check her in"), icon="door-enter", template="shelter/stay_check_in.html",
    )  # fmt: skip


@page(*KEEPERS, methods=("GET", "HEAD", "POST"))
def check_out(request: Asked, pk: UUID) -> HttpResponse:
    """She leaves."""
    row = _stay(request.identity, pk)
    form = CheckOutForm(_data(request))
    del form.fields["exit_application" if row.is_minor else "guardian_verified"]
    return _step(
        request, row, form, stay_check_out, said=_("She is checked out; a callback is planned by the rules."), title=_("Check out"),
        submit=_("Check her out"), icon="door-exit",
    )  # fmt: skip


@page(*READERS, methods=("GET", "HEAD", "POST"))
def extend(request: Asked, pk: UUID) -> HttpResponse:
    """She stays longer."""
    row = _stay(request.identity, pk)
    initial = {"until": clock.local(max(row.until, clock.now()) + dt.timedelta(days=3))}
    form = ExtendForm(_data(request), initial=initial)
    if row.is_minor:
        del form.fields["filed"]
    lead = _("The usual term ends %(when)s.") % {
        "when": f"{clock.local(clocks.due('refuge.stay', start=row.since).at):%Y-%m-%d}"
    }
    return _step(
        request, row, form, stay_extend, said=_("The stay is extended."), title=_("Extend the stay"), submit=_("Extend the stay"),
        icon="calendar", lead="" if row.is_minor else lead,
    )  # fmt: skip


@page(*READERS, methods=("GET", "HEAD", "POST"))
def release(request: Asked, pk: UUID) -> HttpResponse:
    """The held bed is set free."""
    by = request.identity
    row = _stay(by, pk)
    # whoever held it for a case without a manager sees no stay that is over
    sees_on = row.keeper_office_id in by.keeper_offices or row.case.manager_id == by.user_id
    to = reverse("shelter:stay", args=[row.pk]) if sees_on else reverse("cases:detail", args=[row.case_id])
    return _step(
        request, row, ReleaseForm(_data(request)), stay_release, said=_("The bed is free again."), title=_("Release the bed"),
        submit=_("Release the bed"), icon="bed", tone="danger", to=to,
    )  # fmt: skip
