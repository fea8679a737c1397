"""The dashboard: six figures with what they were, trend, where it came from, what it was about, what is late, who has how much."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from core.identity import Identity
from core.views import Asked, page
from reports import charts, work
from reports.dimensions import names_of
from reports.enums import MonthStatus
from reports.indicators import BY_CODE, HEADLINE
from reports.models import MonthReport
from reports.periods import Period, month_period, shift
from reports.totals import Cell, Place, Table, by_dimension, by_month
from reports.views.common import FIGURES, asked_month, month_links, own_office, tabs


@page(*FIGURES)
def dashboard(request: Asked) -> HttpResponse:
    """The own centre, with its records behind every figure; for a supervisor her region, small cells hidden."""
    by = request.identity
    office = own_office(request)
    place = office.pk if office else None
    month = asked_month(request)
    table = by_month(by, Period(shift(month, -12), month), office=place)
    context: dict[str, Any] = {
        "tabs": tabs(by, "dashboard"), "office": office, "stats": _stats(table, place), "trend": charts.trend(table), "table": table,
        "trend_codes": charts.TREND, **month_links(month), **_breakdowns(by, month_period(month), place),
    }  # fmt: skip
    if place is None:
        context["unfinished"] = _unfinished(by, month)
    if place:
        context |= {
            "agencies": work.agency_response(by, place),
            "owed": work.open_work(by, place),
            "loads": work.workload(by, place),
        }
    return render(request, "reports/dashboard.html", context)


def _unfinished(by: Identity, month: dt.date) -> int:
    """How many centres' reports of the month are not locked: until then its figures go on living."""
    reports = MonthReport.objects.visible_to(by).filter(month=month, office__kind="centre")
    return reports.exclude(status=MonthStatus.LOCKED).count()


def _stats(table: Table, office: UUID | None) -> list[dict[str, Any]]:
    last, before, year_ago = table.rows[-1], table.rows[-2], table.rows[0]
    found = []
    for item in HEADLINE:
        cell: Cell = last.cells[item.code]
        address = (
            reverse("reports:records") + "?" + urlencode({"indicator": item.code, "from": last.name, "to": last.name})
        )
        found.append({
            "label": item.name, "unit": item.unit, "value": "※" if cell.hidden else cell.value, "was": before.cells[item.code].shown,
            "before": year_ago.cells[item.code].shown, "url": address if item.small and (office or not cell.hidden) else "",
        })  # fmt: skip
    return found


def _breakdowns(by: Identity, period: Period, office: UUID | None) -> dict[str, Any]:
    cases, services = BY_CODE["CASES"], BY_CODE["SERVICES"]
    found: dict[str, Any] = {}
    place = Place(by, period, [cases, services], office=office)
    for name, dimension, indicator in (
        ("channels", "channel", cases), ("categories", "category", cases), ("risks", "risk", cases), ("kinds", "service", services),
        ("ages", "age", cases),
    ):  # fmt: skip
        table = by_dimension(
            by, period, dimension, names_of(dimension), indicators=[indicator], office=office, place=place
        )
        found[name] = {"table": table, "option": charts.bars(table), "dimension": dimension, "indicator": indicator}
    return {"breakdowns": found}
