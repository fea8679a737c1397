"""The director's page of who must not know of a case, and for whom alone it exists."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import User
from cases.enums import Section
from cases.forms.course import EmptyForm
from cases.forms.walls import SealForm, WallForm
from cases.models import Case, Seal, Wall
from cases.services import seals
from cases.services import walls as services
from cases.views.acting import act
from cases.views.assess import GET_POST
from cases.views.scope import MANAGERS, View, is_second_press, managed_case, note_view
from core.errors import NotFound
from core.identity import Identity
from core.views import Asked, page, request_key

SIMPLE = "cases/case_form.html"
SAID = {
    "asked": gettext_lazy("Somebody else at the centre has been asked to agree."),
    "lifted": gettext_lazy("The wall is lifted."),
    "kept": gettext_lazy("The wall stands."),
}


def _here(case_id: UUID) -> str:
    return reverse("cases:walls", args=[case_id])


def _history(seen: View) -> list[dict[str, Any]]:
    """The walls of the case, those in force first; a constant number of queries."""
    rows = list(
        Wall.objects.visible_to(seen.by)
        .filter(case_id=seen.case.pk)
        .select_related("user", "group__unit", "group__office")
        .order_by("-since")[:100]
    )
    ids = {one for row in rows for one in (row.set_by_id, row.lift_asked_by_id, row.lifted_by_id) if one}
    names: dict[UUID | None, str] = dict(User.objects.filter(pk__in=ids).values_list("pk", "name"))
    shown = []
    for row in rows:
        place = getattr(row.group, "unit", None) or getattr(row.group, "office", None)
        shown.append({
            "row": row, "who": row.user.name if row.user else place.short_name if place else "", "set_by": names.get(row.set_by_id, ""),
            "asked_by": names.get(row.lift_asked_by_id, ""), "lifted_by": names.get(row.lifted_by_id, ""),
            "may_ask": (seen.case.office_id in seen.by.director_offices) and row.lifted_at is None and row.lift_asked_at is None and not row.is_provisional,
            "is_mine": row.lifted_at is None and row.lift_asked_at is not None and row.lift_asked_by_id == seen.by.user_id,
            "may_agree": row.lifted_at is None and row.lift_asked_at is not None and row.lift_asked_by_id != seen.by.user_id,
        })  # fmt: skip
    return sorted(shown, key=lambda one: one["row"].lifted_at is not None)


def _may_agree(seal: Seal | None, by: Identity) -> bool:
    return seal is not None and seal.lift_asked_at is not None and seal.lift_asked_by_id != by.user_id


@page(*MANAGERS, methods=GET_POST)
def walls(request: Asked, pk: UUID) -> HttpResponse:
    """Set a wall; see those that stand and stood (the director)."""
    if is_second_press(request, pk, "wall.set"):
        return redirect("cases:today")
    seen = managed_case(request, pk)
    case, may_set = seen.case, services.may_wall(seen.case, seen.by)
    seal = seals.seal_of(pk, seen.by)
    return act(
        request, WallForm(request.POST or None, case=case),
        lambda data: services.wall_set(
            case_id=pk, by=seen.by, reason=data["reason"], unit=data["unit"], person=data["person"], key=request_key(request)),
        # who stands aside herself has no such case any more
        to=reverse("cases:today") if request.POST.get("person") == str(seen.by.user_id) else _here(pk),
        said=_("The wall stands. Nobody is told."), template="cases/case_walls.html", case=case, may_set=may_set, walls=_history(seen),
        is_director=(seen.case.office_id in seen.by.director_offices), seal=seal, may_agree=_may_agree(seal, seen.by), members=seals.members_of(seal, seen.by) if seal else [],
        back=reverse("cases:detail", args=[pk]),
    )  # fmt: skip


@page(*MANAGERS, methods=("POST",))
def wall_lift(request: Asked, pk: UUID, wall: UUID) -> HttpResponse:
    """Ask to lift a wall; agree, or let it stand."""
    seen = managed_case(request, pk)
    note_view(seen, [Section.HEADER])
    if not Wall.objects.visible_to(seen.by).filter(pk=wall, case_id=pk).exists():
        raise NotFound
    agreed = request.POST.get("answer") != "keep"
    outcome = services.wall_lift(wall_id=wall, by=seen.by, agreed=agreed, key=request_key(request))
    messages.success(request, SAID[outcome])
    return redirect("cases:walls", pk)


def _directed(request: Asked, pk: UUID) -> View:
    seen = managed_case(request, pk)
    if seen.case.office_id not in seen.by.director_offices:
        raise NotFound
    return seen


def _names(case: Case, seen: View) -> list[UUID]:
    """Who is ticked at first: those named now, else the case's manager."""
    seal = seals.seal_of(case.pk, seen.by)
    if seal:
        return [member.user_id for member in seals.members_of(seal, seen.by)]
    return [case.manager_id] if case.manager_id else []


@page("director", methods=GET_POST)
def seal(request: Asked, pk: UUID) -> HttpResponse:
    """Seal the case to named people, or name others."""
    seen = _directed(request, pk)
    form = SealForm(
        request.POST or None, case=seen.case, but=seen.by.user_id, initial={"named": _names(seen.case, seen)}
    )
    return act(
        request, form,
        lambda data: seals.case_seal(
            case_id=pk, by=seen.by, named=[user.pk for user in data["named"]], key=request_key(request)),
        to=_here(pk), said=_("The case is sealed to the people named."), template=SIMPLE, case=seen.case, title=_("Seal the case"),
        submit=_("Seal the case"), icon="lock",
        lead=_("For everybody else at the centre the case does not exist: not in lists, in search or in figures that lead to it."),
    )  # fmt: skip


@page(*MANAGERS, methods=GET_POST)
def unseal(request: Asked, pk: UUID) -> HttpResponse:
    """The director asks to open the case to the whole centre again; another of the named agrees, or lets the seal stand."""
    seen = managed_case(request, pk)
    row = seals.seal_of(pk, seen.by)
    if row is None:
        raise NotFound
    if row.lift_asked_at is not None:
        return _second(request, pk, seen)
    if seen.case.office_id not in seen.by.director_offices:
        raise NotFound
    return act(
        request, EmptyForm(request.POST if request.method == "POST" else None),
        lambda data: seals.case_unseal(case_id=pk, by=seen.by, key=request_key(request)), to=_here(pk),
        said=_("Asked. Where there is no second person among the named, the seal is lifted at once."),
        template=SIMPLE, case=seen.case, title=_("Ask to lift the seal"), submit=_("Ask to lift the seal"), icon="lock-open", tone="danger",
        lead=_("All case managers of the centre will see the case again. Another of the named has to agree."),
    )  # fmt: skip


def _second(request: Asked, pk: UUID, seen: View) -> HttpResponse:
    if request.method != "POST":
        return redirect("cases:walls", pk)
    note_view(seen, [Section.HEADER])
    agreed = request.POST.get("answer") != "keep"
    outcome = seals.case_unseal(case_id=pk, by=seen.by, agreed=agreed, key=request_key(request))
    messages.success(request, _("The seal is lifted.") if outcome == "lifted" else _("The seal stands."))
    return redirect("cases:walls", pk)
