"""Polls of referrals."""

from __future__ import annotations

import logging

from celery import shared_task

from referrals.absences import standing

log = logging.getLogger(__name__)


@shared_task(name="referrals.tasks.absences_poll")
def absences_poll() -> int:
    """Bring what names somebody who is away to who stands in, and back. One that fails is told to the log and keeps back no other."""
    moved = 0
    for code, source_id in standing.due():
        try:
            moved += standing.settle(code=code, source_id=source_id)
        except Exception as error:  # noqa: BLE001 - whatever one letter raises, the next one must not lie with nobody
            log.critical("absence of %s %s failed: %s", code, source_id, type(error).__name__)
    return moved
