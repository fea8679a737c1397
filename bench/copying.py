"""Rows of any model as text for PostgreSQL's COPY, gathered by table and sent while the next ones are made."""

from __future__ import annotations

import datetime as dt
import io
import json
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any
from uuid import UUID

from django.db import connection, models

NULL = "\\N"
_SPECIAL = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def written(value: Any) -> str:  # noqa: PLR0911 - one line for each type reads best
    """One value in COPY's text format."""
    if value is None:
        return NULL
    if isinstance(value, str):
        return value.translate(_SPECIAL)
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, bytes):
        return f"\\\\x{value.hex()}"
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False).translate(_SPECIAL)
    if isinstance(value, UUID):
        return value.hex
    return str(value)


class TableText:
    """The rows of one table that wait to be sent. What a row does not name takes the field's default."""

    def __init__(self, model: type[models.Model]) -> None:
        fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
        self.name = model._meta.db_table
        self.columns = [str(field.column) for field in fields]
        self._place = {column: place for place, column in enumerate(self.columns)}
        self._defaults = [self._default(field) for field in fields]
        self.lines: list[str] = []

    @staticmethod
    def _default(field: models.Field) -> str:
        if field.primary_key:
            return ""
        value = field.db_default if field.has_db_default() else field.get_default()
        return written(b"" if value == "" and field.get_internal_type() == "BinaryField" else value)

    def add(self, **values: Any) -> None:
        """Keep one row; the keys are columns."""
        row = self._defaults.copy()
        for column, value in values.items():
            row[self._place[column]] = written(value)
        self.lines.append("\t".join(row))


class Copier:
    """Sends what was gathered, one transaction for each portion, in a thread beside the one that makes the rows.

    The owner is bound by row-level security like everybody (FORCE), and COPY refuses such a table: the force is lifted and put back
    within the same transaction, so that nobody ever sees a table without it.
    """

    def __init__(self, tables: list[type[models.Model]]) -> None:
        self.tables = {model: TableText(model) for model in tables}
        self.rows = 0
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._sent: Future[None] | None = None
        connection.ensure_connection()
        self._connection: Any = connection.connection

    def __getitem__(self, model: type[models.Model]) -> TableText:
        return self.tables[model]

    def send(self) -> None:
        """Send everything gathered so far, after the portion before it has arrived."""
        portion = [(table.name, table.columns, table.lines) for table in self.tables.values() if table.lines]
        for table in self.tables.values():
            self.rows += len(table.lines)
            table.lines = []
        self.wait()
        self._sent = self._thread.submit(self._copy, portion)

    def wait(self) -> None:
        """Wait for the portion under way; its error is raised here."""
        if self._sent is not None:
            self._sent.result()
            self._sent = None

    def close(self) -> None:
        """Wait and end the thread."""
        self.wait()
        self._thread.shutdown()

    def _copy(self, portion: list[tuple[str, list[str], list[str]]]) -> None:
        raw = self._connection
        before, raw.autocommit = raw.autocommit, False
        try:
            with raw, raw.cursor() as cursor:
                for name, _columns, _lines in portion:
                    cursor.execute(f'ALTER TABLE "{name}" NO FORCE ROW LEVEL SECURITY')
                for name, columns, lines in portion:
                    named = ", ".join(f'"{column}"' for column in columns)
                    cursor.copy_expert(f'COPY "{name}" ({named}) FROM STDIN', io.StringIO("\n".join(lines) + "\n"))
                # What is deferred is checked before the tables are altered again.
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                for name, _columns, _lines in portion:
                    cursor.execute(f'ALTER TABLE "{name}" FORCE ROW LEVEL SECURITY')
        finally:
            raw.autocommit = before
