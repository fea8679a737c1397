"""Which tables an export has, with their heads as Chinese government tables have them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from core.identity import Identity
from reports.dimensions import category_names
from reports.enums import By
from reports.folding import folded
from reports.indicators import BY_CODE, HEADLINE, TABLE, Adds, Indicator
from reports.periods import Period
from reports.places import by_place
from reports.tables import Table
from reports.totals import by_dimension, by_month

HIDDEN = "※"
# Columns that stand under one head.
GROUPS: dict[str, tuple[str, ...]] = {
    "CASES": ("CASES", "CASES_CLOSED", "CASES_OPEN"),
    "ASSISTED": ("ASSISTED", "ASSISTED_ANONYMOUS"),
}
_IN_GROUP = {code: head for head, codes in GROUPS.items() for code in codes}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the head above it (shared by the columns of a group) and its own, empty when the head stands alone."""

    head: str
    own: str
    code: str


@dataclass(slots=True)
class Sheet:
    """One table, ready to be written: rows are streamed."""

    code: str
    title: str
    first: list[str]  # heads of the leading columns
    columns: list[Column]
    rows: Iterator[list[str | int]]
    notes: list[str] = field(default_factory=list)
    count: int = 0


def columns_of(indicators: tuple[Indicator, ...] | list[Indicator]) -> list[Column]:
    """Columns in the order of the table, those of a group beside each other."""
    codes = [item.code for item in indicators]
    ordered = [
        code
        for head in codes
        if _IN_GROUP.get(head, head) == head
        for code in GROUPS.get(head, (head,))
        if code in codes
    ]
    columns = []
    for code in ordered:
        head = BY_CODE[_IN_GROUP.get(code, code)]
        alone = code not in _IN_GROUP or sum(other in codes for other in GROUPS[_IN_GROUP[code]]) == 1
        own = (
            ""
            if alone
            else {"CASES": _("Accepted in the period"), "ASSISTED": _("Known by identity")}.get(
                code, BY_CODE[code].name
            )
        )
        columns.append(Column(_("%(name)s (%(unit)s)") % {"name": head.name, "unit": head.unit}, own, code))
    return columns


@dataclass(frozen=True, slots=True)
class Group:
    """A head with the number of columns under it."""

    head: str
    span: int


def groups_of(columns: list[Column]) -> list[Group]:
    """The upper row of heads: neighbours that share one are one."""
    found: list[Group] = []
    for column in columns:
        if column.own and found and found[-1].head == column.head:
            found[-1] = Group(column.head, found[-1].span + 1)
        else:
            found.append(Group(column.head, 1))
    return found


def notes_of(table: Table) -> list[str]:
    """What a reader must know below the table."""
    notes = []
    for code, doubles in table.doubles.items():
        if doubles and code == "ASSISTED":
            notes.append(
                _("People are counted once in each row and once in the total: the rows exceed the total by %(n)s.")
                % {"n": doubles}
            )
    if table.has_hidden:
        notes.append(_("%(mark)s: from 1 to 4, or hidden so that such a figure cannot be computed.") % {"mark": HIDDEN})
    for code, difference in sorted(table.late_shown.items()):
        text = _("Includes a revision after locking: %(name)s %(n)s.")
        if table.period.is_month:
            text = _("Found after locking and not included: %(name)s %(n)s.")
        notes.append(text % {"name": BY_CODE[code].name, "n": f"{difference:+d}"})
    return notes


def _sheet(
    code: str, title: str, table: Table, first: list[str], lead: Callable[[int, object], list[str | int]]
) -> Sheet:
    columns = columns_of(list(table.indicators))

    def cells(row: object) -> list[str | int]:
        return [HIDDEN if row.cells[c.code].hidden else row.cells[c.code].value for c in columns]  # type: ignore[attr-defined]

    def rows() -> Iterator[list[str | int]]:
        yield [*lead(0, table.whole), *cells(table.whole)]
        for number, row in enumerate(table.rows, 1):
            yield [*lead(number, row), *cells(row)]

    return Sheet(code, title, first, columns, rows(), notes_of(table), len(table.rows) + 1)


def makers(by: Identity, period: Period) -> list[Callable[[], Sheet]]:
    """The tables of an export, each made when it is called: the work is done step by step."""

    def places(level: By, title: str) -> Callable[[], Sheet]:
        def make() -> Sheet:
            def lead(number: int, row: object) -> list[str | int]:
                return [number or "", row.code, row.name]  # type: ignore[attr-defined]

            return _sheet(
                level.value, title, by_place(by, period, level), [_("No."), _("Code"), _("Region or centre")], lead
            )

        return make

    def plain(number: int, row: object) -> list[str | int]:
        return [number or "", row.name]  # type: ignore[attr-defined]

    def categories() -> Sheet:
        countable = [item for item in HEADLINE if item.adds != Adds.AS_OF] + [
            BY_CODE["CASES_CLOSED"],
            BY_CODE["ASSISTED_ANONYMOUS"],
        ]
        table = by_dimension(by, period, "category", category_names(top=False), indicators=countable)
        return _sheet("category", _("By category"), folded(table), [_("No."), _("Category")], plain)

    def months() -> Sheet:
        return _sheet("month", _("By month"), by_month(by, period, indicators=TABLE), [_("No."), _("Month")], plain)

    found = []
    if any(len(prefix) == 2 for prefix in by.regions):
        found.append(places(By.PREFECTURE, _("By prefecture")))
    if by.regions:
        found.append(places(By.COUNTY, _("By county")))
    return [*found, places(By.CENTRE, _("By centre")), categories, months]
