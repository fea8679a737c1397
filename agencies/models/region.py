"""Administrative divisions."""

from __future__ import annotations

from django.db import models

from agencies.enums import Level
from core.protection import Open


class Region(models.Model):
    """A province, prefecture, county or township with its GB/T 2260 code (6 digits; 9 for townships)."""

    code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=64)
    level = models.CharField(max_length=10, choices=Level.choices)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")

    protection = Open("the public list of administrative divisions")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def prefix(self) -> str:
        """The leading digits that all codes inside share: 53, 5301, 530102."""
        return {Level.PROVINCE: self.code[:2], Level.PREFECTURE: self.code[:4], Level.COUNTY: self.code[:6]}.get(
            Level(self.level), self.code
        )
