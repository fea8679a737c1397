"""Databases and whole products for tests that need real commits, real processes or a browser."""

from __future__ import annotations

import itertools
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import redis

from caremgmt.local.ports import free_port
from caremgmt.local.processes import Child, Product
from tests import environment, template

_numbers = itertools.count(1)


@dataclass
class LiveProduct:
    """A running product: its address, its environment (owner's DATABASE_URL), and everything that its processes have said."""

    base_url: str
    env: dict[str, str]
    lines: list[str] = field(default_factory=list)
    children: list[Child] = field(default_factory=list, repr=False)

    def send(self, name: str, number: signal.Signals) -> None:
        """A signal to a process (`web`, `worker`, `beat`) and all that it has begun."""
        os.killpg(self._child(name).process.pid, number)

    def kill(self, name: str) -> None:
        """End a process at once, whatever it is doing."""
        self.send(name, signal.SIGKILL)
        self._child(name).wait()

    def start_again(self, name: str) -> None:
        """Start a killed process as it was."""
        old = self._child(name)
        role = "web" if name == "web" else "worker"
        out = lambda said_by, line: self.lines.append(f"{said_by} | {line}")  # noqa: E731
        command: list[str] = list(old.process.args)  # type: ignore[arg-type]
        new = Child(name, command, {**self.env, "CAREMGMT_DB_ROLE": role}, out=out)
        self.children[self.children.index(old)] = new

    def _child(self, name: str) -> Child:
        return next(child for child in self.children if child.name == name)


@contextmanager
def fresh_database_env(*, demo: bool = False) -> Iterator[dict[str, str]]:
    """Clone the template (`demo`: the loaded demo province); yield the environment of a product on it.

    DATABASE_URL is the owner's; it has a Valkey database of its own.
    """
    postgres = environment.server()
    template.ensure(postgres, test_role=environment.TEST_ROLE, test_password=environment.TEST_PASSWORD)
    number = next(_numbers)
    name = f"{environment.database_name()}_fresh_{number}"
    valkey = (
        environment.worker_number() * environment.VALKEYS_PER_WORKER + 1 + number % (environment.VALKEYS_PER_WORKER - 1)
    )
    if demo:
        template.ensure_demo(postgres, {**os.environ, "DJANGO_SETTINGS_MODULE": "caremgmt.settings"})
    postgres.create_database(name, template=template.DEMO if demo else template.NAME)
    folder = environment.folder() / name
    folder.mkdir()
    try:
        flush_valkey(environment.broker().url(valkey))
        yield {
            **os.environ,
            "DATABASE_URL": postgres.url(name),
            "REDIS_URL": environment.broker().url(valkey),
            "CAREMGMT_VAR": str(folder),
            "CAREMGMT_DB_ROLE": "owner",
            "DJANGO_SETTINGS_MODULE": "caremgmt.settings",
        }
    finally:
        postgres.drop_database(name)


@contextmanager
def running_product(
    prepare: Callable[[dict[str, str]], object] | None = None, *, demo: bool = False
) -> Iterator[LiveProduct]:
    """Run web, worker and beat on a fresh database; `prepare` gets its environment first, to load data as owner."""
    with fresh_database_env(demo=demo) as env:
        if prepare is not None:
            prepare(env)
        port = free_port()
        live = LiveProduct(f"http://127.0.0.1:{port}", env)
        product = Product(
            env, Path(env["CAREMGMT_VAR"]), port=port, out=lambda name, line: live.lines.append(f"{name} | {line}")
        )
        try:
            product.start(web_workers=1, jobs=1)
            if not product.wait_until_ready(60):
                raise RuntimeError("The product did not start:\n" + "\n".join(live.lines[-40:]))
            live.children = product.children
            yield live
        finally:
            product.end()


def flush_valkey(url: str) -> None:
    """Empty one numbered database."""
    _client(url).flushdb()


@cache
def _client(url: str) -> redis.Redis:
    return redis.Redis.from_url(url)
