"""What the database's own catalogue says of tables, roles, rights and functions."""

from __future__ import annotations

import re

import pytest

from core.protection import Open, Rows, tables
from tests.protection.sql import ask

ROLES = ("caremgmt_web", "caremgmt_worker", "caremgmt_verb")
KNOWN = {*ROLES, "caremgmt_owner"}
WRITING = ("INSERT", "UPDATE", "DELETE", "TRUNCATE")

# The allow-list, with its reasons where they are declared: nothing of a case, or read before an identity can exist.
OPEN = {
    "account_emailaddress", "account_emailconfirmation", "agencies_office", "agencies_provider", "agencies_region", "agencies_rolegrant",
    "agencies_room", "agencies_unit", "agencies_user_groups", "agencies_user_user_permissions", "auth_group", "auth_group_permissions",
    "auth_permission", "cases_category", "cases_clockrule", "cases_followuprule", "core_clockoffset", "core_installation", "core_workday",
    "django_content_type", "django_migrations", "django_session", "mfa_authenticator",
}  # fmt: skip

# Everything that the web role may write by itself; all the rest is the verb's, under a ticket.
WEB_WRITES = {
    "account_emailaddress": {"INSERT", "UPDATE", "DELETE"}, "account_emailconfirmation": {"INSERT", "UPDATE", "DELETE"},
    "agencies_keynonce": {"INSERT"},  # a nonce is used up before anybody is known
    "agencies_notification": {"UPDATE"}, "agencies_user": {"UPDATE"}, "core_accesslog": {"INSERT"}, "core_job": {"UPDATE"},
    "django_session": {"INSERT", "UPDATE", "DELETE"}, "mfa_authenticator": {"INSERT", "UPDATE", "DELETE"},
}  # fmt: skip
COLUMNS_ONLY = {"agencies_notification": {"read_at"}, "agencies_user": {"password"}}

# Functions with the owner's rights that the house's roles may call: tests/attack calls each of them with hostile arguments.
DEFINERS = {
    "caremgmt_wall_namesake", "caremgmt_joint_close", "caremgmt_joint_open", "caremgmt_is_shut", "caremgmt_take_over", "caremgmt_transfer_takers",
    "caremgmt_may_hold", "caremgmt_name_holder", "caremgmt_stand_in", "caremgmt_unit_letters", "caremgmt_unit_load", "caremgmt_units_below",
    "caremgmt_bed_occupancy", "caremgmt_conference_cases", "caremgmt_merge_access", "caremgmt_end_at_closing", "caremgmt_flag", "caremgmt_grant", "caremgmt_groups", "caremgmt_identity", "caremgmt_is_user",
    "caremgmt_is_worker", "caremgmt_keys", "caremgmt_lists_of", "caremgmt_match", "caremgmt_next", "caremgmt_now", "caremgmt_open_offer", "caremgmt_pass_on",
    "caremgmt_stands_behind_wall", "caremgmt_texts",
    "caremgmt_end_source", "caremgmt_end_access", "caremgmt_expire_access", "caremgmt_limit_consent", "caremgmt_withdraw_consent",
    "caremgmt_remaining", "caremgmt_today", "caremgmt_glass_end", "caremgmt_glass_open", "caremgmt_glass_shows", "caremgmt_record_approve", "caremgmt_seal", "caremgmt_seal_heirs", "caremgmt_sealed_alike", "caremgmt_unseal", "caremgmt_wall_lift",
    "caremgmt_uid", "caremgmt_uuids", "caremgmt_wall", "caremgmt_walled", "caremgmt_withdraw",
}  # fmt: skip

# Those that only run inside others.
INTERNAL = {
    "caremgmt_is_barred",
    "caremgmt_is_kept_from",
    "caremgmt_is_walled_off",
    "caremgmt_consent_holds",
    "caremgmt_copy_walls",
    "caremgmt_may_grant",
    "caremgmt_project_grants",
    "caremgmt_promise_case",
    "caremgmt_promise_contact",
    "caremgmt_seal_staff",
    "caremgmt_moment",
    "caremgmt_wall_namesakes",
}

pytestmark = pytest.mark.django_db


def _commands(declared: str) -> set[str]:
    """The commands of a declaration such as "SELECT (id, kind), UPDATE (read_at)"."""
    return set(re.findall(r"\b(SELECT|INSERT|UPDATE|DELETE)\b", declared))


def _held(role: str, table: str) -> set[str]:
    """What a role may do to a table, or to at least one column of it."""
    by_column = {"SELECT", "INSERT", "UPDATE"}
    return {
        command
        for command in ("SELECT", *WRITING)
        if ask("SELECT has_table_privilege(%s, %s, %s)", [role, table, command])[0][0]
        or (command in by_column and ask("SELECT has_any_column_privilege(%s, %s, %s)", [role, table, command])[0][0])
    }


def _tables() -> dict[str, tuple[bool, bool]]:
    rows = ask(
        "SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')"
    )
    return {name: (enabled, forced) for name, enabled, forced in rows}


def test_every_table_is_forced_or_on_the_allow_list() -> None:
    found = _tables()
    declared = tables()
    assert set(found) == set(declared)
    assert {name for name, rules in found.items() if rules != (True, True)} == OPEN
    assert {name for name, table in declared.items() if isinstance(table.protection, Open)} == OPEN
    assert all(len(table.protection.reason) > 10 for table in declared.values() if isinstance(table.protection, Open))


def test_there_is_nothing_beside_the_tables() -> None:
    rows = ask(
        "SELECT relname, relkind FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm', 'f')"
        " AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = pg_class.oid AND d.deptype = 'e')"
    )
    assert rows == []  # a view would need security_invoker, a materialised one knows no rows of its own
    schemas = {name for (name,) in ask("SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_'")}
    assert schemas == {"public", "information_schema"}


def test_policies_name_known_roles_and_what_was_declared() -> None:
    declared = tables()
    found: dict[str, set[tuple[str, str]]] = {}
    for table, command, roles, permissive in ask(
        "SELECT tablename, cmd, roles::text[], permissive FROM pg_policies WHERE schemaname = 'public'"
    ):
        assert permissive == "PERMISSIVE"
        assert set(roles) <= KNOWN, table
        found.setdefault(table, set()).update((role, command) for role in roles)
    for name, table in declared.items():
        if not isinstance(table.protection, Rows):
            assert name not in found
            continue
        wanted = {("caremgmt_owner", "ALL")}
        for role, _condition, commands in table.protection.grants():
            wanted |= {(role, command) for command in _commands(commands)}
        assert found[name] == wanted, name


def test_no_policy_of_a_case_table_is_simply_true() -> None:
    rows = ask(
        "SELECT tablename, policyname FROM pg_policies WHERE (qual = 'true' OR with_check = 'true') AND roles::text[] <> '{caremgmt_owner}'"
    )
    # Names of staff are shown in every letter and log; passwords are changed by their owner only (a column and a row of one's own).
    assert {table for table, _policy in rows} <= {"agencies_user"}


def test_the_three_roles_own_nothing_and_step_over_nothing() -> None:
    for name, superuser, bypass, create_role, create_db, replication in ask(
        "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles WHERE rolname LIKE 'caremgmt%'"
    ):
        assert not superuser, name
        assert not bypass, name
        assert not replication, name
        assert name == "caremgmt_owner" or not (create_role or create_db), name
    owned = ask(
        "SELECT relname, pg_get_userbyid(relowner) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND pg_get_userbyid(relowner) = ANY (%s) UNION ALL"
        " SELECT proname, pg_get_userbyid(proowner) FROM pg_proc WHERE pg_get_userbyid(proowner) = ANY (%s) UNION ALL"
        " SELECT nspname, pg_get_userbyid(nspowner) FROM pg_namespace WHERE pg_get_userbyid(nspowner) = ANY (%s)",
        [list(ROLES)] * 3,
    )
    assert owned == []


def test_memberships_must_be_asked_for() -> None:
    rows = ask(
        "SELECT pg_get_userbyid(roleid), pg_get_userbyid(member), inherit_option, set_option, admin_option FROM pg_auth_members"
        " WHERE pg_get_userbyid(member) IN ('caremgmt_web', 'caremgmt_worker', 'caremgmt_verb')"
    )
    assert sorted(rows) == [
        ("caremgmt_verb", "caremgmt_web", False, True, False),
        ("caremgmt_verb", "caremgmt_worker", False, True, False),
        ("caremgmt_web", "caremgmt_worker", False, True, False),
    ]


@pytest.mark.parametrize("role", ROLES)
def test_rights_are_those_that_were_declared(role: str) -> None:
    for name, table in tables().items():
        declared: set[str] = set()
        for holder, _condition, commands in table.protection.grants():
            if holder == role:
                declared |= _commands(commands)
        assert _held(role, name) == declared, name


def test_the_web_role_writes_nothing_of_a_case() -> None:
    for name in tables():
        assert _held("caremgmt_web", name) - {"SELECT"} == WEB_WRITES.get(name, set()), name
    for name, columns in COLUMNS_ONLY.items():
        rows = ask(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
            " AND has_column_privilege('caremgmt_web', %s, attname, 'UPDATE')", [name, name])  # fmt: skip
        assert {column for (column,) in rows} == columns


def test_nobody_may_make_anything_in_the_schema() -> None:
    for role in ROLES:
        assert ask("SELECT has_schema_privilege(%s, 'public', 'CREATE')", [role]) == [(False,)]
        assert ask("SELECT has_parameter_privilege(%s, 'session_replication_role', 'SET')", [role]) == [(False,)]


def test_functions_with_the_owners_rights_have_a_fixed_path_and_are_known() -> None:
    rows = ask(
        "SELECT proname, proconfig, prorettype = 'trigger'::regtype FROM pg_proc p WHERE pronamespace = 'public'::regnamespace AND prosecdef"
        " AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
    )
    assert rows
    for name, settings, _is_trigger in rows:
        assert settings == ["search_path=pg_catalog, public, pg_temp"], name
    assert {name for name, _settings, is_trigger in rows if not is_trigger} == DEFINERS | INTERNAL


def test_a_function_is_the_three_roles_or_nobodys() -> None:
    """PostgreSQL lets everybody call a new function; here PUBLIC calls none, and trigger and inner functions nobody but their owner."""
    rows = ask(
        "SELECT p.proname, prorettype = 'trigger'::regtype,"
        " array(SELECT coalesce(nullif(a.grantee, 0)::regrole::text, 'PUBLIC') FROM aclexplode(coalesce(proacl, acldefault('f', proowner))) a"
        " WHERE a.grantee <> p.proowner) FROM pg_proc p WHERE pronamespace = 'public'::regnamespace"
        " AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
    )
    assert len(rows) > len(DEFINERS)
    for name, is_trigger, holders in rows:
        assert set(holders) == (set() if is_trigger or name in INTERNAL else set(ROLES)), name


# A conference names no case: walls hold by the rules of its agenda items, which its own rule asks.
BY_ITS_PARTS = {"referrals_historicalconference": ("referrals_agendaitem",)}


def test_history_is_held_like_its_original() -> None:
    names = [name for name in tables() if "historical" in name]
    assert len(names) >= 5
    for name in names:
        policies = dict(ask("SELECT policyname, qual FROM pg_policies WHERE tablename = %s AND cmd = 'SELECT'", [name]))
        for rule in BY_ITS_PARTS.get(name, ("caremgmt_walled", "caremgmt_is_shut")):
            assert rule in policies["web_select"], name


def test_walls_and_shut_records_are_asked_for_together() -> None:
    """No policy forgets one half of `core.protection.clear`."""
    policies = ask(
        "SELECT tablename, policyname, qual FROM pg_policies WHERE qual LIKE '%caremgmt_walled%' OR qual LIKE '%caremgmt_is_shut%'"
    )
    assert len(policies) > 40
    halves = {
        (table, name): (rule.count("caremgmt_walled()"), rule.count("caremgmt_is_shut("))
        for table, name, rule in policies
    }
    assert {where for where, (walls, shut) in halves.items() if walls != shut} == set()


def test_an_event_trigger_or_rule_stands_nowhere() -> None:
    assert ask("SELECT evtname FROM pg_event_trigger") == []
    assert ask("SELECT rulename FROM pg_rules WHERE schemaname = 'public'") == []
