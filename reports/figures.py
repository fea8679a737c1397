"""Figures of a range of months, read from facts alone.

Sums are summed, people are counted as different pseudonyms in each cell and once in the whole; what stands as of a day is taken from the
last month. A single month leaves out what was found after it was locked; a longer range is cumulative and takes it in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, CharField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, Left

from core.identity import Identity
from reports.enums import By
from reports.indicators import FLOWS, INDICATORS, Adds, Indicator
from reports.models import Fact
from reports.periods import Period, this_month

Figures = dict[str, dict[str, int]]  # value of the row's key -> indicator -> figure

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


@dataclass(slots=True)
class Found:
    """Figures read: of everything together, and by the values of each key that was asked for."""

    whole: dict[str, int] = field(default_factory=dict)
    by: dict[str, Figures] = field(default_factory=dict)

    def keep(self, name: str | None, value: str | None, code: str, number: int | None) -> None:
        """Add to the whole (`name` is None) or to one row; a row without a value is nobody's."""
        if not number or (name is not None and not value):
            return
        row = self.whole if name is None else self.by[name].setdefault(str(value), {})
        row[code] = row.get(code, 0) + number


def figures(facts: QuerySet[Fact], period: Period, indicators: Iterable[Indicator]) -> dict[str, int]:
    """Figures of all these facts together."""
    return figures_by(facts, period, indicators, {}).whole


def figures_by(
    facts: QuerySet[Fact], period: Period, indicators: Iterable[Indicator], keys: Mapping[str, Any]
) -> Found:
    """Figures by each of `keys` (expressions over facts) for itself, and the whole.

    One query for all that is summed and one for all that counts people, whatever the number of keys and rows.
    """
    found = Found(by={name: {} for name in keys})
    codes: dict[Adds, list[str]] = {}
    for item in indicators:
        codes.setdefault(item.adds, []).append(item.code)
    if codes.keys() - {Adds.PEOPLE}:
        for name, value, code, number, came in _sums(facts, period, codes, keys):
            found.keep(name, value, code, number)
            found.keep(name, value, "CASES_OPEN", (came or 0) * FLOWS.get(code, 1))
    if Adds.PEOPLE in codes:
        people = _in(facts, period).filter(indicator__in=codes[Adds.PEOPLE])
        for name, value, code, number in _people(people, keys):
            found.keep(name, value, code, number)
    return found


def _sums(facts: QuerySet[Fact], period: Period, codes: dict[Adds, list[str]], keys: Mapping[str, Any]) -> list[Any]:
    """Sums of the range, what stands in its last month, and what came less what left up to its end: in one pass."""
    inside = Q(indicator__in=codes.get(Adds.SUM, []), month__range=(period.first, period.last))
    standing = Q(indicator__in=codes.get(Adds.AS_OF, []), month=min(period.last, this_month()))
    until = Q(indicator__in=list(FLOWS) if Adds.OPEN in codes else [], month__lte=period.last)
    if period.is_month:
        inside &= Q(is_late=False)
        until &= ~Q(month=period.last, is_late=True)
    rows = facts.filter(inside | standing | until).annotate(
        n=Case(When(inside | standing, then="value"), default=0), came=Case(When(until, then="value"), default=0)
    )
    return _grouped(rows, keys, ["n", "came"], "indicator, sum(n)::bigint, sum(came)::bigint", "indicator")


def _people(people: QuerySet[Fact], keys: Mapping[str, Any]) -> list[Any]:
    """How many different people each row has: who was taken back counts no more."""
    return _grouped(people, keys, ["person", "value"], "indicator, person", "indicator, person", counted=True)


def _grouped(
    rows: QuerySet[Any], keys: Mapping[str, Any], columns: list[str], shown: str, by: str, *, counted: bool = False
) -> list[Any]:
    """Rows grouped by each key for itself and once without any: (the key's name or None, its value, what is `shown`).

    With `counted`: how many of the groups there are whose values do not even out, by indicator.
    """
    names = [f"key_{number}" for number in range(len(keys))]
    asked = rows.annotate(**dict(zip(names, keys.values(), strict=True))).values("indicator", *columns, *names)
    try:
        sql, params = asked.order_by().query.sql_with_params()
    except EmptyResultSet:  # who sees no office asks nothing
        return []
    # Of each group: which keys it is not grouped by, as bits, the last key lowest. There is always a whole.
    which = f"grouping({', '.join(names)})" if names else "0"
    value = f"coalesce({', '.join(names)}, NULL)" if names else "NULL"
    sets = ", ".join(f"({by}, {name})" for name in names) + (", " if names else "") + f"({by})"
    having = "HAVING sum(value) > 0" if counted else ""
    query = f"SELECT {which} AS which, {value} AS value, {shown} FROM ({sql}) AS facts GROUP BY GROUPING SETS ({sets}) {having}"  # noqa: S608 -- our own names
    if counted:
        query = f"SELECT which, value, indicator, count(*) FROM ({query}) AS people GROUP BY which, value, indicator"  # noqa: S608 -- our own names
    every = (1 << len(names)) - 1
    labels: dict[int, str | None] = {every & ~(1 << len(names) - 1 - at): name for at, name in enumerate(keys)}
    labels[every] = None  # without keys both are 0: the whole
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return [(labels[row[0]], *row[1:]) for row in cursor.fetchall()]


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
    try:
        sql, params = each.exclude(n__gt=0, m__gt=0).exclude(n__lte=0, m__lte=0).query.sql_with_params()
    except EmptyResultSet:  # who sees no office asks nothing
        return found
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT indicator, sum(sign(n - m))::int FROM ({sql}) AS people GROUP BY indicator", params)  # noqa: S608 -- our own names
        return found | {code: changed for code, changed in cursor.fetchall() if changed}
