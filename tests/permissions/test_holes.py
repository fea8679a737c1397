"""The proof of the proof: a hole made on purpose is seen by the tests that should see it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection

from tests.permissions.planted import SEES, Scene
from tests.permissions.test_sections import _found
from tests.protection import test_catalogue as catalogue
from tests.protection import test_identity as identity
from tests.protection import test_logins as logins
from tests.protection import test_statuses as statuses
from tests.roles import as_owner

UNSIGNED = (
    "CREATE OR REPLACE FUNCTION caremgmt_identity() RETURNS jsonb LANGUAGE sql STABLE AS"
    " $$ SELECT current_setting('app.identity', true)::jsonb $$"
)


def _damage(*statements: str) -> None:
    with as_owner(), connection.cursor() as cursor:
        for statement in ("SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED", *statements):
            cursor.execute(statement)


def _seen(scene: Scene, person: str, name: str) -> set[str]:
    return _found(scene, person, scoped=False).get(name, set()) - SEES.get(person, {}).get(name, frozenset())


@pytest.mark.parametrize(
    ("damage", "person", "name"),
    [
        ("ALTER POLICY web_select ON cases_sectiontext USING (true)", "operator", "elsewhere"),
        ("ALTER POLICY web_select ON cases_case USING (true)", "xishan_manager", "accepted"),
        ("ALTER TABLE cases_partyidentity DISABLE ROW LEVEL SECURITY", "keeper", "accepted"),
        ("CREATE OR REPLACE FUNCTION caremgmt_walled() RETURNS uuid[] LANGUAGE sql STABLE AS $$ SELECT '{}'::uuid[] $$", "manager2", "walled"),
        ("CREATE OR REPLACE FUNCTION caremgmt_now() RETURNS timestamptz LANGUAGE sql STABLE AS $$ SELECT now() - interval '20 days' $$",
         "justice_liaison", "expired"),
        ("UPDATE cases_accessgrant SET withdrawn_at = NULL WHERE withdrawn_at IS NOT NULL AND source_kind = 'referral'",
         "justice_liaison", "recalled"),
        ("CREATE OR REPLACE FUNCTION caremgmt_is_shut(wanted uuid, head boolean) RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT false $$", "manager2", "kept"),
    ],
)  # fmt: skip
def test_a_hole_in_a_policy_is_seen(scene: Scene, damage: str, person: str, name: str) -> None:
    assert _seen(scene, person, name) == set()
    _damage(damage)
    assert _seen(scene, person, name) != set()


@pytest.mark.parametrize(
    ("damage", "check"),
    [
        ("DROP POLICY web_select ON cases_case", catalogue.test_policies_name_known_roles_and_what_was_declared),
        ("ALTER TABLE cases_case NO FORCE ROW LEVEL SECURITY", catalogue.test_every_table_is_forced_or_on_the_allow_list),
        ("CREATE TABLE mine (id integer)", catalogue.test_every_table_is_forced_or_on_the_allow_list),
        ("CREATE VIEW mine AS SELECT 1 AS one", catalogue.test_there_is_nothing_beside_the_tables),
        ("GRANT UPDATE (risk) ON cases_case TO caremgmt_web", catalogue.test_the_web_role_writes_nothing_of_a_case),
        ("CREATE FUNCTION mine() RETURNS integer LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$",
         catalogue.test_functions_with_the_owners_rights_have_a_fixed_path_and_are_known),
        ("ALTER FUNCTION caremgmt_walled() RESET search_path", catalogue.test_functions_with_the_owners_rights_have_a_fixed_path_and_are_known),
    ],
)  # fmt: skip
def test_a_hole_in_the_catalogue_is_seen(scene: Scene, damage: str, check: Callable[[], None]) -> None:
    check()
    _damage(damage)
    with pytest.raises(AssertionError):
        check()


@pytest.mark.parametrize(
    ("damage", "check"),
    [
        ("ALTER TABLE cases_workitem DISABLE TRIGGER cases_workitem_promise", statuses.test_an_open_case_cannot_lose_its_last_step),
        ("ALTER TABLE cases_case DISABLE TRIGGER caremgmt_moves_cases_case", statuses.test_the_real_table_refuses_too),
        (UNSIGNED, identity.test_an_unsigned_identity_is_refused),
    ],
)  # fmt: skip
def test_a_missing_trigger_or_signature_is_seen(scene: Scene, damage: str, check: Callable[[Scene], None]) -> None:
    check(scene)
    _damage(damage)
    with pytest.raises(pytest.fail.Exception):
        check(scene)


def test_attempts_of_an_injection_are_many() -> None:
    assert len(set(logins.ATTEMPTS)) > 30
