"""Time as people under pressure need it: 剩 2 小时, 逾期 1 天, 今天 10:32; the exact moment is always kept beside it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core import clock

MINUTE, HOUR, DAY = 60, 3600, 86400
NEAR_DAYS = 183  # across New Year: a term of January keeps its hour in December


def span(seconds: float) -> str:
    """What says enough: `25 分钟`, `1 小时 58 分`, `3 小时`, `2 天`."""
    seconds = abs(seconds)
    if seconds < HOUR:
        count = max(1, int(seconds // MINUTE))
        return ngettext("%(count)d minute", "%(count)d minutes", count) % {"count": count}
    if seconds < 3 * HOUR:  # "1 hour" of two that are left would be half the truth
        hours, minutes = divmod(int(seconds // MINUTE), 60)
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes} if minutes else _hours(hours)
    if seconds < 2 * DAY:
        return _hours(int(seconds // HOUR))
    count = int(seconds // DAY)
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}


def _hours(count: int) -> str:
    return ngettext("%(count)d hour", "%(count)d hours", count) % {"count": count}


def duration(value: dt.timedelta | float | None) -> str:
    """A length of time in its two largest units: `3 分 20 秒`, `2 小时 5 分`."""
    if value is None:
        return ""
    seconds = int(value.total_seconds() if isinstance(value, dt.timedelta) else value)
    minutes, rest = divmod(max(0, seconds), MINUTE)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return _("%(days)d d %(hours)d h") % {"days": days, "hours": hours}
    if hours:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}
    if minutes:
        return _("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": rest}
    return _("%(seconds)d s") % {"seconds": rest}


def _wall(value: dt.datetime | dt.date) -> dt.datetime:
    if not isinstance(value, dt.datetime):
        value = dt.datetime.combine(value, dt.time(), tzinfo=clock.SHANGHAI)
    elif timezone.is_naive(value):
        value = value.replace(tzinfo=clock.SHANGHAI)
    return clock.local(value)


def exact(value: dt.datetime | dt.date) -> str:
    """The whole moment, for hovering and for print: `2026-11-23 10:32`."""
    if not isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d")
    return _wall(value).strftime("%Y-%m-%d %H:%M")


def when(value: dt.datetime | dt.date) -> str:
    """The moment as one would say it today: `今天 10:32`, `昨天 10:32`, `11月20日 10:32`, `2027年1月4日 18:00`, `2024年11月20日`.

    The hour is left out only half a year away and more, and never within the year.
    """
    moment, today = _wall(value), clock.today()
    has_time = isinstance(value, dt.datetime)
    days = (moment.date() - today).days
    day = {0: _("today"), -1: _("yesterday"), 1: _("tomorrow")}.get(days)
    if day is None and moment.year == today.year:
        day = date_format(moment, pgettext("date without year, in Django's format", "j M"))
    elif day is None:
        day = date_format(moment, pgettext("date with year, in Django's format", "j M Y"))
        has_time = has_time and abs(days) < NEAR_DAYS
    return f"{day} {moment:%H:%M}" if has_time else day


def ago(value: dt.datetime) -> str:
    """`3 分钟前`, or from the day before yesterday on the moment itself."""
    seconds = (clock.now() - _wall(value)).total_seconds()
    if 0 <= seconds < MINUTE:
        return _("just now")
    if MINUTE <= seconds < 2 * DAY:
        return _("%(span)s ago") % {"span": span(seconds)}
    return when(value)


@dataclass(frozen=True)
class Due:
    """What a due time means at this moment: the words, how loudly to say them, and the icon."""

    words: str
    tone: str
    icon: str


def due(at: dt.datetime, *, done: dt.datetime | None = None, soon: float = DAY) -> Due:
    """Late is danger, within `soon` seconds is a warning; something done is in time or late and no longer counts."""
    if done is not None:
        over = (_wall(done) - _wall(at)).total_seconds()
        if over > 0:
            return Due(_("done %(span)s late") % {"span": span(over)}, "neutral", "check")
        return Due(_("done in time"), "ok", "check")
    left = (_wall(at) - clock.now()).total_seconds()
    if left < 0:
        return Due(_("%(span)s overdue") % {"span": span(left)}, "danger", "alert-triangle")
    if left < soon:
        return Due(_("%(span)s left") % {"span": span(left)}, "warn", "clock")
    return Due(_("%(span)s left") % {"span": span(left)}, "neutral", "clock")
