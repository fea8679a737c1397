"""Namesakes, for the test of scopes and policies: a party is entered with the name of somebody, and it is found out or not."""

from __future__ import annotations

from uuid import uuid4

from cases.models import Wall
from cases.services import namesakes, persons, walls
from cases.services.people import PersonData
from tests.permissions.acts.play import Play, act
from tests.roles import as_owner, as_worker

ROLES = ("respondent", "client", "relative", "guardian")


@act
def enter_a_namesake(play: Play, a: int, b: int) -> None:
    """A party with the name of somebody on the staff, near or far; the worker asks who it is."""
    case_id, world = play.case(a), play.scene.world
    with world.acting(play.staff_of(case_id)) as by:
        persons.person_add(
            case_id=case_id, by=by, data=PersonData(role=ROLES[a % 4], name=world.users[play.person(b)].name)
        )
    if b % 3:
        with as_worker():
            for wall_id in walls.unsettled():
                walls.settle(wall_id)


@act
def find_out_who_it_is(play: Play, a: int, b: int) -> None:
    """By the director, a manager or the level above."""
    case_id = play.case(a)
    provisional = Wall._base_manager.filter(case_id=case_id, reason="name", confirmed_at=None, lifted_at=None).order_by(
        "pk"
    )
    with as_owner():
        row = provisional.first()
    if row is None:
        enter_a_namesake(play, a, 6)
        with as_owner():
            row = provisional.all().first()
    with play.scene.world.acting(("director", "manager", "supervisor")[b % 3]) as by:
        namesakes.namesake_decide(wall_id=row.pk if row else uuid4(), by=by, is_he=b % 2 == 0)
