"""Who of the unit is away, who stands in until when; entered here, ended here, and what was before."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.models import Unit
from cases.views.acting import act
from core import clock
from core.errors import DomainError, DuplicateRequest, NotAllowed, NotFound
from core.keyset import keyset
from core.views import Asked, page, request_key
from referrals.absences.forms import AbsenceForm
from referrals.absences.models import Absence
from referrals.absences.people import headed, own_units, sizes
from referrals.absences.services import absence_end, absence_name
from referrals.absences.shown import of_units, said

LIAISONS = ("liaison", "aid_officer")
SIZE = 50


def _unit(request: Asked) -> Unit:
    """The unit that the address names, else the first of the own ones."""
    units = list(own_units(request.identity))
    wanted = request.GET.get("unit", "")
    unit = next((each for each in units if str(each.pk) == wanted), None) if wanted else next(iter(units), None)
    if unit is None:
        raise NotFound
    return unit


@page(*LIAISONS)
def absences(request: Asked) -> HttpResponse:
    """Those of the own units: now and to come, and what is over."""
    by = request.identity
    units, today = list(own_units(by)), clock.today()
    heads_of, people = headed(by), sizes(units)
    rows = Absence.objects.visible_to(by).filter(group_id__in=by.groups).select_related("unit", "person", "substitute")
    ahead = list(rows.filter(ended_at__isnull=True, last_day__gte=today).order_by("first_day", "pk"))
    for row in ahead:
        row.may_end = row.person_id == by.user_id or row.unit_id in heads_of  # type: ignore[attr-defined]
    past = keyset(
        rows.exclude(ended_at__isnull=True, last_day__gte=today), "named_at", descending=True, size=SIZE,
        after=request.GET.get("after", ""), before=request.GET.get("before", ""),
    )  # fmt: skip
    alone = [unit for unit in units if people.get(unit.pk, 0) < 2]
    staffed = [unit for unit in units if unit not in alone]
    context = {"units": staffed, "ahead": ahead, "past": past, "alone": alone, "several": len(units) > 1}
    return render(request, "referrals/absence_list.html", context)


@page(*LIAISONS)
def absences_now(request: Asked) -> HttpResponse:
    """Who is away today, above the list of letters; loaded after it, so that the list keeps its few queries."""
    away = [said(row, request.identity) for row in of_units(request.identity)]
    return render(request, "referrals/_absences_now.html", {"away": away}) if away else HttpResponse(status=204)


@page(*LIAISONS, methods=("GET", "HEAD", "POST"))
def absence_new(request: Asked) -> HttpResponse:
    """Enter one."""
    by, unit = request.identity, _unit(request)
    form = AbsenceForm(request.POST if request.method == "POST" else None, unit=unit, by=by)

    def verb(values: dict[str, Any]) -> None:
        absence_name(
            by=by, unit=unit, person=values["person"], substitute=values["substitute"], first=values["first_day"],
            last=values["last_day"], key=request_key(request),
        )  # fmt: skip

    begins_today = form.is_bound and form.is_valid() and form.cleaned_data["first_day"] <= clock.today()
    return act(
        request, form, verb, to=reverse("referrals:absences"), template="referrals/absence_new.html", unit=unit,
        said=_("Entered. What names her goes to who stands in within a minute, and on the day after the last it comes back.")
        if begins_today else _("Entered. On the first day what names her goes to who stands in, and on the day after the last it comes back."),
    )  # fmt: skip


@page(*LIAISONS, methods=("POST",))
def absence_over(request: Asked, absence_id: UUID) -> HttpResponse:
    """End one before its last day."""
    home = redirect("referrals:absences")
    try:
        absence_end(absence_id=absence_id, by=request.identity, key=request_key(request))
    except DuplicateRequest:
        return home
    except (NotFound, NotAllowed):
        raise
    except DomainError as error:
        messages.warning(request, error.message)
        return home
    messages.success(request, _("Ended. What is still open comes back within a minute."))
    return home
