"""The button that copies says what came of it: in a real browser, with a clipboard, without one, and in a dialog."""

from __future__ import annotations

import json
from html import escape

import pytest
from django.utils import translation
from playwright.sync_api import BrowserContext, Page, expect

from caremgmt.local.environment import PROJECT
from core.ui.tags.requests import ui_texts

pytestmark = pytest.mark.browser
APP = (PROJECT / "static" / "js" / "app.js").read_text(encoding="utf-8")
SECURE, PLAIN = "https://care.test/", "http://care.test/"  # only a secure page is given a clipboard


def shown(page: Page, address: str) -> Page:
    """A page with the real script and a button that copies, once by itself and once in a dialog."""
    with translation.override("zh-hans"):
        texts = escape(json.dumps(ui_texts()), quote=False).replace("&quot;", '"')
    body = f"""<!doctype html><title>t</title><script id="ui-texts" type="application/json">{texts}</script>
        <button data-copy="secret-1">copy</button><dialog id="d"><button data-copy="secret-2">copy</button></dialog>
        <div id="notices" role="status" aria-live="polite"></div><script>{APP}</script>"""
    page.route(f"{address}**", lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8"))
    page.goto(address)
    return page


def test_what_was_copied_is_said(context: BrowserContext, browser_page: Page) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=SECURE)
    page = shown(browser_page, SECURE)
    page.locator("body > [data-copy]").click()
    expect(page.locator("#notices")).to_have_text("已复制。")
    assert page.evaluate("navigator.clipboard.readText()") == "secret-1"


def test_without_a_clipboard_the_person_is_told_to_copy_by_hand(browser_page: Page) -> None:
    page = shown(browser_page, PLAIN)
    page.locator("body > [data-copy]").click()
    expect(page.locator("#notices .notice[data-tone=danger]")).to_contain_text("未能复制")


def test_a_browser_that_refuses_is_no_success(browser_page: Page) -> None:
    page = shown(browser_page, SECURE)
    page.evaluate(
        "() => { navigator.clipboard.writeText = () => Promise.reject(new DOMException('', 'NotAllowedError')); }"
    )
    page.locator("body > [data-copy]").click()
    expect(page.locator("#notices .notice[data-tone=danger]")).to_contain_text("未能复制")


def test_in_a_dialog_it_is_said_there(context: BrowserContext, browser_page: Page) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=SECURE)
    page = shown(browser_page, SECURE)
    page.evaluate("document.getElementById('d').showModal()")
    page.locator("#d [data-copy]").click()
    expect(page.locator("#d #notices")).to_have_text("已复制。")
    page.evaluate("document.getElementById('d').close()")
    expect(page.locator("body > #notices")).to_have_text("已复制。")
