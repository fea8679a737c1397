"""Times that people choose: a next step is neither over nor out of everybody's sight, and a mistyped date is no error of ours."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from cases.models import Case
from cases.services import case as cases
from cases.services import followups
from core import clock
from core.errors import DomainError
from tests.cases.scenes import client_of
from tests.cases.test_walls import assessed
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("years", "code"), [(-1, "past"), (2, "too_far"), (180, "too_far")])
def test_a_next_step_is_not_planned_where_nobody_looks(world: World, years: int, code: str) -> None:
    """2206 for 2026: the case would keep its promise for 180 years."""
    case = assessed(world)
    moment = clock.now() + dt.timedelta(days=365 * years)
    with world.acting("manager") as by:
        version = Case.objects.get(pk=case.pk).version
        with pytest.raises(DomainError, match=code) as refusal:
            cases.case_plan(case_id=case.pk, by=by, version=version, text="等待开庭", due_at=moment)
        assert refusal.value.field == "due_at"
        with pytest.raises(DomainError, match=code):
            followups.follow_up_plan(case_id=case.pk, by=by, due_at=moment, by_desk=False)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_lists_take_every_day_that_a_date_can_name(world: World, day: str) -> None:
    assert client_of(world, "director").get(reverse("agencies:access-log"), {"day": day}).status_code == 200
    for name in ("since", "until"):
        assert client_of(world, "operator").get(reverse("hotline:list"), {name: day}).status_code == 200
    page = client_of(world, "system").post(
        reverse("agencies:key-new"), {"unit": "", "system": "系统", "valid_until": day}
    )
    assert page.status_code == 422
