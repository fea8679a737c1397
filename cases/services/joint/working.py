"""The second centre's people write what they did, and owe the next step; the responsible centre reads it."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases.enums import Risk, Section
from cases.enums_joint import NOTE_SECTIONS, JointHow
from cases.models import Case, JointHandling
from cases.permissions import open_sections
from cases.services import guards, timeline, workitems
from cases.services.joint.answering import check_step
from cases.services.joint.common import READ, WORK, is_active, is_second
from core import engine
from core.dates import check_reach
from core.engine import Act
from core.errors import DomainError, NotAllowed
from core.identity import Identity


def note_choices(row: JointHandling, by: Identity) -> list[Section]:
    """Where a note of `by` can stand: the sections that are open to them now; without any the responsible centre alone reads it."""
    case = Case.objects.visible_to(by).filter(pk=row.case_id).first()
    held = open_sections(by, case) if case is not None else frozenset[str]()
    return [section for section in NOTE_SECTIONS if section in held] or [Section.COORDINATION]


def is_named(row: JointHandling, by: Identity) -> None:
    """Only who is named for it writes into the case."""
    if by.user_id not in row.people:
        raise NotAllowed(
            "not_named", _("Only the people named for it write into the case. Your centre can name others.")
        )


def joint_report(
    *,
    joint_id: UUID,
    by: Identity,
    how: str,
    happened_at: dt.datetime,
    text: str,
    section: str,
    due_at: dt.datetime,
    key: UUID | None = None,
) -> JointHandling:
    """What was done, in a section that is open to the writer, and by when the next step comes. The case's manager is asked to read it."""
    JointHow(how)
    seen = JointHandling.objects.received_by(by).filter(pk=joint_id).first()
    allowed = note_choices(seen, by) if seen is not None else []  # asked as the person, not as the verb

    def write(act: Act[JointHandling]) -> JointHandling:
        row = act.object
        if section not in allowed:
            raise DomainError("section", _("Choose a part of the case that is open to you."), field="section")
        if happened_at > act.now:
            raise DomainError("future", _("What is still to come is not written down yet."), field="happened_at")
        check_reach(happened_at, field="happened_at")
        check_step(row, due_at, act.now)
        timeline.add(
            act, row.case, "joint.note", section=section, text=text.strip(), object_id=row.pk, at=happened_at, how=how
        )
        urgent = row.risk == Risk.HIGH
        workitems.finish(WORK, source_id=row.pk)
        workitems.open_item(
            WORK, office_id=row.to_office_id, source_id=row.pk, case=row.case, owner_user_id=row.person_id, due_at=due_at, urgent=urgent,
            tell=row.person_id != by.user_id,
        )  # fmt: skip
        workitems.open_item(READ, office_id=row.office_id, source_id=row.pk, case=row.case, urgent=urgent)
        act.detail |= {"how": how, "section": section}
        return row

    return engine.change(
        "joint.report", by=by, scope=JointHandling.objects.received_by(by), pk=joint_id, guards=[is_second, is_active, is_named],
        write=write, key=key,
    )  # fmt: skip


def joint_noted(*, joint_id: UUID, by: Identity, key: UUID | None = None) -> JointHandling:
    """The responsible centre has read what was done there."""

    def write(act: Act[JointHandling]) -> JointHandling:
        if not workitems.finish((READ,), source_id=act.object.pk):
            raise DomainError("noted", _("This was read already."))
        return act.object

    return engine.change(
        "joint.noted", by=by, scope=JointHandling.objects.sent_by(by), pk=joint_id, guards=[guards.is_manager, guards.is_open],
        write=write, key=key,
    )  # fmt: skip
