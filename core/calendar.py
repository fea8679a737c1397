"""The table of working days: filled from the `holidays` package, corrected year by year from the State Council's notice.

A year counts as published when one of its rows does. Due times that have been set stay as they are: what changes is counted from then on.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from core.models.workday import WorkDay
from core.workdays import seed_days, seed_is_published

KINDS = {"holiday": False, "workday": True}
NAMES = {False: "节假日", True: "调休上班"}


class CalendarError(ValueError):
    """What a file says cannot be a year's notice; the text says why and where."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day that is not what its weekday says."""

    day: dt.date
    is_workday: bool
    name: str


def is_published(year: int) -> bool:
    """Whether the year's notice has been entered."""
    return WorkDay.objects.filter(day__year=year, published=True).exists()


def known_days(year: int) -> list[Day]:
    """What the package says of a year, with the days of the December before that are worked for its New Year."""
    before = [found for found in seed_days(year - 1) if found[0].month == 12 and found[1]]
    return [Day(*found) for found in (*before, *seed_days(year))]


def read_days(year: int, lines: Iterable[str]) -> list[Day]:
    """Days from a CSV file with the columns day, kind (holiday, workday) and, if wanted, name. Raises CalendarError."""
    found: dict[dt.date, Day] = {}
    rows = csv.DictReader(lines)
    if not {"day", "kind"} <= set(rows.fieldnames or ()):
        raise CalendarError("the first line names the columns: day,kind")
    for row in rows:
        one = _day(year, row, rows.line_num)
        if one.day in found:
            raise CalendarError(f"line {rows.line_num}: {one.day} stands there twice")
        found[one.day] = one
    if not any(one.day.year == year and not one.is_workday for one in found.values()):
        raise CalendarError(f"no holiday of {year}")
    return list(found.values())


def _day(year: int, row: dict[str, str], line: int) -> Day:
    try:
        day = dt.date.fromisoformat((row["day"] or "").strip())
    except ValueError:
        raise CalendarError(f"line {line}: not a day (2027-02-06)") from None
    kind = (row["kind"] or "").strip()
    if kind not in KINDS:
        raise CalendarError(f"line {line}: the kind is holiday or workday")
    if day.year != year and not (day.year == year - 1 and day.month == 12):
        raise CalendarError(f"line {line}: {day} is not of {year}, nor of the December before")
    if KINDS[kind] and day.weekday() < 5:
        raise CalendarError(f"line {line}: {day} is worked anyway; a make-up day is a Saturday or Sunday")
    return Day(day, KINDS[kind], (row.get("name") or "").strip()[:64] or NAMES[KINDS[kind]])


def replace_year(year: int, days: Iterable[Day], *, published: bool) -> int:
    """Put these days in the place of the year's; days of the December before are added to theirs. Returns how many were written."""
    rows = [WorkDay(day=one.day, is_workday=one.is_workday, name=one.name[:64], published=published) for one in days]
    with transaction.atomic():
        WorkDay.objects.filter(day__year=year).delete()
        WorkDay.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["day"], update_fields=["is_workday", "name", "published"]
        )
    return len(rows)


def refresh_year(year: int) -> int:
    """Fill a year that is not there, and one that was computed once its notice is in the package; what was published stays.

    Returns how many rows were written.
    """
    known = seed_is_published(year)
    if is_published(year) or (not known and WorkDay.objects.filter(day__year=year).exists()):
        return 0
    return replace_year(
        year, known_days(year) if known else [Day(*found) for found in seed_days(year)], published=known
    )
