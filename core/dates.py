"""How far from today what people type may lie: a mistyped year is refused beside its field, in forms and again in services.

A moment of the year 1 is more than a slip: in UTC it lies before Christ, which the database keeps and Python cannot read, so that
every list with that row would fail for everybody.
"""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core import clock
from core.errors import DomainError

FIRST_BIRTH_YEAR = 1900
REACH_YEARS = 10  # [default] of what is entered later, from a paper form or a file, and of what is planned
OUT_OF_REACH = _("This lies more than ten years away. Check the year.")


def first_day() -> dt.date:
    """The earliest day that something entered today may have happened on."""
    return dt.date(clock.today().year - REACH_YEARS, 1, 1)


def last_day() -> dt.date:
    """The latest day that something may be planned for."""
    return dt.date(clock.today().year + REACH_YEARS, 12, 31)


def is_out_of_reach(value: dt.date) -> bool:
    """Whether a day or an aware moment lies more than `REACH_YEARS` away, either way."""
    if isinstance(value, dt.datetime):
        return not clock.day_bounds(first_day())[0] <= value < clock.day_bounds(last_day())[1]
    return not first_day() <= value <= last_day()


def check_reach(value: dt.date | None, *, field: str) -> None:
    """Raises DomainError beside `field` for a day or a moment out of reach."""
    if value is not None and is_out_of_reach(value):
        raise DomainError("out_of_reach", OUT_OF_REACH, field=field)


def reach_validator(value: dt.date) -> None:
    """The same for a form's field. Raises ValidationError."""
    if is_out_of_reach(value):
        raise ValidationError(OUT_OF_REACH, code="out_of_reach")
