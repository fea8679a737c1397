"""What a person does with the product, in a real browser: each function is one thing that somebody sets out to do."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from caremgmt.demo.accounts import PASSWORD

ALLOWED = {"ctrl", "enter", "alt", "esc", "xlsx", "excel", "csv", "json", "shift", "tab"}


def english_in(text: str) -> set[str]:
    """English words in what a Chinese page shows, a code's too (not_keeper); not what belongs to an address, a file or a number."""
    # Only a letter or digit next to a word makes it part of something longer; an underscore parts a code's words.
    words = re.findall(r"(?<![^\W_])(?<![@/.-])[A-Za-z]{4,}(?![^\W_])(?![@/.-])", text)
    return {word for word in words if word.lower() not in ALLOWED}


class Person:
    """Somebody at a screen of her own, logged in. Every page that she reaches is looked at: status, scripts, language, axe."""

    def __init__(self, browser: Browser, base_url: str, username: str) -> None:
        self.base_url = base_url
        self.username = username
        self.context: BrowserContext = browser.new_context(
            locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1280, "height": 720}
        )
        self.page: Page = self.context.new_page()
        self.problems: list[str] = []
        self._looked_at: set[str] = set()
        self.page.on("pageerror", lambda error: self.problems.append(f"{username}: script error: {error}"))
        self.page.on("console", lambda said: self._hear(said.type, said.text))
        self.page.on("response", lambda answer: self._answered(answer.status, answer.url))

    def _hear(self, kind: str, text: str) -> None:
        if kind == "error" and "Content Security Policy" in text:
            self.problems.append(f"{self.username}: {text}")

    def _answered(self, status: int, url: str) -> None:
        if status >= 500:
            self.problems.append(f"{self.username}: {status} {url}")

    def log_in(self) -> Person:
        """From the login page to Today."""
        self.page.goto(f"{self.base_url}/accounts/login/")
        self.page.fill("input[name=login]", self.username)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.click("main [type=submit]")
        expect(self.page.locator("h1")).to_have_text("今日")
        self.look()
        return self

    def go(self, path: str) -> None:
        """Open a page by its address."""
        answer = self.page.goto(self.base_url + path)
        assert answer is not None
        assert answer.status == 200, f"{self.username} {path}: {answer.status}"
        self.look()

    def status_of(self, path: str) -> int:
        """The status of a page, without looking at it."""
        return self.context.request.get(self.base_url + path, max_redirects=0).status

    def save(self, button: str | None = None) -> None:
        """Press a button by its words (default: the form's primary one) and look at what comes."""
        target = (
            self.page.get_by_role("button", name=button).first
            if button
            else self.page.locator("main form .btn-primary").last
        )
        self.press(target)

    def press(self, target: Locator) -> None:
        """Press what leads to another page (the same form with its errors counts), and look at it."""
        with self.page.expect_navigation(wait_until="load"):
            target.click()
        self.look()

    def step(self, verb: str) -> Locator:
        """A letter's form for one step, unfolded."""
        form = self.page.locator(f"form[action$='/{verb}/']").first
        form.evaluate(
            "form => { for (let e = form; e; e = e.parentElement) if (e.tagName === 'DETAILS') e.open = true; }"
        )
        return form

    def look(self) -> None:
        """Once for each kind of page: axe finds nothing, no English word on a Chinese page, one heading."""
        path = re.sub(r"[0-9a-f-]{36}", "*", self.page.url.removeprefix(self.base_url).split("?")[0])
        if path in self._looked_at:
            return
        self._looked_at.add(path)
        self.page.wait_for_timeout(150)
        violations = Axe().run(self.page).response["violations"]
        self.problems += [f"{path}: axe {found['id']}: {found['nodes'][0]['html'][:120]}" for found in violations]
        english = english_in(self.page.locator("main").inner_text())
        if english:
            self.problems.append(f"{path}: English on a Chinese page: {sorted(english)}")
        if self.page.locator("h1").count() != 1:
            self.problems.append(f"{path}: {self.page.locator('h1').count()} headings of the first level")

    def wait_for(self, path: str, ready: Callable[[Page], bool], *, seconds: float = 40) -> None:
        """Open a page again and again until something is there (a job has run)."""
        until = time.monotonic() + seconds
        while True:
            self.page.goto(self.base_url + path)
            if ready(self.page):
                self.look()
                return
            assert time.monotonic() < until, (
                f"{self.username} waited in vain at {path}\n{self.page.locator('main').inner_text()[:1500]}"
            )
            self.page.wait_for_timeout(700)


@contextmanager
def people(browser: Browser, base_url: str) -> Iterator[Callable[[str], Person]]:
    """Log people in as they are needed; at the end nobody may have met a problem."""
    known: dict[str, Person] = {}

    def person(username: str) -> Person:
        if username not in known:
            known[username] = Person(browser, base_url, username).log_in()
        return known[username]

    yield person
    problems = [problem for one in known.values() for problem in one.problems]
    for one in known.values():
        one.context.close()
    assert not problems, "\n".join(problems)
