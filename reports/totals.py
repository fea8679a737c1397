"""Figures of a range of months, read from facts alone: by place, by month, by any dimension.

Sums are summed, people are counted as different pseudonyms in each cell and once in the whole; what stands as of a day is taken from the
last month. A single month leaves out what was found after it was locked; a longer range is cumulative and takes it in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import CharField, Q, QuerySet, Sum, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Concat, Left
from django.utils.translation import gettext as _

from agencies.enums import Level, OfficeKind
from agencies.models import Office, Region
from core.identity import Identity
from reports.enums import By
from reports.indicators import BY_CODE, FLOWS, INDICATORS, TABLE, Adds, Indicator
from reports.models import Fact
from reports.periods import Period, shift, this_month
from reports.suppression import hide_in_group, hide_in_tree, is_small

Figures = dict[str, dict[str, int]]  # key of the cell's row -> indicator -> figure
WHOLE = ""


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


PLACES: dict[str, Any] = {
    By.PROVINCE: Concat(Left("region_code", 2), Value("0000")),
    By.PREFECTURE: Concat(Left("region_code", 4), Value("00")),
    By.COUNTY: Left("region_code", 6),
    By.CENTRE: Cast("office_id", CharField()),
}


def facts_of(
    by: Identity, *, within: str = "", office: Any = None, where: dict[str, str] | None = None
) -> QuerySet[Fact]:
    """The facts that `by` may read, of a region, of one office, with some dimensions."""
    rows = Fact.objects.visible_to(by)
    if within:
        rows = rows.filter(region_code__startswith=within)
    if office is not None:
        rows = rows.filter(office_id=office)
    return rows.filter(**{f"dimensions__{name}": value for name, value in (where or {}).items()})


def _in(facts: QuerySet[Any], period: Period) -> QuerySet[Any]:
    facts = facts.filter(month__range=(period.first, period.last))
    return facts.filter(is_late=False) if period.is_month else facts


def _counted(rows: QuerySet[Any], columns: str, what: str = "count(*)") -> list[tuple[Any, ...]]:
    try:
        sql, params = rows.query.sql_with_params()
    except EmptyResultSet:  # who sees no office asks nothing
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns}, {what} FROM ({sql}) AS cells GROUP BY {columns}", params)  # noqa: S608 -- our own names
        return list(cursor.fetchall())


def figures(facts: QuerySet[Fact], period: Period, indicators: Iterable[Indicator], key: Any = None) -> Figures:
    """Figures by `key` (an expression over facts; none for the whole alone), the whole under "".

    One query for all that is summed, two for all that counts people (one without a key), whatever the number of rows.
    """
    found: Figures = {WHOLE: {}}
    codes: dict[Adds, list[str]] = {}
    for item in indicators:
        codes.setdefault(item.adds, []).append(item.code)
    rows: QuerySet[Any] = facts.annotate(key=key if key is not None else Value(WHOLE))

    def keep(name: Any, code: str, number: int | None) -> None:
        if number:
            row = found.setdefault(WHOLE if name is None else str(name), {})
            row[code] = row.get(code, 0) + number

    _sum_up(rows, period, codes, keep, parts=key is not None)
    if Adds.PEOPLE in codes:
        people = _in(rows, period).filter(indicator__in=codes[Adds.PEOPLE])
        if key is not None:
            each = people.values("key", "indicator", "person").annotate(n=Sum("value")).filter(n__gt=0).order_by()
            for name, code, number in _counted(each, "key, indicator"):
                if name:
                    keep(name, code, number)
        whole = people.values("indicator", "person").annotate(n=Sum("value")).filter(n__gt=0).order_by()
        for code, number in _counted(whole, "indicator"):
            keep(None, code, number)
    return found


def _sum_up(
    rows: QuerySet[Any], period: Period, codes: dict[Adds, list[str]], keep: Callable[..., None], *, parts: bool
) -> None:
    """Sums of the range, what stands in its last month, and what came less what left up to its end: in one pass."""
    inside = Q(indicator__in=codes.get(Adds.SUM, []), month__range=(period.first, period.last))
    standing = Q(indicator__in=codes.get(Adds.AS_OF, []), month=min(period.last, this_month()))
    until = Q(indicator__in=list(FLOWS) if Adds.OPEN in codes else [], month__lte=period.last)
    if period.is_month:
        inside &= Q(is_late=False)
        until &= ~Q(month=period.last, is_late=True)
    grouped = rows.filter(inside | standing | until).values("key", "indicator").order_by()
    grouped = grouped.annotate(n=Sum("value", filter=inside | standing), came=Sum("value", filter=until))
    for row in grouped:
        code = row["indicator"]
        for name in (row["key"], None) if parts and row["key"] else (None,):
            keep(name, code, row["n"])
            keep(name, "CASES_OPEN", (row["came"] or 0) * FLOWS.get(code, 1))


def late_differences(facts: QuerySet[Fact], period: Period) -> dict[str, int]:
    """What was found after locking in these months, by indicator; nothing where it evens out."""
    inside = facts.filter(month__range=(period.first, period.last))
    people = [item.code for item in INDICATORS if item.adds == Adds.PEOPLE]
    rows = (
        inside.filter(is_late=True)
        .exclude(indicator__in=people)
        .values_list("indicator")
        .annotate(n=Sum("value"))
        .order_by()
    )
    found = {code: number for code, number in rows if number}
    each = inside.filter(indicator__in=people).values("indicator", "person").order_by()
    each = each.annotate(n=Sum("value"), m=Coalesce(Sum("value", filter=Q(is_late=False)), 0))
    for code, changed in _counted(
        each.exclude(n__gt=0, m__gt=0).exclude(n__lte=0, m__lte=0), "indicator", "sum(sign(n - m))::int"
    ):
        found |= {code: changed} if changed else {}
    return found


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
    by: Identity, period: Period, wanted: Iterable[By], *, within: str = "", indicators: Sequence[Indicator] = TABLE
) -> dict[By, Table]:
    """The tables of several levels at once: the levels above are needed anyway to know what must be hidden."""
    asked = list(dict.fromkeys(wanted))
    facts = facts_of(by)
    directory = _Directory.read(by, period)
    hide = must_hide(by)
    levels = tuple(step for step in By if any(step in _UPWARDS[level] for level in asked)) if hide else tuple(asked)
    tables: dict[str, list[Row]] = {}
    found: Figures = {}
    for step in levels:
        found = figures(facts, period, indicators, PLACES[step])
        tables[step] = _rows_of(step, by, directory, found, indicators)
    whole = _row(WHOLE, "", _("Total"), "total", found, indicators)
    if hide:
        _hide(tables, levels, whole, indicators)
    if not within:
        late = late_differences(facts, period)
        return {
            level: Table(
                period, level, indicators, tables[level], whole, _doubles(tables[level], whole, indicators), late, hide
            )
            for level in asked
        }
    inner = facts_of(by, within=within)
    late = late_differences(inner, period)
    part = _row(WHOLE, within, _("Total"), "total", figures(inner, period, indicators), indicators)
    above = next(
        (
            row
            for step in levels
            for row in tables[step]
            if row.code.rstrip("0") == within.rstrip("0") and row.level != "centre"
        ),
        None,
    )
    for code, cell in part.cells.items():
        cell.hidden = bool(hide and (above is None or above.cells[code].hidden) and BY_CODE[code].small)
    _link(part)
    result = {}
    for level in asked:
        rows = [row for row in tables[level] if row.code.startswith(within)]
        result[level] = Table(period, level, indicators, rows, part, _doubles(rows, part, indicators), late, hide)
    return result


def by_place(
    by: Identity, period: Period, level: str, *, within: str = "", indicators: Sequence[Indicator] = TABLE
) -> Table:
    """The table of all places of one level inside `within`, cells hidden where the one who asks has no case scope."""
    return by_places(by, period, [By(level)], within=within, indicators=indicators)[By(level)]


def _hide(tables: dict[str, list[Row]], levels: Sequence[str], whole: Row, indicators: Sequence[Indicator]) -> None:
    levels = [step for step in levels if step != By.PROVINCE]  # the whole itself
    for row in tables.get(By.PROVINCE, []):
        for code, cell in row.cells.items():
            cell.hidden = BY_CODE[code].small and is_small(cell.value, settings.SMALL_CELL)
    parents = {f"{step}:{row.key}": _above(levels, step, row.parent) for step in levels for row in tables[step]}
    for item in indicators:
        if not item.small:
            continue
        values = [{f"total:{WHOLE}": whole.cells[item.code].value}]
        values += [{f"{step}:{row.key}": row.cells[item.code].value for row in tables[step]} for step in levels]
        hidden = hide_in_tree(values, parents, settings.SMALL_CELL)
        whole.cells[item.code].hidden = f"total:{WHOLE}" in hidden
        for step in levels:
            for row in tables[step]:
                row.cells[item.code].hidden = f"{step}:{row.key}" in hidden
    for row in (whole, *(row for step in tables for row in tables[step])):
        _link(row)


def _link(row: Row) -> None:
    """Accepted less closed is open: of three figures that give each other away, a hidden one takes the two lesser ones with it."""
    linked = [row.cells[code] for code in ("CASES", "CASES_CLOSED", "CASES_OPEN") if code in row.cells]
    if len(linked) > 1 and any(cell.hidden for cell in linked):
        for cell in linked[1:] if "CASES" in row.cells else linked:
            cell.hidden = True


def _above(levels: Sequence[str], step: str, parent: str) -> str:
    index = list(levels).index(step)
    return f"{levels[index - 1]}:{parent}" if index else f"total:{WHOLE}"


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
    by: Identity, period: Period, *, within: str = "", office: Any = None, indicators: Sequence[Indicator] = TABLE
) -> Table:
    """Each month for itself, as it was locked."""
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
    return _one_group(by, office, Table(period, "month", plain, rows, whole, {}, late_differences(facts, period)))


def by_dimension(
    by: Identity, period: Period, dimension: str, names: dict[str, str], *, indicators: Sequence[Indicator], within: str = "", office: Any = None,
    cut: int = 0,
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
    return _one_group(by, office, Table(period, dimension, indicators, rows, whole, {}, {}))


def _one_group(by: Identity, office: Any, table: Table) -> Table:
    table.suppressed = must_hide(by, office)
    if table.suppressed:
        for item in table.indicators:
            if not item.small:
                continue
            whole = table.whole.cells[item.code]
            whole.hidden = bool(hide_in_group({WHOLE: whole.value}, settings.SMALL_CELL))
            hidden = hide_in_group(
                {row.key: row.cells[item.code].value for row in table.rows},
                settings.SMALL_CELL,
                parent_hidden=whole.hidden,
            )
            for row in table.rows:
                row.cells[item.code].hidden = row.key in hidden
        for row in (table.whole, *table.rows):
            _link(row)
    else:
        table.doubles = _doubles(table.rows, table.whole, table.indicators)
    return table


def headline(
    by: Identity, period: Period, *, office: Any = None, within: str = "", indicators: Sequence[Indicator] = TABLE
) -> Row:
    """The figures of one place as one row."""
    found = figures(facts_of(by, within=within, office=office), period, indicators)
    row = _row(WHOLE, "", "", "total", found, indicators)
    if must_hide(by, office):
        for item in indicators:
            cell = row.cells[item.code]
            cell.hidden = item.small and bool(hide_in_group({WHOLE: cell.value}, settings.SMALL_CELL))
        _link(row)
    return row
