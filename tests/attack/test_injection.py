"""What somebody could do who gets statements of his own onto the web's connection, as himself and inside one of his own verbs.

The attacker is a real liaison, operator or manager; he has his own valid identity, and inside a verb a ticket for the case that he may
work on. Nothing that he calls may widen what anybody sees, and nothing may tell him of a case that is not his.
"""

from __future__ import annotations

import itertools
from collections import deque
from contextlib import nullcontext
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from core.identity import as_verb
from tests.permissions.planted import LETTERS, NOTHING, SEES, Scene
from tests.protection.sql import NO_RIGHT, NOT_SET, ask, refused, verb_undone
from tests.roles import as_owner

ATTACKERS = ("justice_liaison", "police_liaison", "operator", "xishan_manager", "keeper", "manager2", "system")
# Tables whose rows say who may do what; nothing that an attacker calls may add to them.
ACCESS = {
    "cases_accessgrant": "case_id, section, group_id, user_id, valid_from, valid_until, withdrawn_at",
    "cases_casegroupobjectpermission": "content_object_id, permission_id, group_id",
    "cases_caseuserobjectpermission": "content_object_id, permission_id, user_id",
    "referrals_referralgroupobjectpermission": "content_object_id, permission_id, group_id",
    "referrals_referraluserobjectpermission": "content_object_id, permission_id, user_id",
    "agencies_rolegrant": "user_id, role, office_id, unit_id, region_id",
    "agencies_user_groups": "user_id, group_id",
}
# What a holder may do with his own: give it back.
NARROWING = {"caremgmt_withdraw"}


def functions() -> list[tuple[str, list[str], bool]]:
    """(name, types of its arguments, whether it may write) of every function in the schema that the web role may call; extensions' own are not ours."""
    rows = ask(
        "SELECT proname, array(SELECT format_type(t, NULL) FROM unnest(proargtypes::oid[]) AS t), provolatile = 'v' FROM pg_proc p"
        " WHERE pronamespace = 'public'::regnamespace AND prokind = 'f' AND prorettype <> 'trigger'::regtype"
        " AND has_function_privilege('caremgmt_web', p.oid, 'EXECUTE')"
        " AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') ORDER BY 1"
    )
    return [(name, list(types), writes) for name, types, writes in rows]


def _values(kind: str, ids: list[UUID], scene: Scene, person: str) -> list[Any]:
    """Hostile arguments of one type. A type that nobody has thought of fails here."""
    texts = ["contact", "follow_up", "manager", "id", "phone", "u", "case", "' OR true --"]
    known: dict[str, list[Any]] = {
        "uuid": [*ids, scene.world.users[person].pk, None],
        "uuid[]": [ids],
        "text": texts,
        "character varying": texts,
        "text[]": [["identity", "medical", "counselling", "shelter"], None],
        "integer": [*sorted(scene.world.identity(person).groups), scene.world.units["justice"].group_id, None],
        "boolean": [True],
        "timestamp with time zone": ["2000-01-01", "2099-01-01", None],
        "interval": ["99 years", "-1 day"],
        "bytea": [b"x"],
        "jsonb": ["{}"],
        "date": ["2026-01-01"],
    }
    assert kind in known, f"no hostile value for {kind}"
    return known[kind]


def _calls(name: str, types: list[str], ids: list[UUID], scene: Scene, person: str) -> list[tuple[str, list[Any]]]:
    """The function with every combination of hostile arguments, some ten that differ widely."""
    every = list(itertools.product(*(_values(kind, ids, scene, person) for kind in types)))
    chosen = every[:: max(1, len(every) // 10)]
    marks = ", ".join(f"%s::{kind}" for kind in types)
    return [(f"SELECT {name}({marks})::text", list(values)) for values in chosen]


def _access() -> dict[str, set[Any]]:
    with as_owner():
        return {table: set(ask(f"SELECT {columns} FROM {table}")) for table, columns in ACCESS.items()}


def _try(statement: str, values: list[Any], before: dict[str, set[Any]] | None) -> tuple[str, set[str]]:
    """What comes back, as text (nothing when it is refused), and the tables of access that have got more rows; all of it is undone."""
    said, changed = "", set()
    try:
        with transaction.atomic():
            said = str(ask(statement, values))
            if before is not None:
                changed = {table for table, rows in _access().items() if rows - before[table]}
            transaction.set_rollback(True)
    except DatabaseError:
        pass
    return said, changed


def _foreign(scene: Scene, person: str) -> set[str]:
    """Ids of cases and letters that are not this person's, as text."""
    mine = {scene[name].id for name in SEES.get(person, {})}
    mine |= {scene[name].id for name in LETTERS.get(person, NOTHING)}
    return {str(case.id) for case in scene.cases.values() if case.id not in mine}


@pytest.mark.parametrize("person", ATTACKERS)
def test_no_function_widens_anything_or_tells_of_a_case(scene: Scene, person: str) -> None:
    """Each function × hostile arguments, without a ticket and with one for the case that the attacker works on."""
    before = _access()
    own = scene[next(iter(SEES.get(person, {})), "accepted")]
    every = [
        own.id,
        scene["walled"].id,
        scene["elsewhere"].id,
        scene["accepted"].id,
        *[c.referral for c in scene.cases.values() if c.referral][:2],
    ]
    tried = 0
    for ticket in (False, True) if person in SEES else (False,):
        with scene.world.acting(person), transaction.atomic():
            with as_verb([own.id]) if ticket else nullcontext():
                for name, types, writes in functions():
                    for statement, values in _calls(name, types, every, scene, person):
                        tried += 1
                        said, changed = _try(statement, values, before if writes else None)
                        flat = {
                            str(item) for value in values for item in (value if isinstance(value, list) else [value])
                        }
                        if (
                            name != "caremgmt_walled"
                        ):  # policies must call it: it tells the walled ids that mean nothing elsewhere
                            assert not {known for known in _foreign(scene, person) - flat if known in said}, (
                                name,
                                values,
                            )
                        if name not in NARROWING and not _is_own_work(person, own.id, values):
                            assert changed == set(), (name, values)
            transaction.set_rollback(True)
    assert tried > 40


def _is_own_work(person: str, own: UUID, values: list[Any]) -> bool:
    """The staff of the handling centre give and take access of its cases: that is their work, and it is audited."""
    return person in ("xishan_manager", "manager2") and own in values


@pytest.mark.parametrize("name", ["caremgmt_project_grants", "caremgmt_promise_case", "caremgmt_promise_contact"])
def test_inner_functions_are_nobodys_to_call(scene: Scene, name: str) -> None:
    with scene.world.acting("manager"):
        refused(f"SELECT {name}(%s)", [scene["accepted"].id])
    with scene.world.acting("manager"), verb_undone(scene["accepted"].id):
        refused(f"SELECT {name}(%s)", [scene["accepted"].id])


GIVE = "SELECT caremgmt_grant(%s, %s::text[], %s, %s, %s, gen_random_uuid(), 'duty', NULL, true, NULL)"


@pytest.mark.parametrize("kind", ["contact", "follow_up", "referral", "manager"])
def test_a_unit_at_work_on_a_case_gives_itself_nothing_more(scene: Scene, kind: str) -> None:
    """Whoever accepts a letter has a ticket for the case: what a desk may give itself for a call is not for units."""
    case, world = scene["accepted"], scene.world
    with world.acting("justice_liaison"), verb_undone(case.id):
        for sections in (["counselling"], ["header"], ["identity", "safe_contact"]):
            refused(GIVE, [case.id, sections, world.units["justice"].group_id, None, kind], code="CM020")
            refused(GIVE, [case.id, sections, None, world.users["justice_liaison"].pk, kind], code="CM020")


def test_a_desk_gives_itself_what_a_call_needs_and_nothing_else(scene: Scene) -> None:
    case, world = scene["callback"], scene.world
    desk = world.offices["desk"].group_id
    with world.acting("operator"), verb_undone(case.id):
        for sections in (["medical"], ["header", "counselling"], ["contact"]):
            refused(GIVE, [case.id, sections, desk, None, "follow_up"], code="CM020")
        refused(GIVE, [case.id, ["header"], world.units["justice"].group_id, None, "contact"], code="CM020")
        refused(GIVE, [case.id, ["header"], None, world.users["operator"].pk, "contact"], code="CM020")
        assert ask(GIVE, [case.id, ["header", "safe_contact"], desk, None, "contact"]) == [(2,)]


@pytest.mark.parametrize("person", ["justice_liaison", "operator"])
def test_only_the_handling_office_ends_the_access_of_all(scene: Scene, person: str) -> None:
    case = scene["accepted" if person == "justice_liaison" else "callback"]
    with scene.world.acting(person), verb_undone(case.id):
        refused("SELECT caremgmt_end_at_closing(%s, interval '1 day')", [case.id], code="CM022")


def test_the_walled_set_no_walls(scene: Scene) -> None:
    case = scene["walled"]
    with scene.world.acting("manager2"), verb_undone(case.id):
        refused("SELECT caremgmt_wall(%s, NULL, %s, 'kin')", [case.id, scene.world.users["manager"].pk], code="CM023")


def test_keys_are_for_people_and_jobs(scene: Scene) -> None:
    from core.identity import ANONYMOUS, acting_as

    wanted = "SELECT count(*) FROM caremgmt_keys(ARRAY[%s]::uuid[])"
    refused(wanted, [scene["accepted"].id], code=NOT_SET)
    with acting_as(ANONYMOUS):
        assert ask(wanted, [scene["accepted"].id]) == [(0,)]
    with scene.world.acting("manager"):
        assert ask(wanted, [scene["accepted"].id]) == [(1,)]


def test_no_table_of_access_names_a_case_behind_a_wall(scene: Scene) -> None:
    """Grants, guardian's rows and the own entries of the logs: a wall hides those too, or it would be told by them."""
    case, world = scene["walled"], scene.world
    with as_owner():
        held = ask(
            "SELECT count(*) FROM cases_accessgrant WHERE case_id = %s AND group_id = %s",
            [case.id, world.units["justice"].group_id],
        )
        assert held[0][0] > 3  # the unit had been given a lot before the wall was set
        ask("INSERT INTO core_accesslog (id, at, action, actor_id, actor_name, actor_role, actor_agency, route, object_type, case_id, office_id,"
            " sections, reason) VALUES (gen_random_uuid(), now(), 'view', %s, '', '', '', '', '', %s, %s, '', '')",
            [world.users["justice_liaison"].pk, case.id, world.offices["wuhua"].pk])  # fmt: skip
    for person in ("justice_liaison", "manager2"):
        with world.acting(person):
            for table, column, value in (
                ("cases_accessgrant", "case_id", case.id), ("cases_casegroupobjectpermission", "content_object_id", case.id),
                ("cases_caseuserobjectpermission", "content_object_id", case.id), ("core_audit", "case_id", case.id), ("core_accesslog", "case_id", case.id),
                ("referrals_referralgroupobjectpermission", "content_object_id", case.referral),
            ):  # fmt: skip
                assert ask(f"SELECT count(*) FROM {table} WHERE {column} = %s", [value]) == [(0,)], (person, table)


def test_no_row_of_any_table_names_a_case_behind_a_wall(scene: Scene) -> None:
    """The same of every column of every table that web may read, whatever is added: neither the case's id nor its letter's or contact's."""
    case = scene["walled"]
    ids = [str(found) for found in (case.id, case.referral, case.contact) if found]
    tables = ask(
        "SELECT c.relname FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        " AND has_table_privilege('caremgmt_web', c.oid, 'SELECT') ORDER BY 1"
    )
    assert len(tables) > 50
    for person in ("justice_liaison", "manager2"):
        with scene.world.acting(person):
            told = [
                table
                for (table,) in tables
                if ask(f'SELECT count(*) FROM "{table}" t WHERE t::text ~ ANY (%s)', [ids])[0][0]
            ]
            assert told == [], (person, told)


# What leaks through a row-level policy where an operator is not leakproof: the row's values in an error, a notice, a plan.
PROBES = [
    "SELECT count(*) FROM cases_case WHERE 1 / (CASE WHEN id = %(id)s THEN 0 ELSE 1 END) = 1",
    "SELECT count(*) FROM cases_case WHERE (CASE WHEN id = %(id)s THEN number ELSE '1' END)::integer = 1",
    "SELECT count(*) FROM cases_sectiontext WHERE 1 / (CASE WHEN case_id = %(id)s THEN 0 ELSE 1 END) = 1",
    "SELECT count(*) FROM cases_accessgrant WHERE 1 / (CASE WHEN case_id = %(id)s THEN 0 ELSE 1 END) = 1",
    "SELECT count(*) FROM referrals_referral r JOIN cases_case c ON c.id = r.case_id WHERE 1 / (CASE WHEN c.id = %(id)s THEN 0 ELSE 1 END) = 1",
    "SELECT count(*) FROM core_audit WHERE 1 / (CASE WHEN case_id = %(id)s THEN 0 ELSE 1 END) = 1",
]


@pytest.mark.parametrize("probe", PROBES)
def test_no_error_tells_of_a_hidden_row(scene: Scene, probe: str) -> None:
    wanted = {"id": scene["elsewhere"].id}
    with scene.world.acting("manager"):
        ask(probe, wanted)  # no division by zero: the policy is asked first
    if "referral" not in probe:
        with scene.world.acting("xishan_manager"), pytest.raises(DatabaseError), transaction.atomic():
            ask(probe, wanted)  # the probe works where the row may be seen


def test_a_leaky_function_of_ones_own_is_asked_after_the_policy(scene: Scene) -> None:
    """As cheap as can be, so that the planner would ask it first if it might."""
    with scene.world.acting("manager"), transaction.atomic():
        ask(
            "CREATE FUNCTION pg_temp.leak(text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS"
            " $$ BEGIN RAISE NOTICE 'seen %', $1; RETURN true; END $$"
        )  # fmt: skip
        # the driver's own list keeps the last fifty only
        notices: deque[str] = deque()
        connection.connection.notices = notices
        for table, column in (
            ("cases_case", "id"),
            ("cases_partyidentity", "case_id"),
            ("cases_historicalcase", "id"),
            ("core_audit", "case_id"),
        ):
            notices.clear()
            ask(f"SELECT count(*) FROM {table} WHERE pg_temp.leak({column}::text)")
            seen = "".join(notices)
            assert str(scene["accepted"].id) in seen, table
            assert str(scene["elsewhere"].id) not in seen, table
        transaction.set_rollback(True)


def test_copying_out_copies_what_may_be_seen(scene: Scene) -> None:
    from io import StringIO

    with scene.world.acting("manager"), connection.cursor() as cursor:
        for statement in ("COPY cases_case (id) TO STDOUT", "COPY (SELECT id FROM cases_case) TO STDOUT"):
            out = StringIO()
            cursor.copy_expert(statement, out)
            assert str(scene["accepted"].id) in out.getvalue()
            assert str(scene["elsewhere"].id) not in out.getvalue()


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM pg_statistic", "SELECT * FROM pg_largeobject", "SELECT * FROM pg_authid", "SELECT * FROM pg_hba_file_rules",
        "SELECT pg_read_binary_file('PG_VERSION')", "SELECT pg_ls_dir('.')", "SELECT lo_export(1, '/tmp/x')", "COPY agencies_user (password) TO PROGRAM 'cat'",
        "COPY core_identitykey TO STDOUT", "SELECT pg_current_logfile()", "SELECT pg_ls_logdir()", "SET log_statement = 'all'",
        "SET log_min_error_statement = 'error'", "SET session_preload_libraries = 'x'", "LOAD '$libdir/plugins/x'",
        "CREATE PUBLICATION mine FOR ALL TABLES", "SELECT pg_create_logical_replication_slot('mine', 'pgoutput')", "CREATE EVENT TRIGGER mine ON ddl_command_start EXECUTE FUNCTION caremgmt_append_only()",
        "CREATE OPERATOR public.=== (leftarg = uuid, rightarg = uuid, function = uuid_eq)", "CREATE CAST (uuid AS text) WITH INOUT", "CREATE SCHEMA mine",
        "CREATE STATISTICS public.mine ON id, number FROM cases_case", "CREATE INDEX ON cases_case (number)", "ANALYZE cases_case; SELECT 1 FROM pg_statistic",
        "CREATE TRIGGER mine BEFORE INSERT ON core_accesslog FOR EACH ROW EXECUTE FUNCTION caremgmt_append_only()", "CREATE FOREIGN DATA WRAPPER mine",
        "CREATE RULE mine AS ON SELECT TO cases_case DO INSTEAD SELECT 1", "COMMENT ON TABLE cases_case IS 'x'", "SECURITY LABEL ON TABLE cases_case IS 'x'",
    ],
)  # fmt: skip
def test_what_a_server_could_be_talked_into(scene: Scene, statement: str) -> None:
    with scene.world.acting("manager"), pytest.raises(DatabaseError) as caught, transaction.atomic():
        ask(statement)
    found = getattr(caught.value.__cause__, "pgcode", None)
    assert found in {NO_RIGHT, "22023", "58P01", "42710"}, (
        found,
        statement,
    )  # no privilege; no such label provider, library or plugin


def test_the_rules_cannot_be_switched_off(scene: Scene) -> None:
    with scene.world.acting("manager"), transaction.atomic():
        ask("SET LOCAL row_security = off")
        refused("SELECT count(*) FROM cases_case")  # refused rather than unfiltered
        transaction.set_rollback(True)


def test_statistics_of_protected_tables_are_shown_to_nobody(scene: Scene) -> None:
    """Most common values of a column are values of rows."""
    with as_owner():
        ask("ANALYZE cases_case, cases_sectiontext, cases_accessgrant, agencies_region")
        assert ask("SELECT count(*) FROM pg_statistic_ext") is not None
    with scene.world.acting("manager"):
        shown = {name for (name,) in ask("SELECT DISTINCT tablename FROM pg_stats WHERE schemaname = 'public'")}
        protected = {
            name
            for (name,) in ask(
                "SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace"
            )
        }
        assert shown & protected == set()
        assert "agencies_region" in shown  # the test sees something where there is something to see
