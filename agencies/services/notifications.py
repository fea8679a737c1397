"""The bell."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from agencies.models import Notification
from core import clock
from core.identity import Identity

NOBODY = UUID(int=0)


def notify(
    users: Iterable[UUID],
    *,
    kind: str,
    key: str,
    url: str = "",
    work_item_id: UUID | None = None,
    case_id: UUID | None = None,
) -> int:
    """Give each of these users one notice under `key`, once for all time. As the worker."""
    now = clock.now()
    rows = [
        Notification(
            user_id=user, kind=kind, key=key, url=url, work_item_id=work_item_id, case_id=case_id, created_at=now
        )
        for user in users
    ]
    return len(Notification.objects.bulk_create(rows, ignore_conflicts=True))


def notices(by: Identity) -> QuerySet[Notification]:
    """The own notices."""
    return Notification.objects.filter(user_id=by.user_id or NOBODY)


def unread(by: Identity) -> QuerySet[Notification]:
    """The notices that `by` has not read."""
    return notices(by).filter(read_at__isnull=True)


def mark_read(by: Identity, *, work_item_id: UUID | None = None) -> int:
    """Mark the own notices read: all, or those of one work item. Returns how many there were."""
    rows = unread(by)
    if work_item_id is not None:
        rows = rows.filter(work_item_id=work_item_id)
    return rows.update(read_at=clock.now())
