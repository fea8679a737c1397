"""Which cells are hidden from those without case scope: of one month, and of a range of months.

The tree of places is judged month by month from the first fact on, so that a page, an export and the interface hide the same cells, and no
difference between two of them, or between two ranges, tells a small one (see `reports.suppression`).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast, Concat

from agencies.models import Office
from reports.enums import By
from reports.figures import Found, figures_by
from reports.indicators import BY_CODE, FLOWS, Adds, Indicator
from reports.models import Fact
from reports.periods import FIRST_YEAR, Period
from reports.suppression import Levels, Month, Walk, Year, hide_in_tree, is_small

TOTAL = "total:"
Keys = dict[str, set[str]]  # by month: names of nodes
Steps = Mapping[str, Any]  # of each level below the total, in order, the expression over facts that names its parts


def node(step: str, key: str) -> str:
    """The name of a part in the tree."""
    return f"{step}:{key}"


class History:
    """The figures of a tree, each month for itself as it was locked, up to a last month."""

    def __init__(self, parents: dict[str, str], months: Mapping[str, Mapping[str, Levels]]) -> None:
        """`parents` of all parts but the total; `months`: by indicator and month the levels of the tree."""
        self.parents = parents
        self._levels = dict(months)
        self._walks: dict[str, Walk] = {}
        self._held: Keys = {}
        self._opens = FLOWS.keys() <= self._levels.keys()
        if self._opens:
            self._levels["CASES_OPEN"] = _open(self._levels)
            self._held = {
                month: hide_in_tree(levels, parents, settings.SMALL_CELL)
                for month, levels in self._levels["CASES_OPEN"].items()
            }

    @classmethod
    def read(cls, facts: QuerySet[Fact], last: dt.date, indicators: Iterable[Indicator], steps: Steps) -> History:
        """The history of one tree."""
        return read_histories(facts, last, indicators, {"": steps})[""]

    def month(self, month: dt.date, code: str) -> Levels:
        """The figures of one month, level by level; nothing where there were none."""
        return self._levels.get(code, {}).get(month.isoformat(), ())

    def _walk(self, code: str, also: Keys) -> Walk:
        if code not in self._walks or also:
            # A small number of open cases is what came less what left: what left is not told where that would tell it.
            held = self._held if code == "CASES_CLOSED" else {}
            months = [
                Month(
                    levels, {*held.get(month, ()), *also.get(month, ())}, held.get(month, ()), int(month[:4]), ends_quarter=int(month[5:7]) % 3 == 0
                )
                for month, levels in self._levels.get(code, {}).items()
            ]  # fmt: skip
            walk = Walk(months, self.parents, settings.SMALL_CELL, judge=_remembered)
            if also:
                return walk
            self._walks[code] = walk
        return self._walks[code]

    def hidden(self, code: str, period: Period | None = None) -> Keys:
        """By month the parts that are hidden, in the years that a range touches; in all of them without one."""
        months = list(self._levels.get(code, {}))
        inside = self._inside(code, period) if period else list(range(len(months)))
        found = self._walk(code, {}).hidden(inside[0], inside[-1]) if inside else {}
        return {months[index]: keys for index, keys in found.items()}

    def _inside(self, code: str, period: Period) -> list[int]:
        """Which of the months of an indicator lie in a range."""
        first, last = period.first.isoformat(), period.last.isoformat()
        return [index for index, month in enumerate(self._levels.get(code, {})) if first <= month <= last]

    def hide(
        self,
        period: Period,
        code: str,
        levels: Levels,
        *,
        parents: Mapping[str, str] | None = None,
        also: Keys | None = None,
        forced: Collection[str] = (),
    ) -> set[str]:
        """The parts to hide in a range that ends with the last month and whose figures are `levels`.

        `parents` where there are parts that no month has; hidden for another reason: `also` in a month, `forced` in the range.
        """
        every = {*self._cut(period, code, also or {}), *forced}
        return hide_in_tree(levels, self.parents if parents is None else parents, settings.SMALL_CELL, forced=every)

    def _tells_open(self) -> bool:
        """Whether what is open in the whole tree would, less what was shown before, give a hidden figure of it away.

        Two months' open cases differ by what came and left between them. So it is shown only when nothing was hidden since it was shown last, or
        cells of several flows, or several whose sum names nobody. (Of the parts this does not hold: theirs add up to the whole.)
        """
        months = list(self._levels["CASES_OPEN"])
        hidden = {flow: self.hidden(flow) for flow in FLOWS}
        since: list[tuple[str, int]] = []
        for month in months:
            since += [
                (flow, self._levels[flow][month][0].get(TOTAL, 0)) for flow in FLOWS if TOTAL in hidden[flow][month]
            ]
            values = [value for _flow, value in since]
            if len({flow for flow, _value in since}) > 1 or (
                len(values) > 1 and not is_small(sum(values), settings.SMALL_CELL)
            ):
                since = []
        return bool(since)

    def _cut(self, period: Period, code: str, also: Keys) -> set[str]:
        """The parts whose figure of the range would, less others, give a hidden month away."""
        if code == "CASES_OPEN":  # everything that came, less everything that left
            flows = FLOWS if self._opens else ()
            cut = set[str]().union(*(self._walk(flow, {}).cut(0, len(self._levels[flow]) - 1) for flow in flows))
            return cut if self._opens and self._tells_open() else cut - {TOTAL}
        inside = self._inside(code, period)
        return self._walk(code, also).cut(inside[0], inside[-1]) if inside else set()


def read_histories(
    facts: QuerySet[Fact], last: dt.date, indicators: Iterable[Indicator], trees: Mapping[str, Steps]
) -> dict[str, History]:
    """The histories of several trees over the same facts, up to the month `last`, read at once."""
    items = {item.code: item for item in indicators if item.small and item.adds != Adds.AS_OF}
    if "CASES_OPEN" in items:  # what it is made of
        items = {code: item for code, item in items.items() if code != "CASES_OPEN"} | {
            code: BY_CODE[code] for code in FLOWS
        }
    month = Cast("month", CharField())
    keys = {"total": Concat(month, Value("|"))} | {
        f"{name}/{step}": Concat(month, Value("|"), key) for name, steps in trees.items() for step, key in steps.items()
    }
    until = Period(dt.date(FIRST_YEAR, 1, 1), last)
    found = (
        figures_by(facts.filter(is_late=False), until, items.values(), keys)
        if items
        else Found(by={key: {} for key in keys})
    )
    result = {}
    for name, steps in trees.items():
        levels = {"total": found.by["total"]} | {step: found.by[f"{name}/{step}"] for step in steps}
        result[name] = History(_parents({step: levels[step] for step in steps}), _by_month(levels, list(items), last))
    return result


def _remembered(months: Sequence[Month], parents: Mapping[str, str], k: int) -> Year:
    """What a year hides follows from its figures alone: this process works it out once for the same ones."""
    figures = [
        (*(hash(frozenset(level.items())) for level in month.levels), hash(frozenset(month.forced)), hash(frozenset(month.unfinished)),
         month.ends_quarter)
        for month in months
    ]  # fmt: skip
    key = hashlib.blake2b(repr((figures, hash(frozenset(parents.items())), k)).encode()).hexdigest()
    year: Year | None = caches["process"].get(key)
    if year is None:
        year = Year(months, parents, k)
        caches["process"].set(key, year)
    return year


def _by_month(
    levels: Mapping[str, Mapping[str, dict[str, int]]], codes: list[str], last: dt.date
) -> dict[str, dict[str, Levels]]:
    """By indicator and month the levels of the tree; all months from the first in which there is anything, in order."""
    first = min((key[:10] for rows in levels.values() for key in rows), default="")
    months = [f"{month}" for month in Period(dt.date.fromisoformat(first), last).months()] if first else []
    result: dict[str, dict[str, list[dict[str, int]]]] = {
        code: {month: [{} for _ in levels] for month in months} for code in codes
    }
    for depth, (step, rows) in enumerate(levels.items()):
        for key, cells in rows.items():
            for code, value in cells.items():
                result[code][key[:10]][depth][node(step, key[11:])] = value
    return {code: dict(found) for code, found in result.items()}


def _open(levels: Mapping[str, Mapping[str, Levels]]) -> dict[str, Levels]:
    """What was open at the end of each month: what had come, less what had left."""
    result: dict[str, Levels] = {}
    sums: list[dict[str, int]] = []
    for month, came_in in levels["CASES"].items():
        sums = [dict(level) for level in sums] or [{} for _ in came_in]
        for code, sign in FLOWS.items():
            for total, came in zip(sums, levels[code][month], strict=True):
                for key, value in came.items():
                    total[key] = total.get(key, 0) + sign * value
        result[month] = sums
    return result


def _parents(levels: Mapping[str, Iterable[str]]) -> dict[str, str]:
    steps = list(levels)
    regions: dict[str, str] = {}
    if By.CENTRE in steps:
        regions = {str(pk): region[:6] for pk, region in Office.objects.values_list("pk", "region_id")}
    parents = {}
    for index, step in enumerate(steps):
        above = steps[index - 1] if index else ""
        for key in {key[11:] for key in levels[step]}:
            inner = regions.get(key, "") if step == By.CENTRE else key[:4] + "00"
            parents[node(step, key)] = node(above, inner) if above else TOTAL
    return parents
