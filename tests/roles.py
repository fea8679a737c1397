"""Become another database role for a moment.

Tests run as `caremgmt_web`, like the product. What only the owner can do (looking at the catalogue, damaging a row on purpose)
says so by name.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from django.conf import settings
from django.db import connections, transaction

from caremgmt.settings import database_password


@contextmanager
def as_role(role: str, *, using: str = "default") -> Iterator[None]:
    """Run a block as `role`, in a transaction or savepoint; afterwards the role is what it was."""
    with transaction.atomic(using=using):
        with connections[using].cursor() as cursor:
            cursor.execute("SELECT current_user")
            before = cursor.fetchone()[0]
            cursor.execute("SELECT set_config('role', %s, true)", [role])
        yield
        # Not needed after an exception: the rollback to the savepoint takes the role back too.
        with connections[using].cursor() as cursor:
            cursor.execute("SELECT set_config('role', %s, true)", [before])


def as_owner(*, using: str = "default") -> AbstractContextManager[None]:
    """Run a block as the owner of all tables (row-level security is forced, so it binds the owner as well)."""
    return as_role("caremgmt_owner", using=using)


def as_worker(*, using: str = "default") -> AbstractContextManager[None]:
    """Run a block with the database rights of background jobs."""
    return as_role("caremgmt_worker", using=using)


@contextmanager
def threads_log_in_as(role: str, *, port: int | None = None) -> Iterator[None]:
    """New connections of this block's threads log in as the product's web or worker does. The main thread keeps its own connection."""
    login = settings.DATABASES["default"]
    connections["default"].ensure_connection()
    values = {"USER": f"caremgmt_{role}", "PASSWORD": database_password(role), "CONN_MAX_AGE": 300}
    if port is not None:
        values["PORT"] = str(port)
    before = {name: login[name] for name in values}
    login.update(values)
    try:
        yield
    finally:
        login.update(before)
