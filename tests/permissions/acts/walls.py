"""Walls and seals."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from cases.models import Wall
from cases.services import access, seals, walls
from core.identity import as_verb
from tests.permissions.acts.play import UNITS, Play, act
from tests.roles import as_owner, as_worker


@act
def wall_a_person(play: Play, a: int, b: int) -> None:
    """Whoever it is."""
    case_id = play.case(a)
    with play.scene.world.acting(play.staff_of(case_id)), as_verb([case_id]):
        access.wall(case_id=case_id, reason="kin", user_id=play.scene.world.users[play.person(b)].pk)


@act
def wall_a_unit(play: Play, a: int, b: int) -> None:
    """A unit or the desk."""
    case_id, world = play.case(a), play.scene.world
    groups = [*(world.units[name].group_id for name in UNITS), world.offices["desk"].group_id]
    with world.acting(play.staff_of(case_id)), as_verb([case_id]):
        access.wall(case_id=case_id, reason="kin", group_id=groups[b % len(groups)])


@act
def set_a_wall(play: Play, a: int, b: int) -> None:
    """By the verb, before a unit or a person; the worker then gives what they owed to others."""
    case_id, world = play.case(a), play.scene.world
    whom: dict[str, Any] = (
        {"person": world.users[play.person(b)]} if b % 2 else {"unit": world.units[UNITS[b % len(UNITS)]]}
    )
    with world.acting(play.staff_of(case_id)) as by:
        walls.wall_set(case_id=case_id, by=by, reason="kin", **whom)
    if b % 3:
        settle_walls(play, a, b)


@act
def settle_walls(play: Play, a: int, b: int) -> None:
    """What the walled owed goes to others."""
    with as_worker():
        for wall_id in walls.unsettled():
            walls.settle(wall_id)


@act
def lift_a_wall(play: Play, a: int, b: int) -> None:
    """Asked by the director; agreed to, or not, by somebody of the centre."""
    with as_owner():
        rows = list(Wall._base_manager.filter(case_id=play.case(a), lifted_at__isnull=True).order_by("pk"))
    wall_id = rows[b % len(rows)].pk if rows else uuid4()
    with play.scene.world.acting("director") as by:
        walls.wall_lift(wall_id=wall_id, by=by)
    if b % 3:
        with play.scene.world.acting("manager") as by:
            walls.wall_lift(wall_id=wall_id, by=by, agreed=b % 3 == 1)


@act
def seal(play: Play, a: int, b: int) -> None:
    """By the director, to a manager and somebody."""
    case_id, users = play.case(a), play.scene.world.users
    with play.scene.world.acting("director") as by:
        named = [users["manager2" if b % 3 else "manager"].pk, users[play.person(b)].pk]
        seals.case_seal(case_id=case_id, by=by, named=named)


@act
def unseal(play: Play, a: int, b: int) -> None:
    """The case is the whole centre's again."""
    with play.scene.world.acting("director") as by:
        seals.case_unseal(case_id=play.case(a), by=by)
