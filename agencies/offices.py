"""Which of the own offices a page shows: somebody may hold a role at several."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from agencies.models import Office
from core.views import Asked


def own_offices(request: Asked, among: Iterable[UUID] | None = None) -> list[Office]:
    """The offices `among` those where somebody holds a role (the centres whose cases are the own where none are named), by region and name."""
    held = request.identity.case_offices if among is None else among
    return list(Office.objects.filter(pk__in=held).order_by("region_id", "name"))


def shown_office(request: Asked, among: Iterable[UUID] | None = None) -> Office | None:
    """The one that the address asks for among the own ones (`?office=`), else the first; none for who has none."""
    offices, asked = own_offices(request, among), request.GET.get("office", "")
    return next((office for office in offices if str(office.pk) == asked), offices[0] if offices else None)


def office_tabs(request: Asked, shown: Office, among: Iterable[UUID] | None = None) -> list[dict[str, Any]]:
    """The choice among the own offices; empty where there is nothing to choose."""
    found = [
        {"label": office.short_name, "url": f"?office={office.pk}", "active": office.pk == shown.pk}
        for office in own_offices(request, among)
    ]
    return found if len(found) > 1 else []
