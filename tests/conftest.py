"""Fixtures for all tests. Servers and settings come from tests/environment.py and tests/settings.py.

- A test with `db` runs as `caremgmt_web` under row-level security, in a transaction that is rolled back.
- `@pytest.mark.django_db(transaction=True)` gives real commits: afterwards the database is cloned anew instead of flushed.
- `fresh_database`, `live_product`, `live_demo`: a database, or a whole product, of its own.
- `browser_page`: a Chinese page in Chromium that fails the test when a script failed or the policy was violated.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections
from django.test import TransactionTestCase

from caremgmt.local.environment import PROJECT
from tests import environment, products, template

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

    from tests.world import World

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """Give this worker its clone of the template, instead of pytest-django's own database."""
    postgres = environment.server()
    template.ensure(postgres, test_role=environment.TEST_ROLE, test_password=environment.TEST_PASSWORD)
    _clone_anew()
    patch = pytest.MonkeyPatch()
    # A flush would need the owner's rights and forget what the migrations have loaded; a clone takes less time.
    patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: _clone_anew())
    yield
    patch.undo()
    with django_db_blocker.unblock():
        connections.close_all()


def _clone_anew() -> None:
    connections.close_all()
    postgres = environment.server()
    postgres.drop_database(environment.database_name())
    postgres.create_database(environment.database_name(), template=template.NAME)


@pytest.fixture(autouse=True)
def _empty_valkey() -> None:
    """Counters of one test (tries to log in, say) must not reach the next."""
    products.flush_valkey(os.environ["REDIS_URL"])


@pytest.fixture
def fresh_database() -> Iterator[dict[str, str]]:
    """The environment of an own database (DATABASE_URL as owner), dropped afterwards."""
    with products.fresh_database_env() as env:
        yield env


@pytest.fixture(scope="module")
def live_product() -> Iterator[products.LiveProduct]:
    """A running product with the directory and no cases: `base_url`, `env`, `lines`. One for each module."""
    with products.running_product() as live:
        yield live


@pytest.fixture(scope="module")
def live_demo() -> Iterator[products.LiveProduct]:
    """A running product with the demo province. One for each module."""
    with products.running_product(demo=True) as live:
        yield live


@pytest.fixture(scope="module")
def run_product() -> Callable[..., Any]:
    """`with run_product(prepare) as live:` for a module that wants data of its own: `prepare(env)` loads it as owner."""
    return products.running_product


def manage(env: dict[str, str], *arguments: str) -> str:
    """Run a manage.py command in a product's environment; its output."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=PROJECT, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"manage.py {' '.join(arguments)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium; Playwright's own would have to be downloaded."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    assert chromium, "Browser tests need Chromium; on Debian: apt-get install chromium fonts-noto-cjk"
    return {**browser_type_launch_args, "executable_path": chromium, "args": CHROMIUM_FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """The browser of a worker in Yunnan."""
    return {
        **browser_context_args,
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
        "viewport": {"width": 1280, "height": 800},
    }


@pytest.fixture
def browser_page(context: BrowserContext) -> Iterator[Page]:
    """A page; a script error or a violation of the content security policy fails the test at its end."""
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(f"script error: {error}"))
    page.on(
        "console", lambda message: problems.append(message.text) if "Content Security Policy" in message.text else None
    )
    yield page
    assert not problems, "\n".join(problems)


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """A small world in this test's transaction; the promise is asked of the database after every test that used it."""
    from tests.world import broken_promises, build_world

    made = build_world()
    yield made
    assert broken_promises() == []
