"""Polls of the directory."""

from __future__ import annotations

from celery import shared_task

from agencies.programs import forget_nonces
from core.identity import acting_as, worker_identity


@shared_task(name="agencies.tasks.nonces_forget")
def nonces_forget() -> int:
    """Forget the nonces that are too old to be sent again."""
    with acting_as(worker_identity("nonces")):
        return forget_nonces()
