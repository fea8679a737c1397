"""Long work that a person asked for: progress that can be left and found again."""

from __future__ import annotations

import uuid

from django.db import models

from core.protection import IS_WORKER, TICKET, UID, Rows


class Job(models.Model):
    """One export or computation asked for by a person. It runs, and is downloaded, with that person's current rights."""

    class Status(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=48)
    parameters = models.JSONField(default=dict)  # codes and months only
    user_id = models.UUIDField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    total = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=64, blank=True)
    file_name = models.CharField(max_length=120, blank=True)
    file_key = models.UUIDField(null=True)

    protection = Rows(
        web=f"user_id = {UID}",
        web_can="SELECT, UPDATE",
        verb=f"id = ANY {TICKET}",
        worker=IS_WORKER,
        worker_can="SELECT, UPDATE",
    )

    class Meta:
        indexes = [models.Index(fields=["user_id", "-created_at"], name="job_user")]

    def __str__(self) -> str:
        return f"{self.kind} {self.status}"
