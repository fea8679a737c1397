"""Somebody of the staff has the name of a party."""

from __future__ import annotations

from uuid import UUID

from cases.models import Wall
from cases.services import persons, walls
from cases.services.people import PersonData
from tests.permissions.planted.scene import Planted, Scene
from tests.roles import as_owner, as_worker


def namesake(scene: Scene, case: Planted) -> list[UUID]:
    """A relative in the case is called like the centre's expert, of whom nothing else is known."""
    world = scene.world
    with world.acting("manager") as by:
        persons.person_add(case_id=case.id, by=by, data=PersonData(role="relative", name=world.users["expert"].name))
    with as_owner():
        found = list(Wall._base_manager.filter(case_id=case.id, reason="name").values_list("pk", flat=True))
    with as_worker():
        for wall_id in walls.unsettled():
            walls.settle(wall_id)
    return found
