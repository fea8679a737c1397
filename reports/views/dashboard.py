"""The dashboard: six figures with what they were, trend, where it came from, what it was about, what is late, who has how much."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from agencies.offices import shown_office
from core.identity import Identity
from core.months import shift
from core.views import Asked, page
from reports import charts, work
from reports.dimensions import names_of
from reports.enums import MonthStatus
from reports.folding import folded
from reports.indicators import BY_CODE, HEADLINE, TABLE
from reports.links import records_url
from reports.models import MonthReport
from reports.periods import Period, month_period
from reports.places import Place
from reports.tables import Cell, Row
from reports.totals import Breakdown, by_dimensions, month_rows
from reports.views.common import FIGURES, asked_month, month_links, tabs


@page(*FIGURES)
def dashboard(request: Asked) -> HttpResponse:
    """The own centre, with its records behind every figure; for a supervisor her region, small cells hidden."""
    by = request.identity
    office = shown_office(request)
    place = office.pk if office else None
    month = asked_month(request)
    known = Place(by, month, TABLE, office=place)
    rows = month_rows(by, Period(shift(month, -12), month), office=place, place=known)
    context: dict[str, Any] = {
        "tabs": tabs(by, "dashboard"), "office": office, "stats": _stats(rows, month, place), "trend": charts.trend(rows), "rows": rows,
        "indicators": [item for item in TABLE if item.code in rows[-1].cells], "trend_codes": charts.TREND, **month_links(month),
        **_breakdowns(by, month_period(month), place, known),
    }  # fmt: skip
    if place is None:
        context["unfinished"] = _unfinished(by, month)
    context["has_hidden"] = any(cell.hidden for row in rows for cell in row.values) or any(
        part["table"].has_hidden for part in context["breakdowns"].values()
    )
    if office:
        context |= {
            "agencies": work.agency_response(by, office.pk),
            "owed": work.open_work(by, office.pk),
            "loads": work.workload(by, office),
        }
    return render(request, "reports/dashboard.html", context)


def _unfinished(by: Identity, month: dt.date) -> int:
    """How many centres' reports of the month are not locked: until then its figures go on living."""
    reports = MonthReport.objects.visible_to(by).filter(month=month, office__kind="centre")
    return reports.exclude(status=MonthStatus.LOCKED).count()


def _stats(rows: Sequence[Row], month: dt.date, office: UUID | None) -> list[dict[str, Any]]:
    last, before, year_ago = rows[-1], rows[-2], rows[0]
    found = []
    for item in HEADLINE:
        cell: Cell = last.cells[item.code]
        address = records_url(item.code, month, office)
        found.append({
            "label": item.name, "unit": item.unit, "value": "※" if cell.hidden else cell.value, "was": before.cells[item.code].shown,
            "before": year_ago.cells[item.code].shown, "url": address if item.small and (office or not cell.hidden) else "",
        })  # fmt: skip
    return found


def _breakdowns(by: Identity, period: Period, office: UUID | None, place: Place) -> dict[str, Any]:
    cases, services = BY_CODE["CASES"], BY_CODE["SERVICES"]
    shown = (
        ("channels", "channel", cases), ("categories", "category", cases), ("risks", "risk", cases), ("kinds", "service", services),
        ("ages", "age", cases),
    )  # fmt: skip
    asked = {dimension: Breakdown(names_of(dimension), [indicator]) for _name, dimension, indicator in shown}
    found = by_dimensions(by, period, asked, office=office, place=place)
    tables = {dimension: folded(table) for dimension, table in found.items()}
    return {
        "breakdowns": {
            name: {
                "table": tables[dimension],
                "rows": [
                    (row, records_url(indicator.code, period.first, office, **{dimension: row.code}))
                    for row in tables[dimension].rows
                ],
                "option": charts.bars(tables[dimension]),
                "is_drawn": charts.compares(tables[dimension]),
            }
            for name, dimension, indicator in shown
        }
    }
