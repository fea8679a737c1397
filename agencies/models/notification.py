"""The bell: says that something waits, never what."""

from __future__ import annotations

import uuid

from django.db import models

from agencies.models.user import User
from core.protection import IS_WORKER, UID, Rows, clear


class Notification(models.Model):
    """One notice to one person; `key` makes the same notice come once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=32)
    work_item_id = models.UUIDField(null=True)
    case_id = models.UUIDField(null=True)  # so that a notice that stands already vanishes behind a wall
    url = models.CharField(max_length=160, blank=True)  # opaque ids only
    key = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    protection = Rows(
        web=f"user_id = {UID} AND (case_id IS NULL OR {clear('case_id')})",
        web_can="SELECT, UPDATE (read_at)",
        worker=IS_WORKER,
        worker_can="SELECT, INSERT, UPDATE",
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="notification_once")]
        indexes = [models.Index(fields=["user", "-created_at"], name="notification_user")]

    def __str__(self) -> str:
        return self.kind
