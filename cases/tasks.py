"""Polls of the heart: beat asks, the database knows."""

from __future__ import annotations

import logging

from celery import shared_task
from django.db.models import Exists, OuterRef

from cases.enums import OPEN_STATUSES
from cases.models import Case, WorkItem
from cases.services import bursts, consents, followups, joint, lateness, seals, walls
from core.identity import acting_as, worker_identity
from core.polls import kept_apart

log = logging.getLogger(__name__)


@shared_task(name="cases.tasks.followups_poll")
def followups_poll() -> int:
    """Open the work items of callbacks that have come due."""
    return sum(kept_apart(followups.make_due, row) for row in followups.due_ids())


@shared_task(name="cases.tasks.walls_poll")
def walls_poll() -> int:
    """Give what the newly walled, and those not named by a seal, owed to others."""
    done = sum(kept_apart(walls.settle, row) for row in walls.unsettled())
    return done + sum(kept_apart(seals.settle, row) for row in seals.unsettled())


@shared_task(name="cases.tasks.joint_poll")
def joint_poll() -> int:
    """End the joint handlings that have come to their end."""
    return sum(kept_apart(joint.settle, row) for row in joint.due())


@shared_task(name="cases.tasks.bursts_poll")
def bursts_poll() -> int:
    """Raise the alerts of unusual access."""
    return bursts.find()


@shared_task(name="cases.tasks.late_work_poll")
def late_work_poll() -> int:
    """Remind and escalate what is late."""
    return sum(kept_apart(lateness.remind, *row) for row in lateness.late())


@shared_task(name="cases.tasks.access_expire")
def access_expire() -> int:
    """Withdraw what is past its end, and consents past theirs."""
    return consents.expire()


@shared_task(name="cases.tasks.promise_check")
def promise_check() -> int:
    """Count open cases without an open work item of their own centre, as the constraint does: always zero, and loud when not."""
    own = WorkItem.objects.filter(case_id=OuterRef("pk"), office_id=OuterRef("office_id"), done_at__isnull=True)
    with acting_as(worker_identity("promise")):
        broken = Case._base_manager.filter(~Exists(own), status__in=OPEN_STATUSES).count()
    if broken:
        log.critical("%s open cases have no next step", broken)
    return broken
