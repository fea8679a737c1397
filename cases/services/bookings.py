"""Rooms and people are booked inside a verb whose ticket names the occasion."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from agencies.models import User
from cases.models import Booking
from core import clock
from core.errors import DomainError

LONGEST = dt.timedelta(hours=12)


def book(
    *,
    office_id: UUID,
    source_kind: str,
    source_id: UUID,
    since: dt.datetime,
    until: dt.datetime,
    room_id: UUID | None = None,
    people: Iterable[UUID] = (),
    room_field: str = "room",
    person_field: str = "chair",
    end_field: str = "ends_at",
) -> None:
    """Book a room and people for one occasion, in place of what it had booked before.

    Raises DomainError beside `room_field` or `person_field` where somebody was faster; it says nothing of what for. Beside `end_field`
    where the end does not fit.
    """
    if not since < until <= since + LONGEST:
        raise DomainError("range", _("Choose an end after the beginning, on the same day."), field=end_field)
    free(source_id=source_id)
    common = {
        "office_id": office_id,
        "source_kind": source_kind,
        "source_id": source_id,
        "since": since,
        "until": until,
    }
    if room_id is not None:
        said = _("This room is not free at that time. Choose another room or another time.")
        _take(Booking(room_id=room_id, **common), DomainError("room_taken", said, field=room_field))
    for user_id in sorted(set(people), key=str):
        said = _("%(name)s is not free at that time. Choose somebody else or another time.")
        name = User.objects.filter(pk=user_id).values_list("name", flat=True).first() or ""
        _take(
            Booking(user_id=user_id, **common), DomainError("person_taken", said % {"name": name}, field=person_field)
        )


def _take(row: Booking, refusal: DomainError) -> None:
    """The database decides at once; the savepoint lets the person correct what she typed."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
        if constraint.endswith("_free"):
            raise refusal from None
        raise


def free(*, source_id: UUID) -> int:
    """Set everything free that an occasion had booked. Returns how much that was."""
    return Booking.objects.filter(source_id=source_id, freed_at__isnull=True).update(freed_at=clock.now())
