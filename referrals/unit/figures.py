"""A unit's own figures: what came, what became of it, how long it took.

Counted from the unit's own letters alone, by the month in which each was sent, whatever happened to it later. They name no case and no
person; and since every letter is the unit's own, single letters need not be hidden from it (the figures of units below are: see `below`).
A letter that was passed on counts where it is now. How times and shares are counted stands in `referrals.courses`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from agencies.models import Unit
from cases.services import clocks
from core import clock
from core.months import shift
from referrals.courses import Course, Line, line


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
