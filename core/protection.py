"""What each database role may do to each table: declared beside the model, generated as SQL, frozen in a migration.

Every table is FORCE ROW LEVEL SECURITY and default-deny, or stands on the allow-list with its reason. `manage.py makeprotection`
writes the migration; `--check` fails when the declarations have moved on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string

from core.identity import OWNER, VERB, WEB, WORKER

# Pieces of policy: each is a sub-select, so that the planner makes it an init plan, run once per statement.
UID = "(SELECT caremgmt_uid())"
NOW = "(SELECT caremgmt_now())"
GROUPS = "((SELECT caremgmt_groups())::integer[])"
WALLED = "((SELECT caremgmt_walled())::uuid[])"  # few: listed once per statement
TICKET = "((SELECT caremgmt_uuids('t'))::uuid[])"
CASE_OFFICES = "((SELECT caremgmt_uuids('co'))::uuid[])"
CONTACT_OFFICES = "((SELECT caremgmt_uuids('do'))::uuid[])"
KEEPER_OFFICES = "((SELECT caremgmt_uuids('ke'))::uuid[])"
DIRECTOR_OFFICES = "((SELECT caremgmt_uuids('di'))::uuid[])"
IS_WORKER = "(SELECT caremgmt_is_worker())"


def flag(name: str) -> str:
    """A condition on one of the identity's flags (auditor, province, system)."""
    return f"(SELECT caremgmt_flag('{name}'))"


@dataclass(frozen=True)
class Rows:
    """Row-level rules of one table. Each value is an SQL condition over its columns, or None for nothing at all."""

    web: str | None = None
    web_can: str = "SELECT"
    web_write: str | None = None  # the condition of web's writing commands, where it differs from that of reading
    verb: str | None = None
    verb_can: str = "SELECT, INSERT, UPDATE"
    worker: str | None = IS_WORKER
    worker_can: str = "SELECT"
    unique_case_key: bool = False  # a composite key (case, office) to cases_case

    def grants(self) -> list[tuple[str, str, str]]:
        """(database role, condition, commands) for each role that may do anything."""
        all_three = [
            (WEB, self.web, self.web_can),
            (VERB, self.verb, self.verb_can),
            (WORKER, self.worker, self.worker_can),
        ]
        return [(role, condition, can) for role, condition, can in all_three if condition and can]


@dataclass(frozen=True)
class Open:
    """A table on the allow-list: no row-level rules; the reason is pinned by a test."""

    reason: str
    web_can: str = "SELECT"
    worker_can: str = "SELECT"
    verb_can: str = "SELECT"

    def grants(self) -> list[tuple[str, str, str]]:
        """(database role, empty condition, commands)."""
        return [
            (r, "", can) for r, can in ((WEB, self.web_can), (VERB, self.verb_can), (WORKER, self.worker_can)) if can
        ]


Protection = Rows | Open


def clear(case: str, *, head: bool = False) -> str:
    """The condition that a case exists for the one who asks: behind no wall or seal, and not shut (caremgmt_is_shut: handed over, or a closed
    record of a minor). With `head`, of rows that its own centre reads on where another one has taken the case over.

    Walls are few and listed; what is shut becomes more with every year, so that each row's case is asked for. Who is of no centre is asked nothing.
    """
    shut = f"caremgmt_is_shut({case}, {str(head).lower()})"
    return f"({case} <> ALL {WALLED} AND ((SELECT caremgmt_uuids('co') = '{{}}') OR NOT {shut}))"


def staff_of_case(case: str, office: str = "office_id") -> str:
    """The condition of the handling centre's own staff: office held, the case clear."""
    return f"({office} = ANY {CASE_OFFICES} AND {clear(case)})"


def heads_of_case(case: str, office: str = "office_id") -> str:
    """The condition of rows that belong to a case's head: its own centre reads them on where another centre has taken the case over."""
    return f"({office} = ANY {CASE_OFFICES} AND {clear(case, head=True)})"


# A person's grant lasts as long as the post it was given for: who has left the unit or the centre holds it no more.
HOLDS = (
    f"(g.group_id = ANY {GROUPS} OR (g.user_id = {UID} AND (g.member_of IS NULL OR g.member_of = ANY {GROUPS})"
    f" AND (g.at_office IS NULL OR g.at_office = ANY {CASE_OFFICES})))"
)


def granted(case: str, section: str) -> str:
    """The condition of an access grant that is in force for this section (a column or a quoted literal).

    A scalar sub-select, because the planner would rather hash all grants of a unit than look at those of fifty rows (EXISTS).
    """
    return (
        f"({clear(case)} AND (SELECT true FROM cases_accessgrant g WHERE g.case_id = {case} AND g.section = {section}"
        f" AND {HOLDS} AND g.withdrawn_at IS NULL"
        f" AND g.valid_from <= {NOW} AND (g.valid_until IS NULL OR g.valid_until > {NOW}) LIMIT 1))"
    )


RESTRICTED_SECTIONS = ("counselling", "shelter")  # not the staff's by office: only by a grant to the person


def case_rows(
    section: str,
    *,
    case: str = "case_id",
    verb_can: str = "SELECT, INSERT, UPDATE",
    restrict: bool = True,
    keeps_head: bool = False,
) -> Rows:
    """Rows that belong to a case. `section` is a column name, or a section's code in single quotes.

    With `keeps_head` its own centre reads the rows of the section `header` on when another centre has taken the case over.
    """
    staff = staff_of_case(f"{{table}}.{case}", "{table}.office_id")
    column = section if section.startswith("'") else f"{{table}}.{section}"
    heads = heads_of_case(f"{{table}}.{case}", "{table}.office_id")
    if keeps_head and section.startswith("'"):
        staff = heads
    if restrict:
        restricted = ", ".join(f"'{code}'" for code in RESTRICTED_SECTIONS)
        if not section.startswith("'"):
            staff = f"({column} NOT IN ({restricted}) AND {staff})"
            if keeps_head:
                staff = f"({staff} OR ({column} = 'header' AND {heads}))"
        elif section.strip("'") in RESTRICTED_SECTIONS:
            staff = "false"
    return Rows(
        web=f"{staff} OR {granted(f'{{table}}.{case}', column)}",
        verb=f"{case} = ANY {TICKET}",
        verb_can=verb_can,
        unique_case_key=case == "case_id",
    )


@dataclass(frozen=True)
class Table:
    """One table with its protection."""

    name: str
    protection: Protection
    sequences: tuple[str, ...] = field(default=())


def _declared(model: type[models.Model]) -> Protection | None:
    protection = model.__dict__.get("protection")
    if protection is None:
        instance_type = getattr(model, "instance_type", None)  # a history table is held as the table that it remembers
        protection = instance_type.__dict__.get("protection") if instance_type else None
    return protection


def tables() -> dict[str, Table]:
    """Every table of the project by name. Raises LookupError for a model that declares nothing."""
    third_party: dict[str, Protection] = import_string(settings.THIRD_PARTY_PROTECTION)
    found: dict[str, Table] = {}
    missing = []
    for model in apps.get_models(include_auto_created=True):
        if model._meta.proxy or not model._meta.managed:
            continue
        name = model._meta.db_table
        protection = _declared(model) or third_party.get(name)
        if protection is None:
            missing.append(name)
            continue
        pk = model._meta.pk
        automatic = isinstance(pk, models.AutoField | models.BigAutoField | models.SmallAutoField)
        found[name] = Table(name, protection, (f"{name}_{pk.column}_seq",) if automatic else ())
    for name, protection in third_party.items():
        if name not in found and name not in {m._meta.db_table for m in apps.get_models(include_auto_created=True)}:
            found[name] = Table(name, protection)
    if missing:
        raise LookupError(f"tables without a declared protection: {', '.join(sorted(missing))}")
    return found


def table_sql(table: Table) -> list[str]:
    """The statements that put one table under its protection, safe to run again."""
    name, rules = table.name, table.protection
    sql = [
        (
            f"DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = '{name}'"
            f" LOOP EXECUTE format('DROP POLICY %I ON \"{name}\"', p.policyname); END LOOP; END $$"
        ),
        f'REVOKE ALL ON "{name}" FROM PUBLIC, {WEB}, {VERB}, {WORKER}',
    ]
    if isinstance(rules, Open):
        sql.append(f'ALTER TABLE "{name}" DISABLE ROW LEVEL SECURITY')
        sql.append(f'ALTER TABLE "{name}" NO FORCE ROW LEVEL SECURITY')
    else:
        sql.append(f'ALTER TABLE "{name}" ENABLE ROW LEVEL SECURITY')
        sql.append(f'ALTER TABLE "{name}" FORCE ROW LEVEL SECURITY')
        sql.append(f'CREATE POLICY owner_all ON "{name}" TO {OWNER} USING (true) WITH CHECK (true)')
    for role, condition, commands in rules.grants():
        sql.append(f'GRANT {commands} ON "{name}" TO {role}')
        if condition:
            short = role.removeprefix("caremgmt_")
            reads = {c.strip() for c in commands.split(",")}
            for command in ("SELECT", "INSERT", "UPDATE", "DELETE"):
                if not any(c.split("(")[0].strip() == command for c in reads):
                    continue
                writes = rules.web_write if isinstance(rules, Rows) and role == WEB and command != "SELECT" else None
                text = (writes or condition).replace("{table}", f'"{name}"')
                clause = {"INSERT": f"WITH CHECK ({text})", "UPDATE": f"USING ({text}) WITH CHECK ({text})"}.get(
                    command, f"USING ({text})"
                )
                sql.append(f'CREATE POLICY {short}_{command.lower()} ON "{name}" FOR {command} TO {role} {clause}')
        if "INSERT" in commands:
            sql += [f'GRANT USAGE ON SEQUENCE "{sequence}" TO {role}' for sequence in table.sequences]
    if isinstance(rules, Rows) and rules.unique_case_key:
        constraint = f"{name[:40]}_case_office"
        sql.append(
            f"DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = '{constraint}') THEN "
            f'ALTER TABLE "{name}" ADD CONSTRAINT "{constraint}" FOREIGN KEY (case_id, office_id)'
            " REFERENCES cases_case (id, office_id) DEFERRABLE INITIALLY DEFERRED; END IF; END $$"
        )
    return sql


_FUNCTION = re.compile(r"CREATE OR REPLACE FUNCTION (\w+)\(")
_INTERNAL = re.compile(r"COMMENT ON FUNCTION (\w+)(?:\([^)]*\))? IS 'internal'")


def function_sql(texts: Iterable[str]) -> str:
    """Who may call the functions of these texts: PostgreSQL gives a new one to everybody, the house to its three roles.

    Trigger functions, and those that a COMMENT calls 'internal', only run inside others. A call that forgets the arguments' types
    would fail where a name is overloaded, so that the catalogue is asked for them.
    """
    text = "\n".join(texts)
    internal = set(_INTERNAL.findall(text))
    names, inner = ("', '".join(sorted(found)) for found in (set(_FUNCTION.findall(text)), internal))
    return (
        "DO $$ DECLARE f record; BEGIN FOR f IN SELECT oid::regprocedure AS named,"
        f" prorettype = 'trigger'::regtype OR proname IN ('{inner}') AS is_internal FROM pg_proc"
        f" WHERE pronamespace = 'public'::regnamespace AND proname IN ('{names}') LOOP"
        f" EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC, {WEB}, {VERB}, {WORKER}', f.named);"
        f" IF NOT f.is_internal THEN EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO {WEB}, {VERB}, {WORKER}', f.named); END IF;"
        " END LOOP; END $$"
    )


def statements() -> list[str]:
    """All of the protection as SQL, in order: functions and who may call them, transition triggers, then every table (one unit each)."""
    from core.workflow import workflows

    sql: list[str] = []
    for config in reversed(list(apps.get_app_configs())):
        folder = Path(config.path) / "sql"
        if folder.is_dir() and Path(config.path).resolve().parent == Path(settings.BASE_DIR).resolve():
            sql += [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.sql"))]
    sql += [";\n".join(workflow.trigger_sql()) for workflow in workflows()]
    sql.append(function_sql(sql))
    declared = tables()
    # A table's statements are one unit: a changed rule drops all policies of its table and makes them anew.
    sql += [";\n".join(table_sql(declared[name])) for name in sorted(declared)]
    return sql
