"""The tree of agency units, each a django group for guardian, and purchased providers."""

from __future__ import annotations

import uuid

from django.contrib.auth.models import Group
from django.db import models

from agencies.enums import UnitKind
from agencies.models.region import Region
from core.protection import Open


class Unit(models.Model):
    """A unit of an agency. Work goes to units; a grant stops at the unit that it names."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=UnitKind.choices)
    name = models.CharField(max_length=80)
    short_name = models.CharField(max_length=32)
    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    group = models.OneToOneField(Group, on_delete=models.PROTECT, related_name="unit")
    has_duty = models.BooleanField(default=False)  # a 24-hour duty, which shortens the clock for high risk
    has_accounts = models.BooleanField(default=True)  # else papers by letter, answers entered by the manager (代录)
    is_active = models.BooleanField(default=True)

    protection = Open("the directory of public bodies")

    class Meta:
        ordering = ["region_id", "kind", "name"]
        indexes = [models.Index(fields=["kind", "region"], name="unit_kind_region")]
        constraints = [models.UniqueConstraint(fields=["region", "name"], name="unit_name")]

    def __str__(self) -> str:
        return self.short_name


class Provider(models.Model):
    """A purchased service: lawyers, psychological counsellors, marriage and family counsellors, social workers."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.OneToOneField(Unit, on_delete=models.PROTECT, related_name="provider")
    profession = models.CharField(max_length=32)
    contract_until = models.DateField(null=True, blank=True)

    protection = Open("which services are purchased from whom is public")

    def __str__(self) -> str:
        return str(self.unit)
