"""Keys with which an agency's own system speaks to ours, and the nonces that it has used."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agencies.models.unit import Unit
from core import clock
from core.protection import IS_WORKER, TICKET, Rows, flag


class AgencyKeyQuerySet(models.QuerySet["AgencyKey"]):
    """Questions to the keys."""

    def in_force(self) -> Self:
        """Confirmed, not revoked, not past their end, of a unit that still takes work."""
        return self.filter(
            confirmed_at__isnull=False, revoked_at__isnull=True, valid_until__gt=clock.now(), unit__is_active=True
        )


class AgencyKey(models.Model):
    """A unit's key: asked for by one administrator, confirmed by another. Its secret is derived from the key ring and stored nowhere."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="keys", verbose_name=_("Unit"))
    system = models.CharField(_("System that will use it"), max_length=48)
    ring_key = models.CharField(max_length=32)  # which root key the secret is derived from
    requested_by_id = models.UUIDField()
    requested_by_name = models.CharField(max_length=64)
    requested_at = models.DateTimeField()
    confirmed_by_id = models.UUIDField(null=True)
    confirmed_by_name = models.CharField(max_length=64, blank=True)
    confirmed_at = models.DateTimeField(_("Confirmed"), null=True)
    valid_until = models.DateTimeField(_("Valid until"))
    revoked_at = models.DateTimeField(_("Revoked"), null=True)
    version = models.IntegerField(default=1)

    objects = AgencyKeyQuerySet.as_manager()
    # Keys in force are read before an identity can exist, to check a signature; the secret is not in them.
    protection = Rows(
        web=f"(confirmed_at IS NOT NULL AND revoked_at IS NULL) OR {flag('system')}",
        verb=f"id = ANY {TICKET}",
        worker=IS_WORKER,
    )

    class Meta:
        ordering = ["-requested_at"]
        indexes = [models.Index(fields=["-requested_at"], name="agencykey_requested")]
        constraints = [
            models.CheckConstraint(
                name="agencykey_two_people",
                condition=Q(confirmed_at__isnull=True, confirmed_by_id__isnull=True)
                | (Q(confirmed_at__isnull=False, confirmed_by_id__isnull=False) & ~Q(confirmed_by_id=F("requested_by_id"))),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def last_day(self) -> dt.date:
        """The last day in Yunnan on which it is valid: people choose days, and midnight ends the one before."""
        return clock.local(self.valid_until - dt.timedelta(microseconds=1)).date()


class KeyNonce(models.Model):
    """A nonce that a key has used: the database takes each once, so that a recorded request cannot be sent again."""

    id = models.UUIDField(
        primary_key=True, default=uuid.uuid4, editable=False
    )  # not the database's: web may not read it back
    key = models.ForeignKey(AgencyKey, on_delete=models.CASCADE, related_name="+")
    nonce = models.CharField(max_length=64)
    at = models.DateTimeField()

    # Web adds and cannot look: a duplicate is told by the constraint alone.
    protection = Rows(
        web="EXISTS (SELECT 1 FROM agencies_agencykey k WHERE k.id = key_id)",
        web_can="INSERT",
        worker=IS_WORKER,
        worker_can="SELECT, DELETE",
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "nonce"], name="keynonce_once")]
        indexes = [models.Index(fields=["at"], name="keynonce_at")]

    def __str__(self) -> str:
        return str(self.pk)
