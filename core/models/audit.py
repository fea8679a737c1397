"""The audit: one row for each verb that was carried out."""

from __future__ import annotations

import uuid

from django.db import models

from core.protection import IS_WORKER, TICKET, UID, Rows, clear, flag, staff_of_case


class Audit(models.Model):
    """Who did what to which row, in coded words; the request key makes the same POST do its work once.

    The actor is an id with a snapshot of name, role and agency: a log outlives accounts.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(db_index=True)
    verb = models.CharField(max_length=64)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=64, blank=True)
    actor_role = models.CharField(max_length=32, blank=True)
    actor_agency = models.CharField(max_length=128, blank=True)
    object_type = models.CharField(max_length=64)
    object_id = models.UUIDField()
    subject = models.UUIDField()
    case_id = models.UUIDField(null=True)
    office_id = models.UUIDField(null=True)
    request_key = models.UUIDField(null=True, unique=True)
    detail = models.JSONField(default=dict)  # codes and counts only, never text of a person

    protection = Rows(
        web=f"{flag('auditor')} OR {staff_of_case('case_id')} OR (actor_id = {UID} AND (case_id IS NULL OR {clear('case_id')}))",
        verb=f"subject = ANY {TICKET}",
        verb_can="SELECT, INSERT",
        worker=IS_WORKER,
        worker_can="SELECT, INSERT",
    )

    class Meta:
        indexes = [models.Index(fields=["case_id", "-at"], name="audit_case")]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_type}"
