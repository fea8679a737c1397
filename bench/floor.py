"""The floor's own connection: hand-written SQL through the same driver on the same database, as the owner.

The owner's policy is `true`: the floor pays nothing for row-level security, all of its price stands on our side.
"""

from __future__ import annotations

import os
from types import SimpleNamespace
from typing import Any

import psycopg2
import psycopg2.extras
from django.template.loader import get_template

from core.crypto import key_ring
from core.crypto.sealing import open_sealed

psycopg2.extras.register_uuid()  # type: ignore[no-untyped-call]
Row = SimpleNamespace


class Floor:
    """Asks the database directly."""

    def __init__(self) -> None:
        self.connection = psycopg2.connect(os.environ["BENCH_OWNER_URL"])

    def rows(self, sql: str, values: dict[str, Any]) -> list[Row]:
        """The rows of one statement."""
        with self.connection.cursor() as cursor:
            cursor.execute(sql, values)
            names = [str(column.name) for column in cursor.description or ()]
            return [Row(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]

    def ask(self, sql: str, values: dict[str, Any]) -> int:
        """Fetch the rows of one statement and count them."""
        with self.connection.cursor() as cursor:
            cursor.execute(sql, values)
            return len(cursor.fetchall())

    def end(self) -> None:
        """End the transaction."""
        self.connection.commit()


def name_of(row: Row) -> str:
    """Open the sealed name of a row that has `subject`, `wrapped`, `identity` and `name`."""
    if not row.name:
        return ""
    key = key_ring().unwrap(bytes(row.wrapped), row.subject.bytes)
    return open_sealed(key, bytes(row.name), concept="identity.name", row_id=row.identity).decode()


def page(template: str, context: dict[str, Any], request: Any) -> str:
    """The same template as ours, over the floor's rows."""
    return str(get_template(template).render(context, request))
