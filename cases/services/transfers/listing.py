"""Transfers on lists: those that wait, those that were taken over, and what happens when nobody answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from cases import registry
from cases.enums import TransferReason, TransferStatus
from cases.models import Transfer, WorkItem
from cases.services import workitems
from core import clock
from core.identity import Identity

STEP_OF_THE_SENDER = 2


def subjects(by: Identity, sources: Sequence[UUID]) -> Sequence[registry.SubjectRows]:
    """Why another centre should go on: all that a list says of a transfer."""
    rows = Transfer.objects.visible_to(by).filter(pk__in=sources)
    return [registry.SubjectRows(rows, words=["reason"], say=lambda reason: TransferReason(reason).label)]


def late_step(item: WorkItem, step: int) -> None:
    """The second step of lateness is the asking centre's: she is still its own, and it decides whether to ring there, recall or ask another."""
    if step == STEP_OF_THE_SENDER and item.case is not None:
        workitems.open_item(
            "transfer.unanswered",
            office_id=item.case.office_id,
            source_id=item.source_id,
            case=item.case,
            urgent=item.is_urgent,
        )


@dataclass(frozen=True, slots=True)
class Waiting:
    """A transfer that waits, as the lists show it."""

    row: Transfer
    is_late: bool


def waiting(by: Identity) -> list[Waiting]:
    """What the own centres ask and are asked, unanswered, the soonest first."""
    rows = (
        Transfer.objects.visible_to(by)
        .filter(status=TransferStatus.ASKED)
        .select_related("office", "to_office", "category")
    )
    now = clock.now()
    return [Waiting(row, row.due_at < now) for row in rows.order_by("due_at", "pk")[:100]]


def taken_over(by: Identity) -> list[Transfer]:
    """What the own centres have taken over, newest first."""
    rows = Transfer.objects.received_by(by).filter(status=TransferStatus.ACCEPTED).select_related("office", "category")
    return list(rows.order_by("-answered_at", "pk")[:20])
