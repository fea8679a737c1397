"""The local servers are real, closed to strangers, and survive being killed."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
import redis

from caremgmt.local.postgres import LocalPostgres
from caremgmt.local.servers import local_servers
from caremgmt.local.valkey import LocalValkey


@pytest.fixture
def base(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "a path with spaces and 中文"
    yield folder
    LocalValkey(folder).destroy()
    LocalPostgres(folder).destroy()


def ask(url: str, question: str) -> object:
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(question)
        row = cursor.fetchone()
        return row[0] if row else None


def test_servers_answer_and_end_with_the_block(base: Path) -> None:
    with local_servers(base, fast=True) as env:
        assert ask(env["DATABASE_URL"], "SELECT current_user") == "caremgmt_owner"
        assert (
            ask(env["DATABASE_URL"], "SELECT count(*) FROM pg_extension WHERE extname IN ('btree_gist', 'pg_trgm')")
            == 2
        )
        assert (
            ask(env["DATABASE_URL"], "SELECT datlocprovider::text FROM pg_database WHERE datname = current_database()")
            == "b"
        )
        with redis.Redis.from_url(env["REDIS_URL"]) as client:
            assert client.ping()
    assert not LocalPostgres(base).is_running()
    assert not LocalValkey(base).is_running()


def test_data_outlives_a_second_start(base: Path) -> None:
    with local_servers(base, fast=True) as env, closing(psycopg2.connect(env["DATABASE_URL"])) as connection:
        connection.cursor().execute("CREATE TABLE kept AS SELECT 7 AS n")
        connection.commit()
    with local_servers(base, fast=True) as env:
        assert ask(env["DATABASE_URL"], "SELECT n FROM kept") == 7


def test_a_second_process_shares_the_servers_and_leaves_them_running(base: Path) -> None:
    with local_servers(base, fast=True) as first:
        with local_servers(base, fast=True) as second:
            assert first == second
        assert LocalPostgres(base).is_running()


def test_owner_is_no_superuser_and_strangers_are_refused(base: Path) -> None:
    with local_servers(base, fast=True, valkey=False) as env:
        assert (
            ask(env["DATABASE_URL"], "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
            is False
        )
        wrong = env["DATABASE_URL"].replace("caremgmt_owner:", "caremgmt_owner:x")
        with pytest.raises(psycopg2.OperationalError, match="password"):
            psycopg2.connect(wrong)


def test_no_statement_reaches_the_log(base: Path) -> None:
    postgres = LocalPostgres(base, fast=True)
    postgres.start()
    with pytest.raises(psycopg2.Error), postgres.superuser() as rows:
        rows.execute("SELECT 1 FROM missing WHERE name = %s", ["planted-secret"])
    postgres.stop()
    assert "planted-secret" not in (postgres.home.logs / "postgres.log").read_text()


def test_server_starts_again_after_a_kill(base: Path) -> None:
    postgres = LocalPostgres(base, fast=True)
    postgres.start()
    lock = postgres.home.data / "postmaster.pid"
    os.kill(int(lock.read_text().splitlines()[0]), signal.SIGKILL)
    deadline = time.monotonic() + 10
    while postgres.is_running() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert lock.exists()
    assert postgres.start()
    assert ask(postgres.url("postgres"), "SELECT 1") == 1


def test_server_starts_when_its_lock_names_a_process_of_somebody_else(base: Path) -> None:
    postgres = LocalPostgres(base, fast=True)
    postgres.start()
    lock = postgres.home.data / "postmaster.pid"
    text = lock.read_text().splitlines()
    postgres.stop()
    lock.write_text("\n".join([str(os.getppid()), *text[1:]]) + "\n")
    assert not postgres.is_running()
    assert postgres.start()


def test_password_files_are_private(base: Path) -> None:
    with local_servers(base, fast=True):
        home = LocalPostgres(base).home
        for path in [*home.folder.glob("*.password"), base / "valkey" / "password", base / "valkey" / "valkey.conf"]:
            assert path.stat().st_mode & 0o077 == 0
        assert home.data.stat().st_mode & 0o077 == 0
