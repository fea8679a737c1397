"""The editable calendar of working days."""

from __future__ import annotations

from django.db import models

from core.protection import Open


class WorkDay(models.Model):
    """A day that is not what its weekday says (holiday or make-up day), or marks a year whose notice has been published."""

    day = models.DateField(primary_key=True)
    is_workday = models.BooleanField()
    name = models.CharField(max_length=64, blank=True)
    published = models.BooleanField(default=True)

    protection = Open("the public calendar of working days")

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
