"""Become another database role for a moment.

Tests run as `caremgmt_web`, like the product. What only the owner can do (looking at the catalogue, damaging a row on purpose)
says so by name.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from django.db import connections, transaction


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
