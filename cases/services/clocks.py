"""When something is due: the clock table, the working-day calendar, the rule's name kept with the result."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from cases.models import ClockRule
from core import clock
from core.deadlines import Term, Unit, due_at
from core.errors import DomainError
from core.models.workday import WorkDay
from core.workdays import Calendar


@dataclass(frozen=True, slots=True)
class Due:
    """A due time and where it comes from. It stands as it was set, when a notice of holidays comes later too."""

    at: dt.datetime
    rule: str


FURTHEST = dt.timedelta(
    days=366
)  # [default] of a time that people choose: a year mistyped must not put her next step beyond everybody's view


def check_to_come(at: dt.datetime, *, now: dt.datetime, field: str, tolerance: dt.timedelta = dt.timedelta()) -> None:
    """A time that somebody chose for a next step. Raises DomainError beside `field` for one that is over or out of sight."""
    if at <= now - tolerance:
        raise DomainError("past", _("Choose a time that is still to come."), field=field)
    if at > now + FURTHEST:
        raise DomainError("too_far", _("Choose a time within a year."), field=field)


def calendar() -> Calendar:
    """The calendar of working days, from its table (kept for a minute: it holds dates only)."""
    days = cache.get("days_worked")
    if days is None:
        days = dict(WorkDay.objects.values_list("day", "is_workday"))
        cache.set("days_worked", days, 60)
    return Calendar(days)


def _rules() -> dict[str, tuple[int, int, str, bool]]:
    """The rules in force by code: version, length, unit, whether it is our own choice (kept for a minute like the calendar)."""
    rules: dict[str, tuple[int, int, str, bool]] | None = cache.get("clockrules")
    if rules is None:
        rows = ClockRule.objects.filter(valid_from__lte=clock.today()).order_by("code", "version")
        rules = {row.code: (row.version, row.length, row.unit, row.is_default) for row in rows}
        cache.set("clockrules", rules, 60)
    return rules


def steps(chain: str) -> list[str]:
    """The rules of a chain's steps after the first (which is the due time itself): `<chain>.2`, `<chain>.3` and so on."""
    rules, found = _rules(), list[str]()
    while (code := f"{chain}.{len(found) + 2}") in rules:
        found.append(code)
    return found


def due(code: str, *, start: dt.datetime | None = None, urgent: bool = False) -> Due:
    """The due time by rule `code` (its ".high" variant when urgent and there is one). LookupError for an unknown rule."""
    rules = _rules()
    chosen = f"{code}.high" if urgent and f"{code}.high" in rules else code
    if chosen not in rules:
        raise LookupError(code)
    version, length, unit, is_default = rules[chosen]
    # 民法典 201: the day of the event is not counted in a statutory term of days.
    exclude_first_day = unit == ClockRule.Unit.DAYS and not is_default
    at = due_at(start or clock.now(), Term(length, Unit(unit)), calendar(), exclude_first_day=exclude_first_day)
    return Due(at, f"{chosen}@{version}")
