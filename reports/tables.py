"""A table of figures: rows of cells, some of them hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from core.identity import Identity
from reports.indicators import BY_CODE, Adds, Indicator
from reports.periods import Period
from reports.suppression import is_small


@dataclass(slots=True)
class Cell:
    """One figure; `hidden` when it may not be shown to the one who asks."""

    value: int = 0
    hidden: bool = False

    @property
    def shown(self) -> int | None:
        """The figure, or None when it is hidden."""
        return None if self.hidden else self.value


@dataclass(slots=True)
class Row:
    """One place (or month, or category) with its figures in the order of the table's indicators."""

    key: str
    code: str
    name: str
    level: str
    cells: dict[str, Cell] = field(default_factory=dict)
    parent: str = ""

    @property
    def values(self) -> list[Cell]:
        """The cells in order."""
        return list(self.cells.values())


@dataclass(slots=True)
class Table:
    """A table of figures with its whole."""

    period: Period
    by: str
    indicators: Sequence[Indicator]
    rows: list[Row]
    whole: Row
    doubles: dict[str, int]  # how much the parts of a count of people exceed the whole; only where nothing is hidden
    late: dict[str, int]  # what was found after locking, within the range
    suppressed: bool = False
    withheld: Sequence[Indicator] = ()  # of which no part is shown (reports.folding)

    @property
    def is_withheld(self) -> bool:
        """Whether it shows nothing at all."""
        return bool(self.withheld) and len(self.withheld) == len(self.indicators)

    @property
    def has_hidden(self) -> bool:
        """Whether any cell is hidden."""
        return any(cell.hidden for row in (*self.rows, self.whole) for cell in row.values)

    @property
    def late_shown(self) -> dict[str, int]:
        """The differences that may be told: one person found late is a name as much as one person in a cell."""
        if not self.suppressed:
            return self.late
        return {c: n for c, n in self.late.items() if not (BY_CODE[c].small and is_small(n, settings.SMALL_CELL))}


def row_of(  # noqa: PLR0917 - a row of a table reads in the table's order
    key: str,
    code: str,
    name: str,
    level: str,
    figures: Mapping[str, int],
    indicators: Sequence[Indicator],
    *,
    parent: str = "",
) -> Row:
    """A row with the figures of these indicators; what was not found is zero."""
    return Row(key, code, name, level, {item.code: Cell(figures.get(item.code, 0)) for item in indicators}, parent)


def doubles_of(rows: Sequence[Row], whole: Row, indicators: Sequence[Indicator]) -> dict[str, int]:
    """By how much the rows exceed the whole where people are counted; only where nothing is hidden."""
    found = {}
    for item in indicators:
        cells = [row.cells[item.code] for row in rows]
        if item.adds == Adds.PEOPLE and not any(cell.hidden for cell in (*cells, whole.cells[item.code])):
            found[item.code] = sum(cell.value for cell in cells) - whole.cells[item.code].value
    return found


def must_hide(by: Identity, office: Any = None) -> bool:
    """Whether small cells are hidden: always, but from those who handle the cases behind them."""
    if office is not None:
        return office not in by.case_offices
    return bool(by.regions) or not by.case_offices
