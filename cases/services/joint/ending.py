"""How a joint handling ends: by either centre, by its date, and with the case."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from cases.enums import Risk, Section, WorkItemOutcome
from cases.enums_joint import JOINT_OPEN, JointEnd, JointStatus
from cases.models import AccessGrant, Case, JointHandling, Seal
from cases.services import access, timeline, workitems
from cases.services.joint.common import KINDS, OVER, close, is_either, tell
from cases.workflow import JOINT
from core import clock, engine
from core.engine import Act
from core.identity import Identity, acting_as, worker_identity

AT_ONCE = 500


def joint_end(*, joint_id: UUID, by: Identity, note: str = "", key: UUID | None = None) -> JointHandling:
    """Either centre ends it: nothing is open there any more. Where the second one does, the case's manager decides what follows."""

    def write(act: Act[JointHandling]) -> JointHandling:
        row = act.object
        of_the_first = row.office_id in by.case_offices
        close(row)
        _over(
            act, row, JointEnd.RESPONSIBLE if of_the_first else JointEnd.JOINT, note=note.strip(), asks=not of_the_first
        )
        tell(row, [one for one in row.people if one != by.user_id])
        return row

    return engine.change(
        "joint.end", by=by, scope=JointHandling.objects.visible_to(by), pk=joint_id, workflow=JOINT, guards=[is_either], write=write, key=key
    )  # fmt: skip


def _over(act: Act[Any], row: JointHandling, because: JointEnd, *, note: str = "", asks: bool) -> None:
    """What every end does, whatever was the reason: nothing is owed there any more; `asks` what comes next of an open case's manager."""
    if row.status == JointStatus.ENDED:
        row.ended_at, row.end_reason = act.now, because
        timeline.add(
            act,
            row.case,
            "joint.ended",
            section=Section.COORDINATION,
            text=note,
            object_id=row.pk,
            reason=because.value,
        )
    else:
        row.answered_at = act.now
        timeline.add(act, row.case, "joint.recalled", section=Section.COORDINATION, object_id=row.pk)
    workitems.finish(KINDS, source_id=row.pk, outcome=WorkItemOutcome.CANCELLED)
    if asks and row.case.is_open:
        workitems.open_item(
            OVER, office_id=row.office_id, source_id=row.pk, case=row.case, urgent=row.case.risk == Risk.HIGH
        )


def _verb_of(row: JointHandling) -> str:
    return "recall" if row.status == JointStatus.ASKED else "end"


def end_with_case(act: Act[Any], case: Case) -> None:
    """The case is closed, sealed or handed over, inside that verb: the other centre helps no more, and sees nothing from now on."""
    for row in JointHandling.objects.select_for_update().filter(case=case, status__in=JOINT_OPEN):
        verb = _verb_of(row)
        row.status = JOINT.edge(verb, row.status).target
        access.withdraw(source_id=row.pk)
        row.case = case  # as the running verb has it
        _over(act, row, JointEnd.CASE, asks=False)
        tell(row, row.people)
        row.version += 1
        row.save()
        act.more.append((f"joint.{verb}", row))


def _spent() -> Q:
    """Past its date; agreed to but nothing is open there any more (a consent was withdrawn, an access ended); sealed meanwhile."""
    held = AccessGrant._base_manager.filter(source_id=OuterRef("pk"), withdrawn_at__isnull=True)
    sealed = Seal._base_manager.filter(case_id=OuterRef("case_id"), lifted_at__isnull=True)
    return Q(ends_at__lte=clock.now()) | ~Exists(held) | Exists(sealed)


def due() -> list[UUID]:
    """What has come to its end, the earliest first; as the worker."""
    with acting_as(worker_identity("joint")):
        rows = JointHandling._base_manager.filter(_spent(), status__in=JOINT_OPEN).order_by("ends_at", "pk")
        return list(rows.values_list("pk", flat=True)[:AT_ONCE])


def settle(joint_id: UUID) -> bool:
    """End one that has come to its end; the case's manager is asked what comes next. Safe to run twice. True when this call did it."""
    with acting_as(worker_identity("joint")) as by:
        row = JointHandling._base_manager.filter(_spent(), pk=joint_id, status__in=JOINT_OPEN).first()
        if row is None:
            return False
        verb = _verb_of(row)

        def write(act: Act[JointHandling]) -> None:
            ended = act.object
            access.withdraw(source_id=ended.pk)
            _over(act, ended, JointEnd.DATE if ended.ends_at <= act.now else JointEnd.SHUT, asks=True)
            tell(ended, ended.people)

        engine.change(
            f"joint.{verb}", by=by, scope=JointHandling._base_manager.filter(status=row.status), pk=joint_id, workflow=JOINT, write=write
        )  # fmt: skip
    return True
