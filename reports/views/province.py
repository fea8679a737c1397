"""The statistics of a region: the table by place, drilled down level by level, the map, and how far the reporting is."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from agencies.models import Office, Region
from core.months import shift
from core.views import Asked, page
from reports.enums import By
from reports.exports.sheets import columns_of, groups_of, notes_of
from reports.forms import StatisticsForm
from reports.indicators import BY_CODE, HEADLINE, Indicator
from reports.models import state_label
from reports.periods import Period, is_over, this_month
from reports.places import by_places
from reports.standing import Standing
from reports.tables import Row, Table
from reports.tiles import HEIGHT, VIEW_BOX, WIDTH, tiles
from reports.views.common import SUPERIORS, asked_range, scope_title, tabs

_BELOW = {By.PREFECTURE: By.COUNTY, By.COUNTY: By.CENTRE}


@page(*SUPERIORS)
def province(request: Asked) -> HttpResponse:
    """Figures of a range by prefecture, county or centre; at first the year up to the last month that is over."""
    by = request.identity
    whole = any(len(prefix) == 2 for prefix in by.regions)
    finished = shift(this_month(), -1)
    defaults = {
        "first": f"{finished:%Y}-01",
        "last": f"{finished:%Y-%m}",
        "by": By.PREFECTURE if whole else By.COUNTY,
        "show": "SERVICES",
    }
    asked = {name: request.GET.get(name) or value for name, value in defaults.items()} | {
        "within": request.GET.get("within", "")
    }
    asked |= {name: asked_range(request, name, defaults[name]) for name in ("first", "last")}
    form = StatisticsForm(asked)
    if not form.is_valid():
        return render(
            request,
            "reports/province.html",
            {"tabs": tabs(by, "province"), "form": form, "title": scope_title(by)},
            status=422,
        )
    data = form.cleaned_data
    period, level, within = data["period"], By(data["by"] or defaults["by"]), data["within"]
    if not any(within.startswith(prefix) for prefix in by.regions):
        within = ""
    mapped = whole and not within
    tables = by_places(
        by, period, [level, By.PREFECTURE, By.COUNTY] if mapped else [level, By.PREFECTURE], within=within
    )
    table = tables[level]
    if level == By.CENTRE:  # beside its figures a centre is called by its short name
        names = {str(pk): name for pk, name in Office.objects.values_list("pk", "short_name")}
        for row in table.rows:
            row.name = names.get(row.key, row.name)
    columns = columns_of(list(table.indicators))
    shown = BY_CODE[data["show"] or "SERVICES"]
    context: dict[str, Any] = {
        "tabs": tabs(by, "province"), "form": form, "table": table, "columns": columns, "groups": groups_of(columns),
        "notes": notes_of(table), "period": period, "head": [_("Region or centre")], "whole": [table.whole.cells[column.code] for column in columns],
        "lines": [(kind, row, _below(row, of, asked), [row.cells[column.code] for column in columns]) for kind, of, row in _grouped(table, tables[By.PREFECTURE])],
        "headline": [_stat(item, table) for item in HEADLINE], "crumbs": _crumbs(within, asked, whole),
        "shown": shown, "states": _states(by, period), "level": level, "title": scope_title(by), "is_over": is_over(period.last),
        "fuller": _fuller(table, asked),
    }  # fmt: skip
    if mapped:
        context |= {
            "tiles": tiles(tables[By.PREFECTURE], tables[By.COUNTY], shown), "view_box": VIEW_BOX, "tile_width": WIDTH, "tile_height": HEIGHT,
            "drill": urlencode(asked | {"by": By.COUNTY.value, "within": ""}),
        }  # fmt: skip
    return render(request, "reports/province.html", context)


def _fuller(table: Table, asked: dict[str, Any]) -> dict[str, str]:
    """Where a range that ends inside a quarter hides cells: the same page up to the quarter's end before. Else nothing."""
    to = table.period.to_quarter
    if to is None or not table.has_hidden or not is_over(to.last):
        return {}
    return {
        "label": _("see the figures up to %(month)s") % {"month": f"{to.last:%Y-%m}"} if to.first == table.period.first
        else _("see those of the whole year %(year)s") % {"year": to.last.year},
        "url": "?" + urlencode(asked | {"first": f"{to.first:%Y-%m}", "last": f"{to.last:%Y-%m}"}),
    }  # fmt: skip


def _stat(item: Indicator, table: Table) -> dict[str, Any]:
    cell = table.whole.cells[item.code]
    return {"label": item.name, "unit": item.unit, "value": "※" if cell.hidden else cell.value}


def _grouped(table: Table, prefectures: Table) -> Iterator[tuple[str, Table, Row]]:
    """The rows in order, with the table that each is of; those of several prefectures each under its prefecture, which sums them up."""
    sums = {row.code[:4]: row for row in prefectures.rows if not row.code.endswith("0000")}
    if table.by == By.PREFECTURE or len({row.code[:4] for row in table.rows} & sums.keys()) < 2:
        yield from (("", table, row) for row in table.rows)
        return
    for prefix, rows in groupby(table.rows, key=lambda row: row.code[:4]):
        if prefix in sums:
            yield "group", prefectures, sums[prefix]
        yield from (("part" if prefix in sums else "", table, row) for row in rows)


def _below(row: Row, table: Table, asked: dict[str, Any]) -> str:
    """The address of a row's own parts; none for centres, and for what stands at its own level."""
    following = _BELOW.get(By(table.by))
    if following is None or (table.by == By.COUNTY and row.code.endswith("00")) or row.code.endswith("0000"):
        return ""
    return "?" + urlencode(
        asked | {"by": following.value, "within": row.code[:4] if table.by == By.PREFECTURE else row.code[:6]}
    )


def _crumbs(within: str, asked: dict[str, Any], whole: bool) -> list[dict[str, str]]:
    if not within:
        return []
    codes = [within[:length].ljust(6, "0") for length in (4, 6) if len(within) >= length]
    names = dict(Region.objects.filter(code__in=codes).values_list("code", "name"))
    trail = [
        {
            "label": _("Whole province") if whole else _("Whole region"),
            "url": "?" + urlencode(asked | {"by": By.PREFECTURE.value if whole else By.COUNTY.value, "within": ""}),
        }
    ]
    for code in codes:
        level, inner = (By.COUNTY, code[:4]) if code.endswith("00") else (By.CENTRE, code)
        trail.append(
            {"label": names.get(code, code), "url": "?" + urlencode(asked | {"by": level.value, "within": inner})}
        )
    return trail


def _states(by: Any, period: Period) -> list[dict[str, Any]]:
    """How many centres' reports of the range's last month stand where."""
    address = reverse("reports:months")
    return [
        {
            "label": state_label(status, period.last), "count": count, "code": status.value,
            "url": f"{address}?month={period.last:%Y-%m}&status={status}",
        }
        for status, count in Standing.read(by, period).counts.items()
    ]  # fmt: skip
