"""The pages of the refuges, as the web role."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.fixtures import Settings

from agencies.enums import Role
from agencies.models import RoleGrant
from cases.models import Case
from core import clock
from core.models.accesslog import AccessLog
from shelter.models import Bed, House, Stay
from tests.cases.scenes import client_of, shown_factor
from tests.referrals.conftest import open_case
from tests.roles import as_owner
from tests.shelter.conftest import ADDRESS, check_in, hold
from tests.world import SINCE, World


def _moment(value: dt.datetime) -> str:
    return f"{clock.local(value):%Y-%m-%dT%H:%M}"


def _stay(pk: object) -> Stay:
    with as_owner():
        return Stay._base_manager.get(pk=pk)


def test_a_keeper_registers_a_house(world: World) -> None:
    browser = client_of(world, "keeper")
    assert "栖息小屋" in browser.get(reverse("shelter:board")).content.decode()
    answer = browser.post(
        reverse("shelter:house-new"),
        {"code_name": "蓝花楹", "address": ADDRESS, "capacity": 4, "families": 1, "singles": 2, "request_key": str(uuid.uuid4())})  # fmt: skip
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    with as_owner():
        assert Bed._base_manager.filter(house__code_name="蓝花楹").count() == 3
    assert client_of(world, "manager").get(reverse("shelter:house-new")).status_code == 403


def test_a_bed_is_held_from_the_case(world: World, case: Case, house: House) -> None:
    browser = client_of(world, "manager")
    url = reverse("shelter:hold", args=[case.pk])
    assert browser.get(url).status_code == 200
    with as_owner():
        bed = Bed._base_manager.get(house=house, kind="single")
    now = clock.now()
    form = {
        "bed": str(bed.pk), "since": _moment(now), "until": _moment(now + dt.timedelta(days=2)), "persons": 2, "children": 0, "basis": "danger",
        "request_key": str(uuid.uuid4())}  # fmt: skip
    answer = browser.post(url, form)
    assert answer.status_code == 422
    assert "家庭间" in answer.content.decode()
    assert browser.post(url, form | {"persons": 1}).status_code == 302
    panel = browser.get(reverse("shelter:panel", args=[case.pk])).content.decode()
    assert "山茶屋" in panel
    other = client_of(world, "manager2").get(reverse("shelter:panel", args=[case.pk])).content.decode()
    assert "山茶屋" not in other
    assert client_of(world, "xishan_manager").get(reverse("shelter:panel", args=[case.pk])).status_code == 404


def test_check_in_extend_and_check_out(world: World, stay: Stay) -> None:
    browser = client_of(world, "keeper")
    assert "刘桂芳" in browser.get(reverse("shelter:stay", args=[stay.pk])).content.decode()
    url = reverse("shelter:check-in", args=[stay.pk])
    assert browser.get(url).status_code == 200
    form = {"persons": 2, "children": 1, "dangers": ["searching"], "rules_told": "on", "version": 1}
    answer = browser.post(url, form | {"request_key": str(uuid.uuid4())})
    assert answer.status_code == 422
    assert "请先关闭" in answer.content.decode()
    assert browser.post(url, form | {"location_off": "on", "version": 5}).status_code == 409
    assert browser.post(url, form | {"location_off": "on"}).status_code == 302
    row = _stay(stay.pk)
    assert row.status == "checked_in"
    extend = reverse("shelter:extend", args=[stay.pk])
    assert browser.get(extend).status_code == 200
    answer = browser.post(
        extend, {"until": _moment(row.until + dt.timedelta(days=1)), "reason": "未落实住处", "version": row.version}
    )
    assert answer.status_code == 302
    leave = reverse("shelter:check-out", args=[stay.pk])
    assert browser.get(leave).status_code == 200
    answer = browser.post(leave, {"reason": "relatives", "exit_application": "on", "version": row.version + 1})
    assert answer.status_code == 302
    assert _stay(stay.pk).status == "checked_out"
    assert browser.get(reverse("shelter:stay", args=[stay.pk])).status_code == 200


def test_a_keeper_releases_a_bed(world: World, stay: Stay) -> None:
    browser = client_of(world, "keeper")
    url = reverse("shelter:release", args=[stay.pk])
    assert browser.get(url).status_code == 200
    assert browser.post(url, {"version": 1}).status_code == 422
    assert browser.post(url, {"reason": "did_not_come", "version": 1}).status_code == 302


@pytest.mark.parametrize("who", ["keeper", "manager"])
def test_the_address_stands_nowhere_until_it_is_asked_for_with_a_reason(
    world: World, case: Case, stay: Stay, who: str
) -> None:
    browser = client_of(world, who)
    house, dialog = reverse("shelter:house", args=[stay.house_id]), reverse("shelter:address", args=[stay.house_id])
    for url in (reverse("shelter:board"), house, dialog, reverse("shelter:stay", args=[stay.pk])):
        assert ADDRESS not in browser.get(url).content.decode(), url
    assert ADDRESS not in browser.post(dialog, {}).content.decode()
    assert ADDRESS in browser.post(dialog, {"reason": "bring"}).content.decode()
    with as_owner():
        assert (
            AccessLog.objects.filter(
                action="reveal", object_id=stay.house_id, actor_id=world.users[who].pk, reason="bring"
            ).count()
            == 1
        )


def test_the_address_asks_for_the_second_factor_again(world: World, stay: Stay, settings: Settings) -> None:
    browser, dialog = client_of(world, "keeper"), reverse("shelter:address", args=[stay.house_id])
    settings.SECOND_FACTOR_REQUIRED = True
    shown_factor(browser, world.users["keeper"], "password", 1)
    answer = browser.post(dialog, {"reason": "bring"}).content.decode()
    assert ADDRESS not in answer
    assert reverse("mfa_reauthenticate") in answer


def test_who_may_not_know_gets_no_address_and_no_stay(world: World, stay: Stay) -> None:
    browser = client_of(world, "manager2")
    assert browser.get(reverse("shelter:house", args=[stay.house_id])).status_code == 200
    assert browser.get(reverse("shelter:address", args=[stay.house_id])).status_code == 404
    assert browser.post(reverse("shelter:address", args=[stay.house_id]), {"reason": "bring"}).status_code == 404
    assert browser.get(reverse("shelter:stay", args=[stay.pk])).status_code == 404
    assert stay.number not in browser.get(reverse("shelter:board")).content.decode()
    for who in ("xishan_manager", "operator", "police_liaison", "province"):
        assert client_of(world, who).get(reverse("shelter:stay", args=[stay.pk])).status_code in (403, 404), who


def test_the_keepers_home_page_says_who_is_expected(world: World, stay: Stay) -> None:
    text = client_of(world, "keeper").get("/").content.decode()
    assert stay.number in text
    assert "山茶屋" in text


def test_the_board_asks_the_same_number_of_queries_for_many(world: World, house: House) -> None:
    def count() -> int:
        browser.get(reverse("shelter:board"))
        with CaptureQueriesContext(connection) as found:
            assert browser.get(reverse("shelter:board")).status_code == 200
        return len(found.captured_queries)

    browser = client_of(world, "keeper")
    first = hold(world, open_case(world), house)
    few = count()
    check_in(world, first)
    later = first.until + dt.timedelta(hours=2)
    for n in range(6):
        hold(
            world,
            open_case(world),
            house,
            kind="family",
            since=later + dt.timedelta(days=n),
            until=later + dt.timedelta(days=n, hours=20),
        )
    assert count() == few


def test_who_keeps_refuges_of_two_centres_chooses_for_which_one(world: World) -> None:
    with as_owner():
        RoleGrant.objects.create(
            user=world.users["keeper"], role=Role.KEEPER, office=world.offices["xishan"], since=SINCE
        )
    browser, url = client_of(world, "keeper"), reverse("shelter:house-new")
    assert {tab["url"] for tab in browser.get(url).context["offices"]} == {
        f"?office={world.offices[name].pk}" for name in ("wuhua", "xishan")
    }
    for name in ("wuhua", "xishan"):
        assert browser.get(url, {"office": world.offices[name].pk}).context["office"] == world.offices[name]
    elsewhere = browser.get(url, {"office": world.offices["desk"].pk}).context["office"]
    assert elsewhere in (world.offices["wuhua"], world.offices["xishan"])
