"""When something is due: a term of hours, days, working days or months from a moment.

Rules, from the clocks that the domain keeps as data:

- hours are exact, by day and night; the two switches below do not touch them;
- days (日) and months end at the end of their last day in Shanghai (23:59:59);
- `exclude_first_day` starts the count on the day after the event, as courts (民事诉讼法 85) and the Civil Code (民法典 201)
  do: three days from Monday end on Thursday. Without it the day of the event is the first of them: Wednesday;
- `roll_past_holidays` moves a last day that is not worked to the next working day (民事诉讼法 85, 民法典 203);
- working days always start on the day after the event and end with the working day.
"""

import calendar as month_lengths
import datetime as dt
import enum
from dataclasses import dataclass
from typing import Final

from core.clock import SHANGHAI
from core.workdays import Calendar, local_date

_LAST_SECOND: Final = dt.time(23, 59, 59)


class Unit(enum.StrEnum):
    """What a term counts; the value is what the database keeps."""

    HOURS = "h"
    DAYS = "d"
    WORKDAYS = "w"
    MONTHS = "m"


@dataclass(frozen=True, slots=True)
class Term:
    """A length of at least one, in its unit."""

    length: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.length < 1:
            raise ValueError("a term has at least one unit")


def due_at(
    start: dt.datetime,
    term: Term,
    calendar: Calendar,
    *,
    exclude_first_day: bool = False,
    roll_past_holidays: bool = False,
) -> dt.datetime:
    """When the term is over, in UTC. Raises ValueError for a naive `start`, NoWorkday."""
    first = local_date(start)
    if term.unit is Unit.HOURS:
        return (start + dt.timedelta(hours=term.length)).astimezone(dt.UTC)
    if term.unit is Unit.WORKDAYS:
        return calendar.add_workdays(start, term.length)
    last = _last_day(first, term, exclude_first_day=exclude_first_day)
    return _end_of(calendar.workday_from(last) if roll_past_holidays else last)


def _last_day(first: dt.date, term: Term, *, exclude_first_day: bool) -> dt.date:
    if term.unit is Unit.DAYS:
        return first + dt.timedelta(days=term.length if exclude_first_day else term.length - 1)
    return _months_later(first, term.length, exclude_first_day=exclude_first_day)


def _months_later(first: dt.date, months: int, *, exclude_first_day: bool) -> dt.date:
    """The corresponding day, in a shorter month its last (民法典 202); the day before it when the first day counts."""
    year, month0 = divmod(first.year * 12 + first.month - 1 + months, 12)
    length = month_lengths.monthrange(year, month0 + 1)[1]
    day = first.day if exclude_first_day else first.day - 1
    if day == 0:
        return dt.date(year, month0 + 1, 1) - dt.timedelta(days=1)
    return dt.date(year, month0 + 1, min(day, length))


def _end_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, _LAST_SECOND, tzinfo=SHANGHAI).astimezone(dt.UTC)
