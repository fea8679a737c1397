"""The directory: centres, desks and agencies, who works there, and where somebody is missing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from agencies.enums import Role
from agencies.facts import units_without_liaison
from agencies.forms import OfficeFilter, UnitFilter
from agencies.identities import in_force
from agencies.models import Office, RoleGrant, Unit
from core import clock
from core.errors import NotFound
from core.views import Asked, page

RECEIVERS = (Role.LIAISON, Role.AID_OFFICER)
# Who keeps a refuge stands in no list: the way to a keeper is the way to the house.
UNNAMED = (Role.KEEPER,)
NEEDED = (Role.DIRECTOR, Role.MANAGER)


def _tabs(chosen: str) -> list[dict[str, Any]]:
    return [
        {"label": _("Centres and desks"), "url": "?", "active": chosen == "offices"},
        {"label": _("Agencies"), "url": "?tab=units", "active": chosen == "units"},
    ]


def _receivers() -> Prefetch[Any]:
    held = in_force(RoleGrant.objects.filter(role__in=RECEIVERS, user__is_active=True)).select_related("user")
    return Prefetch("role_grants", queryset=held.order_by("-is_designated", "user__name"), to_attr="receivers")


@page()
def directory(request: Asked) -> HttpResponse:
    """Centres and desks, or the agencies, by region and kind."""
    if request.GET.get("tab") == "units":
        return _units(request)
    form = OfficeFilter(request.GET)
    offices = Office.objects.in_operation(clock.today()).within(form.within).select_related("region", "region__parent")
    if form.is_valid() and form.cleaned_data["kind"]:
        offices = offices.filter(kind=form.cleaned_data["kind"])
    staff = in_force(RoleGrant.objects.filter(user__is_active=True)).exclude(role__in=UNNAMED)
    offices = offices.annotate(
        people=Count("role_grants__user", distinct=True, filter=Q(role_grants__in=staff)),
        has_director=Exists(staff.filter(office=OuterRef("pk"), role=Role.DIRECTOR)),
    )
    listed = Paginator(offices.order_by("region_id", "kind", "name"), 50).get_page(request.GET.get("page"))
    return render(
        request, "agencies/directory.html", {"form": form, "listed": listed, "tabs": _tabs("offices"), "tab": "offices"}
    )


def _units(request: Asked) -> HttpResponse:
    form = UnitFilter(request.GET)
    units = Unit.objects.filter(is_active=True, region__code__startswith=form.within).select_related(
        "region", "region__parent"
    )
    if form.is_valid():
        if form.cleaned_data["kind"]:
            units = units.filter(kind=form.cleaned_data["kind"])
        if form.cleaned_data["gap"]:
            units = units.filter(pk__in=units_without_liaison().values("pk"))
    listed = Paginator(units.prefetch_related(_receivers()), 50).get_page(request.GET.get("page"))
    return render(
        request, "agencies/directory.html", {"form": form, "listed": listed, "tabs": _tabs("units"), "tab": "units"}
    )


def _staff(office: Office) -> list[tuple[str, list[RoleGrant]]]:
    held = (
        in_force(RoleGrant.objects.filter(office=office, user__is_active=True))
        .exclude(role__in=UNNAMED)
        .select_related("user")
    )
    by_role: dict[str, list[RoleGrant]] = {}
    for grant in held.order_by("user__name"):
        by_role.setdefault(grant.role, []).append(grant)
    return [(str(role.label), by_role[role]) for role in Role if role in by_role]


@page()
def office(request: Asked, pk: UUID) -> HttpResponse:
    """One centre or desk: rooms, staff by role, the agencies beside it, and what is missing."""
    place = Office.objects.select_related("region", "region__parent").filter(pk=pk).first()
    if place is None:
        raise NotFound
    staff = _staff(place)
    units = list(
        Unit.objects.filter(is_active=True, region__code__startswith=place.region.prefix)
        .select_related("region", "region__parent")
        .prefetch_related(_receivers())[:200]
    )
    named = {grant.role for _label, grants in staff for grant in grants}
    gaps = []
    if place.kind == "centre":
        gaps = [_("No %(role)s is named.") % {"role": role.label} for role in NEEDED if role not in named]
    if not place.phone:
        gaps.append(_("No telephone is recorded."))
    context = {"office": place, "staff": staff, "rooms": list(place.rooms.all()), "units": units, "gaps": gaps}
    return render(request, "agencies/office.html", context)


@page()
def unit(request: Asked, pk: UUID) -> HttpResponse:
    """One unit of an agency: to whom work is sent, and the units below it."""
    found = (
        Unit.objects.select_related("region", "region__parent", "parent")
        .prefetch_related(_receivers())
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise NotFound
    below = list(
        found.children.filter(is_active=True).select_related("region", "region__parent").prefetch_related(_receivers())
    )
    return render(request, "agencies/unit.html", {"unit": found, "below": below})
