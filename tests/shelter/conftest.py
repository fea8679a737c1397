"""A refuge of the Wuhua centre, and an assessed case whose client needs a bed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from cases.models import Case
from core import clock
from shelter import services
from shelter.models import Bed, House, Stay
from tests.referrals.conftest import open_case
from tests.world import World

ADDRESS = "五华区虹山东路云杉巷7号"


def open_house(world: World, code_name: str = "山茶屋") -> House:
    """Registered by its keeper: one family room and one single bed."""
    with world.acting("keeper") as by:
        return services.house_open(
            by=by,
            office=world.offices["wuhua"],
            code_name=code_name,
            capacity=5,
            address=ADDRESS,
            beds=[("01", "family"), ("02", "single")],
        )


def hold(world: World, case: Case, house: House, who: str = "manager", kind: str = "family", **more: Any) -> Stay:
    """A bed held by the case's manager."""
    with world.acting(who) as by:
        bed = Bed.objects.visible_to(by).get(house=house, kind=kind)
        values: dict[str, Any] = {
            "since": clock.now(),
            "until": clock.now() + dt.timedelta(days=3),
            "basis": "consent",
            "persons": 2 if kind == "family" else 1,
            "children": 1 if kind == "family" else 0,
            "dangers": ["searching"],
            "health_needs": "孕七月",
        }
        return services.stay_hold(case_id=case.pk, by=by, bed_id=bed.pk, **(values | more))


def check_in(world: World, stay: Stay) -> Stay:
    """She has come."""
    with world.acting("keeper") as by:
        return services.stay_check_in(
            stay_id=stay.pk, by=by, version=stay.version, persons=2, children=1, location_off=True, rules_told=True, dangers=["searching"],
            health_needs="孕七月")  # fmt: skip


@pytest.fixture
def house(world: World) -> House:
    return open_house(world)


@pytest.fixture
def case(world: World) -> Case:
    return open_case(world, category="A01", risk="high")


@pytest.fixture
def stay(world: World, case: Case, house: House) -> Stay:
    return hold(world, case, house)
