"""A real PgBouncer in transaction mode before the PostgreSQL of this test run, set up as docs/operations.md says."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2

from caremgmt.local.ports import LOOPBACK, free_port
from caremgmt.local.setup import SYSTEM_PROGRAMS
from caremgmt.settings import database_password
from tests import environment
from tests.roles import threads_log_in_as

WATCHER = "pooler_watcher"
# A statement that would outlive its transaction on the connection.
SESSION = re.compile(
    r"^\s*(?:UN)?LISTEN\b|^\s*NOTIFY\b|\bpg_notify\(|\bpg_(?:try_)?advisory_(?:lock|unlock)|^\s*SET\s+(?!LOCAL\b|CONSTRAINTS\b|TRANSACTION\b)"
    r"|\bset_config\([^)]*,\s*false\)|^\s*PREPARE\b|\bWITH\s+HOLD\b|\bCREATE\s+(?:LOCAL\s+)?TEMP",
    re.IGNORECASE | re.MULTILINE,
)


def program() -> str:
    """PgBouncer's path. Without it the tests fail and say what to install."""
    found = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}{os.pathsep}{SYSTEM_PROGRAMS}")
    assert found, "These tests need PgBouncer; on Debian: apt-get install pgbouncer"
    return found


@dataclass
class Pooler:
    """A running PgBouncer: its address and what it says of itself."""

    port: int
    password: str
    log: Path

    def url(self, database: str, role: str = "web") -> str:
        """A connection URL through the pool."""
        return f"postgres://caremgmt_{role}:{database_password(role)}@{LOOPBACK}:{self.port}/{database}"

    def show(self, what: str) -> list[dict[str, Any]]:
        """A table of PgBouncer's console."""
        with closing(psycopg2.connect(host=LOOPBACK, port=self.port, dbname="pgbouncer", user=WATCHER, password=self.password)) as console:  # fmt: skip
            console.autocommit = True
            with console.cursor() as cursor:
                cursor.execute(f"SHOW {what}")
                names = [column.name for column in cursor.description or ()]
                return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    @contextmanager
    def raw(self, database: str, role: str = "web") -> Iterator[Any]:
        """A cursor through the pool, each statement a transaction of its own: what somebody with the web's password could do."""
        with closing(psycopg2.connect(self.url(database, role))) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                yield cursor


@contextmanager
def pooler(size: int, *, reset: bool = False) -> Iterator[Pooler]:
    """PgBouncer with `size` connections for each role; `reset`: with `server_reset_query_always`."""
    home = environment.server().home
    folder = home.folder / f"pooler-{secrets.token_hex(4)}"
    folder.mkdir(mode=0o700)
    made = Pooler(free_port(), secrets.token_urlsafe(16), folder / "pgbouncer.log")
    users = {f"caremgmt_{role}": database_password(role) for role in ("web", "worker")} | {WATCHER: made.password}
    (folder / "users.txt").write_text("".join(f'"{name}" "{password}"\n' for name, password in users.items()))
    values = {
        "listen_addr": LOOPBACK, "listen_port": made.port, "unix_socket_dir": "", "auth_type": "scram-sha-256",
        "auth_file": folder / "users.txt", "stats_users": WATCHER, "pool_mode": "transaction", "default_pool_size": size,
        "max_client_conn": 200, "query_wait_timeout": 30, "logfile": made.log, "log_connections": 0, "log_disconnections": 0,
        "server_reset_query": "DISCARD ALL", "server_reset_query_always": int(reset),
    }  # fmt: skip
    lines = ["[databases]", f"* = host={LOOPBACK} port={environment.server().port}", "[pgbouncer]"]
    lines += [f"{name} = {value}" for name, value in values.items()]
    (folder / "pgbouncer.ini").write_text("\n".join(lines) + "\n")
    options: dict[str, Any] = {}
    if home.account is not None:  # PgBouncer refuses to run as root, like PostgreSQL
        options = {"user": home.account.pw_uid, "group": home.account.pw_gid, "extra_groups": []}
        for path in (folder, *folder.iterdir()):
            os.chown(path, home.account.pw_uid, home.account.pw_gid)
    process = subprocess.Popen(
        [program(), "-q", str(folder / "pgbouncer.ini")], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, cwd=folder, **options,
    )  # fmt: skip
    try:
        _wait(made, process)
        yield made
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)
        shutil.rmtree(folder)


def _wait(made: Pooler, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            made.show("VERSION")
            return
        except psycopg2.OperationalError as problem:
            if process.poll() is not None or time.monotonic() > deadline:
                said = made.log.read_text() if made.log.exists() else ""
                raise RuntimeError(f"PgBouncer did not start: {said}") from problem
            time.sleep(0.05)


def threads_go_through(made: Pooler, role: str = "web") -> AbstractContextManager[None]:
    """New connections of this block's threads go through the pool."""
    return threads_log_in_as(role, port=made.port)
