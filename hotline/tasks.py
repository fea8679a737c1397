"""Polls of the front door."""

from __future__ import annotations

from celery import shared_task

from core.polls import kept_apart
from hotline.services import left


@shared_task(name="hotline.tasks.drafts_poll")
def drafts_poll() -> int:
    """Give the office what its operators have left lying, each draft in a transaction of its own."""
    return sum(kept_apart(left.leave, contact_id) for contact_id in left.lying())
