"""What is to happen after the commit, written in the same transaction as its cause."""

from __future__ import annotations

import uuid

from django.db import models

from core.protection import IS_WORKER, TICKET, Rows, flag


class OutboxItem(models.Model):
    """One effect to deliver: a kind and ids, nothing personal. The broker is only the bell; the sweep finds what it lost."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=48)
    arguments = models.JSONField(default=dict)
    subject = models.UUIDField()
    key = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField()
    available_at = models.DateTimeField()
    attempts = models.SmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=64, blank=True)  # the name of the error, never its text

    once = True  # `key` is unique: the same effect is written once
    protection = Rows(
        # The system administrator watches its health: codes and times, neither subject nor arguments.
        web=flag("system"),
        web_can="SELECT (id, kind, created_at, available_at, attempts, done_at, failed_at, error)",
        verb=f"subject = ANY {TICKET}",
        verb_can="SELECT, INSERT",
        worker=IS_WORKER,
        worker_can="SELECT, INSERT, UPDATE",
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["available_at"],
                name="outbox_waiting",
                condition=models.Q(done_at__isnull=True, failed_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.kind
