"""The calendar of working days: a table, because the State Council announces each year's holidays only in the autumn before."""

from __future__ import annotations

from django.db import models

from core.protection import Open


class WorkDay(models.Model):
    """A day that is not what its weekday says: a holiday, or a make-up day. `published`: by the notice, not by the festivals of law alone.

    Written by `load_directory` and `load_workdays` (core/calendar.py).
    """

    day = models.DateField(primary_key=True)
    is_workday = models.BooleanField()
    name = models.CharField(max_length=64, blank=True)
    published = models.BooleanField(default=True)

    protection = Open("the public calendar of working days")

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
