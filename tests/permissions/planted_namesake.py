"""Somebody of the staff who has the name of a party, in the planted scene: who may know of it, and that the one of that name does not."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from cases.models import Wall
from cases.services import persons, walls
from cases.services.people import PersonData
from tests.roles import as_owner, as_worker

# The directors of the case's centre: who decides; nobody else is named for it.
NAMESAKES = frozenset({"director"})


def plant_namesake(scene: Any) -> list[UUID]:
    """A relative in the walled case is called like the centre's expert, of whom nothing else is known."""
    world, case = scene.world, scene["walled"]
    with world.acting("manager") as by:
        persons.person_add(case_id=case.id, by=by, data=PersonData(role="relative", name=world.users["expert"].name))
    with as_owner():
        found = list(Wall._base_manager.filter(case_id=case.id, reason="name").values_list("pk", flat=True))
    with as_worker():
        for wall_id in walls.unsettled():
            walls.settle(wall_id)
    return found
