"""A case number is found as it is typed; what is none is told beside its field, and is nobody's error page."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from agencies.enums import Role
from cases.models import BreakGlass, RecordApproval
from tests.cases.scenes import client_of
from tests.cases.test_walls import assessed
from tests.roles import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db


def wide(text: str) -> str:
    """As an input method for Chinese writes it."""
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


def asked(world: World, number: str) -> tuple[int, str]:
    """Status, and the number that was asked for."""
    form = {
        "number": number, "reason": "她丈夫正在她单位门口，本中心无人接听", "office": str(world.offices["desk"].pk),
        "confirm": str(world.offices["xishan"].pk), "request_key": str(uuid4()),
    }  # fmt: skip
    status = client_of(world, "operator").post(reverse("cases:glass-ask"), form).status_code
    with as_owner():
        row = BreakGlass.objects.order_by("-asked_at").first()
    return status, row.number if row else ""


@pytest.mark.parametrize(
    "typed", [str.lower, wide, lambda text: text.replace("-", " "), lambda text: text.replace("-", "—")]
)
def test_an_emergency_is_not_lost_to_the_way_of_typing(world: World, typed: object) -> None:
    world.person("xishan_director", Role.DIRECTOR, "xishan")
    case = assessed(world)
    number = typed(case.number)  # type: ignore[operator]
    assert number != case.number
    assert asked(world, number) == (302, case.number)


@pytest.mark.parametrize("typed", ["ß" * 24, "ﷺ" * 12, "530102", "x" * 5000, "\x00"])
def test_what_is_no_number_is_told_beside_the_field(world: World, typed: str) -> None:
    world.person("xishan_director", Role.DIRECTOR, "xishan")
    assert asked(world, typed) == (422, "")
    form = {"number": typed, "reason": "同一家庭新案需要参考", "days": "7", "office": str(world.offices["wuhua"].pk)}
    answer = client_of(world, "manager2").post(reverse("cases:approval-ask"), form)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"number"}
    with as_owner():
        assert not RecordApproval.objects.exists()
