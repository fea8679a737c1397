"""The monthly report of one office, and what was said on its way."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.models import Office
from core.fields import SealedTextField
from core.protection import IS_WORKER, TICKET, Rows
from reports.enums import MonthStatus
from reports.models.scope import FIGURES, FiguresQuerySet
from reports.periods import is_over


def state_label(status: MonthStatus, month: dt.date) -> str:
    """A status in words: the report of a month that is not over waits for nobody."""
    return gettext("Running") if status == MonthStatus.COMPUTED and not is_over(month) else str(status.label)


class MonthReport(models.Model):
    """One office × month. Computed until it is submitted; what is found after locking becomes a revision."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", verbose_name=_("Centre"))
    region_code = models.CharField(max_length=12)
    month = models.DateField(_("Month"))
    status = models.CharField(_("Status"), max_length=10, choices=MonthStatus.choices, default=MonthStatus.COMPUTED)
    revision = models.IntegerField(default=0)
    is_zero = models.BooleanField(_("Zero report"), default=True)
    computed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    submitted_by_id = models.UUIDField(null=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by_id = models.UUIDField(null=True)
    locked_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    objects = FiguresQuerySet.as_manager()
    protection = Rows(
        web=FIGURES,
        verb=f"id = ANY {TICKET}",
        verb_can="SELECT, UPDATE",
        worker=IS_WORKER,
        worker_can="SELECT, INSERT, UPDATE",
    )

    class Meta:
        ordering = ["-month", "region_code"]
        constraints = [models.UniqueConstraint(fields=["office", "month"], name="monthreport_once")]
        indexes = [models.Index(fields=["month", "region_code"], name="monthreport_month")]

    def __str__(self) -> str:
        return f"{self.office} {self.month:%Y-%m}"

    @property
    def is_running(self) -> bool:
        """Whether its month is not over: nothing can be submitted yet."""
        return self.status == MonthStatus.COMPUTED and not is_over(self.month)

    @property
    def state(self) -> str:
        """Where it stands, in the one word that every page uses."""
        return state_label(MonthStatus(self.status), self.month)


class MonthStep(models.Model):
    """One step of a report's way: who, when, and the explanation or the reason. Insert-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey(MonthReport, on_delete=models.PROTECT, related_name="steps")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=12)
    verb = models.CharField(max_length=8)
    at = models.DateTimeField()
    actor_id = models.UUIDField()
    actor_name = models.CharField(max_length=64)
    actor_agency = models.CharField(max_length=128, blank=True)
    text = SealedTextField(_("Explanation"), concept="month.text", subject="report_id")

    objects = FiguresQuerySet.as_manager()
    protection = Rows(web=FIGURES, verb=f"report_id = ANY {TICKET}", verb_can="SELECT, INSERT", worker=IS_WORKER)

    class Meta:
        ordering = ["at"]
        indexes = [models.Index(fields=["report", "at"], name="monthstep_report")]

    def __str__(self) -> str:
        return self.verb
