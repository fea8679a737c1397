"""Every view, reveal, search, export and refusal; sealed into a chain per office by a job each minute."""

from __future__ import annotations

import uuid
from typing import Self
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.expressions import RawSQL

from core.protection import CASE_OFFICES, DIRECTOR_OFFICES, IS_WORKER, UID, Rows, clear, flag

_OF_CASES = "(case_id IS NOT NULL OR case_ids IS NOT NULL)"
_OF_CASE = "SELECT id FROM core_accesslog WHERE case_id = %s UNION ALL SELECT caremgmt_lists_of(%s, %s)"
_SHOWS_CLEAR = f"NOT EXISTS (SELECT 1 FROM unnest(case_ids) AS shown WHERE NOT {clear('shown', head=True)})"  # noqa: S608 -- constants only


LISTS_AT_MOST = 50_000  # of one case; a case that stands in a hundred lists a day is past it after more than a year


class AccessLogQuerySet(models.QuerySet["AccessLog"]):
    """Rows of the log as the asker may read them."""

    def of_case(self, case_id: UUID, lists_at_most: int = LISTS_AT_MOST) -> Self:
        """What concerns one case: looked at by itself, or shown in a list, an export or a search (the newest `lists_at_most` of these).

        Both sides come by an index, the second through a function of the owner's (`caremgmt_lists_of` says why).
        """
        return self.filter(pk__in=RawSQL(_OF_CASE, [case_id, case_id, lists_at_most]))  # noqa: S611 -- a constant with placeholders


class AccessLog(models.Model):
    """Who looked at what. Insert-only for web; only the sealer may set `seal`."""

    class Action(models.TextChoices):
        VIEW = "view"
        REVEAL = "reveal"
        SEARCH = "search"
        EXPORT = "export"
        DENIED = "denied"
        LOGIN = "login"
        LOGIN_FAILED = "login_failed"
        LOGOUT = "logout"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(db_index=True)
    action = models.CharField(max_length=16, choices=Action.choices)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=64, blank=True)
    actor_role = models.CharField(max_length=32, blank=True)
    actor_agency = models.CharField(max_length=128, blank=True)
    address = models.GenericIPAddressField(null=True)
    route = models.CharField(max_length=128, blank=True)  # the name of the route, never the path with its ids or words
    object_type = models.CharField(max_length=64, blank=True)
    object_id = models.UUIDField(null=True)
    case_id = models.UUIDField(null=True)
    office_id = models.UUIDField(null=True)
    sections = models.CharField(max_length=160, blank=True)
    reason = models.CharField(max_length=32, blank=True)  # a code
    count = models.IntegerField(null=True)
    case_ids = ArrayField(
        models.UUIDField(), null=True
    )  # the cases that a list, an export or a search showed, all of `office_id`
    seal = models.ForeignKey("LogSeal", null=True, on_delete=models.PROTECT, db_constraint=False)

    objects = AccessLogQuerySet.as_manager()

    protection = Rows(
        # A centre's managers see who looked at its cases; a row that names a case behind one's wall does not exist.
        web=f"{flag('auditor')} OR ((office_id = ANY {DIRECTOR_OFFICES} OR actor_id = {UID} OR (office_id = ANY {CASE_OFFICES} AND {_OF_CASES}))"
        f" AND (case_id IS NULL OR {clear('case_id')}) AND (case_ids IS NULL OR {_SHOWS_CLEAR}))",
        web_can="SELECT, INSERT",
        # Everyone writes her own rows; who has just logged in (or failed to) is still anonymous to the database.
        web_write=f"seal_id IS NULL AND (actor_id IS NOT DISTINCT FROM {UID} OR action IN ('login', 'login_failed'))",
        verb=None,
        worker=IS_WORKER,
        worker_can="SELECT, INSERT, UPDATE (seal_id)",
    )

    class Meta:
        indexes = [
            models.Index(fields=["case_id", "-at"], name="accesslog_case"),
            GinIndex(fields=["case_ids"], name="accesslog_listed"),
            models.Index(fields=["-at", "-id"], name="accesslog_newest"),
            models.Index(fields=["office_id", "-at", "-id"], name="accesslog_office"),
            models.Index(fields=["actor_id", "-at"], name="accesslog_actor"),
            models.Index(fields=["office_id", "at"], name="accesslog_unsealed", condition=models.Q(seal__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.route}"


class LogSeal(models.Model):
    """One link of an office's chain: a hash over the rows it covers and over the link before."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    office_id = models.UUIDField(null=True)
    number = models.IntegerField()
    at = models.DateTimeField()
    rows = models.IntegerField()
    digest = models.BinaryField()
    previous = models.BinaryField()
    signature = models.BinaryField()

    protection = Rows(
        web=f"{flag('auditor')} OR office_id = ANY {DIRECTOR_OFFICES}",
        verb=None,
        worker=IS_WORKER,
        worker_can="SELECT, INSERT",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office_id", "number"], name="logseal_number", nulls_distinct=False),
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.number}"
