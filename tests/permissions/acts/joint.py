"""What two centres can do about a case together, for the test of scopes and policies: each act takes the sequence and two numbers."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

from cases.models import JointHandling
from cases.services import joint
from cases.services.consents import Given
from core.errors import DomainError
from tests.permissions.acts.play import Play, act
from tests.roles import as_owner, as_worker

BASES = ("duty", "consent", "danger")
OFFERS = (("identity", "incident"), ("contact", "medical"), ("children", "identity", "contact"))


def _second(play: Play, case_id: UUID) -> str:
    """The person of the centre that is asked."""
    return "manager" if play.staff_of(case_id) == "xishan_manager" else "xishan_manager"


def _of(play: Play, a: int, status: str) -> UUID:
    with as_owner():
        row = JointHandling._base_manager.filter(case_id=play.case(a), status=status).first()
    return row.pk if row else uuid4()


@act
def ask_to_help(play: Play, a: int, b: int) -> None:
    """A second centre is asked; what is offered rests on duty, consent or danger."""
    case_id, world = play.case(a), play.scene.world
    place = "wuhua" if play.staff_of(case_id) == "xishan_manager" else "xishan"
    new = joint.NewJoint(
        to_office=world.offices[place], reason="work_there", wish="请协助走访", ends_at=play.now + dt.timedelta(days=7 + 10 * b),
        sections=OFFERS[b % 3], basis=BASES[a % 3], consent=Given("她本人同意"),
    )  # fmt: skip
    with world.acting(play.staff_of(case_id)) as by:
        joint.joint_ask(case_id=case_id, by=by, version=None, new=new)


@act
def agree_to_help(play: Play, a: int, b: int) -> None:
    """By the second centre, with or without a deputy; where nobody is asked, somebody is first."""
    case_id, users = play.case(a), play.scene.world.users
    if not _is(play, a, "asked"):
        ask_to_help(play, a, b)
    who = _second(play, case_id)
    deputy = users["manager2" if b % 4 == 3 else "director"] if who == "manager" and b % 2 else None
    with play.scene.world.acting(who) as by:
        joint.joint_accept(joint_id=_of(play, a, "asked"), by=by, person=users[who], deputy=deputy)


def _is(play: Play, a: int, status: str) -> bool:
    with as_owner():
        return JointHandling._base_manager.filter(case_id=play.case(a), status=status).exists()


@act
def decline_or_take_back(play: Play, a: int, b: int) -> None:
    """There, or here."""
    case_id = play.case(a)
    if not _is(play, a, "asked"):
        ask_to_help(play, a, b)
    row = _of(play, a, "asked")
    with play.scene.world.acting(play.staff_of(case_id) if b % 2 else _second(play, case_id)) as by:
        if b % 2:
            joint.joint_recall(joint_id=row, by=by)
        else:
            joint.joint_decline(joint_id=row, by=by, reason="不在本辖区")


def _in_force(play: Play, a: int, b: int) -> UUID:
    if not _is(play, a, "active"):
        agree_to_help(play, a, b)
    return _of(play, a, "active")


@act
def write_what_was_done(play: Play, a: int, b: int) -> None:
    """By who is named, in a section that is open there."""
    row, who = _in_force(play, a, b), _second(play, play.case(a))
    with play.scene.world.acting(who) as by:
        found = JointHandling.objects.received_by(by).filter(pk=row).first()
        if found is None:
            raise DomainError("not_found", "")
        joint.joint_report(
            joint_id=row, by=by, how="visit", happened_at=play.now, text="已走访", section=joint.note_choices(found, by)[0],
            due_at=play.now + dt.timedelta(days=1 + b % 5),
        )  # fmt: skip


@act
def name_others(play: Play, a: int, b: int) -> None:
    """Somebody else of the second centre."""
    row, who = _in_force(play, a, b), _second(play, play.case(a))
    users = play.scene.world.users
    with play.scene.world.acting(who) as by:
        joint.joint_name(
            joint_id=row, by=by, version=None, person=users[play.person(b)] if b % 2 else users[who], deputy=users["director"] if b % 3 == 0 else None
        )  # fmt: skip


@act
def end_together(play: Play, a: int, b: int) -> None:
    """By either centre."""
    row, case_id = _in_force(play, a, b), play.case(a)
    with play.scene.world.acting(play.staff_of(case_id) if b % 2 else _second(play, case_id)) as by:
        joint.joint_end(joint_id=row, by=by, note="")


@act
def sweep_what_is_over(play: Play, a: int, b: int) -> None:
    """The worker ends what is past its date, or has nothing open any more."""
    play.now += dt.timedelta(days=b)
    with as_worker():
        for row in joint.due():
            joint.settle(row)
