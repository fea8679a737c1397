"""What all pages of figures share: who may come, which office or region they show, the tabs above them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.enums import Role
from core.errors import DomainError
from core.identity import Identity
from core.months import shift
from core.views import Asked
from reports.exports.job import EXPORTERS
from reports.periods import parse_month, this_month

FIGURES = (Role.DIRECTOR, Role.MANAGER, Role.SUPERVISOR, Role.PROVINCE)
SUPERIORS = (Role.SUPERVISOR, Role.PROVINCE)


def tabs(by: Identity, active: str) -> list[dict[str, Any]]:
    """The pages of figures that `by` may open."""
    pages: list[tuple[str, Any]] = [("dashboard", _("Dashboard")), ("months", _("Monthly reports"))]
    if by.has(*SUPERIORS):
        pages.append(("province", scope_title(by)))
    if by.has(*EXPORTERS):
        pages.append(("exports", _("Exports")))
    return [{"label": label, "url": reverse(f"reports:{name}"), "active": name == active} for name, label in pages]


def scope_title(by: Identity) -> str:
    """What the statistics of the own region are called: the province's, the prefecture's or the county's."""
    widest = min((len(prefix) for prefix in by.regions), default=6)
    return {2: _("Province statistics"), 4: _("Prefecture statistics")}.get(widest, _("County statistics"))


def asked_month(request: Asked, default: dt.date | None = None) -> dt.date:
    """The month in the address, else the running one; never a later one."""
    try:
        month = parse_month(request.GET.get("month", ""), "month")
    except DomainError:
        month = default or this_month()
    return min(month, this_month())


def asked_range(request: Asked, name: str, default: str) -> str:
    """The `first` or `last` month in the address, also under the name that the interface for programs gives it."""
    return request.GET.get(name) or request.GET.get({"first": "from", "last": "to"}[name]) or default


def month_links(month: dt.date) -> dict[str, Any]:
    """The month shown, with the ones before and after it."""
    following = shift(month, 1)
    return {
        "month": month, "previous_month": f"{shift(month, -1):%Y-%m}", "next_month": f"{following:%Y-%m}" if following <= this_month() else "",
        "is_running": month == this_month(),
    }  # fmt: skip
