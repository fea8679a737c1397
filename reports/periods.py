"""Months: the first day stands for the whole month."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core import clock
from core.errors import DomainError
from core.months import shift

FIRST_YEAR, LAST_YEAR = 2015, 2200
_WRITTEN = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


def first_of(day: dt.date) -> dt.date:
    """The month of `day`."""
    return day.replace(day=1)


def starts(month: dt.date) -> dt.datetime:
    """The month's first instant, Shanghai midnight."""
    return clock.month_start(month.year, month.month)


def last_day(month: dt.date) -> dt.date:
    """The month's last day."""
    return shift(month, 1) - dt.timedelta(days=1)


def this_month() -> dt.date:
    """The running month."""
    return first_of(clock.today())


def is_over(month: dt.date) -> bool:
    """Whether the month has ended in Shanghai."""
    return month < this_month()


def parse_month(text: str, field: str) -> dt.date:
    """A month written as 2022-11. Raises DomainError naming `field`: bad_month, month_out_of_range."""
    match = _WRITTEN.fullmatch(text.strip())
    if match is None:
        raise DomainError("bad_month", _("Write a month as 2022-11."), field=field)
    if not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
        raise _out_of_range(field)
    return dt.date(int(match[1]), int(match[2]), 1)


def _out_of_range(field: str) -> DomainError:
    """No figures are that old, and none are of months that have not begun."""
    said = _("There are figures from %(first)s to %(last)s: choose a month among these.")
    return DomainError(
        "month_out_of_range", said % {"first": f"{FIRST_YEAR}-01", "last": f"{this_month():%Y-%m}"}, field=field
    )


@dataclass(frozen=True, slots=True)
class Period:
    """Whole months from `first` to `last`, both included."""

    first: dt.date
    last: dt.date

    @classmethod
    def read(cls, first: str, last: str) -> Period:
        """From two written months, of which the first has begun. Raises DomainError: bad_month, month_out_of_range, range_backwards, range_too_long."""
        period = cls(parse_month(first, "from"), parse_month(last, "to"))
        if period.last < period.first:
            raise DomainError("range_backwards", _("The last month is before the first one."), field="to")
        if period.first > this_month():
            raise _out_of_range("from")
        if period.length > 600:
            raise DomainError("range_too_long", _("This range is too long."), field="to")
        return period

    @property
    def length(self) -> int:
        """How many months."""
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    @property
    def is_month(self) -> bool:
        """Whether it is one month."""
        return self.first == self.last

    def months(self) -> Iterator[dt.date]:
        """All months in order."""
        month = self.first
        while month <= self.last:
            yield month
            month = shift(month, 1)

    @property
    def to_quarter(self) -> Period | None:
        """The range up to the last quarter's end in it, or the year before one that has just begun; None where it ends with a quarter or has none."""
        if not self.last.month % 3:
            return None
        end = shift(self.last, -(self.last.month % 3))
        if end >= self.first:
            return Period(self.first, end)
        whole_year = end.month == 12 and self.first.month == 1
        return Period(shift(self.first, -12), end) if whole_year else None

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}" if self.is_month else f"{self.first:%Y-%m} – {self.last:%Y-%m}"


def month_period(month: dt.date) -> Period:
    """One month as a period."""
    return Period(month, month)
