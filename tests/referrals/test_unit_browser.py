"""The unit's workplace in a real browser: an absence is entered and ended, the load and the figures are looked at, wide and on a phone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core import clock
from core.months import shift
from tests.browsing import log_in
from tests.products import LiveProduct

LIAISON, SUBSTITUTE = "gongan.wuhua", "柴红星"
SIZES = {"wide": (1280, 720), "phone": (390, 844)}
SHOTS = os.environ.get("CAREMGMT_SHOTS")  # a folder: what was seen is kept there


def look(page: Page, name: str) -> None:
    """At both sizes nothing sticks out of the page."""
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(300)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (name, size)
        if SHOTS:
            page.screenshot(path=str(Path(SHOTS) / f"{name}-{size}.png"), full_page=True)
    page.set_viewport_size({"width": 1280, "height": 720})


@pytest.mark.slow
@pytest.mark.browser
def test_a_liaison_goes_away_and_looks_at_the_units_work(browser_page: Page, live_product: LiveProduct) -> None:
    page, base = browser_page, live_product.base_url
    log_in(page, live_product, LIAISON)
    page.goto(f"{base}/referrals/")
    page.get_by_role("link", name="请假代办").click()
    expect(page.locator("h1")).to_have_text("请假代办")
    page.get_by_role("link", name="登记请假").click()
    page.get_by_role("button", name="登记请假").click()
    expect(page.locator(".form-errors, [role=alert]").first).to_be_visible()
    options = page.locator("[name=person] option").all_inner_texts()
    page.locator("[name=person]").select_option(label=next(text for text in options if text != SUBSTITUTE))
    page.locator("[name=substitute]").select_option(label=SUBSTITUTE)
    day = f"{clock.today():%Y-%m-%d}"
    page.fill("[name=first_day]", day)
    page.fill("[name=last_day]", day)
    look(page, "absence-new")
    page.get_by_role("button", name="登记请假").click()
    page.wait_for_url(f"{base}/referrals/absences/")
    expect(page.get_by_role("cell", name=SUBSTITUTE)).to_be_visible()
    look(page, "absences")
    page.goto(f"{base}/referrals/")
    expect(page.get_by_text(f"由{SUBSTITUTE}代办")).to_be_visible()  # the strip loads by itself
    look(page, "inbox")
    page.goto(f"{base}/")
    expect(page.get_by_role("heading", name="请假代办")).to_be_visible()
    look(page, "today")
    page.goto(f"{base}/referrals/unit/")
    expect(page.locator("h1")).to_have_text("本单位工作量")
    look(page, "load")
    this = clock.today().replace(day=1)
    page.goto(f"{base}/referrals/unit/figures/?first={shift(this, -11):%Y-%m}&last={this:%Y-%m}")
    expect(page.locator("canvas, svg").first).to_be_visible()
    look(page, "figures")
    page.goto(f"{base}/referrals/absences/")
    page.get_by_role("button", name="立即终止").click()
    page.locator("#confirm-dialog [data-confirm-yes]").click()
    expect(page.get_by_text("目前无人请假")).to_be_visible()
