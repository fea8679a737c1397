"""Days as Yunnan has them, to the ends of what a date can name."""

from __future__ import annotations

import datetime as dt

from core.clock import SHANGHAI, day_bounds


def test_a_day_begins_and_ends_at_midnight_in_yunnan() -> None:
    begin, end = day_bounds(dt.date(2026, 3, 2))
    assert begin == dt.datetime(2026, 3, 1, 16, tzinfo=dt.UTC)
    assert end - begin == dt.timedelta(days=1)


def test_the_first_and_the_last_day_that_there_is_have_bounds() -> None:
    for day in (dt.date.min, dt.date.max):
        begin, end = day_bounds(day)
        assert (begin.date(), begin.tzinfo) == (day, SHANGHAI)
        assert begin < end
