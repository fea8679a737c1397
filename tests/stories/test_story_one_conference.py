"""Story 1 whole: Ms Liu's family conference, seven bodies in two districts, in a browser, with worker and beat.

Each body sees this case alone and the shared sections alone; what they decide stands on their worklists; the late one is chased.
"""

from __future__ import annotations

import datetime as dt
import re

import pytest
from playwright.sync_api import Browser, expect

from caremgmt.directory.ids import unit_id
from tests.conftest import manage
from tests.products import LiveProduct
from tests.stories.driver import Person, people
from tests.stories.promise import broken_promises_of
from tests.stories.test_story_one import assess, log_the_call

pytestmark = pytest.mark.browser
WUHUA, XISHAN = "530102", "530112"
SHANGHAI = dt.timezone(dt.timedelta(hours=8))
# The Wuhua centre convenes and is the seventh.
BODIES = {
    "fulian.xishan": unit_id(XISHAN, "federation"), "jiedaofulian.wuhua": unit_id(WUHUA, "town_federation"),
    "zongzhi.wuhua": unit_id(WUHUA, "governance"), "sifasuo.wuhua": unit_id(WUHUA, "justice_office"),
    "shequ.wuhua": unit_id(WUHUA, "community-1"), "paichusuo.wuhua": unit_id(WUHUA, "station-1"),
}  # fmt: skip
NARRATIVE = "独居，中风偏瘫"


def convene(manager: Person, case_id: str) -> str:
    """The manager invites six bodies of two districts; returns the address of the conference's room."""
    manager.go(f"/referrals/conferences/convene/{case_id}/")
    page = manager.page
    begins = dt.datetime.now(SHANGHAI) + dt.timedelta(hours=2)
    page.check("input[name=reason][value=cross_department]", force=True)
    page.fill("input[name=begins_at]", f"{begins:%Y-%m-%dT%H:%M}")
    page.fill("input[name=ends_at]", f"{begins + dt.timedelta(hours=1):%Y-%m-%dT%H:%M}")
    page.select_option("select[name=room]", index=1)
    for unit in BODIES.values():
        page.check(f"input[name=units][value='{unit}']", force=True)
    page.check("input[name=kin][value=no]", force=True)
    for section in ("identity", "incident"):
        page.check(f"input[name=sections][value={section}]", force=True)
    page.check("input[name=basis][value=duty]", force=True)
    manager.save()
    expect(page.locator("main")).to_contain_text("提请会商")
    manager.go("/referrals/conferences/")
    return str(page.locator("main a.row-link").first.get_attribute("href"))


def come(body: Person, case_id: str) -> None:
    """A liaison reads the letter, in which nobody is named, and accepts: the case opens, in the shared sections alone."""
    body.go("/")
    body.press(body.page.locator("main a[href^='/todo/'], main a[href*='/invitations/']").first)
    assert "刘桂珍" not in body.page.content()
    assert body.status_of(f"/cases/{case_id}/") == 404
    form = body.step("accept")
    form.locator("input[type=checkbox]").first.check(force=True)
    body.press(form.locator("[type=submit]"))
    body.go(f"/cases/{case_id}/")
    expect(body.page.locator("main")).to_contain_text("刘桂珍")
    assert "13800008812" not in body.page.content()


def decide(manager: Person, room: str, unit: str, measure: str, days: int) -> None:
    """One decision, to a body, with its time."""
    manager.go(room)
    form = manager.page.locator("form[action$='/decide/']").first
    form.evaluate("form => { for (let e = form; e; e = e.parentElement) if (e.tagName === 'DETAILS') e.open = true; }")
    form.locator("textarea[name=measure], input[name=measure]").fill(measure)
    value = form.locator(f"select[name=owner] option[value*='{unit}']").first.get_attribute("value")
    form.locator("select[name=owner]").select_option(value)
    due = dt.datetime.now(SHANGHAI) + dt.timedelta(days=days)
    form.locator("input[name=due_at]").fill(f"{due:%Y-%m-%dT%H:%M}")
    manager.press(form.locator("[type=submit]"))
    expect(manager.page.locator("main")).to_contain_text(measure)


def test_seven_bodies_in_two_districts_meet_about_one_case(live_product: LiveProduct, browser: Browser) -> None:
    with people(browser, live_product.base_url) as person:
        operator, manager = person("jiexian.wuhua"), person("anjian.wuhua")
        case_id = log_the_call(operator)
        assess(manager, case_id)
        room = convene(manager, case_id)
        assert broken_promises_of(live_product.env) == 0
        for username in BODIES:
            come(person(username), case_id)
        for stranger in ("minzheng.wuhua", "anjian.xishan", "gongan.xishan"):
            assert person(stranger).status_of(f"/cases/{case_id}/") == 404
            assert person(stranger).status_of(room) == 404

        manage(live_product.env, "turn_clock", "--hours", "2")
        manager.go(room)
        manager.press(manager.page.get_by_role("button", name="宣布开始"))
        decide(manager, room, str(BODIES["shequ.wuhua"]), "今天由社区送当事人就医", 1)
        decide(manager, room, str(BODIES["sifasuo.wuhua"]), "三个工作日内会同律师到病房送法律上门", 5)
        assert broken_promises_of(live_product.env) == 0

        community = person("shequ.wuhua")
        community.go("/")
        community.press(community.page.locator("main a", has_text=re.compile("议定|落实")).first)
        done = community.step("finish")
        done.locator("textarea").first.fill("已送至医院，医生已接诊。")
        community.press(done.locator("[type=submit]"))
        justice = person("sifasuo.wuhua")
        assert "今天由社区送" not in justice.page.content()

        manage(live_product.env, "turn_clock", "--hours", str(24 * 8))
        justice.go("/")
        expect(justice.page.locator("main")).to_contain_text("逾期")
        manager.go(room)
        expect(manager.page.locator("main")).to_contain_text("逾期")
        assert broken_promises_of(live_product.env) == 0
