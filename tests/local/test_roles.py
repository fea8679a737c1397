"""Tests run as the web role, and web can do what web may do and no more."""

from __future__ import annotations

from contextlib import closing

import psycopg2
import pytest
from django.db import ProgrammingError, connection, transaction

from tests.roles import as_owner, as_role


def current_user() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])


@pytest.mark.django_db
def test_a_test_is_the_web_role_and_owner_only_when_it_says_so() -> None:
    assert current_user() == "caremgmt_web"
    with as_owner():
        assert current_user() == "caremgmt_owner"
        with as_role("caremgmt_verb"):
            assert current_user() == "caremgmt_verb"
        assert current_user() == "caremgmt_owner"
    assert current_user() == "caremgmt_web"


@pytest.mark.django_db
def test_the_role_comes_back_after_an_exception() -> None:
    with pytest.raises(RuntimeError), as_owner():
        raise RuntimeError
    assert current_user() == "caremgmt_web"


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["caremgmt_web", "caremgmt_worker", "caremgmt_verb"])
def test_only_the_owner_makes_tables(role: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), as_role(role), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE smuggled (n int)")


@pytest.mark.django_db
def test_web_owns_nothing_and_nobody_steps_over_row_level_security() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) IN ('caremgmt_web', 'caremgmt_worker', 'caremgmt_verb')"
        )
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM pg_roles WHERE rolname LIKE 'caremgmt%' AND (rolsuper OR rolbypassrls)")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT rolcanlogin FROM pg_roles WHERE rolname = 'caremgmt_verb'")
        assert cursor.fetchone() == (False,)


def test_web_logs_in_with_its_own_password_and_has_to_ask_for_verb(fresh_database: dict[str, str]) -> None:
    from caremgmt.settings import database_password

    head, _, tail = fresh_database["DATABASE_URL"].rpartition("@")
    assert head
    for role in ("web", "worker"):
        url = f"postgres://caremgmt_{role}:{database_password(role)}@{tail}"
        with closing(psycopg2.connect(url)) as login, login.cursor() as cursor:
            cursor.execute(
                "SELECT pg_has_role('caremgmt_verb', 'USAGE'), pg_has_role('caremgmt_verb', 'SET'), pg_has_role('caremgmt_owner', 'MEMBER')"
            )
            assert cursor.fetchone() == (False, True, False)


@pytest.mark.django_db(transaction=True)
def test_a_test_with_real_commits_leaves_a_trace_1() -> None:
    with transaction.atomic(), as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.trace')")
        assert cursor.fetchone() == (None,)
        cursor.execute("CREATE TABLE trace (n int)")


@pytest.mark.django_db(transaction=True)
def test_a_test_with_real_commits_leaves_a_trace_2() -> None:
    test_a_test_with_real_commits_leaves_a_trace_1()
