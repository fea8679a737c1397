"""Roles, and places in the task force."""

from __future__ import annotations

from uuid import uuid4

from agencies.enums import Role
from agencies.models import RoleGrant
from referrals.taskforces import services as taskforces
from referrals.taskforces.models import Membership
from tests.permissions.acts.play import UNITS, Play, act
from tests.roles import as_owner
from tests.world import SINCE


@act
def begin_a_role(play: Play, a: int, b: int) -> None:
    """One more role for somebody."""
    world = play.scene.world
    place = [
        {"role": Role.MANAGER, "office": world.offices["xishan"]}, {"role": Role.KEEPER, "office": world.offices["xishan"]},
        {"role": Role.OPERATOR, "office": world.offices["desk"]}, {"role": Role.LIAISON, "unit": world.units["justice"]},
        {"role": Role.DIRECTOR, "office": world.offices["wuhua"]}, {"role": Role.SUPERVISOR, "region": world.regions["wuhua_district"]},
    ][a % 6]  # fmt: skip
    with as_owner():
        RoleGrant.objects.create(user=world.users[play.person(b)], since=SINCE, **place)


@act
def end_a_role(play: Play, a: int, b: int) -> None:
    """All roles of somebody end."""
    with as_owner():
        RoleGrant.objects.filter(user=play.scene.world.users[play.person(b)]).update(until=SINCE)


@act
def name_for_the_task_force(play: Play, a: int, b: int) -> None:
    """Somebody else stands for a department; the one before is ended. A place in the task force opens no case."""
    world = play.scene.world
    unit = world.units[UNITS[b % len(UNITS)]]
    person = taskforces.Person(unit, "王科长", "科长", "13900000002")
    with world.acting("director") as by:
        taskforces.member_name(
            office=world.offices["wuhua"], by=by, kind=unit.kind, place=("member", "liaison")[a % 2], person=person
        )


@act
def end_in_the_task_force(play: Play, a: int, b: int) -> None:
    """Nobody stands for it any more."""
    with as_owner():
        rows = list(Membership._base_manager.filter(until__isnull=True).order_by("pk"))
    with play.scene.world.acting("director") as by:
        taskforces.member_end(membership_id=rows[b % len(rows)].pk if rows else uuid4(), by=by)
