"""Polls of the refuges."""

from __future__ import annotations

from celery import shared_task

from core.polls import kept_apart
from shelter.services import hold_expire, stale_holds


@shared_task(name="shelter.tasks.holds_poll")
def holds_poll() -> int:
    """Free the beds whose hold has run out, each in a transaction of its own."""
    return sum(kept_apart(hold_expire, stay_id) for stay_id in stale_holds())
