"""Offices: care centres and 12338 desks, and their rooms."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib.auth.models import Group
from django.db import models

from agencies.enums import OfficeKind, RoomKind
from agencies.models.region import Region
from core.protection import Open

if TYPE_CHECKING:
    from datetime import date


class OfficeQuerySet(models.QuerySet["Office"]):
    """Questions to the directory."""

    def centres(self) -> OfficeQuerySet:
        return self.filter(kind=OfficeKind.CENTRE)

    def desks(self) -> OfficeQuerySet:
        return self.filter(kind=OfficeKind.DESK)

    def in_operation(self, day: date) -> OfficeQuerySet:
        """Opened on or before `day` and not closed by then."""
        return self.filter(opened_on__lte=day).filter(models.Q(closed_on__isnull=True) | models.Q(closed_on__gt=day))

    def within(self, prefix: str) -> OfficeQuerySet:
        """Offices whose region's code begins with `prefix`."""
        return self.filter(region__code__startswith=prefix)


class Office(models.Model):
    """A centre handles cases of its region; a desk takes contacts and belongs to a region, not to a centre."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=OfficeKind.choices)
    name = models.CharField(max_length=80, unique=True)
    short_name = models.CharField(max_length=32)
    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    group = models.OneToOneField(Group, on_delete=models.PROTECT, related_name="office")
    phone = models.CharField(max_length=32, blank=True)
    address = models.CharField(max_length=160, blank=True)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    is_demonstration = models.BooleanField(default=False)  # 省级示范点
    always_open = models.BooleanField(default=False)

    objects = OfficeQuerySet.as_manager()
    protection = Open("the public directory of centres and desks (refuges are not in it)")

    class Meta:
        ordering = ["region_id", "name"]
        indexes = [models.Index(fields=["kind", "region"], name="office_kind_region")]

    def __str__(self) -> str:
        return self.short_name


class Room(models.Model):
    """A room of a centre that can be booked."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField(max_length=48)
    kind = models.CharField(max_length=12, choices=RoomKind.choices)

    protection = Open("names of meeting and court rooms in public buildings (refuges are not in it)")

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["office", "name"], name="room_name")]

    def __str__(self) -> str:
        return self.name
