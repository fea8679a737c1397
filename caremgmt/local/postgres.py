"""A real PostgreSQL 18 in a data folder: made once, started and stopped at will."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
import psycopg2
from psycopg2 import sql
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT, cursor, encrypt_password

from caremgmt.local.homes import Home, open_home, remove_home
from caremgmt.local.ports import LOOPBACK, free_port, is_free
from caremgmt.local.secret_files import write_private

OWNER = "caremgmt_owner"
SUPERUSER = "postgres"
EXTENSIONS = ("btree_gist", "pg_trgm")

# A failing statement carries values (psycopg2 writes them into the text): nothing of a statement may reach the log.
QUIET = {
    # Nor of a value: "invalid input syntax for type integer: …" quotes it. The product's own log names the error and its place.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
}
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum_naptime": "10s"}


class PostgresError(RuntimeError):
    """The server could not be made, started or stopped."""


class LocalPostgres:
    """The server of one data folder. Every method may be called from several processes in turn."""

    def __init__(self, base: Path, *, fast: bool = False) -> None:
        self.base = base
        self.fast = fast
        self._home: Home | None = None

    @property
    def home(self) -> Home:
        """The server's own folder, made when first asked for."""
        if self._home is None:
            self._home = open_home(self.base)
        return self._home

    @property
    def port(self) -> int:
        """The port of the running server, or the one it is going to try."""
        status = self._status()
        if status is not None:
            return status[1]
        kept = self.home.folder / "port"
        return int(kept.read_text()) if kept.exists() else 0

    def url(self, database: str, user: str = OWNER) -> str:
        """A connection URL as the owner (default) or as the superuser."""
        return f"postgres://{user}:{quote(self._password(user))}@{LOOPBACK}:{self.port}/{database}"

    def start(self) -> bool:
        """Make the cluster if needed and start it. False when it was running already."""
        if self.is_running():
            return False
        if not (self.home.folder / "ready").exists():
            self._make_cluster()
        self._drop_stale_lock()
        problem = ""
        for attempt in range(4):
            self._configure(new_port=attempt > 0)
            done = self._run(
                "pg_ctl", "start", "-w", "-t", "90", "-D", self.home.data, "-l", self.home.logs / "postgres.log"
            )
            if done == 0:
                return True
            problem = self._last_log_line()
            # Backends of a killed server hold its shared memory for a moment.
            time.sleep(1 + attempt)
        raise PostgresError(f"PostgreSQL did not start: {problem}")

    def stop(self) -> None:
        """Stop the server; nothing happens when it is not running."""
        if self.is_running():
            self._run("pg_ctl", "stop", "-w", "-t", "60", "-m", "fast", "-D", self.home.data)

    def destroy(self) -> None:
        """Stop the server and delete its data."""
        if (self.base / "postgres").exists():
            self.stop()
        remove_home(self.base)
        self._home = None

    def is_running(self) -> bool:
        """Say whether the server of this folder runs."""
        return self._status() is not None

    @contextmanager
    def superuser(self, database: str = "postgres") -> Iterator[cursor]:
        """A cursor with the superuser's rights, outside any transaction."""
        with closing(psycopg2.connect(self.url(database, SUPERUSER))) as connection:
            connection.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
            with connection.cursor() as rows:
                yield rows

    def has_database(self, name: str) -> bool:
        """Say whether the database exists."""
        with self.superuser() as rows:
            rows.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            return rows.fetchone() is not None

    def create_database(self, name: str, *, template: str = "template1") -> str:
        """Create a database that belongs to the owner, unless it exists; give the owner's URL."""
        if not self.has_database(name):
            statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}")
            with self.superuser() as rows:
                rows.execute(statement.format(sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(template)))
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Drop a database and end its connections."""
        with self.superuser() as rows:
            rows.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def copy_from(self, kept: Path) -> None:
        """Begin from a stopped cluster that `copy_to` has kept."""
        for entry in kept.iterdir():
            if entry.name != "belongs-to":
                subprocess.run(["cp", "-a", str(entry), f"{self.home.folder}/"], check=True)

    def copy_to(self, kept: Path) -> None:
        """Keep the stopped cluster, so that another run may begin from it."""
        draft = kept.with_name(f".{kept.name}.{os.getpid()}")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700, parents=True)
        for entry in self.home.folder.iterdir():
            if entry.name not in {"belongs-to", "log"}:
                subprocess.run(["cp", "-a", str(entry), f"{draft}/"], check=True)
        if kept.exists():
            shutil.rmtree(draft)
        else:
            draft.replace(kept)

    def _make_cluster(self) -> None:
        home = self.home
        shutil.rmtree(home.data, ignore_errors=True)
        home.data.mkdir(mode=0o700)
        if home.account is not None:
            os.chown(home.data, home.account.pw_uid, home.account.pw_gid)
        for user in (SUPERUSER, OWNER):
            write_private(home.folder / f"{user}.password", secrets.token_urlsafe(24))
        asked = home.logs / "initial-password"
        write_private(asked, self._password(SUPERUSER))
        if home.account is not None:
            os.chown(asked, home.account.pw_uid, home.account.pw_gid)
        try:
            options = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--encoding=UTF8"]
            options += ["--auth=scram-sha-256", f"--username={SUPERUSER}", f"--pwfile={asked}"]
            options += ["--no-sync"] if self.fast else []
            if self._run("initdb", "-D", home.data, *options, log=home.logs / "initdb.log") != 0:
                raise PostgresError(f"initdb failed; see {home.logs / 'initdb.log'}")
        finally:
            asked.unlink()
        with (home.data / "postgresql.conf").open("a", encoding="utf-8") as conf:
            conf.write("\ninclude = 'caremgmt.conf'\n")
        self._configure(new_port=True)
        if self._run("pg_ctl", "start", "-w", "-t", "90", "-D", home.data, "-l", home.logs / "postgres.log") != 0:
            raise PostgresError(f"PostgreSQL did not start: {self._last_log_line()}")
        try:
            self._make_owner()
        finally:
            self.stop()
        (home.folder / "ready").touch()

    def _make_owner(self) -> None:
        with self.superuser("template1") as rows:
            verifier = encrypt_password(self._password(OWNER), OWNER, rows.connection, "scram-sha-256")
            statement = sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER CREATEDB CREATEROLE PASSWORD {}")
            rows.execute(statement.format(sql.Identifier(OWNER), sql.Literal(verifier)))
            for extension in EXTENSIONS:
                rows.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))

    def _configure(self, *, new_port: bool) -> None:
        kept = self.home.folder / "port"
        port = int(kept.read_text()) if kept.exists() and not new_port else 0
        if port == 0 or not is_free(port):
            port = free_port()
            kept.write_text(str(port))
        settings = {
            "listen_addresses": LOOPBACK,
            "port": str(port),
            # No socket: the path of a data folder may be longer than a socket's name can be.
            "unix_socket_directories": "",
            "password_encryption": "scram-sha-256",
            "shared_buffers": "128MB" if self.fast else "512MB",
            "max_connections": "200",
            "timezone": "UTC",
            "log_timezone": "UTC",
            **QUIET,
            **(FAST if self.fast else {}),
        }
        text = "".join(f"{name} = '{value}'\n" for name, value in settings.items())
        (self.home.data / "caremgmt.conf").write_text(text, encoding="utf-8")
        if self.home.account is not None:
            os.chown(self.home.data / "caremgmt.conf", self.home.account.pw_uid, self.home.account.pw_gid)

    def _status(self) -> tuple[int, int] | None:
        """Process id and port of the running server, from its lock file; None when there is no such process."""
        try:
            lines = (self.home.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
            pid, port, state = int(lines[0]), int(lines[3]), lines[7].strip()
        except (OSError, ValueError, IndexError):
            return None
        return (pid, port) if state == "ready" and self._is_ours(pid) else None

    def _drop_stale_lock(self) -> None:
        """Remove the lock file of a killed server whose process id now belongs to something else."""
        lock = self.home.data / "postmaster.pid"
        try:
            pid = int(lock.read_text(encoding="utf-8").splitlines()[0])
        except (OSError, ValueError, IndexError):
            lock.unlink(missing_ok=True)
            return
        if not self._is_ours(pid):
            lock.unlink(missing_ok=True)

    def _is_ours(self, pid: int) -> bool:
        try:
            process = psutil.Process(pid)
            return process.status() != psutil.STATUS_ZOMBIE and str(self.home.data) in process.cmdline()
        except psutil.Error:
            return False

    def _password(self, user: str) -> str:
        return (self.home.folder / f"{user}.password").read_text(encoding="utf-8")

    def _last_log_line(self) -> str:
        try:
            lines = (self.home.logs / "postgres.log").read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return "it left no log"
        fatal = [line for line in lines[-20:] if "FATAL" in line]
        return (fatal or lines or ["its log is empty"])[-1]

    def _run(self, program: str, *arguments: str | Path, log: Path | None = None) -> int:
        """Run one of PostgreSQL's programs as the server's account. Its output must not be a pipe: the server inherits it."""
        account = self.home.account
        options: dict[str, Any] = {}
        if account is not None:
            options = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}
        command = [str(self.home.programs / program), *map(str, arguments)]
        with (log or Path(os.devnull)).open("w") as output:
            return subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.home.folder,
                env=environment,
                check=False,
                **options,
            ).returncode
