"""What has changed since the version that a person saw, from the row's own history."""

from __future__ import annotations

from typing import Any

from django.db import models

from core.errors import Change

HIDDEN = {"version", "next_due_at", "touched_at", "updated_at"}


def _shown(row: Any, field: models.Field[Any, Any]) -> Any:
    display = getattr(row, f"get_{field.name}_display", None)
    return display() if callable(display) else getattr(row, field.attname)


def changes_since(row: Any, version: int) -> list[Change]:
    """The fields of `row` that differ from its history at `version`; empty when the model keeps no history."""
    history = getattr(row, "history", None)
    if history is None:
        return []
    seen = history.filter(version=version).order_by("-history_date").first()
    if seen is None:
        return []
    changes = []
    for field in row._meta.concrete_fields:
        if field.name in HIDDEN or field.primary_key:
            continue
        if getattr(seen, field.attname, None) != getattr(row, field.attname):
            changes.append(Change(field.verbose_name, _shown(seen, field), _shown(row, field)))
    return changes
