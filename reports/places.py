"""Tables of figures by place, with what may not be shown hidden; and what of one place is hidden."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.identity import Identity
from reports.directory import Directory, rows_of
from reports.enums import By
from reports.figures import PLACES, facts_of, figures, figures_by, late_differences
from reports.hiding import TOTAL, History, node
from reports.indicators import BY_CODE, FLOWS, TABLE, Indicator
from reports.models import Fact
from reports.periods import Period
from reports.tables import Row, Table, doubles_of, must_hide, row_of

# The levels whose figures decide together what is hidden in one of them.
_UPWARDS = {By.PROVINCE: (By.PROVINCE,), By.PREFECTURE: (By.PREFECTURE,), By.COUNTY: (By.PREFECTURE, By.COUNTY),
            By.CENTRE: (By.PREFECTURE, By.COUNTY, By.CENTRE)}  # fmt: skip
_OPEN = (*FLOWS, "CASES_OPEN")  # they tell each other


def by_places(
    by: Identity,
    period: Period,
    wanted: Iterable[By],
    *,
    within: str = "",
    indicators: Sequence[Indicator] = TABLE,
    history: History | None = None,
) -> dict[By, Table]:
    """The tables of several levels at once: the levels above are needed anyway to know what must be hidden.

    `history`: of these levels and indicators, where it has been read already; then nobody asks for late differences either.
    """
    asked = list(dict.fromkeys(wanted))
    facts = facts_of(by)
    directory = Directory.read(by, period)
    hide = must_hide(by)
    levels = tuple(step for step in By if any(step in _UPWARDS[level] for level in asked)) if hide else tuple(asked)
    steps = _steps(levels)
    found = figures_by(facts, period, indicators, steps)
    tables: dict[str, list[Row]] = {step: rows_of(step, by, directory, found, indicators) for step in levels}
    whole = row_of("", "", _("Total"), "total", found.whole, indicators)
    if hide:
        _hide(period, tables, whole, indicators, history or History.read(facts, period.last, indicators, steps))
    part, inner = whole, facts
    if within and not all(region.startswith(within) for region in by.regions or ("",)):
        inner = facts_of(by, within=within)
        part = _part(within, tables) or _row_of_part(within, inner, period, indicators, hide=hide)
    late = {} if history else late_differences(inner, period)
    result = {}
    for level in asked:
        rows = [row for row in tables[level] if row.code.startswith(within)]
        result[level] = Table(period, level, indicators, rows, part, doubles_of(rows, part, indicators), late, hide)
    return result


def by_place(
    by: Identity,
    period: Period,
    level: str,
    *,
    within: str = "",
    indicators: Sequence[Indicator] = TABLE,
    history: History | None = None,
) -> Table:
    """The table of all places of one level inside `within`, cells hidden where the one who asks has no case scope."""
    return by_places(by, period, [By(level)], within=within, indicators=indicators, history=history)[By(level)]


def _steps(levels: Iterable[str]) -> dict[str, Any]:
    return {step: PLACES[By(step)] for step in levels if step != By.PROVINCE}  # the province is the whole itself


def _part(within: str, tables: Mapping[str, list[Row]]) -> Row | None:
    """The whole of a region where one of the tables has it as a row."""
    level, code = By.PREFECTURE if len(within) == 4 else By.COUNTY, within.ljust(6, "0")
    row = next((row for row in tables.get(level, ()) if row.code == code), None)
    return row and Row("", within, _("Total"), "total", row.cells)


def _row_of_part(
    within: str, facts: QuerySet[Fact], period: Period, indicators: Sequence[Indicator], *, hide: bool
) -> Row:
    """The whole of a region that no table has: nobody knows what it would give away."""
    row = row_of("", within, _("Total"), "total", figures(facts, period, indicators), indicators)
    for code, cell in row.cells.items():
        cell.hidden = hide and BY_CODE[code].small
    return row


def _hide(
    period: Period, tables: Mapping[str, list[Row]], whole: Row, indicators: Sequence[Indicator], history: History
) -> None:
    steps = list(_steps(tables))
    parents = {node(step, row.key): _above(steps, step, row.parent) for step in steps for row in tables[step]}
    for item in indicators:
        if not item.small:
            continue
        levels = [{TOTAL: whole.cells[item.code].value}]
        levels += [{node(step, row.key): row.cells[item.code].value for row in tables[step]} for step in steps]
        hidden = history.hide(period, item.code, levels, parents=parents)
        for row in (whole, *tables.get(By.PROVINCE, [])):
            row.cells[item.code].hidden = TOTAL in hidden
        for step in steps:
            for row in tables[step]:
                row.cells[item.code].hidden = node(step, row.key) in hidden


def _above(levels: Sequence[str], step: str, parent: str) -> str:
    index = list(levels).index(step)
    return node(levels[index - 1], parent) if index else TOTAL


class Place:
    """One place in the tree of those that are seen: what of it is hidden in a range, or in a month."""

    def __init__(
        self, by: Identity, last: dt.date, indicators: Sequence[Indicator], *, within: str = "", office: Any = None
    ) -> None:
        """Up to the month `last`; the whole of what is seen without `within` and `office`. Reads nothing yet."""
        self._by, self._last = by, last
        self._level = By.CENTRE if office else {0: By.PROVINCE, 4: By.PREFECTURE}.get(len(within), By.COUNTY)
        self._key = str(office) if office else within.ljust(6, "0") if within else ""
        self._node = node(self._level, self._key) if self._key else TOTAL
        wanted = {item.code: item for item in indicators}
        if wanted.keys() & set(_OPEN):
            wanted |= {code: BY_CODE[code] for code in _OPEN}
        self._items = list(wanted.values())
        self._tables: dict[Period, Table] = {}

    @cached_property
    def _history(self) -> History:
        return History.read(facts_of(self._by), self._last, self._items, _steps(_UPWARDS[self._level]))

    def is_hidden(self, code: str, period: Period) -> bool:
        """Of a range that ends with the last month."""
        if not BY_CODE[code].small:
            return False
        if period.is_month and code != "CASES_OPEN":  # what is open takes in what was found late in earlier months
            return self._node in self._history.hide(period, code, self._history.month(period.last, code))
        if period not in self._tables:
            self._tables[period] = by_place(
                self._by, period, self._level, indicators=self._items, history=self._history
            )
        table = self._tables[period]
        row = next((row for row in table.rows if row.key == self._key), None) if self._key else table.whole
        return row is None or row.cells[code].hidden

    def hidden_months(self, code: str, period: Period) -> set[str]:
        """The first days of the months in which it is hidden, of all months of the years that a range touches."""
        if not BY_CODE[code].small:
            return set()
        return {month for month, keys in self._history.hidden(code, period).items() if self._node in keys}
