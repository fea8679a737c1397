"""The console in a real browser: by keyboard alone, and a browser that is killed in the middle of a call."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import log_in
from tests.products import LiveProduct

OPERATOR = "jiexian.kunming"
CALL = re.compile(r"/contacts/[0-9a-f-]{36}/$")


@pytest.mark.slow
def test_an_advice_call_by_keyboard_alone_in_under_a_minute(browser_page: Page, live_product: LiveProduct) -> None:
    page = browser_page
    log_in(page, live_product, OPERATOR)
    began = time.monotonic()
    page.keyboard.press("n")
    page.wait_for_url("**/contacts/new/")
    page.keyboard.press("Enter")
    page.wait_for_url(CALL)
    page.keyboard.press("n")
    expect(page.locator("[name=danger][value=no]")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("在单位")
    page.locator("#id_narrative").focus()
    page.keyboard.type("咨询离婚冷静期")
    page.keyboard.press("Alt+1")
    expect(page.locator("[name=disposition][value=advice]")).to_be_checked()
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).to_contain_text("来电〔")
    assert time.monotonic() - began < 60


@pytest.mark.slow
def test_the_centre_follows_her_residence_until_another_is_chosen(
    browser_page: Page, live_product: LiveProduct
) -> None:
    page = browser_page
    log_in(page, live_product, OPERATOR)
    page.goto(f"{live_product.base_url}/contacts/new/")
    page.keyboard.press("Enter")
    page.wait_for_url(CALL)
    page.keyboard.press("3")
    chosen, why = page.locator("#id_centre option:checked"), page.locator("[data-why]")
    expect(why).to_contain_text("填写居住地后")
    page.select_option("#id_region_residence", "530112")
    expect(chosen).to_contain_text("西山区")
    expect(why).to_contain_text("她住在西山区")
    page.select_option("#id_region_residence", "532901")
    expect(chosen).to_contain_text("大理市")
    page.select_option("#id_region_residence", "530521")
    expect(why).to_contain_text("施甸县尚无负责的中心")
    page.select_option("#id_centre", label="五华区关爱服务中心")
    page.select_option("#id_region_residence", "530112")
    expect(chosen).to_contain_text("五华区")
    expect(why).to_contain_text("另选了其他中心")


@pytest.mark.slow
def test_a_killed_browser_loses_nothing(browser: Browser, live_product: LiveProduct) -> None:
    first = browser.new_context()
    page = first.new_page()
    log_in(page, live_product, OPERATOR)
    page.goto(f"{live_product.base_url}/contacts/new/")
    page.keyboard.press("Enter")
    page.wait_for_url(CALL)
    page.keyboard.press("y")
    expect(page.locator("#danger")).to_be_visible()
    page.fill("#id_narrative", "他在砸门")
    expect(page.locator("[data-autosave-state]")).to_contain_text("已保存", timeout=15000)
    address = page.url
    first.close()
    second = browser.new_context()
    page = second.new_page()
    log_in(page, live_product, OPERATOR)
    page.goto(f"{live_product.base_url}/contacts/")
    page.click(f'a[href="{address.removeprefix(live_product.base_url)}"]')
    expect(page.locator("#id_narrative")).to_have_value("他在砸门")
    expect(page.locator("[name=danger][value=yes]")).to_be_checked()
    second.close()
