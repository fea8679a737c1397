"""Figures of a range of months, read from facts alone.

Sums are summed, people are counted as different pseudonyms in each cell and once in the whole; what stands as of a day is taken from the
last month. A single month leaves out what was found after it was locked; a longer range is cumulative and takes it in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import CharField, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, Coalesce, Concat, Left

from core.identity import Identity
from reports.enums import By
from reports.indicators import FLOWS, INDICATORS, Adds, Indicator
from reports.models import Fact
from reports.periods import Period, this_month

Figures = dict[str, dict[str, int]]  # key of the cell's row -> indicator -> figure
WHOLE = ""

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


def figures(
    facts: QuerySet[Fact], period: Period, indicators: Iterable[Indicator], key: Any = None, *, whole: bool = True
) -> Figures:
    """Figures by `key` (an expression over facts; none for the whole alone), the whole under "".

    One query for all that is summed, two for all that counts people (one without a key, or without the `whole` of them), whatever the number
    of rows.
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
        if whole or key is None:
            all_of_them = people.values("indicator", "person").annotate(n=Sum("value")).filter(n__gt=0).order_by()
            for code, number in _counted(all_of_them, "indicator"):
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
