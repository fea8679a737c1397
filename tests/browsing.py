"""What the browser tests of all rooms begin with."""

from __future__ import annotations

from playwright.sync_api import Page

from caremgmt.demo.accounts import PASSWORD
from tests.products import LiveProduct


def log_in(page: Page, live: LiveProduct, who: str) -> None:
    """Log in as somebody of the demo; the page is the home page then."""
    page.goto(f"{live.base_url}/accounts/login/")
    page.fill("[name=login]", who)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{live.base_url}/")
