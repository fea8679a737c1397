"""Background jobs of the ground floor. Arguments are ids only."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from core import heads, outbox, seal


@shared_task(name="core.tasks.outbox_deliver")
def outbox_deliver(item_id: str) -> None:
    """Deliver one effect."""
    outbox.deliver(UUID(item_id))


@shared_task(name="core.tasks.outbox_sweep")
def outbox_sweep() -> int:
    """Deliver all effects whose bell was lost."""
    return outbox.sweep()


@shared_task(name="core.tasks.log_seal")
def log_seal() -> int:
    """Seal the access log's new rows."""
    return seal.seal_new_rows()


@shared_task(name="core.tasks.log_heads")
def log_heads() -> bool:
    """Keep the ends of the log outside the database."""
    return heads.keep()
