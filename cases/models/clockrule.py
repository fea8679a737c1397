"""Every clock is data."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language

from core.protection import Open


class ClockRule(models.Model):
    """How long something may take: code, length, unit, legal basis; a new version ends the old one."""

    class Unit(models.TextChoices):
        HOURS = "h"
        DAYS = "d"
        WORKDAYS = "w"
        MONTHS = "m"

    code = models.CharField(max_length=40)
    version = models.SmallIntegerField(default=1)
    zh = models.CharField(max_length=80)
    en = models.CharField(max_length=120)
    length = models.SmallIntegerField()
    unit = models.CharField(max_length=1, choices=Unit.choices)
    basis = models.CharField(max_length=160, blank=True)
    is_default = models.BooleanField(default=True)  # our choice, not the law's
    valid_from = models.DateField()

    protection = Open("the public table of deadlines")

    class Meta:
        ordering = ["code", "-version"]
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="clockrule_version")]

    def __str__(self) -> str:
        return self.en if (get_language() or "").startswith("en") else self.zh
