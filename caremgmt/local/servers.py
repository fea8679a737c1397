"""Both servers of a data folder, for as long as a block lasts."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from caremgmt.local.postgres import LocalPostgres
from caremgmt.local.valkey import LocalValkey

DATABASE = "caremgmt"


@contextmanager
def local_servers(
    base_dir: Path | str, *, fast: bool = False, postgres: bool = True, valkey: bool = True
) -> Iterator[dict[str, str]]:
    """Run PostgreSQL and Valkey from `base_dir`; yield DATABASE_URL (as owner) and REDIS_URL.

    Whoever holds the folder's lock starts and, at the end, stops them. Another process that comes meanwhile uses the same
    servers and leaves them running.
    """
    base = Path(base_dir).resolve()
    base.mkdir(parents=True, exist_ok=True)
    database, broker = LocalPostgres(base, fast=fast), LocalValkey(base, fast=fast)
    with (base / "servers.lock").open("w") as lock:
        if _locked(lock.fileno()):
            try:
                yield _started(database if postgres else None, broker if valkey else None)
            finally:
                broker.stop()
                if (base / "postgres").exists():
                    database.stop()
        else:
            _wait_for(database if postgres else None, broker if valkey else None)
            yield _started(database if postgres else None, broker if valkey else None)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _started(database: LocalPostgres | None, broker: LocalValkey | None) -> dict[str, str]:
    urls = {}
    if database is not None:
        database.start()
        urls["DATABASE_URL"] = database.create_database(DATABASE)
    if broker is not None:
        broker.start()
        urls["REDIS_URL"] = broker.url()
    return urls


def _wait_for(database: LocalPostgres | None, broker: LocalValkey | None) -> None:
    """Give the process that holds the lock time to start what it has promised."""
    deadline = time.monotonic() + 60
    wanted = [server for server in (database, broker) if server is not None]
    while not all(server.is_running() for server in wanted) and time.monotonic() < deadline:
        time.sleep(0.1)
