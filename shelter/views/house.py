"""One house: registered by a keeper; its address masked until it is asked for with a reason."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies import stepup
from agencies.offices import office_tabs, shown_office
from core import access, keys
from core.errors import DomainError, DuplicateRequest, NotAllowed, NotFound
from core.identity import Identity
from core.views import Asked, page, request_key
from shelter.board import board
from shelter.forms import HouseForm
from shelter.models import House, HouseAddress
from shelter.services import house_open
from shelter.views import KEEPERS, READERS

REASONS = {
    "bring": gettext_lazy("I bring a guest there, or have her brought"),
    "danger": gettext_lazy("Somebody is in danger there"),
    "supply": gettext_lazy("I arrange supplies or repairs"),
    "correct": gettext_lazy("I am checking whether it is right"),
}


def _house(by: Identity, pk: UUID) -> House:
    house = House.objects.visible_to(by).select_related("office").filter(pk=pk).first()
    if house is None:
        raise NotFound
    return house


@page(*READERS)
def house(request: Asked, pk: UUID) -> HttpResponse:
    """Code name, beds, and for those who may know it the way to the address."""
    by = request.identity
    row = _house(by, pk)
    access.note(access.Action.VIEW, object_type="house", object_id=row.pk, office_id=row.office_id)
    found = next((each for each in board(by).houses if each.house.pk == pk), None)
    knows = HouseAddress.objects.visible_to(by).filter(house=row).exists()
    return render(
        request,
        "shelter/house.html",
        {"house": row, "rows": found.rows if found else [], "free": found.free_today if found else 0, "knows": knows},
    )


@page(*READERS, methods=("GET", "HEAD", "POST"))
def address(request: Asked, pk: UUID) -> HttpResponse:
    """The reasons to choose from (GET), or the address itself (POST with a reason), as the content of a dialog; logged."""
    by = request.identity
    row = HouseAddress.objects.visible_to(by).filter(house_id=pk).first()
    if row is None:
        raise NotFound
    reason = request.POST.get("reason", "")
    context = {"title": _("Address"), "reasons": REASONS.items(), "url": request.path}
    if stepup.is_due(request, within=stepup.IN_A_SHIFT):
        return render(request, "_step_up.html", context | {"address": stepup.address(request)})
    if request.method != "POST":
        return render(request, "shelter/_address_ask.html", context)
    if reason not in REASONS:
        return render(request, "shelter/_address_ask.html", context | {"is_missing": True}, status=422)
    access.note(
        access.Action.REVEAL,
        object_type="house",
        object_id=pk,
        office_id=row.office_id,
        sections=["shelter"],
        reason=reason,
    )
    keys.preload([pk])
    return render(request, "shelter/_address_value.html", context | {"value": row.address, "why": REASONS[reason]})


@page(*KEEPERS, methods=("GET", "HEAD", "POST"))
def new(request: Asked) -> HttpResponse:
    """A keeper registers a house of the own centre."""
    by = request.identity
    office = shown_office(request, by.keeper_offices)
    if office is None:
        raise NotAllowed("not_keeper", _("Only the keepers of this centre's refuges may do this."))
    form = HouseForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("code_name", "capacity", "address")}
        try:
            made = house_open(by=by, office=office, beds=form.beds(), key=request_key(request), **values)
        except DuplicateRequest as error:
            return redirect("shelter:house", error.object_id)
        except (NotFound, NotAllowed):
            raise
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, _("The refuge is registered."))
            return redirect("shelter:house", made.pk)
    return render(
        request,
        "shelter/house_new.html",
        {"form": form, "office": office, "offices": office_tabs(request, office, by.keeper_offices)},
        status=422 if form.is_bound else 200,
    )
