"""Somebody of the staff has the name of a party: who decides reads the name and the posts; of the case only its own centre reads anything."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy

from agencies.enums import Role
from agencies.identities import roles_in_force
from cases.enums import PartyRole, Section
from cases.models import Case, PartyContact, PartyIdentity, Wall
from cases.services import namesakes as services
from cases.views.assess import GET_POST
from core import access, keys
from core.errors import DomainError, DuplicateRequest, NotAllowed, NotFound
from core.identity import Identity
from core.pinyin import normalise
from core.views import Asked, page, request_key

DECIDERS = ("manager", "director", "supervisor", "province")
SAID = {
    "confirmed": gettext_lazy("The wall stands. Nobody is told."),
    "rejected": gettext_lazy("The wall is lifted: the same name sets it no more. Nobody is told."),
}


@page(*DECIDERS, methods=GET_POST)
def namesake(request: Asked, pk: UUID) -> HttpResponse:
    """Is it he, or kin of the party's, or somebody else of that name?"""
    by = request.identity
    if request.method == "POST":
        return _decided(request, pk)
    wall = services.provisional(by, pk)
    if wall is None:
        raise NotFound
    case = Case.objects.visible_to(by).filter(pk=wall.case_id).first()
    return _show(request, wall, case)


def _parties(by: Identity, wall: Wall, case: Case | None) -> list[dict[str, Any]]:
    """Who stands in the case with that name, as far as `by` may see: name, year of birth, county, and number and address masked."""
    if case is None or wall.user is None:
        return []
    keys.preload([case.pk])
    role = {"party__role": wall.party_role} if wall.party_role else {}
    who = [
        row
        for row in PartyIdentity.objects.visible_to(by).filter(case=case, **role)
        if normalise(row.name) == normalise(wall.user.name)
    ]
    where = (
        PartyContact.objects.visible_to(by).filter(party_id__in=[row.party_id for row in who]).select_related("region")
    )
    contacts = {row.party_id: row for row in where}
    return [{"identity": row, "contact": contacts.get(row.party_id)} for row in who]


def _show(request: Asked, wall: Wall, case: Case | None, *, status: int = 200, missing: bool = False) -> HttpResponse:
    posts = (
        [(Role(one.role).label, one.office or one.unit or one.region) for one in roles_in_force(wall.user)]
        if wall.user
        else []
    )
    parties = _parties(request.identity, wall, case)
    sections = {row.section for one in parties for row in (one["identity"], one["contact"]) if row}
    access.note(
        access.Action.VIEW, object_type="namesake", object_id=wall.pk, case_id=wall.case_id if case else None, office_id=wall.office_id,
        sections=[Section.HEADER, *sorted(sections)] if case else [],
    )  # fmt: skip
    context = {
        "parties": parties, "wall": wall, "case": case, "posts": posts, "missing": missing, "is_client": wall.party_role == PartyRole.CLIENT,
        "back": reverse("cases:walls", args=[case.pk]) if case else reverse("cases:today"),
    }  # fmt: skip
    return render(request, "cases/namesake.html", context, status=status)


def _decided(request: Asked, pk: UUID) -> HttpResponse:
    by, answer = request.identity, request.POST.get("answer", "")
    wall = services.provisional(by, pk)
    case = Case.objects.visible_to(by).filter(pk=wall.case_id).first() if wall else None
    if wall is not None and answer not in ("he", "other"):
        return _show(request, wall, case, status=422, missing=True)
    to = reverse("cases:walls", args=[case.pk]) if case else reverse("cases:today")
    try:
        outcome = services.namesake_decide(wall_id=pk, by=by, is_he=answer == "he", key=request_key(request))
    except DuplicateRequest:
        return redirect("cases:today")
    except (NotFound, NotAllowed):
        raise
    except DomainError as error:
        messages.warning(request, error.message)
        return redirect(to)
    messages.success(request, SAID[outcome])
    return redirect(to)
