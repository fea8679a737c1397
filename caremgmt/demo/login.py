"""Change the database login of this process for a while: loading begins as the owner, people act with the rights they really have."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, connections

from caremgmt.settings import database_password


@contextmanager
def logged_in_as_worker() -> Iterator[None]:
    """Be `caremgmt_worker`, which may take the rights of web and verb, and nothing else. Not inside a transaction."""
    if connection.in_atomic_block:
        raise RuntimeError("the login cannot change inside a transaction")
    database = connections.databases["default"]
    before = {name: database[name] for name in ("USER", "PASSWORD")}
    try:
        _log_in({"USER": "caremgmt_worker", "PASSWORD": database_password("worker")})
        yield
    finally:
        _log_in(before)


def _log_in(login: dict[str, str]) -> None:
    connection.close()
    connections.databases["default"].update(login)
    connection.settings_dict.update(login)
