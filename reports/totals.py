"""Tables of figures: by place, by month, by any dimension, with what may not be shown hidden."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import CharField, Q, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Left
from django.utils.translation import gettext as _

from agencies.enums import Level, OfficeKind
from agencies.models import Office, Region
from core.identity import Identity
from reports.enums import By
from reports.figures import PLACES, WHOLE, Figures, facts_of, figures, late_differences
from reports.hiding import TOTAL, History, Keys, node
from reports.indicators import BY_CODE, FLOWS, TABLE, Adds, Indicator
from reports.periods import Period, shift
from reports.suppression import hide_in_tree, is_small


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


def _row(  # noqa: PLR0917 - a row of a table reads in the table's order
    key: str, code: str, name: str, level: str, found: Figures, indicators: Sequence[Indicator], *, parent: str = ""
) -> Row:
    values = found.get(key, {})
    return Row(key, code, name, level, {item.code: Cell(values.get(item.code, 0)) for item in indicators}, parent)


@dataclass(slots=True)
class _Directory:
    """Names of all places that the one who asks has figures of."""

    regions: dict[str, Region]
    offices: list[Office]

    @classmethod
    def read(cls, by: Identity, period: Period) -> _Directory:
        wanted = Q(pk__in=by.case_offices)
        for prefix in by.regions:
            wanted |= Q(region__code__startswith=prefix)
        offices = Office.objects.filter(wanted, opened_on__lt=shift(period.last, 1)).exclude(
            closed_on__lte=period.first
        )
        regions = Region.objects.filter(level__in=(Level.PROVINCE, Level.PREFECTURE, Level.COUNTY))
        return cls(
            {region.code: region for region in regions},
            list(offices.select_related("region").order_by("region_id", "kind", "name")),
        )

    def name(self, code: str, *, own_level: bool) -> str:
        """A region's name; of a region that stands among its own parts: its own level."""
        region = self.regions.get(code)
        name = region.name if region else code
        return _("%(region)s, own level") % {"region": name} if own_level else name


def _rows_of(
    level: str, by: Identity, directory: _Directory, found: Figures, indicators: Sequence[Indicator]
) -> list[Row]:
    if level == By.CENTRE:
        return [
            _row(str(office.pk), office.region_id, office.name, "desk" if office.kind == OfficeKind.DESK else "centre", found, indicators,
                 parent=office.region_id[:6])
            for office in directory.offices
        ]  # fmt: skip
    if level == By.PROVINCE:
        return [_own_whole(by, directory, found, indicators)]
    length = {By.PREFECTURE: 4, By.COUNTY: 6}[By(level)]
    wanted_level = {By.PREFECTURE: Level.PREFECTURE, By.COUNTY: Level.COUNTY}[By(level)]
    codes = {
        code
        for code, region in directory.regions.items()
        if region.level == wanted_level and _covers(by, directory, code)
    }
    codes |= {key for key in found if key}
    rows = []
    for code in sorted(codes):
        region = directory.regions.get(code)
        own_level = region is not None and region.level != wanted_level
        parent = code[:2] + "0000" if length == 4 else code[:4] + "00"
        rows.append(
            _row(code, code, directory.name(code, own_level=own_level), level, found, indicators, parent=parent)
        )
    return rows


def _own_whole(by: Identity, directory: _Directory, found: Figures, indicators: Sequence[Indicator]) -> Row:
    """The one row of everything that is seen, under the name of what it is: the province, a part of it, or a centre."""
    if by.regions:
        widest = min(by.regions, key=len)
        code = widest.ljust(6, "0")
        name = (
            directory.name(code, own_level=False)
            if all(region.startswith(widest) for region in by.regions)
            else _("Total")
        )
    else:
        code = directory.offices[0].region_id if directory.offices else ""
        name = "、".join(office.name for office in directory.offices)
    return _row(WHOLE, code, name, By.PROVINCE, found, indicators)


def _covers(by: Identity, directory: _Directory, code: str) -> bool:
    if any(
        code.startswith(prefix) or (prefix.startswith(code.rstrip("0")) and len(prefix) > 2) for prefix in by.regions
    ):
        return True
    return any(office.region_id.startswith(code[: 4 if code.endswith("00") else 6]) for office in directory.offices)


_UPWARDS = {By.PROVINCE: (By.PROVINCE,), By.PREFECTURE: (By.PREFECTURE,), By.COUNTY: (By.PREFECTURE, By.COUNTY),
            By.CENTRE: (By.PREFECTURE, By.COUNTY, By.CENTRE)}  # fmt: skip


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
    directory = _Directory.read(by, period)
    hide = must_hide(by)
    levels = tuple(step for step in By if any(step in _UPWARDS[level] for level in asked)) if hide else tuple(asked)
    tables: dict[str, list[Row]] = {}
    found: Figures = {}
    for step in levels:
        found = figures(facts, period, indicators, PLACES[step], whole=step == levels[-1])
        tables[step] = _rows_of(step, by, directory, found, indicators)
    whole = _row(WHOLE, "", _("Total"), "total", found, indicators)
    if hide:
        _hide(tables, levels, whole, indicators, history or History(facts, period, indicators, _steps(levels)))
    if not within:
        late = {} if history else late_differences(facts, period)
        return {
            level: Table(
                period, level, indicators, tables[level], whole, _doubles(tables[level], whole, indicators), late, hide
            )
            for level in asked
        }
    inner = facts_of(by, within=within)
    late = late_differences(inner, period)
    part = _row(WHOLE, within, _("Total"), "total", figures(inner, period, indicators), indicators)
    above = _row_of(within, tables, whole)
    for code, cell in part.cells.items():
        cell.hidden = bool(hide and (above is None or above.cells[code].hidden) and BY_CODE[code].small)
    result = {}
    for level in asked:
        rows = [row for row in tables[level] if row.code.startswith(within)]
        result[level] = Table(period, level, indicators, rows, part, _doubles(rows, part, indicators), late, hide)
    return result


def _row_of(within: str, tables: dict[str, list[Row]], whole: Row) -> Row | None:
    """The row whose figures are those of `within`, and no others: what is hidden of it is hidden of the part. None where there is none."""
    if len(within) == 2:
        return whole
    step = {4: By.PREFECTURE, 6: By.COUNTY}.get(len(within), "")
    return next((row for row in tables.get(step, []) if row.code[: len(within)] == within), None)


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
    return {step: PLACES[step] for step in levels if step != By.PROVINCE}  # the province is the whole itself


def _hide(
    tables: dict[str, list[Row]], levels: Sequence[str], whole: Row, indicators: Sequence[Indicator], history: History
) -> None:
    steps = list(_steps(levels))
    parents = {node(step, row.key): _above(steps, step, row.parent) for step in steps for row in tables[step]}
    cut = history.cut()
    for item in indicators:
        if not item.small:
            continue
        values = [{TOTAL: whole.cells[item.code].value}]
        values += [{node(step, row.key): row.cells[item.code].value for row in tables[step]} for step in steps]
        hidden = hide_in_tree(values, parents, settings.SMALL_CELL, forced=cut.get(item.code, ()))
        for row in (whole, *tables.get(By.PROVINCE, [])):
            row.cells[item.code].hidden = TOTAL in hidden
        for step in steps:
            for row in tables[step]:
                row.cells[item.code].hidden = node(step, row.key) in hidden


def _above(levels: Sequence[str], step: str, parent: str) -> str:
    index = list(levels).index(step)
    return node(levels[index - 1], parent) if index else TOTAL


def _doubles(rows: Sequence[Row], whole: Row, indicators: Sequence[Indicator]) -> dict[str, int]:
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


def by_month(
    by: Identity,
    period: Period,
    *,
    within: str = "",
    office: Any = None,
    indicators: Sequence[Indicator] = TABLE,
    place: Place | None = None,
) -> Table:
    """Each month for itself, as it was locked. `place` saves asking again what is hidden there."""
    facts = facts_of(by, within=within, office=office)
    plain = [item for item in indicators if item.adds != Adds.OPEN]
    # Month by month nothing found later belongs in; what stands as of a day stands in each month's own row.
    each = [
        Indicator(item.code, item.zh, item.en, item.unit, item.definition, Adds.SUM)
        if item.adds == Adds.AS_OF
        else item
        for item in plain
    ]
    found = figures(facts.filter(is_late=False), period, each, Cast("month", CharField()))
    rows = [_row(str(month), f"{month:%Y-%m}", f"{month:%Y-%m}", "month", found, plain) for month in period.months()]
    whole = _row(WHOLE, "", _("Total"), "total", figures(facts, period, plain), plain)
    table = Table(period, "month", plain, rows, whole, {}, late_differences(facts, period), must_hide(by, office))
    if not table.suppressed:
        table.doubles = _doubles(rows, whole, plain)
        return table
    place = place or Place(by, period, plain, within=within, office=office)
    for item in plain:
        whole.cells[item.code].hidden = place.is_hidden(item.code)
        months = place.hidden_months(item.code)
        for row in rows:
            row.cells[item.code].hidden = row.key in months
    return table


class Place:
    """One place in the tree of those that are seen: whether its figure of a range, or of a month, is hidden."""

    def __init__(
        self, by: Identity, period: Period, indicators: Sequence[Indicator], *, within: str = "", office: Any = None
    ) -> None:
        """Reads nothing yet; the whole of what is seen without `within` and `office`."""
        self._by, self._period = by, period
        self._level = By.CENTRE if office else {0: By.PROVINCE, 4: By.PREFECTURE}.get(len(within), By.COUNTY)
        self._key = str(office) if office else within.ljust(6, "0") if within else ""
        wanted = {item.code: item for item in indicators}
        if wanted.keys() & set(_OPEN):  # they tell each other
            wanted |= {code: BY_CODE[code] for code in _OPEN}
        self._items = list(wanted.values())

    @cached_property
    def _row(self) -> Row | None:
        table = by_place(self._by, self._period, self._level, indicators=self._items, history=self._history)
        return next((row for row in table.rows if row.key == self._key), None) if self._key else table.whole

    @cached_property
    def _history(self) -> History:
        return History(facts_of(self._by), self._period, self._items, _steps(_UPWARDS[self._level]))

    def is_hidden(self, code: str) -> bool:
        """Of the range."""
        return BY_CODE[code].small and (self._row is None or self._row.cells[code].hidden)

    def hidden_months(self, code: str) -> set[str]:
        """The first days of the months in which it is hidden."""
        if not BY_CODE[code].small:
            return set()
        name = node(self._level, self._key) if self._key else TOTAL
        return {month for month, keys in self._history.hidden(code).items() if name in keys}


_OPEN = (*FLOWS, "CASES_OPEN")


def by_dimension(
    by: Identity, period: Period, dimension: str, names: dict[str, str], *, indicators: Sequence[Indicator], within: str = "", office: Any = None,
    cut: int = 0, place: Place | None = None,
) -> Table:  # fmt: skip
    """Indicators by one dimension of their facts, named by `names` in their order; `cut` takes the code's first letters only."""
    facts = facts_of(by, within=within, office=office)
    key: Any = Coalesce(KeyTextTransform(dimension, "dimensions"), Value("unknown"), output_field=CharField())
    found = figures(facts, period, indicators, Left(key, cut) if cut else key)
    unknown = "unknown"[:cut] if cut else "unknown"
    order = [*names, *(code for code in sorted(found) if code and code not in names)]
    rows = [
        _row(code, code, names.get(code, _("Not recorded") if code == unknown else code), dimension, found, indicators)
        for code in order if any(found.get(code, {}).values())
    ]  # fmt: skip
    whole = _row(WHOLE, "", _("Total"), "total", found, indicators)
    table = Table(period, dimension, indicators, rows, whole, {}, {}, must_hide(by, office))
    if not table.suppressed:
        table.doubles = _doubles(rows, whole, indicators)
        return table
    place = place or Place(by, period, indicators, within=within, office=office)
    also: dict[str, Keys] = {
        item.code: {month: {TOTAL} for month in place.hidden_months(item.code)} for item in indicators if item.small
    }
    history = History(facts, period, indicators, {dimension: Left(key, cut) if cut else key})
    cut_off = history.cut(also)
    parents = {node(dimension, row.key): TOTAL for row in rows}
    for item in (item for item in indicators if item.small):
        forced = cut_off.get(item.code, set()) | ({TOTAL} if place.is_hidden(item.code) else set())
        values = [
            {TOTAL: whole.cells[item.code].value},
            {node(dimension, row.key): row.cells[item.code].value for row in rows},
        ]
        hidden = hide_in_tree(values, parents, settings.SMALL_CELL, forced=forced)
        whole.cells[item.code].hidden = TOTAL in hidden
        for row in rows:
            row.cells[item.code].hidden = node(dimension, row.key) in hidden
    return table


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
    row = _row(WHOLE, "", "", "total", found, indicators)
    if must_hide(by, office):
        place = place or Place(by, period, indicators, within=within, office=office)
        for code, cell in row.cells.items():
            cell.hidden = place.is_hidden(code)
    return row
