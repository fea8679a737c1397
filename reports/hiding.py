"""Which cells are hidden from those without case scope: of one month, and of a range of months.

The tree of places is judged month by month from the first fact on, so that a page, an export and the interface hide the same cells, and no
difference between two of them, or between two ranges, tells a small one (see `reports.suppression`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast, Concat

from agencies.models import Office
from reports.enums import By
from reports.figures import Figures, figures
from reports.indicators import BY_CODE, FLOWS, Adds, Indicator
from reports.models import Fact
from reports.periods import FIRST_YEAR, Period
from reports.suppression import Levels, Month, Walk, hide_in_tree

TOTAL = "total:"
Keys = dict[str, set[str]]  # by indicator or by month: names of nodes


def node(step: str, key: str) -> str:
    """The name of a part in the tree."""
    return f"{step}:{key}"


class History:
    """The figures of a tree, each month for itself as it was locked, up to the end of a range."""

    def __init__(
        self, facts: QuerySet[Fact], period: Period, indicators: Iterable[Indicator], steps: Mapping[str, Any]
    ) -> None:  # fmt: skip
        """`steps`: of each level below the total, in order, the expression over facts that names its parts."""
        self.period = period
        items = {item.code: item for item in indicators if item.small and item.adds != Adds.AS_OF}
        self._opens = "CASES_OPEN" in items
        if self._opens:  # what it is made of
            items |= {code: BY_CODE[code] for code in FLOWS}
        codes = [code for code in items if code != "CASES_OPEN"]
        locked = facts.filter(is_late=False)
        reach = Period(dt.date(FIRST_YEAR, 1, 1), period.last)
        month = Cast("month", CharField())
        read = [items[code] for code in codes]
        keys = {"total": Concat(month, Value("|"))} | {
            step: Concat(month, Value("|"), key) for step, key in steps.items()
        }
        found = {step: figures(locked, reach, read, key, whole=False) for step, key in keys.items()} if read else {}
        self.months = sorted({key[:10] for rows in found.values() for key in rows if key})
        self.parents = _parents(found, list(steps))
        self._levels = _by_month(found, self.months, codes)
        self._held: Keys = {}
        if self._opens and FLOWS.keys() <= self._levels.keys():
            self._held = {
                month: hide_in_tree(levels, self.parents, settings.SMALL_CELL) for month, levels in self._open().items()
            }

    def _open(self) -> dict[str, Levels]:
        """What was open at the end of each month: what had come, less what had left."""
        result: dict[str, Levels] = {}
        sums: list[dict[str, int]] = []
        for month in self.months:
            sums = [dict(level) for level in sums] or [{} for _ in self._levels["CASES"][month]]
            for code, sign in FLOWS.items():
                for total, came in zip(sums, self._levels[code][month], strict=True):
                    for key, value in came.items():
                        total[key] = total.get(key, 0) + sign * value
            result[month] = sums
        return result

    def _walk(self, code: str, also: Keys) -> list[Month]:
        first, last = self.period.first.isoformat(), self.period.last.isoformat()
        # A small number of open cases is what came less what left: what left is not told where that would tell it.
        held = self._held if code == "CASES_CLOSED" else {}
        return [
            Month(
                levels, inside=first <= month <= last, forced=held.get(month, set()) | also.get(month, set()),
                unfinished=held.get(month, set()),
            )
            for month, levels in self._levels[code].items()
        ]  # fmt: skip

    def hidden(self, code: str, also: Keys | None = None) -> Keys:
        """By month the parts that are hidden; `also` those that are for another reason."""
        walk = Walk(self._walk(code, also or {}), self.parents, settings.SMALL_CELL)
        return dict(zip(self.months, walk.hidden, strict=True))

    def cut(self, also: Mapping[str, Keys] | None = None) -> Keys:
        """By indicator the parts whose figure of the range would, less others, give a hidden month away."""
        result: Keys = {}
        for code in self._levels:
            months = self._walk(code, (also or {}).get(code, {}))
            result[code] = Walk(months, self.parents, settings.SMALL_CELL).cut
            if self._opens and code in FLOWS:
                since = [replace(month, inside=True) for month in months]
                result.setdefault("CASES_OPEN", set()).update(Walk(since, self.parents, settings.SMALL_CELL).cut)
        return result


def _by_month(found: Mapping[str, Figures], months: list[str], codes: list[str]) -> dict[str, dict[str, Levels]]:
    """By indicator and month the levels of the tree."""
    result: dict[str, dict[str, list[dict[str, int]]]] = {
        code: {month: [{} for _ in found] for month in months} for code in codes
    }
    for depth, (step, rows) in enumerate(found.items()):
        for key, cells in rows.items():
            for code, value in cells.items() if key else ():
                result[code][key[:10]][depth][node(step, key[11:])] = value
    return {code: dict(levels) for code, levels in result.items()}


def _parents(found: Mapping[str, Figures], steps: list[str]) -> dict[str, str]:
    regions: dict[str, str] = {}
    if By.CENTRE in steps:
        regions = {str(pk): region[:6] for pk, region in Office.objects.values_list("pk", "region_id")}
    parents = {}
    for index, step in enumerate(steps):
        above = steps[index - 1] if index else ""
        for key in {key[11:] for key in found.get(step, {}) if key}:
            inner = regions.get(key, "") if step == By.CENTRE else key[:4] + "00"
            parents[node(step, key)] = node(above, inner) if above else TOTAL
    return parents
