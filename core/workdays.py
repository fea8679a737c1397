"""Working days of China: weekends, statutory holidays, and the make-up working days (调休) of the State Council's notices.

`Calendar` is pure; its overrides come from the table of core/calendar.py, which is filled from the `holidays` package (`seed_days`) or a file. Days are
days in Asia/Shanghai; moments come and go as aware datetimes, out in UTC. Office hours are not considered: a term in
working days ends at the end of the last working day (18:00 unless set otherwise).
"""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from holidays import country_holidays
from holidays.countries.china import ChinaStaticHolidays

from core.clock import SHANGHAI

END_OF_WORKING_DAY: Final = dt.time(18, 0)
_MAX_REST_DAYS: Final = 366


class NoWorkday(ValueError):
    """A year without a working day: the calendar table is wrong, and looking on would never end."""


class Calendar:
    """Which days are worked. A day without an override is worked unless it is a Saturday or Sunday."""

    def __init__(
        self,
        overrides: Mapping[dt.date, bool],
        *,
        end_of_day: dt.time = END_OF_WORKING_DAY,
    ) -> None:
        """`overrides` maps a day to whether it is worked."""
        self._overrides = dict(overrides)
        self.end_of_day = end_of_day

    def is_workday(self, day: dt.date) -> bool:
        """Whether a day is worked, as far as known."""
        override = self._overrides.get(day)
        return day.weekday() < 5 if override is None else override

    def next_workday(self, day: dt.date) -> dt.date:
        """The first working day after `day`. Raises NoWorkday."""
        for _ in range(_MAX_REST_DAYS):
            day += dt.timedelta(days=1)
            if self.is_workday(day):
                return day
        raise NoWorkday("a year of the calendar has no working day")

    def workday_from(self, day: dt.date) -> dt.date:
        """`day` itself when it is worked, else the next working day: where a term that ends on a holiday rolls to."""
        return day if self.is_workday(day) else self.next_workday(day)

    def add_workdays(self, start: dt.datetime, n: int) -> dt.datetime:
        """End of the n-th working day after the Shanghai day of `start`, in UTC; the day of `start` is not counted.

        Raises ValueError for n < 1 or a naive `start`, NoWorkday.
        """
        if n < 1:
            raise ValueError("a term has at least one working day")
        day = local_date(start)
        for _ in range(n):
            day = self.next_workday(day)
        return self.close_of(day)

    def workdays_between(self, start: dt.datetime, end: dt.datetime) -> int:
        """How many working days lie after the Shanghai day of `start`, up to the day of `end`: 0 on the same day.

        The inverse of `add_workdays`. Raises ValueError for a naive moment.
        """
        day, last, found = local_date(start), local_date(end), 0
        while day < last:
            day += dt.timedelta(days=1)
            found += self.is_workday(day)
        return found

    def hours_between(self, start: dt.datetime, end: dt.datetime) -> float:
        """The hours from `start` to `end` by the clock, those of days that are not worked left out. Raises ValueError for a naive moment."""
        day, last, found = local_date(start), local_date(end), dt.timedelta()
        while day <= last:
            begins = dt.datetime.combine(day, dt.time(), tzinfo=SHANGHAI)
            if self.is_workday(day):
                found += max(min(end, begins + dt.timedelta(days=1)) - max(start, begins), dt.timedelta())
            day += dt.timedelta(days=1)
        return found.total_seconds() / 3600

    def close_of(self, day: dt.date) -> dt.datetime:
        """The moment in UTC when the working day ends."""
        return dt.datetime.combine(day, self.end_of_day, tzinfo=SHANGHAI).astimezone(dt.UTC)


def local_date(moment: dt.datetime) -> dt.date:
    """The day in Shanghai of an aware moment; ValueError for a naive one, whose day nobody knows."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(SHANGHAI).date()


def seed_is_published(year: int) -> bool:
    """Whether the `holidays` package holds the State Council's notice of a year; other years it computes."""
    return year in ChinaStaticHolidays.special_public_holidays


def seed_days(year: int) -> list[tuple[dt.date, bool, str]]:
    """Days of a year that differ from the plain week or carry a name: (day, worked, name in Chinese), in order.

    Holidays are False, make-up working days True. The package lists a make-up day under the year whose holiday it pays
    for, so the next year is asked too (29 December 2018 was worked for the New Year of 2019). For an unpublished year
    the festivals of law are computed and no make-up days are known: see `seed_is_published`.
    """
    calendar = country_holidays("CN", years=(year, year + 1), language="zh_CN")
    days = {day: (False, name) for day, name in calendar.items() if day.year == year}
    days |= {day: (True, "调休上班") for day in calendar.weekend_workdays if day.year == year}
    return [(day, worked, name) for day, (worked, name) in sorted(days.items())]
