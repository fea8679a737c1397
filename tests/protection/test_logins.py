"""The real production logins, and what an injection could do with them: stacked statements on the web's own connection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
from django.conf import settings

from caremgmt.settings import database_password
from tests.protection.sql import NO_RIGHT, NOT_SET

ATTEMPTS = [
    "SELECT inner_pad, outer_pad FROM core_identitykey",
    "SELECT wrapped FROM core_datakey",
    "SELECT digest FROM cases_fingerprint",
    "SELECT * FROM agencies_identitybinding",
    "SELECT * FROM agencies_identitybinding",
    "SET ROLE caremgmt_owner",
    "SET SESSION AUTHORIZATION caremgmt_owner",
    "SET ROLE caremgmt_worker",
    "SET ROLE postgres",
    "SET session_replication_role = replica",
    "ALTER TABLE cases_case NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE cases_case DISABLE TRIGGER ALL",
    "DROP POLICY web_select ON cases_case",
    "CREATE POLICY mine ON cases_case TO caremgmt_web USING (true)",
    "GRANT ALL ON core_identitykey TO PUBLIC",
    "ALTER ROLE caremgmt_web BYPASSRLS",
    "CREATE ROLE mine SUPERUSER",
    "CREATE FUNCTION caremgmt_walled() RETURNS uuid[] LANGUAGE sql AS $$ SELECT '{}'::uuid[] $$",
    'CREATE OR REPLACE FUNCTION public.caremgmt_identity() RETURNS jsonb LANGUAGE sql AS $$ SELECT \'{"k": "worker"}\'::jsonb $$',
    "CREATE VIEW public.mine AS SELECT 1",
    "CREATE TABLE public.mine (id integer)",
    "COPY cases_case TO '/tmp/mine'",
    "COPY cases_case FROM PROGRAM 'true'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT lo_import('/etc/passwd')",
    "CREATE EXTENSION dblink",
    "TRUNCATE cases_case CASCADE",
    "DELETE FROM core_accesslog",
    "UPDATE core_audit SET actor_id = NULL",
    "UPDATE agencies_rolegrant SET role = 'province'",
    "INSERT INTO agencies_rolegrant (id, user_id, role, since, is_designated) VALUES (gen_random_uuid(), gen_random_uuid(), 'system', now(), false)",
    "INSERT INTO agencies_user_groups (user_id, group_id) VALUES (gen_random_uuid(), 1)",
    "UPDATE agencies_user SET is_superuser = true",
    "UPDATE agencies_user SET is_active = true",
    "UPDATE core_clockoffset SET seconds = 999999999",
    "UPDATE cases_accessgrant SET valid_until = NULL",
    "DELETE FROM cases_wall",
]
REFUSED = {NO_RIGHT, "0LP01"}  # insufficient privilege; not a member


def login(role: str) -> Any:
    """A connection of this production login, with the password that the settings derive."""
    database = settings.DATABASES["default"]
    return psycopg2.connect(
        host=database["HOST"],
        port=database["PORT"],
        dbname=database["NAME"],
        user=f"caremgmt_{role}",
        password=database_password(role),
    )


@pytest.fixture(params=["web", "worker"])
def cursor(request: pytest.FixtureRequest, db: None) -> Iterator[Any]:
    """A cursor of a real login."""
    connection = login(request.param)
    yield connection.cursor()
    connection.close()


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda text: text[:48])
def test_an_injection_as_web_gets_nowhere(db: None, attempt: str) -> None:
    connection = login("web")
    try:
        with pytest.raises(psycopg2.Error) as caught:
            connection.cursor().execute(f"SELECT 1; {attempt}")
        assert caught.value.pgcode in REFUSED, caught.value
    finally:
        connection.close()


def test_a_login_is_itself_and_nothing_more(cursor: Any) -> None:
    cursor.execute(
        "SELECT session_user = current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
    )
    assert cursor.fetchone() == (True, False, False)


def test_a_login_without_identity_is_nobody(cursor: Any) -> None:
    """What that means for a table with rows in it is shown by tests/protection/test_races.py, on committed cases."""
    with pytest.raises(psycopg2.Error) as caught:
        cursor.execute("SELECT caremgmt_uid()")
    assert caught.value.pgcode == NOT_SET


def test_rights_cannot_be_given_to_oneself(cursor: Any) -> None:
    cursor.execute("GRANT ALL ON cases_case TO PUBLIC")  # a warning, nothing more
    cursor.execute("SELECT has_table_privilege(current_user, 'cases_case', 'INSERT')")
    assert cursor.fetchone() == (False,)


def test_nobody_logs_in_as_the_verb(db: None) -> None:
    with pytest.raises(psycopg2.OperationalError):
        login("verb")


@pytest.mark.parametrize("attempt", ["SET ROLE caremgmt_owner", "SELECT inner_pad FROM core_identitykey", "SELECT wrapped FROM core_datakey",
                                     "DELETE FROM core_accesslog", "UPDATE core_accesslog SET action = 'view'", "DELETE FROM core_audit",
                                     "UPDATE core_logseal SET digest = ''", "UPDATE cases_case SET status = 'closed'"])  # fmt: skip
def test_the_worker_is_no_owner_either(db: None, attempt: str) -> None:
    connection = login("worker")
    try:
        with pytest.raises(psycopg2.Error) as caught:
            connection.cursor().execute(attempt)
        assert caught.value.pgcode in REFUSED, caught.value
    finally:
        connection.close()


def test_a_temporary_table_or_function_shadows_nothing(db: None) -> None:
    """The functions with the owner's rights look at pg_catalog and public first, at pg_temp last."""
    connection = login("web")
    try:
        cursor = connection.cursor()
        cursor.execute("SELECT has_database_privilege(current_user, current_database(), 'TEMPORARY')")
        if not cursor.fetchone()[0]:
            return  # as db_roles leaves a real installation; the clones of the tests still give it to everybody
        cursor.execute("CREATE TEMPORARY TABLE core_identitykey (key_id text, inner_pad bytea, outer_pad bytea)")
        cursor.execute("INSERT INTO pg_temp.core_identitykey VALUES ('k', '', '')")
        text = '{"k": "worker"}'
        cursor.execute(
            "SELECT set_config('app.identity', %s, true), set_config('app.identity_mac', encode(sha256(sha256(%s)), 'hex'), true)",
            [text, text.encode()],
        )
        with pytest.raises(psycopg2.Error) as caught:
            cursor.execute("SELECT caremgmt_identity()")
        assert caught.value.pgcode == "CM002"
    finally:
        connection.close()
