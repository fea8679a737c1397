"""Somebody who looked at far more than usual within a short time."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Office
from cases.enums import BurstFinding, BurstKind
from core.fields import SealedTextField
from core.protection import DIRECTOR_OFFICES, IS_WORKER, TICKET, UID, Rows, flag

if TYPE_CHECKING:
    from core.identity import Identity


class BurstQuerySet(models.QuerySet["Burst"]):
    """Alerts of unusual access."""

    def visible_to(self, by: Identity) -> Self:
        """All for the auditor, the own centre's for its director, and what one is named for; nobody sees his own."""
        mine = Q(office_id__in=by.director_offices) | Q(reviewer_id__isnull=False, reviewer_id=by.user_id)
        rows = self if "auditor" in by.flags else self.filter(mine)
        return rows.exclude(actor_id=by.user_id)


class Burst(models.Model):
    """Unusual access by one person within one window: counts only, no case. Looked into by the director or the auditor, never by himself."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, null=True, on_delete=models.PROTECT, related_name="+")  # whose director is told
    kind = models.CharField(max_length=8, choices=BurstKind.choices)
    hour = models.DateTimeField()  # one alert for each person, kind and hour of the clock
    found_at = models.DateTimeField()
    count = models.IntegerField()
    usual = models.IntegerField()  # of an hour in which the person works at all, over the last weeks
    reviewer_id = models.UUIDField(null=True)  # named where the director is the one who looked, or there is none
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by_id = models.UUIDField(null=True)
    finding = models.CharField(max_length=12, choices=BurstFinding.choices, blank=True)
    note = SealedTextField(_("What was found"), concept="burst.note", subject="id")

    once = True
    objects = BurstQuerySet.as_manager()
    protection = Rows(
        web=f"({flag('auditor')} OR office_id = ANY {DIRECTOR_OFFICES} OR reviewer_id = {UID}) AND actor_id <> {UID}",
        verb=f"id = ANY {TICKET}",
        verb_can="SELECT, UPDATE",
        worker=IS_WORKER,
        worker_can="SELECT, INSERT",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["actor", "kind", "hour"], name="burst_once"),
            models.CheckConstraint(
                name="burst_reviewed_says_what", condition=Q(reviewed_at__isnull=True) | ~Q(finding="")
            ),
        ]
        indexes = [models.Index(fields=["office", "-found_at"], name="burst_office")]

    def __str__(self) -> str:
        return self.kind
