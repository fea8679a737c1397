"""Bookings: a room or a person for a time. Shared by conferences, mediations and interviews; the database lets nobody be booked twice."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from agencies.models import Office, Room
from core.protection import CASE_OFFICES, IS_WORKER, TICKET, UID, Rows

if TYPE_CHECKING:
    from uuid import UUID

    from core.identity import Identity


class BookingQuerySet(models.QuerySet["Booking"]):
    """Scope of bookings."""

    def visible_to(self, by: Identity) -> Self:
        """What the own centres have booked, and for what time `by` is booked."""
        if by.user_id is None:
            return self.none()
        return self.filter(Q(office_id__in=by.case_offices) | Q(user_id=by.user_id))


class Booking(models.Model):
    """One room, or one person, from a moment to a moment, for an occasion (`source_kind`, `source_id`). It names no case.

    Two exclusion constraints (cases/sql) hold that no room and no person is booked twice at the same time.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")  # whose occasion it is
    source_kind = models.CharField(max_length=16)
    source_id = models.UUIDField()
    room = models.ForeignKey(Room, null=True, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField()
    freed_at = models.DateTimeField(null=True)

    objects = BookingQuerySet.as_manager()
    protection = Rows(
        web=f"office_id = ANY {CASE_OFFICES} OR user_id = {UID}", verb=f"source_id = ANY {TICKET}", worker=IS_WORKER
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="booking_of_one",
                condition=Q(room__isnull=False, user__isnull=True) | Q(room__isnull=True, user__isnull=False),
            ),
            models.CheckConstraint(name="booking_ends_after_it_begins", condition=Q(until__gt=F("since"))),
        ]
        indexes = [
            models.Index(fields=["source_id"], name="booking_source"),
            models.Index(fields=["office", "since"], name="booking_office", condition=Q(freed_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.source_kind

    @property
    def subject_id(self) -> UUID:
        """Whom the verb's ticket names: the occasion."""
        return self.source_id
