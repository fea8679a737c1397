"""What is late is told to its owner, then to the one above: reminders are counted on the item."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import Q

from cases.models import WorkItem
from core import clock, outbox
from core.identity import acting_as, as_verb, worker_identity

# Hours after the due time at which each reminder goes out [default].
STEPS_HOURS = (0, 24, 72)


def _late() -> list[tuple[UUID, UUID]]:
    now = clock.now()
    with acting_as(worker_identity("lateness")):
        owed = Q()
        for reminders, hours in enumerate(STEPS_HOURS):
            owed |= Q(reminders=reminders, due_at__lte=now - dt.timedelta(hours=hours))
        items = WorkItem.objects.filter(owed, done_at__isnull=True).order_by("due_at")
        return [(item.pk, item.subject_id) for item in items[:2000]]


def chase() -> int:
    """Send the next reminder of each late item. Each step of each item goes out once."""
    sent = 0
    for pk, subject in _late():
        with acting_as(worker_identity("lateness")), as_verb([subject]):
            item = WorkItem.objects.select_for_update().filter(pk=pk, done_at__isnull=True).first()
            if item is None or item.reminders >= len(STEPS_HOURS):
                continue
            item.reminders += 1
            item.save(update_fields=["reminders"])
            outbox.put("notify.work_item", subject=subject, key=f"work-item:{pk}:{item.reminders}", item=str(pk))
            sent += 1
    return sent
