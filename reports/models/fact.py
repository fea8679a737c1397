"""One counted thing: figures are read from these rows and from nothing else."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from agencies.models import Office
from core.protection import IS_WORKER, Rows
from reports.models.scope import FIGURES, FiguresQuerySet


class Fact(models.Model):
    """That a record counts for an indicator in a month at an office. Append-only: what no longer holds is taken back by a row with value -1.

    A figure is a sum of `value`, a number of people the count of those whose sum is positive. `is_late` marks what was found after the
    month was locked: the month as locked leaves these rows out, cumulative figures take them in.
    """

    id = models.BigAutoField(primary_key=True)
    month = models.DateField()  # the first day of the month in which it happened, Shanghai
    indicator = models.CharField(max_length=24)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", db_index=False)
    region_code = models.CharField(max_length=12)  # the office's region, so that scopes and tables need no join
    record_id = models.UUIDField()
    person = models.UUIDField(null=True)  # a pseudonym: the same human has the same one at every office
    anonymous = models.BooleanField(default=False)
    dimensions = models.JSONField(default=dict)  # codes only
    value = models.SmallIntegerField(default=1)
    revision = models.IntegerField()
    is_late = models.BooleanField(default=False)
    booked_at = models.DateTimeField()

    objects = FiguresQuerySet.as_manager()
    protection = Rows(web=FIGURES, verb=None, worker=IS_WORKER, worker_can="SELECT, INSERT")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["indicator", "record_id", "month", "revision", "value"], name="fact_once"),
            models.CheckConstraint(name="fact_counts_one", condition=Q(value__in=[1, -1])),
        ]
        indexes = [
            models.Index(fields=["month", "indicator", "region_code"], name="fact_month"),
            models.Index(fields=["office", "indicator", "month"], name="fact_office"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.month:%Y-%m}"
