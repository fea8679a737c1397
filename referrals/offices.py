"""Which of the own centres a page of the centre's shows: somebody may hold a role at several."""

from __future__ import annotations

from typing import Any

from agencies.models import Office
from core.views import Asked


def own_offices(request: Asked) -> list[Office]:
    """The centres that handle cases and at which somebody holds a role, in the order of their regions."""
    return list(Office.objects.filter(pk__in=request.identity.case_offices).order_by("region_id", "name"))


def shown_office(request: Asked) -> Office | None:
    """The one that the address asks for among the own ones (`?office=`), else the first; none for who has none."""
    offices, asked = own_offices(request), request.GET.get("office", "")
    return next((office for office in offices if str(office.pk) == asked), offices[0] if offices else None)


def office_tabs(request: Asked, shown: Office) -> list[dict[str, Any]]:
    """The choice among the own centres; empty where there is nothing to choose."""
    offices = own_offices(request)
    found = [
        {"label": office.short_name, "url": f"?office={office.pk}", "active": office.pk == shown.pk}
        for office in offices
    ]
    return found if len(found) > 1 else []
