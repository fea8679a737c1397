"""Rows gathered and written together."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from django.db import models

from core import keys
from core.models import Counter


class Batch:
    """Collects rows by table and writes them in the order in which the tables were first seen."""

    def __init__(self) -> None:
        self._rows: dict[type[models.Model], list[models.Model]] = defaultdict(list)
        self._subjects: list[UUID] = []
        self._counters: dict[str, int] = {}

    def add(self, row: models.Model) -> None:
        """Keep a row to be written."""
        self._rows[type(row)].append(row)

    def seals(self, subject: UUID) -> None:
        """This case or contact needs a data key."""
        self._subjects.append(subject)

    def ordinal(self, scope: str) -> int:
        """The next ordinal (from 0) of a numbering scope, going on where the table stands."""
        if scope not in self._counters:
            row = Counter.objects.filter(pk=scope).first()
            self._counters[scope] = row.last if row else 0
        self._counters[scope] += 1
        return self._counters[scope] - 1

    def write(self) -> int:
        """Write everything; returns the number of rows."""
        keys.create_data_keys(self._subjects)
        total = 0
        for model, rows in self._rows.items():
            model._base_manager.bulk_create(rows, batch_size=1000)
            total += len(rows)
        counters = [Counter(scope=scope, last=last) for scope, last in self._counters.items()]
        Counter.objects.bulk_create(counters, update_conflicts=True, unique_fields=["scope"], update_fields=["last"])
        self._rows.clear()
        self._subjects.clear()
        keys.forget()
        return total
