"""An assessed case, and letters sent from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from agencies.enums import Role, UnitKind
from agencies.models import Unit
from cases.models import Case
from cases.services import case as cases
from cases.services.consents import Given
from cases.services.people import PersonData, Safety
from referrals import services
from referrals.models import Referral
from tests.roles import as_owner
from tests.world import World

NARRATIVE = "独居，腿脚不便，儿子三个月没有来过。"


def open_case(world: World, *, category: str = "A06", risk: str = "low", minor: bool = False) -> Case:
    """A case of the Wuhua centre that is open and assessed."""
    from cases.models import Category

    with world.acting("manager") as by:
        case = cases.case_open(by=by, new=cases.NewCase(
            office=world.offices["wuhua"], category=Category.objects.get(pk=category), channel="walk_in", concerns_minor=minor,
            persons=[PersonData(
                role="client", is_primary=True, name="刘桂芳", phone="13800001234", safety=Safety(number="13800001234", code_word="买菜"))],
            narrative=NARRATIVE,
        ))  # fmt: skip
        cases.section_write(case_id=case.pk, section="medical", by=by, version=None, text="左膝置换")
        cases.section_write(case_id=case.pk, section="evidence", by=by, version=None, text="转账记录")
        return cases.case_assess(
            case_id=case.pk, by=by, version=Case.objects.get(pk=case.pk).version, risk=risk, reasons="无即时危险"
        )


def send_letter(world: World, case: Case, unit: str = "justice", **more: Any) -> Referral:
    """A letter from the case's manager."""
    values: dict[str, Any] = {
        "unit": world.units[unit],
        "ask": "legal_aid",
        "ask_note": "请上门提供法律援助",
        "sections": ["identity", "incident"],
        "basis": "duty",
    }
    values |= more
    note, until = values.pop("consent_note", ""), values.pop("consent_until", None)
    values.setdefault("consent", Given(note=note, until=until))
    with world.acting("manager") as by:
        return services.referral_send(case_id=case.pk, by=by, **values)


@pytest.fixture
def case(world: World) -> Case:
    return open_case(world)


@pytest.fixture
def letter(world: World, case: Case) -> Referral:
    return send_letter(world, case)


@pytest.fixture
def login(world: World) -> Callable[[str], Client]:
    """A browser in which this person is logged in."""

    def enter(username: str) -> Client:
        client = Client()
        client.force_login(world.users[username], backend="agencies.backends.StaffBackend")
        return client

    return enter


@pytest.fixture
def third(world: World) -> None:
    """One more liaison of the police."""
    world.person("police_liaison3", Role.LIAISON, "police")


@pytest.fixture
def station(world: World) -> Unit:
    """A police station below the district's police, with a liaison."""
    with as_owner():
        world.units["station"] = Unit.objects.create(
            kind=UnitKind.POLICE, name="测试翠湖派出所", short_name="翠湖派出所", region=world.regions["wuhua_district"],
            group=Group.objects.create(name="测试单位:翠湖派出所"), parent=world.units["police"],
        )  # fmt: skip
    world.person("station_liaison", Role.LIAISON, "station")
    return world.units["station"]
