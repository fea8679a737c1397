"""The second centre agrees and names its people, or declines; the responsible one recalls."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agencies.models import User
from cases.enums import Risk, Section, WorkItemOutcome
from cases.models import JointHandling
from cases.services import clocks, guards, timeline, workitems
from cases.services.centres import taker_choices
from cases.services.joint.common import (
    ANSWER,
    KINDS,
    OVER,
    UNANSWERED,
    WORK,
    close,
    is_active,
    is_second,
    open_to,
    tell,
)
from cases.workflow import JOINT
from core import clock, engine
from core.engine import Act
from core.errors import DomainError
from core.identity import Identity


def _people(row: JointHandling, person: User, deputy: User | None) -> list[UUID]:
    """The two who are named, both of the second centre and not one twice."""
    for one, name in ((person, "person"), (deputy, "deputy")):
        if one is not None and not taker_choices(row.to_office_id).filter(pk=one.pk).exists():
            raise DomainError("not_a_manager", _("Choose a case manager of this centre."), field=name)
    if deputy is not None and deputy.pk == person.pk:
        raise DomainError("same_person", _("Choose somebody else as deputy."), field="deputy")
    return [person.pk, *([deputy.pk] if deputy else [])]


def _not_past(row: JointHandling, by: Identity) -> None:
    if row.ends_at <= clock.now():
        raise DomainError("joint_over", _("This joint handling is over."))


def check_step(row: JointHandling, due_at: dt.datetime, now: dt.datetime, name: str = "due_at") -> None:
    """A step of the second centre is still to come and lies within the time of the joint handling."""
    if due_at <= now:
        raise DomainError("past", _("Choose a time that is still to come."), field=name)
    if due_at > row.ends_at:
        raise DomainError("after_end", _("Choose a time before the joint handling ends."), field=name)


def joint_accept(
    *,
    joint_id: UUID,
    by: Identity,
    person: User,
    deputy: User | None = None,
    due_at: dt.datetime | None = None,
    key: UUID | None = None,
) -> JointHandling:
    """Agree: what was offered opens to these people, the first of whom owes the first step by `due_at` (else by the clock)."""

    def write(act: Act[JointHandling]) -> JointHandling:
        row = act.object
        row.person, row.deputy, row.answered_at = person, deputy, act.now
        urgent = row.risk == Risk.HIGH
        first = due_at or min(clocks.due(WORK, urgent=urgent).at, row.ends_at)
        check_step(row, first, act.now)
        people = _people(row, person, deputy)
        open_to(row, people)
        workitems.finish((ANSWER, UNANSWERED), source_id=row.pk)
        workitems.open_item(
            WORK, office_id=row.to_office_id, source_id=row.pk, case=row.case, owner_user_id=person.pk, due_at=first, urgent=urgent
        )  # fmt: skip
        tell(row, [one for one in people if one != by.user_id])
        timeline.add(
            act, row.case, "joint.accepted", section=Section.COORDINATION, object_id=row.pk, centre=row.to_office.short_name, name=person.name
        )  # fmt: skip
        return row

    return engine.change(
        "joint.accept", by=by, scope=JointHandling.objects.received_by(by).select_related("to_office"), pk=joint_id, workflow=JOINT,
        guards=[is_second, _not_past], write=write, key=key,
    )  # fmt: skip


def joint_decline(*, joint_id: UUID, by: Identity, reason: str, key: UUID | None = None) -> JointHandling:
    """Not there, with the reason; what comes next is the responsible centre's decision."""
    if not reason.strip():
        raise DomainError("required", _("A refusal needs its reasons in words."), field="answer")

    def write(act: Act[JointHandling]) -> JointHandling:
        row = act.object
        row.answered_at, row.answer = act.now, reason.strip()
        close(row)
        workitems.finish((ANSWER, UNANSWERED), source_id=row.pk)
        workitems.open_item(
            OVER, office_id=row.office_id, source_id=row.pk, case=row.case, urgent=row.risk == Risk.HIGH
        )
        timeline.add(act, row.case, "joint.declined", section=Section.COORDINATION, text=row.answer, object_id=row.pk)
        return row

    return engine.change(
        "joint.decline", by=by, scope=JointHandling.objects.received_by(by), pk=joint_id, workflow=JOINT, guards=[is_second],
        write=write, key=key,
    )  # fmt: skip


def joint_recall(*, joint_id: UUID, by: Identity, key: UUID | None = None) -> JointHandling:
    """The responsible centre takes it back before it is answered."""

    def write(act: Act[JointHandling]) -> JointHandling:
        row = act.object
        row.answered_at = act.now
        close(row)
        workitems.finish(KINDS, source_id=row.pk, outcome=WorkItemOutcome.CANCELLED)
        timeline.add(act, row.case, "joint.recalled", section=Section.COORDINATION, object_id=row.pk)
        return row

    return engine.change(
        "joint.recall", by=by, scope=JointHandling.objects.sent_by(by), pk=joint_id, workflow=JOINT, guards=[guards.is_manager],
        write=write, key=key,
    )  # fmt: skip


def joint_name(
    *, joint_id: UUID, by: Identity, version: int | None, person: User, deputy: User | None = None, key: UUID | None = None
) -> JointHandling:  # fmt: skip
    """The second centre names others: the case opens to them and closes to those before, and the next step is theirs."""

    def write(act: Act[JointHandling]) -> JointHandling:
        row = act.object
        before = set(row.people)
        people = _people(row, person, deputy)
        open_to(row, people)
        row.person, row.deputy = person, deputy
        if not workitems.pass_on((WORK,), source_id=row.pk, owner_user_id=person.pk, owner_group_id=None):
            due = min(clocks.due(WORK, urgent=row.risk == Risk.HIGH).at, row.ends_at)
            workitems.open_item(
                WORK, office_id=row.to_office_id, source_id=row.pk, case=row.case, owner_user_id=person.pk, due_at=due
            )
        tell(row, sorted(before.symmetric_difference(people) - {by.user_id}, key=str))
        timeline.add(
            act, row.case, "joint.named", section=Section.COORDINATION, object_id=row.pk, centre=row.to_office.short_name, name=person.name
        )  # fmt: skip
        return row

    return engine.change(
        "joint.name", by=by, scope=JointHandling.objects.received_by(by).select_related("to_office"), pk=joint_id, version=version,
        guards=[is_second, is_active], write=write, key=key,
    )  # fmt: skip
