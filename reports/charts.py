"""Options of charts: data only; colours and type come from the kit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

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
    """Bars lying on their side, the longest on top; hidden figures have none."""
    code = table.indicators[0].code
    shown = [row for row in table.rows if row.cells[code].shown]
    rows = sorted(shown, key=lambda row: row.cells[code].value, reverse=True)[:limit]
    return {
        "xAxis": {"type": "value", "minInterval": 1},
        "yAxis": {"type": "category", "inverse": True, "axisLabel": {"interval": 0}, "data": [row.name for row in rows]},
        "series": [{"type": "bar", "name": table.indicators[0].name, "data": [row.cells[code].value for row in rows], "barMaxWidth": 16}],
    }  # fmt: skip
