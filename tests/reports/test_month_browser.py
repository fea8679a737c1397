"""A month's way in a real browser: who leaves out what is needed is told so, and not asked whether she is sure."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from core.months import shift
from reports.periods import this_month
from tests.browsing import log_in
from tests.conftest import manage
from tests.products import LiveProduct

DIRECTOR, SUPERVISOR = "zhuren.wuhua", "dudao.wuhua"


@pytest.mark.slow
@pytest.mark.browser
def test_an_empty_reason_is_said_before_anybody_is_asked(
    browser: Browser, browser_page: Page, live_product: LiveProduct
) -> None:
    month = f"{shift(this_month(), -1):%Y-%m}"
    manage(live_product.env, "compute_months", "--from", month)
    director = browser.new_page(locale="zh-CN")
    log_in(director, live_product, DIRECTOR)
    director.goto(f"{live_product.base_url}/reports/months/")
    director.get_by_role("link", name=month).first.click()
    director.locator("#submit [type=submit]").click()  # nothing stands out, so nothing is needed
    expect(director.locator("#confirm-dialog")).to_be_visible()
    director.locator("#confirm-dialog [data-confirm-yes]").click()
    expect(director.locator("form#submit")).to_have_count(0)
    page, address = browser_page, director.url
    log_in(page, live_product, SUPERVISOR)
    page.goto(address)
    for empty in ("", "  "):
        page.fill("#return textarea", empty)
        page.locator("#return [type=submit]").click()
        expect(page.locator("#id_reason_error")).to_be_visible()
        expect(page.locator("#confirm-dialog")).to_be_hidden()
        page.goto(address)
    page.fill("#return textarea", "请核对服务记录。")
    page.locator("#return [type=submit]").click()
    expect(page.locator("#confirm-dialog")).to_be_visible()
    page.locator("#confirm-dialog [data-confirm-yes]").click()
    expect(page.locator("form#return")).to_have_count(0)
