"""Effects after the commit, exactly once in the database: a row in the cause's transaction, a bell, and a sweep for lost bells."""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from core import clock
from core.engine import write_later
from core.identity import acting_as, worker_identity
from core.models.outbox import OutboxItem

log = logging.getLogger(__name__)
Handler = Callable[[OutboxItem], None]
_handlers: dict[str, Handler] = {}
MAX_ATTEMPTS = 8
FIRST_WAIT = dt.timedelta(seconds=30)  # doubled at each attempt: the eighth, after about an hour, is the last
_broker = threading.local()


def register(kind: str) -> Callable[[Handler], Handler]:
    """Name the function that delivers effects of `kind`; it must be safe to run twice."""

    def keep(handler: Handler) -> Handler:
        if kind in _handlers:
            raise ValueError(f"{kind} has a handler already")
        _handlers[kind] = handler
        return handler

    return keep


def put(kind: str, *, subject: UUID, key: str, delay: dt.timedelta | None = None, **arguments: Any) -> None:
    """Write an effect to deliver after the commit. `key` is unique for all time: the same effect is never written twice."""
    if kind not in _handlers:
        raise LookupError(kind)
    now = clock.now()
    item = OutboxItem(
        kind=kind,
        subject=subject,
        key=key,
        arguments=arguments,
        created_at=now,
        available_at=now + (delay or dt.timedelta()),
    )
    write_later(item)
    if not delay:
        transaction.on_commit(lambda: _ring(item.id))


def _ring(item_id: UUID) -> None:
    from core.tasks import outbox_deliver

    ring(outbox_deliver, str(item_id))


def ring(task: Any, *arguments: str) -> None:
    """Tell a worker at once; without a broker the sweep does it later, and nobody waits for a dead broker on every page."""
    if time.monotonic() < getattr(_broker, "quiet_until", 0.0):
        return
    try:
        task.apply_async(args=arguments, retry=False)
    except task.OperationalError:
        _broker.quiet_until = time.monotonic() + 10
        log.warning("broker away: effects wait for the sweep")


def deliver(item_id: UUID) -> bool:
    """Deliver one effect if nobody else has: its row is locked while the handler writes. True when this call did it."""
    failure: Exception | None = None
    with acting_as(worker_identity("outbox")):
        item = (
            OutboxItem.objects.select_for_update(skip_locked=True)
            .filter(pk=item_id, done_at__isnull=True, failed_at__isnull=True, available_at__lte=clock.now())
            .first()
        )
        if item is None:
            return False
        try:
            with transaction.atomic():
                _handlers[item.kind](item)
        except Exception as error:  # noqa: BLE001 - whatever a handler raises, the effect must be kept and tried again
            failure = error
            wait = FIRST_WAIT * 2**item.attempts
            item.attempts = F("attempts") + 1
            item.error = type(error).__name__[:64]
            item.available_at = clock.now() + wait
            item.save(update_fields=["attempts", "error", "available_at"])
            OutboxItem.objects.filter(pk=item.pk, attempts__gte=MAX_ATTEMPTS).update(failed_at=clock.now())
        else:
            item.done_at = clock.now()
            item.error = ""
            item.save(update_fields=["done_at", "error"])
    if failure is not None:
        log.error("outbox %s %s failed: %s", item.kind, item.pk, type(failure).__name__)
    return failure is None


def waiting(limit: int = 500) -> list[UUID]:
    """Ids of effects that are due and not delivered, oldest first."""
    with acting_as(worker_identity("outbox-sweep")):
        rows = OutboxItem.objects.filter(done_at__isnull=True, failed_at__isnull=True, available_at__lte=clock.now())
        return list(rows.order_by("available_at").values_list("pk", flat=True)[:limit])


def sweep(limit: int = 500) -> int:
    """Deliver everything that is due, whatever the broker forgot. Returns how many this call delivered."""
    done = sum(deliver(item_id) for item_id in waiting(limit))
    connection.close_if_unusable_or_obsolete()
    return done
