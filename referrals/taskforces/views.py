"""The task force of a centre: contact sheet with its gaps, and what was before."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.enums import UnitKind
from agencies.models import Office, Unit
from agencies.offices import office_tabs, shown_office
from cases.forms.fields import PhoneField
from cases.views.acting import act
from core import access, keys, phone
from core.errors import DomainError, DuplicateRequest, NotAllowed, NotFound
from core.views import Asked, page, request_key
from referrals.taskforces.models import Membership, TaskForce
from referrals.taskforces.services import EXPECTED, Person, may_change, member_end, member_name

HOSTS = ("manager", "director")


class MemberForm(forms.Form):
    """Who stands for a department."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=gettext_lazy("Unit"), error_messages={"required": gettext_lazy("Choose the unit.")}
    )
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=32, error_messages={"required": gettext_lazy("Write the name.")}
    )
    post = forms.CharField(label=gettext_lazy("Post"), max_length=48, required=False)
    phone = PhoneField(label=gettext_lazy("Telephone"))

    def __init__(self, data: Any = None, *, office: Office, kind: str, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        county = office.region_id[:6]
        field: Any = self.fields["unit"]
        field.queryset = Unit.objects.filter(kind=kind, is_active=True, region__code__startswith=county)

    def person(self) -> Person:
        """What the service takes."""
        return Person(**self.cleaned_data)


def _office(request: Asked) -> Office:
    office = shown_office(request)
    if office is None:
        raise NotFound
    return office


def _sheet(office_id: UUID | None) -> str:
    """The contact sheet of one centre."""
    url = reverse("referrals:task-force")
    return f"{url}?office={office_id}" if office_id else url


@page(*HOSTS)
def task_force(request: Asked) -> HttpResponse:
    """The contact sheet; a department without somebody is shown as a gap."""
    by, office = request.identity, _office(request)
    force = TaskForce.objects.visible_to(by).filter(office=office).first()
    found = (
        list(Membership.objects.visible_to(by).filter(task_force=force).select_related("unit").order_by("-since"))
        if force
        else []
    )
    if force:
        keys.preload([force.pk])
    for row in found:
        row.number = phone.display(row.phone) if row.phone else ""  # type: ignore[attr-defined]
    current = {(row.kind, row.place): row for row in found if row.until is None}
    kinds = [*EXPECTED, *sorted({UnitKind(row.kind) for row in found} - set(EXPECTED))]
    rows = [
        {
            "kind": kind,
            "label": kind.label,
            "places": [(place, current.get((kind, place))) for place in Membership.Place],
        }
        for kind in kinds
    ]
    access.note(access.Action.VIEW, object_type="task_force", office_id=office.pk, count=len(current))
    gaps = sum(1 for kind in EXPECTED for place in Membership.Place if (kind, place) not in current)
    context = {
        "office": office, "rows": rows, "gaps": gaps, "offices": office_tabs(request, office), "before": [row for row in found if row.until is not None],
        "may_change": office.pk in by.director_offices, "others": [kind for kind in UnitKind if kind not in kinds],
    }  # fmt: skip
    return render(request, "referrals/task_force.html", context)


@page(*HOSTS, methods=("GET", "HEAD", "POST"))
def member(request: Asked, kind: str, place: str) -> HttpResponse:
    """Name who stands for a department from now on."""
    office = _office(request)
    if kind not in UnitKind.values or place not in Membership.Place.values:
        raise NotFound
    may_change(office.pk, request.identity)
    form = MemberForm(request.POST if request.method == "POST" else None, office=office, kind=kind)

    def verb(values: dict[str, Any]) -> None:
        member_name(
            office=office, by=request.identity, kind=kind, place=place, person=form.person(), key=request_key(request)
        )

    return act(
        request, form, verb, to=_sheet(office.pk), said=_("Named; who stood for it until now is kept below."),
        template="referrals/task_force_member.html", title=_("%(department)s: %(place)s") % {
            "department": UnitKind(kind).label, "place": Membership.Place(place).label},
    )  # fmt: skip


@page("director", methods=("POST",))
def end(request: Asked, membership_id: UUID) -> HttpResponse:
    """Take somebody out."""
    row = Membership.objects.visible_to(request.identity).filter(pk=membership_id).first()
    home = redirect(_sheet(row.office_id if row else None))
    try:
        member_end(membership_id=membership_id, by=request.identity, key=request_key(request))
    except DuplicateRequest:
        return home
    except (NotFound, NotAllowed):
        raise
    except DomainError as error:
        messages.warning(request, str(error.message))
        return home
    messages.success(request, _("Taken out; the place is shown as a gap."))
    return home
