"""New rows of several tables in one round trip: most of what a verb costs is the way to the database and back.

The statements and their order are those that saving the rows one by one would send; the database checks each of them as before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery

Statement = tuple[str, Sequence[Any]]


def inserts(rows: Iterable[models.Model], *, using: str = DEFAULT_DB_ALIAS) -> list[Statement]:
    """One INSERT for each model, in the order in which the models first come.

    Of a model that says `once`, a row that stands already (the same open item, the same effect) is not written twice: the database decides.
    """
    by_model: dict[type[models.Model], list[models.Model]] = {}
    for row in rows:
        by_model.setdefault(type(row), []).append(row)
    return [statement for model, members in by_model.items() for statement in _inserts(model, members, using)]


def _inserts(model: type[models.Model], rows: list[models.Model], using: str) -> list[Statement]:
    on_conflict = OnConflict.IGNORE if getattr(model, "once", False) else None
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    if isinstance(
        model._meta.pk, models.AutoField
    ):  # numbered by the database; nobody asks for the numbers of rows written so
        fields.remove(model._meta.pk)
    for row in rows:
        row._prepare_related_fields_for_save(operation_name="bulk_create")  # type: ignore[attr-defined]
    query = InsertQuery(model, on_conflict=on_conflict)
    query.insert_values(fields, rows)
    found = query.get_compiler(using=using).as_sql()
    for row in rows:
        row._state.adding, row._state.db = False, using
    return found  # type: ignore[no-any-return]


def send(statements: Sequence[Statement], *, using: str = DEFAULT_DB_ALIAS) -> None:
    """Run them in order, in one round trip. What they answer is not read."""
    if statements:
        with connections[using].cursor() as cursor:
            cursor.execute(
                "; ".join(sql for sql, _ in statements), [value for _, values in statements for value in values]
            )
