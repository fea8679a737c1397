"""`make run`: the whole product in one terminal, with real servers, until Ctrl+C.

Environment: PORT (8000), CAREMGMT_VAR (data folder, `var`), DATABASE_URL and REDIS_URL (to use servers of your own).
"""

from __future__ import annotations

import fcntl
import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

from caremgmt.local.environment import data_folder, demo_secrets, publish, withdraw
from caremgmt.local.ports import is_free
from caremgmt.local.postgres import PostgresError
from caremgmt.local.processes import Child, Product, say
from caremgmt.local.servers import local_servers
from caremgmt.local.valkey import ValkeyError


def main() -> int:
    """Run until told to end; the exit code is 0 only for an orderly end."""
    folder = data_folder()
    folder.mkdir(parents=True, exist_ok=True)
    port = os.environ.get("PORT", "8000")
    if not port.isdecimal() or not 0 < int(port) < 65536:
        return _refuse(f"PORT={port} is not a port number.")
    if not is_free(int(port)):
        return _refuse(
            f"Port {port} is taken by another program. Choose another one: PORT={int(port) % 65535 + 1} make run"
        )
    with (folder / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return _refuse(
                "The product already runs on this data folder. For a second one: CAREMGMT_VAR=/tmp/other PORT=8001 make run"
            )
        ending = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda _number, _frame: ending.set())
        try:
            return _run(folder, int(port), ending)
        except (PostgresError, ValkeyError) as problem:
            return _refuse(str(problem))


def _refuse(reason: str) -> int:
    print(reason, file=sys.stderr)
    return 1


def _run(folder: Path, port: int, ending: threading.Event) -> int:
    given = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)}
    say("data", "starting PostgreSQL and Valkey" if len(given) < 2 else "using the servers that were given")
    with local_servers(folder, postgres="DATABASE_URL" not in given, valkey="REDIS_URL" not in given) as started:
        product_env = {
            **demo_secrets(folder),
            **started,
            **given,
            "CAREMGMT_KIND": os.environ.get("CAREMGMT_KIND", "demo"),
            "CAREMGMT_VAR": str(folder),
            "PORT": str(port),
        }
        environment = {**os.environ, **product_env, "DJANGO_SETTINGS_MODULE": "caremgmt.settings"}
        if not _step(
            [sys.executable, "-m", "caremgmt.local.prepare", "load_demo"], environment, role="owner", ending=ending
        ):
            return 0 if ending.is_set() else _refuse("The database could not be prepared; the lines above say why.")
        product = Product(environment, folder, port=port)
        publish(folder, product_env)
        try:
            product.start()
            if product.wait_until_ready(90) and not ending.is_set():
                say("data", "demo accounts:")
                _step([sys.executable, "manage.py", "demo_accounts"], environment, role="web", ending=ending)
                say("data", f"caremgmt is ready: http://127.0.0.1:{port}/    (Ctrl+C ends it)")
            return _watch(product, ending)
        finally:
            withdraw(folder)
            say("data", "ending")
            _ignore_impatience()
            product.end()


def _watch(product: Product, ending: threading.Event) -> int:
    while not ending.wait(0.5):
        gone = product.ended_child()
        if gone is not None:
            return _refuse(f"{gone.name} ended by itself with code {gone.wait()}; everything else is ended too.")
    return 0


def _step(command: list[str], environment: dict[str, str], *, role: str, ending: threading.Event) -> bool:
    child = Child("data", command, {**environment, "CAREMGMT_DB_ROLE": role})
    while not child.has_ended():
        if ending.wait(0.1):
            child.end(3)
            return False
    return child.wait() == 0


def _ignore_impatience() -> None:
    """A second Ctrl+C must not leave servers behind."""

    def ignore(_number: int, _frame: FrameType | None) -> None:
        return None

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, ignore)


if __name__ == "__main__":
    sys.exit(main())
