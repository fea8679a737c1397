"""The one source of now.

`offset` is kept in the database (demo and training only; a trigger refuses it in a real one), read when an identity is bound and
signed into it, so that the policies of the database and the code agree on the time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

SHANGHAI = ZoneInfo("Asia/Shanghai")
_offset: ContextVar[dt.timedelta] = ContextVar("clock_offset", default=dt.timedelta())
_moment: ContextVar[dt.datetime | None] = ContextVar("clock_moment", default=None)


def now() -> dt.datetime:
    """The present moment, aware, in UTC."""
    return _moment.get() or timezone.now() + _offset.get()


def today() -> dt.date:
    """The present day in Shanghai."""
    return now().astimezone(SHANGHAI).date()


def local(moment: dt.datetime) -> dt.datetime:
    """`moment` as a wall clock in Yunnan shows it."""
    return moment.astimezone(SHANGHAI)


def month_start(year: int, month: int) -> dt.datetime:
    """The first instant of a month, Shanghai midnight."""
    return dt.datetime(year, month, 1, tzinfo=SHANGHAI)


def day_bounds(day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """The first instants of a day and of the next one, Shanghai midnights; the last day that a date can name ends with its last moment."""
    begin = dt.datetime.combine(day, dt.time(), SHANGHAI)
    if day == dt.date.max:
        return begin, dt.datetime.combine(day, dt.time.max, SHANGHAI)
    return begin, begin + dt.timedelta(days=1)


def set_offset(offset: dt.timedelta) -> None:
    """Take over the offset that the database holds (called when an identity is bound)."""
    _offset.set(offset)


def fixed_moment() -> dt.datetime | None:
    """The moment that `at` holds still, if any."""
    return _moment.get()


@contextmanager
def at(moment: dt.datetime) -> Iterator[None]:
    """Hold the clock at `moment`: for the demo's generator and for tests; a real installation refuses.

    Raises: RuntimeError in a real installation.
    """
    if not settings.DEMO:
        raise RuntimeError("the clock of a real installation cannot be turned")
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)
