"""The migrated database that every test database is cloned from: made once, kept until something that shapes it changes."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from psycopg2 import sql

from caremgmt.local.environment import PROJECT
from caremgmt.local.homes import reachable_cache
from caremgmt.local.postgres import OWNER, LocalPostgres

NAME = "caremgmt_template"
DEMO = "caremgmt_demo"
ROLES_OF_TESTS = ("caremgmt_web", "caremgmt_worker", "caremgmt_verb", OWNER)
KEPT_AT_MOST = 4


def fetch(postgres: LocalPostgres) -> None:
    """Begin the run's cluster from the kept one, if there is one for this state of the code."""
    kept = _place(_state())
    if kept.exists():
        postgres.copy_from(kept)
        os.utime(kept)


def keep(postgres: LocalPostgres) -> None:
    """Keep a cluster whose template this run has made. Stops the server."""
    made = postgres.base / "template-made"
    if not made.exists() or not postgres.is_running():
        return
    kept = _place(made.read_text())
    if kept.exists():
        return
    with postgres.superuser() as rows:
        rows.execute(
            "SELECT datname FROM pg_database WHERE NOT datistemplate AND datname NOT IN ('postgres', %s)", [NAME]
        )
        names = [name for (name,) in rows.fetchall()]
    for name in names:
        postgres.drop_database(name)
    postgres.stop()
    postgres.copy_to(kept)
    others = sorted(
        (entry for entry in kept.parent.iterdir() if entry.is_dir() and not entry.name.startswith(".")),
        key=lambda entry: entry.stat().st_mtime,
    )
    for entry in others[:-KEPT_AT_MOST]:
        shutil.rmtree(entry, ignore_errors=True)


def ensure(postgres: LocalPostgres, *, test_role: str, test_password: str) -> None:
    """Make the template if this run has none yet; other workers wait for it."""
    with (postgres.base / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _is_made(postgres):
            return
        state = _state()
        postgres.drop_database(NAME)
        postgres.create_database(NAME)
        environment = {
            **os.environ,
            "CAREMGMT_DB_ROLE": "owner",
            "DATABASE_URL": postgres.url(NAME),
            "CAREMGMT_VERBOSITY": "0",
        }
        environment["DJANGO_SETTINGS_MODULE"] = "caremgmt.settings"
        command = [sys.executable, "-m", "caremgmt.local.prepare"]
        done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"The template database could not be made:\n{done.stdout}\n{done.stderr}")
        _make_test_role(postgres, test_role, test_password)
        with postgres.superuser() as rows:
            rows.execute("COMMENT ON DATABASE " + NAME + " IS 'complete'")
        if _state() == state:  # nobody has edited a migration meanwhile
            (postgres.base / "template-made").write_text(state)


def ensure_demo(postgres: LocalPostgres, environment: dict[str, str]) -> None:
    """Load the demo province once for a run, beside the template; who needs it gets a clone. It lives around today, so it is not kept."""
    with (postgres.base / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _is_made(postgres, DEMO):
            return
        postgres.drop_database(DEMO)
        postgres.create_database(DEMO, template=NAME)
        command = [sys.executable, "manage.py", "load_demo"]
        environment = {**environment, "CAREMGMT_DB_ROLE": "owner", "DATABASE_URL": postgres.url(DEMO)}
        done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"The demo province could not be loaded:\n{done.stdout}\n{done.stderr}")
        with postgres.superuser() as rows:
            rows.execute("COMMENT ON DATABASE " + DEMO + " IS 'complete'")


def _is_made(postgres: LocalPostgres, name: str = NAME) -> bool:
    with postgres.superuser() as rows:
        rows.execute(
            "SELECT shobj_description(oid, 'pg_database') = 'complete' FROM pg_database WHERE datname = %s", [name]
        )
        found = rows.fetchone()
    return bool(found and found[0])


def _make_test_role(postgres: LocalPostgres, role: str, password: str) -> None:
    name = sql.Identifier(role)
    with postgres.superuser() as rows:
        rows.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if rows.fetchone() is None:
            rows.execute(sql.SQL("CREATE ROLE {} LOGIN NOINHERIT PASSWORD {}").format(name, sql.Literal(password)))
        for granted in ROLES_OF_TESTS:
            rows.execute(sql.SQL("GRANT {} TO {} WITH INHERIT FALSE, SET TRUE").format(sql.Identifier(granted), name))
        rows.execute(sql.SQL("ALTER ROLE {} SET role = 'caremgmt_web'").format(name))


def _place(state: str) -> Path:
    return reachable_cache(PROJECT / "var" / "test-clusters") / state


def _state() -> str:
    """A hash over everything that may shape the template."""
    digest = hashlib.sha256()
    for path in sorted(_shaping_files()):
        digest.update(str(path.relative_to(PROJECT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:24]


def _shaping_files() -> Iterator[Path]:
    yield PROJECT / "requirements" / "base.txt"
    yield PROJECT / "caremgmt" / "settings.py"
    yield from (path for path in (PROJECT / "tests" / "environment.py", PROJECT / "tests" / "template.py"))
    for room in ("caremgmt", "core", "agencies", "cases", "hotline", "referrals", "shelter", "legalaid", "reports"):
        for path in (PROJECT / room).rglob("*"):
            parts = path.relative_to(PROJECT / room).parts
            shaping = room in {"core", "agencies"} or path.name in {"models.py", "apps.py"}
            shaping = shaping or bool({"migrations", "models", "management", "data", "sql", "directory"} & set(parts))
            shaping = shaping or parts == ("demo", "accounts.py")
            if shaping and path.suffix in {".py", ".sql", ".csv", ".json"} and "tests" not in parts:
                yield path
