"""Nothing of the product hangs on a session of the database: behind PgBouncer in transaction mode there is none.

Here the code is searched; tests/attack/test_pooled.py runs it through a real PgBouncer.
"""

from __future__ import annotations

import re

import pytest

from caremgmt.local.environment import PROJECT
from caremgmt.settings import DATABASES
from tests.pooler import SESSION

IN_CODE = re.compile(
    r"[\"'\s](?:UN)?LISTEN [a-z]|\bNOTIFY [a-z]|pg_notify\(|pg_(?:try_)?advisory_(?:lock|unlock)|[\"'] *SET (?:SESSION|ROLE|search_path)"
    r"|set_config\([^)]*, *false\)|WITH HOLD|CREATE TEMP|[\"'] *PREPARE "
)
STATEMENTS = (
    "LISTEN bell", "NOTIFY bell", "SELECT pg_notify('bell', '')", "SELECT pg_advisory_lock(1)", "SELECT pg_try_advisory_lock(1)",
    "SET ROLE x", "SET SESSION x = 1", "SET search_path = x", "SELECT set_config('role', 'x', false)", "PREPARE p AS SELECT 1",
    "CREATE TEMP TABLE x ()", "DECLARE c CURSOR WITH HOLD FOR SELECT 1",
)  # fmt: skip
FINE = (
    "SET CONSTRAINTS ALL DEFERRED", "SET LOCAL x = 1", "UPDATE x SET y = 1", "SELECT pg_advisory_xact_lock(1)",
    "SELECT set_config('role', 'x', true)", "DECLARE c CURSOR FOR SELECT 1",
)  # fmt: skip


def test_the_code_asks_for_nothing_that_outlives_a_transaction() -> None:
    """The owner's commands and migrations go past the pool, by the owner's own address."""
    found = []
    for room in ("core", "agencies", "cases", "hotline", "referrals", "shelter", "legalaid", "reports", "caremgmt"):
        for path in [*(PROJECT / room).rglob("*.py"), *(PROJECT / room).rglob("*.sql")]:
            place = path.relative_to(PROJECT)
            if {"migrations", "tests", "local", "commands"}.isdisjoint(place.parts):
                found += [f"{place}: {hit.group()}" for hit in IN_CODE.finditer(path.read_text(encoding="utf-8"))]
    assert found == []


def test_cursors_are_not_kept_on_the_server() -> None:
    assert DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] is True


@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_search_would_find_it(statement: str) -> None:
    assert SESSION.search(statement)
    assert IN_CODE.search(f'cursor.execute("{statement}")')


@pytest.mark.parametrize("statement", FINE)
def test_the_search_leaves_the_rest_alone(statement: str) -> None:
    assert not SESSION.search(statement)
    assert not IN_CODE.search(f'cursor.execute("{statement}")')
