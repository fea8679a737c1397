"""The minutes in a real browser: what is typed in several boxes is saved by whatever button is pressed; two writers see each other's words."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import manage
from tests.products import LiveProduct
from tests.stories.driver import people
from tests.stories.test_story_one import assess, log_the_call
from tests.stories.test_story_one_conference import convene

pytestmark = [pytest.mark.slow, pytest.mark.browser]
SHOTS = os.environ.get("CAREMGMT_SHOTS")  # a folder: what was seen is kept there


def look(page: Page, name: str) -> None:
    """At both sizes nothing sticks out, and the title of an item stands in lines of words."""
    for width, height in ((1280, 720), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(300)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (name, width)
        title = page.locator(".minute-room h2").first
        assert title.evaluate("e => e.getBoundingClientRect().width") > 200, (name, width)
        if SHOTS:
            page.screenshot(path=str(Path(SHOTS) / f"{name}-{width}.png"), full_page=True)
    page.set_viewport_size({"width": 1280, "height": 720})


def test_no_box_of_the_minutes_loses_a_word(live_product: LiveProduct, browser: Browser) -> None:
    with people(browser, live_product.base_url) as person:
        operator, manager = person("jiexian.wuhua"), person("anjian.wuhua")
        case_id = log_the_call(operator)
        assess(manager, case_id)
        room = convene(manager, case_id)
        manage(live_product.env, "turn_clock", "--hours", "2")
        manager.go(room)
        manager.press(manager.page.get_by_role("button", name="宣布开始"))
        boxes = manager.page.locator("textarea[name^=text-]")
        expect(boxes).to_have_count(2)
        look(manager.page, "minutes")

        boxes.nth(0).fill("当事人行动不便。")
        boxes.nth(1).fill("中心建议就近安置。")
        manager.press(manager.page.get_by_role("button", name="保存纪要").first)
        manager.go(room)
        expect(boxes.nth(0)).to_have_value("当事人行动不便。")
        expect(boxes.nth(1)).to_have_value("中心建议就近安置。")

        boxes.nth(0).fill("当事人行动不便，独居。")
        manager.press(manager.page.get_by_role("button", name="登记出席").first)
        expect(boxes.nth(0)).to_have_value("当事人行动不便，独居。")

        other = person("anjian2.wuhua")
        other.go(room)
        theirs = other.page.locator("textarea[name^=text-]")
        boxes.nth(0).fill("甲写的事实。")
        expect(manager.page.locator("[data-autosave-state]").first).to_contain_text("保存", timeout=9000)
        manager.press(manager.page.get_by_role("button", name="保存纪要").first)
        theirs.nth(0).fill("乙写的事实。")
        expect(other.page.locator("[data-conflict] .minute-theirs").first).to_have_text("甲写的事实。", timeout=9000)
        theirs.nth(0).fill("甲乙写的事实。")
        other.press(other.page.get_by_role("button", name="保存纪要").first)
        manager.go(room)
        expect(boxes.nth(0)).to_have_value("甲乙写的事实。")
        expect(boxes.nth(1)).to_have_value("中心建议就近安置。")

        silent = browser.new_context(java_script_enabled=False, storage_state=manager.page.context.storage_state())
        page = silent.new_page()
        page.goto(f"{live_product.base_url}{room}")
        assert "这里不会自动保存" in page.content()  # within <noscript>, which this browser's switch does not unfold
        typed = page.locator("textarea[name^=text-]").nth(0)
        typed.fill("没有脚本时写的事实。")
        with silent.expect_page() as opened:
            page.get_by_role("button", name="登记出席").first.click()
        expect(opened.value.locator("textarea[name^=text-]").nth(0)).to_have_value("甲乙写的事实。")
        expect(typed).to_have_value("没有脚本时写的事实。")
        page.get_by_role("button", name="保存纪要").first.click()
        expect(page.locator("textarea[name^=text-]").nth(0)).to_have_value("没有脚本时写的事实。")
        silent.close()
