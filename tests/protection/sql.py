"""Raw statements, as an injection would send them, and what the database answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from core.identity import as_verb

NO_RIGHT = "42501"  # no privilege, or a row-level policy's refusal of a new row
NOT_SET, NOT_VALID = "CM001", "CM002"


def ask(statement: str, parameters: Any = None) -> list[tuple[Any, ...]]:
    """Run a statement on the test's connection; its rows, if it gives any."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall()) if cursor.description else []


def count_changed(statement: str, parameters: Any = None) -> int:
    """Run a writing statement; how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)


def refused(statement: str, parameters: Any = None, *, code: str = NO_RIGHT) -> None:
    """The database refuses the statement with this code."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        ask(statement, parameters)
    found = getattr(caught.value.__cause__, "pgcode", None)
    assert found == code, f"{found} instead of {code}: {statement}"


@contextmanager
def verb_undone(*subjects: UUID) -> Iterator[None]:
    """A verb with a ticket for these subjects; whatever it wrote is taken back."""
    with transaction.atomic():
        with as_verb(subjects):
            yield
        transaction.set_rollback(True)
