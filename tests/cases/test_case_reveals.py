"""Looking at a case is logged; a number is shown for a reason."""

from __future__ import annotations

import datetime as dt
from urllib.parse import quote

import pytest
from pytest_django.fixtures import Settings

from core import clock
from core.models.accesslog import AccessLog
from tests.cases.forms import url_of
from tests.cases.scenes import assessed, client_of, party_of, shared, shown_factor
from tests.roles import as_owner
from tests.world import World


def test_every_view_is_logged_with_its_sections(world: World) -> None:
    case = assessed(world)
    client_of(world, "manager").get(url_of(case))
    with as_owner():
        seen = AccessLog.objects.get(action="view", object_type="case", case_id=case.pk)
    assert seen.office_id == case.office_id
    assert {"header", "identity", "safe_contact"} <= set(seen.sections.split(","))


@pytest.mark.parametrize("what", ["phone", "safe"])
def test_a_number_is_revealed_for_a_reason_and_logged(world: World, what: str) -> None:
    case = assessed(world)
    url = url_of(case, f"people/{party_of(case)}/reveal/{what}/")
    browser = client_of(world, "manager")
    assert "13800001234" not in browser.get(url).content.decode()
    refused = browser.post(url, {})
    assert refused.status_code == 422
    assert "13800001234" not in refused.content.decode()
    assert "13800001234" in browser.post(url, {"reason": "call"}).content.decode()
    with as_owner():
        logged = AccessLog.objects.get(action="reveal")
        assert (logged.object_type, logged.reason, logged.case_id) == (what, "call", case.pk)


@pytest.mark.parametrize(
    ("minutes", "method", "asked"), [(29, "mfa", False), (31, "mfa", True), (1, "password", True), (0, "", True)]
)
def test_a_second_factor_is_shown_again_before_a_number_is(
    world: World, settings: Settings, minutes: int, method: str, asked: bool
) -> None:
    case = assessed(world)
    url = url_of(case, f"people/{party_of(case)}/reveal/phone/")
    browser = client_of(world, "manager")
    settings.SECOND_FACTOR_REQUIRED = True
    shown_factor(browser, world.users["manager"], method, minutes)
    answer = browser.post(url, {"reason": "call"}, headers={"HX-Current-URL": f"http://localhost{url_of(case)}"})
    assert ("13800001234" in answer.content.decode()) is not asked
    assert (f"next={quote(url_of(case), safe='')}" in answer.content.decode()) is asked
    with as_owner():
        assert AccessLog.objects.filter(action="reveal").exists() is not asked


def test_who_asks_for_a_number_at_an_unsafe_hour_is_warned(world: World) -> None:
    case = assessed(world, safe_from=dt.time(9), safe_until=dt.time(11))
    url = url_of(case, f"people/{party_of(case)}/reveal/safe/")
    browser = client_of(world, "manager")
    day = clock.local(clock.now()) + dt.timedelta(days=1)
    with clock.at(day.replace(hour=10)):
        assert browser.get(url).context["warning"] == ""
    with clock.at(day.replace(hour=15)):
        assert browser.get(url).context["warning"]


def test_nobody_reveals_what_is_not_open(world: World) -> None:
    case = shared(world, ["incident"])
    party = party_of(case)
    liaison = client_of(world, "justice_liaison")
    for what in ("phone", "address", "id"):
        assert liaison.post(url_of(case, f"people/{party}/reveal/{what}/"), {"reason": "call"}).status_code == 404
    assert (
        client_of(world, "xishan_manager")
        .post(url_of(case, f"people/{party}/reveal/phone/"), {"reason": "call"})
        .status_code
        == 404
    )
    with as_owner():
        assert not AccessLog.objects.filter(action="reveal").exists()
