"""An assessed case, and an application sent from it."""

from __future__ import annotations

from typing import Any

import pytest

from cases.models import Case
from cases.services import case as cases
from cases.services.consents import Given
from cases.services.people import PersonData
from cases.services.persons import person_add
from legalaid import services
from legalaid.models import Application
from tests.referrals.conftest import open_case
from tests.world import World


def send(world: World, case: Case, **more: Any) -> Application:
    """An application from the case's manager."""
    values: dict[str, Any] = {
        "unit": world.units["legal_aid"],
        "matter": "support",
        "means": "examined",
        "consent": Given("当面同意，已签字"),
    }
    with world.acting("manager") as by:
        return services.application_send(case_id=case.pk, by=by, **(values | more))


@pytest.fixture
def case(world: World) -> Case:
    made = open_case(world)
    with world.acting("manager") as by:
        cases.section_write(case_id=made.pk, section="legal", by=by, version=None, text="未签赡养协议")
        person_add(case_id=made.pk, by=by, data=PersonData(role="respondent", name="刘建国"))
    return made


@pytest.fixture
def application(world: World, case: Case) -> Application:
    return send(world, case)
