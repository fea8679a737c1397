"""A breakdown as it is shown to those from whom small cells are hidden.

A row that stands there with ※ tells that there is something of its kind, and where the whole is hidden, that there is very little of it. So what
is hidden altogether is folded into one row without a kind, and of what has a hidden whole no part is shown.
"""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _

from reports.tables import Cell, Row, Table


def folded(table: Table) -> Table:
    """The table with one row for all that show nothing; `withheld` names the indicators of which no part is shown."""
    if not table.suppressed:
        return table
    withheld = [item for item in table.indicators if table.whole.cells[item.code].hidden]
    kept: list[Row] = []
    rest: list[Row] = []
    for row in table.rows:
        cells = {item.code: replace(row.cells[item.code]) for item in table.indicators}
        for item in withheld:
            cells[item.code].hidden = True
        shows = any(cell.shown for cell in cells.values())
        (kept if shows else rest).append(replace(row, cells=cells))
    if rest:
        kept.append(_together(table, rest))
    return replace(table, rows=kept, withheld=withheld)


def _together(table: Table, rows: list[Row]) -> Row:
    name = _("Others (each below five, or hidden so that such a figure cannot be computed)")
    cells = {
        item.code: Cell(
            sum(row.cells[item.code].value for row in rows), hidden=any(row.cells[item.code].hidden for row in rows)
        )
        for item in table.indicators
    }
    return Row("", "", name, table.by, cells)
