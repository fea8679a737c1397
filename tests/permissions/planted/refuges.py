"""A stay in the refuge."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from core import clock
from shelter.models import Bed
from shelter.services.holding import stay_hold
from shelter.services.house import house_open
from tests.permissions.planted.scene import Planted, Scene


def sheltered(scene: Scene, case: Planted) -> UUID:
    """A bed in the refuge is held for her. Returns the house's id."""
    world, now = scene.world, clock.now()
    with world.acting("keeper") as by:
        house = house_open(
            by=by,
            office=world.offices["wuhua"],
            code_name="栖息一号",
            capacity=4,
            address=case.tell("stay"),
            beds=[("1", "single")],
        )
    with world.acting("manager") as by:
        stay = stay_hold(
            case_id=case.id, by=by, bed_id=Bed.objects.get(house=house).pk, since=now, until=now + dt.timedelta(days=5), basis="danger",
            health_needs=case.tell("stay"),
        )  # fmt: skip
        case.stay = stay.pk
        case.tell("stay", stay.guest_name)
    return house.pk
