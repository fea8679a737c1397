"""The servers and the environment of one test run.

The process that was started by hand makes a folder with a PostgreSQL and a Valkey of its own and puts their addresses into
`os.environ`; pytest-xdist's workers inherit them. The migrated template database is kept between runs (`template.py`).
"""

from __future__ import annotations

import atexit
import base64
import os
import shutil
import tempfile
from pathlib import Path

from caremgmt.local.postgres import LocalPostgres
from caremgmt.local.valkey import LocalValkey
from tests import template

# Constant, because what is derived from them (role passwords, identity keys) stands in the kept template.
SECRET_KEY = "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz"
CAREMGMT_KEYS = "k1:" + base64.b64encode(b"only for tests, 32 bytes long...").decode()
RUN = "CAREMGMT_TEST_RUN"
TEST_ROLE = "caremgmt_test"
TEST_PASSWORD = "only-for-tests"
VALKEYS_PER_WORKER = 16


def enter() -> None:
    """Make this process part of the run; the first one starts the servers and ends them when it exits."""
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright keeps an event loop in the main thread
    os.environ["CAREMGMT_DB_ROLE"] = "web"
    if RUN not in os.environ:
        _begin_run()
    os.environ["REDIS_URL"] = broker().url(worker_number() * VALKEYS_PER_WORKER)


def folder() -> Path:
    """The folder of this run."""
    return Path(os.environ[RUN])


def server() -> LocalPostgres:
    """The PostgreSQL of this run."""
    return LocalPostgres(folder(), fast=True)


def broker() -> LocalValkey:
    """The Valkey of this run."""
    return LocalValkey(folder(), fast=True)


def worker_number() -> int:
    """0 for a run in one process, 1, 2, … for the workers of pytest-xdist."""
    name = os.environ.get("PYTEST_XDIST_WORKER", "")
    return int(name.removeprefix("gw")) + 1 if name.startswith("gw") else 0


def database_name() -> str:
    """The database of this worker, a clone of the template."""
    return f"caremgmt_test_{worker_number()}"


def test_login() -> dict[str, object]:
    """What the settings' default database has to say for tests."""
    return {
        "NAME": database_name(),
        "USER": TEST_ROLE,
        "PASSWORD": TEST_PASSWORD,
        "CONN_MAX_AGE": 0,
        "TEST": {"NAME": database_name()},
    }


def _begin_run() -> None:
    run = Path(tempfile.mkdtemp(prefix="caremgmt-tests-"))
    os.environ[RUN] = str(run)
    for name in ("CAREMGMT_DB_WEB_PASSWORD", "CAREMGMT_DB_WORKER_PASSWORD", "PORT"):
        os.environ.pop(name, None)
    os.environ |= {
        "SECRET_KEY": SECRET_KEY,
        "CAREMGMT_KEYS": CAREMGMT_KEYS,
        "CAREMGMT_KIND": "demo",
        "CAREMGMT_VAR": str(run / "var"),
    }
    atexit.register(_end_run, run, os.getpid())
    template.fetch(server())
    server().start()
    broker().start()
    os.environ["DATABASE_URL"] = server().url(template.NAME)


def _end_run(run: Path, starter: int) -> None:
    if os.getpid() != starter:
        return  # a forked child inherits the exit handler, but not the run
    LocalValkey(run).destroy()
    postgres = LocalPostgres(run, fast=True)
    template.keep(postgres)
    postgres.destroy()
    shutil.rmtree(run, ignore_errors=True)
