"""A unit's own figures: what came, what became of it, how long it took.

Counted from the unit's own letters alone, by the month in which each was sent, whatever happened to it later. They name no case and no
person; and since every letter is the unit's own, single letters need not be hidden from it (the figures of units below are: see `below`).
A letter that was passed on counts where it is now. Times are those of the house's clock: hours without those of days that are not worked,
and working days as terms count them, the day of sending not counted.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from django.db import connection

from agencies.models import Unit
from cases.services import clocks
from core import clock
from core.workdays import Calendar
from referrals.enums import DeclineReason, ReferralStatus, Result


@dataclass(frozen=True, slots=True)
class Course:
    """One letter's course."""

    sent_at: dt.datetime
    accept_due_at: dt.datetime
    accepted_at: dt.datetime | None
    answer_due_at: dt.datetime
    responded_at: dt.datetime | None
    status: str
    decline_reason: str
    result: str

    @property
    def was_ignored(self) -> bool:
        """Closed by the centre as not answered."""
        return self.result == Result.NO_ANSWER


@dataclass(frozen=True, slots=True)
class Span:
    """How long something took: the middle one, and what nine of ten did not exceed; None where there was none."""

    middle: float | None = None
    nine_of_ten: float | None = None

    @classmethod
    def of(cls, values: Sequence[float]) -> Span:
        """Of all that happened; the 90th percentile by the nearest rank."""
        if not values:
            return cls()
        return cls(median(values), sorted(values)[math.ceil(0.9 * len(values)) - 1])


@dataclass(frozen=True, slots=True)
class Share:
    """How many of those whose term has been kept or missed kept it."""

    kept: int = 0
    of: int = 0

    @property
    def percent(self) -> int | None:
        """Rounded; None where there is nothing to count."""
        return round(100 * self.kept / self.of) if self.of else None


@dataclass(frozen=True, slots=True)
class Line:
    """One month, or all of them."""

    month: dt.date | None
    received: int = 0
    accepted: int = 0
    declined: dict[str, int] = field(default_factory=dict)
    answered: int = 0
    recalled: int = 0
    ignored: int = 0
    to_accept: Span = Span()  # hours
    to_answer: Span = Span()  # working days
    accepted_in_time: Share = Share()
    answered_in_time: Share = Share()

    @property
    def refusals(self) -> int:
        """All that were declined."""
        return sum(self.declined.values())

    @property
    def reasons(self) -> list[tuple[Any, int]]:
        """Why, the most frequent first."""
        ordered = sorted(self.declined.items(), key=lambda pair: (-pair[1], pair[0]))
        return [(DeclineReason(code).label, number) for code, number in ordered]


def shift(month: dt.date, by: int) -> dt.date:
    """The month that lies `by` months later (earlier when negative)."""
    index = month.year * 12 + month.month - 1 + by
    return dt.date(index // 12, index % 12 + 1, 1)


def courses(unit: Unit, first: dt.date, last: dt.date) -> list[Course]:
    """The letters sent to a unit from one month to another, both included. One query over the unit's own index."""
    end = shift(last, 1)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sent_at, accept_due_at, accepted_at, answer_due_at, responded_at, status, decline_reason, result"
            " FROM caremgmt_unit_letters(%s::integer, %s, %s)",
            [unit.group_id, clock.month_start(first.year, first.month), clock.month_start(end.year, end.month)],
        )
        return [Course(*row) for row in cursor.fetchall()]


def by_month(found: Sequence[Course], first: dt.date, last: dt.date) -> tuple[list[Line], Line]:
    """A line for each month of the range, an explicit zero where nothing came, and one for all of it."""
    calendar, now = clocks.calendar(), clock.now()
    lines, month = [], first
    while month <= last:
        of_it = [row for row in found if clock.local(row.sent_at).date().replace(day=1) == month]
        lines.append(line(of_it, calendar, now, month))
        month = shift(month, 1)
    return lines, line(found, calendar, now, None)


def line(rows: Sequence[Course], calendar: Calendar, now: dt.datetime, month: dt.date | None) -> Line:
    """The figures of some letters."""
    accepted = [row.accepted_at for row in rows if row.accepted_at is not None]
    return Line(
        month=month, received=len(rows), accepted=len(accepted),
        declined=dict(Counter(row.decline_reason for row in rows if row.decline_reason)),
        answered=sum(row.responded_at is not None for row in rows),
        recalled=sum(row.status == ReferralStatus.RECALLED for row in rows), ignored=sum(row.was_ignored for row in rows),
        to_accept=Span.of([calendar.hours_between(row.sent_at, row.accepted_at) for row in rows if row.accepted_at]),
        to_answer=Span.of([calendar.workdays_between(row.sent_at, row.responded_at) for row in rows if row.responded_at]),
        accepted_in_time=_accepted_in_time(rows, now), answered_in_time=_answered_in_time(rows, now),
    )  # fmt: skip


def _accepted_in_time(rows: Sequence[Course], now: dt.datetime) -> Share:
    """Of those accepted, and those that should have been by now; what was declined, recalled or answered by telephone had no acceptance."""
    kept = sum(row.accepted_at is not None and row.accepted_at <= row.accept_due_at for row in rows)
    late = sum(row.accepted_at is not None and row.accepted_at > row.accept_due_at for row in rows)
    owed = sum(
        row.accepted_at is None and (row.was_ignored or (row.status == ReferralStatus.SENT and row.accept_due_at < now)) for row in rows
    )  # fmt: skip
    return Share(kept, kept + late + owed)


def _answered_in_time(rows: Sequence[Course], now: dt.datetime) -> Share:
    """Of those answered, and those accepted that should have been answered by now."""
    kept = sum(row.responded_at is not None and row.responded_at <= row.answer_due_at for row in rows)
    late = sum(row.responded_at is not None and row.responded_at > row.answer_due_at for row in rows)
    owed = sum(
        row.responded_at is None and (row.was_ignored or (row.status == ReferralStatus.ACCEPTED and row.answer_due_at < now)) for row in rows
    )  # fmt: skip
    return Share(kept, kept + late + owed)


@dataclass(frozen=True, slots=True)
class Below:
    """One unit below: by quarter how many letters, and how many were answered in time; None is not told (`caremgmt_units_below`)."""

    unit: Unit
    cells: list[tuple[int | None, int | None]]


def below(unit: Unit) -> tuple[list[dt.date], list[Below]]:
    """The units below in the tree, for the four quarters that are over; the small ones are not told, in the database already."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT unit_id, quarter, received, in_time FROM caremgmt_units_below(%s::integer)", [unit.group_id]
        )
        cells = {(unit_id, quarter): (received, in_time) for unit_id, quarter, received, in_time in cursor.fetchall()}
    quarters = sorted({quarter for _unit, quarter in cells})
    units = Unit.objects.filter(pk__in={unit_id for unit_id, _quarter in cells}).order_by("region_id", "kind", "name")
    return quarters, [Below(each, [cells[each.pk, quarter] for quarter in quarters]) for each in units]
