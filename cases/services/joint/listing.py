"""Joint handlings as lists and pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from cases import registry
from cases.enums_joint import JointReason, JointStatus
from cases.models import JointHandling, WorkItem
from cases.services import workitems
from cases.services.joint.common import ANSWER, UNANSWERED
from core import clock
from core.identity import Identity

STEP_OF_THE_FIRST = 2
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Joint:
    """One that is asked or in force, as the lists show it."""

    row: JointHandling
    is_ours: bool  # the own centre is the responsible one
    is_late: bool  # asked, and not answered in time

    @property
    def is_asked(self) -> bool:
        return self.row.status == JointStatus.ASKED

    @property
    def other(self) -> str:
        """The other centre."""
        return self.row.to_office.short_name if self.is_ours else self.row.office.short_name


def of_centres(by: Identity) -> list[Joint]:
    """What the own centres ask, are asked and help with, the soonest end first. One query."""
    rows = JointHandling.objects.visible_to(by).open().select_related("office", "to_office", "category", "person")
    now = clock.now()
    return [
        Joint(row, row.office_id in by.case_offices, row.status == JointStatus.ASKED and row.due_at < now)
        for row in rows.order_by("ends_at", "pk")[:SHOWN]
    ]


def of_case(case_id: UUID, by: Identity) -> Joint | None:
    """The one that is open on a case, for either centre. One query."""
    rows = JointHandling.objects.visible_to(by).open().select_related("office", "to_office", "person")
    row = rows.filter(case_id=case_id).first()
    late = row is not None and row.status == JointStatus.ASKED and row.due_at < clock.now()
    return Joint(row, row.office_id in by.case_offices, late) if row else None


def subjects(by: Identity, sources: Sequence[UUID]) -> Sequence[registry.SubjectRows]:
    """Why two centres: all that a list says of it."""
    rows = JointHandling.objects.visible_to(by).filter(pk__in=sources)
    return [registry.SubjectRows(rows, words=["reason"], say=lambda reason: JointReason(reason).label)]


def late_step(item: WorkItem, step: int) -> None:
    """The second step of an answer that is late is the responsible centre's: it decides whether to ring there, recall or ask another."""
    if item.kind == ANSWER and step == STEP_OF_THE_FIRST and item.case is not None:
        workitems.open_item(
            UNANSWERED, office_id=item.case.office_id, source_id=item.source_id, case=item.case, urgent=item.is_urgent
        )
