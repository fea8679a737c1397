"""Options of charts: data only; colours and type come from the kit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from reports.indicators import BY_CODE
from reports.tables import Row, Table

TREND = ("SERVICES", "CASES", "ASSISTED")


def trend(rows: Sequence[Row]) -> dict[str, Any]:
    """Lines by month; a hidden figure is a gap."""
    return {
        "legend": {},
        "xAxis": {"type": "category", "data": [row.name for row in rows]},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": [
            {"type": "line", "name": BY_CODE[code].name, "data": [row.cells[code].shown for row in rows], "symbolSize": 6} for code in TREND
        ],
    }  # fmt: skip


def bars(table: Table, limit: int = 10) -> dict[str, Any]:
    """Bars lying on their side, the longest on top; those beyond `limit` are one bar at the end, so that the bars add up to what is shown.

    Hidden figures have no bar and are in none: a bar that took them in would be their sum.
    """
    code = table.indicators[0].code
    shown = [(row.name, row.cells[code].value) for row in table.rows if row.cells[code].shown]
    shown.sort(key=lambda bar: bar[1], reverse=True)
    bars, rest = (shown, []) if len(shown) <= limit + 1 else (shown[:limit], shown[limit:])
    if rest:
        name = _("The rest, without ※") if table.has_hidden else _("The rest")
        bars = [*bars, (name, sum(value for _name, value in rest))]
    return {
        "xAxis": {"type": "value", "minInterval": 1},
        "yAxis": {"type": "category", "inverse": True, "axisLabel": {"interval": 0}, "data": [name for name, _value in bars]},
        "series": [{"type": "bar", "name": table.indicators[0].name, "data": [value for _name, value in bars], "barMaxWidth": 16}],
    }  # fmt: skip


def compares(table: Table) -> bool:
    """Whether there is something to draw: one bar beside figures that are hidden compares nothing."""
    return sum(bool(cell.shown) for row in table.rows for cell in row.values) > table.has_hidden
