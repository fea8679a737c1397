"""What changed in a figure after its month was locked."""

from __future__ import annotations

import uuid

from django.db import models

from agencies.models import Office
from core.protection import IS_WORKER, Rows
from reports.models.scope import FIGURES, FiguresQuerySet


class Revision(models.Model):
    """A locked figure's difference: how much, which verb brought it about, who carried that out. Insert-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    month = models.DateField()
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=12)
    indicator = models.CharField(max_length=24)
    revision = models.IntegerField()
    difference = models.IntegerField()
    reason = models.CharField(max_length=64)  # the verb behind the latest change, or "recomputed"
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()

    objects = FiguresQuerySet.as_manager()
    protection = Rows(web=FIGURES, verb=None, worker=IS_WORKER, worker_can="SELECT, INSERT")

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(fields=["office", "month", "indicator", "revision"], name="revision_once")
        ]
        indexes = [models.Index(fields=["month", "region_code"], name="revision_month")]

    def __str__(self) -> str:
        return f"{self.indicator} {self.month:%Y-%m} {self.difference:+d}"
