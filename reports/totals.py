"""Figures of one place: by month, by any dimension, and as one row, with what may not be shown hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import CharField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext as _

from core.identity import Identity
from reports.figures import Found, facts_of, figures, figures_by, late_differences
from reports.hiding import TOTAL, History, node, read_histories
from reports.indicators import TABLE, Adds, Indicator
from reports.periods import Period
from reports.places import Place
from reports.tables import Row, Table, doubles_of, must_hide, row_of

UNKNOWN = "unknown"


def month_rows(
    by: Identity,
    period: Period,
    *,
    within: str = "",
    office: Any = None,
    indicators: Sequence[Indicator] = TABLE,
    place: Place | None = None,
) -> list[Row]:
    """Each month for itself, as it was locked; without what is open, which belongs to no month. `place`: where it is known already."""
    plain = [item for item in indicators if item.adds != Adds.OPEN]
    # Month by month nothing found later belongs in; what stands as of a day stands in each month's own row.
    each = [replace(item, adds=Adds.SUM) if item.adds == Adds.AS_OF else item for item in plain]
    facts = facts_of(by, within=within, office=office).filter(is_late=False)
    found = figures_by(facts, period, each, {"month": Cast("month", CharField())}).by["month"]
    rows = [
        row_of(str(month), f"{month:%Y-%m}", f"{month:%Y-%m}", "month", found.get(str(month), {}), plain)
        for month in period.months()
    ]
    if must_hide(by, office):
        place = place or Place(by, period.last, plain, within=within, office=office)
        for item in plain:
            months = place.hidden_months(item.code, period)
            for row in rows:
                row.cells[item.code].hidden = row.key in months
    return rows


def by_month(
    by: Identity,
    period: Period,
    *,
    within: str = "",
    office: Any = None,
    indicators: Sequence[Indicator] = TABLE,
    place: Place | None = None,
) -> Table:
    """The months with the whole of the range, which takes in what was found after locking."""
    facts = facts_of(by, within=within, office=office)
    plain = [item for item in indicators if item.adds != Adds.OPEN]
    hide = must_hide(by, office)
    place = place or Place(by, period.last, plain, within=within, office=office)
    rows = month_rows(by, period, within=within, office=office, indicators=plain, place=place)
    whole = row_of("", "", _("Total"), "total", figures(facts, period, plain), plain)
    for code, cell in whole.cells.items():
        cell.hidden = hide and place.is_hidden(code, period)
    doubles = {} if hide else doubles_of(rows, whole, plain)
    return Table(period, "month", plain, rows, whole, doubles, late_differences(facts, period), hide)


@dataclass(frozen=True, slots=True)
class Breakdown:
    """What is asked of one dimension: the names of its codes in their order, and the indicators."""

    names: Mapping[str, str]
    indicators: Sequence[Indicator]


def by_dimensions(
    by: Identity,
    period: Period,
    asked: Mapping[str, Breakdown],
    *,
    within: str = "",
    office: Any = None,
    place: Place | None = None,
) -> dict[str, Table]:
    """Tables of what is summed or counts people by several dimensions, read at once. `place`: where it is known already what of the place is hidden."""
    facts = facts_of(by, within=within, office=office)
    keys = {
        name: Coalesce(KeyTextTransform(name, "dimensions"), Value(UNKNOWN), output_field=CharField()) for name in asked
    }
    items = list({item.code: item for breakdown in asked.values() for item in breakdown.indicators}.values())
    if not must_hide(by, office):
        found = figures_by(facts, period, items, keys)
        return {name: _by_dimension(period, name, breakdown, found) for name, breakdown in asked.items()}
    place = place or Place(by, period.last, items, within=within, office=office)
    histories = read_histories(facts, period.last, items, {name: {name: key} for name, key in keys.items()})
    found = _of_month(period, histories, items) if period.is_month else figures_by(facts, period, items, keys)
    tables = {}
    for name, breakdown in asked.items():
        tables[name] = _by_dimension(period, name, breakdown, found)
        _hide(tables[name], histories[name], place)
    return tables


def by_dimension(
    by: Identity, period: Period, dimension: str, names: Mapping[str, str], *, indicators: Sequence[Indicator], within: str = "",
    office: Any = None, place: Place | None = None,
) -> Table:  # fmt: skip
    """Indicators by one dimension of their facts, named by `names` in their order."""
    asked = {dimension: Breakdown(names, indicators)}
    return by_dimensions(by, period, asked, within=within, office=office, place=place)[dimension]


def _of_month(period: Period, histories: Mapping[str, History], items: Sequence[Indicator]) -> Found:
    """The figures of a month, which the histories have already."""
    found = Found(by={name: {} for name in histories})
    for name, history in histories.items():
        for item in items:
            for depth, level in enumerate(history.month(period.last, item.code)):
                for key, value in level.items():
                    if depth:
                        found.keep(name, key.partition(":")[2], item.code, value)
                    else:
                        found.whole[item.code] = value
    return found


def _by_dimension(period: Period, name: str, breakdown: Breakdown, found: Found) -> Table:
    figures, names, indicators = found.by[name], breakdown.names, breakdown.indicators
    codes = [code for code in [*names, *sorted(figures.keys() - names)] if code in figures]
    rows = [
        row_of(code, code, names.get(code, _("Not recorded") if code == UNKNOWN else code), name, figures[code], indicators)
        for code in codes
    ]  # fmt: skip
    rows = [row for row in rows if any(cell.value for cell in row.values)]
    whole = row_of("", "", _("Total"), "total", found.whole, indicators)
    return Table(period, name, indicators, rows, whole, doubles_of(rows, whole, indicators), {})


def _hide(table: Table, history: History, place: Place) -> None:
    parents = {node(table.by, row.key): TOTAL for row in table.rows}
    table.suppressed, table.doubles = True, {}
    for item in table.indicators:
        if not item.small:
            continue
        levels = [
            {TOTAL: table.whole.cells[item.code].value},
            {node(table.by, row.key): row.cells[item.code].value for row in table.rows},
        ]
        also = {month: {TOTAL} for month in place.hidden_months(item.code, table.period)}
        forced = {TOTAL} if place.is_hidden(item.code, table.period) else ()
        hidden = history.hide(table.period, item.code, levels, parents=parents, also=also, forced=forced)
        table.whole.cells[item.code].hidden = TOTAL in hidden
        for row in table.rows:
            row.cells[item.code].hidden = node(table.by, row.key) in hidden


def headline(
    by: Identity,
    period: Period,
    *,
    office: Any = None,
    within: str = "",
    indicators: Sequence[Indicator] = TABLE,
    place: Place | None = None,
) -> Row:
    """The figures of one place as one row."""
    found = figures(facts_of(by, within=within, office=office), period, indicators)
    row = row_of("", "", "", "total", found, indicators)
    if must_hide(by, office):
        place = place or Place(by, period.last, indicators, within=within, office=office)
        for code, cell in row.cells.items():
            cell.hidden = place.is_hidden(code, period)
    return row
