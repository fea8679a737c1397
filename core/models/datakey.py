"""Wrapped data keys."""

from __future__ import annotations

from django.db import models

from core.protection import TICKET, Rows


class DataKey(models.Model):
    """The wrapped key of one case, contact or person. Destroying the row destroys what it sealed."""

    subject = models.UUIDField(primary_key=True)
    wrapped = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    protection = Rows(web=None, verb=f"subject = ANY {TICKET}", verb_can="SELECT, INSERT", worker=None)

    def __str__(self) -> str:
        return str(self.subject)
