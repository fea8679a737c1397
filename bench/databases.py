"""The databases of the benchmark: one for each size, kept between runs until what shapes them changes."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql

from caremgmt.local.environment import PROJECT

SEED = 1
BASE = "bench_base"  # tables and directory, no cases: what every size begins with


def url_of(name: str) -> str:
    """The owner's address of another database on the same server."""
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


def ready(cases: int, say: Callable[[str], None]) -> str:
    """The owner's address of a database with so many cases, made if needed."""
    name = f"bench_{cases}"

    def fill() -> None:
        say(f"making a province of {cases} cases")
        say(
            _run(name, "manage.py", "make_province", "--cases", str(cases), "--seed", str(SEED))
            .strip()
            .splitlines()[-1]
        )

    with closing(psycopg2.connect(os.environ["DATABASE_URL"])) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            state = _state()
            if not _is_made(cursor, name, state):
                if not _is_made(cursor, BASE, state):
                    _make(cursor, BASE, "template1", state, lambda: _run(BASE, "-m", "caremgmt.local.prepare"))
                _make(cursor, name, BASE, state, fill)
    return url_of(name)


def _is_made(cursor: Any, name: str, state: str) -> bool:
    cursor.execute("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name])
    kept = cursor.fetchone()
    return bool(kept and kept[0] == state)


def _make(cursor: Any, name: str, template: str, state: str, fill: Callable[[], object]) -> None:
    """A database from a template, filled; its comment says that it is complete."""
    cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
    fill()
    cursor.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(state)))


def _run(name: str, *command: str) -> str:
    environment = {
        **os.environ,
        "DATABASE_URL": url_of(name),
        "CAREMGMT_DB_ROLE": "owner",
        "CAREMGMT_VERBOSITY": "0",
        "DJANGO_SETTINGS_MODULE": "caremgmt.settings",
    }
    done = subprocess.run(
        [sys.executable, *command], cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return done.stdout


def _state() -> str:
    """A hash over what shapes the data: migrations, the directory, the generator."""
    digest = hashlib.sha256()
    shaping = [path for room in PROJECT.iterdir() for path in room.glob("migrations/0*.py")]
    shaping += [
        *PROJECT.glob("caremgmt/data/*.csv"),
        PROJECT / "bench" / "province.py",
        PROJECT / "bench" / "copying.py",
    ]
    for path in sorted(shaping):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:24]
