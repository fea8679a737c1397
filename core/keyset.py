"""Pages of a long list without a count: an opaque token says where the last page ended."""

from __future__ import annotations

import base64
import datetime as dt
import json
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import Q

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True)
class Slice(Generic[M]):
    """One page: rows, and tokens for the pages beside it ("" where there is none)."""

    rows: list[M]
    next: str = ""
    prev: str = ""


def _token(row: Any, key: str) -> str:
    value = getattr(row, key)
    text = json.dumps([value.isoformat() if isinstance(value, dt.datetime) else value, str(row.pk)])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(token: str) -> tuple[Any, UUID] | None:
    try:
        value, pk = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        if isinstance(value, str):
            value = dt.datetime.fromisoformat(value)
            if (
                value.utcoffset() != dt.timedelta()
            ):  # ours are in UTC; of others the database does not read every offset
                return None
        elif not isinstance(value, int):
            return None
        return value, UUID(pk)
    except (ValueError, TypeError, AttributeError, RecursionError):  # whatever somebody typed
        return None


def _beyond(key: str, mark: tuple[Any, UUID], *, descending: bool) -> Q:
    """Rows after the mark in the order (key, id); the bare bound on the key lets the index begin there."""
    value, pk = mark
    bound, tie = ("lte", "lt") if descending else ("gte", "gt")
    return Q(**{f"{key}__{bound}": value}) & (~Q(**{key: value}) | Q(**{f"pk__{tie}": pk}))


def keyset(
    rows: models.QuerySet[M], key: str, *, descending: bool, size: int, after: str = "", before: str = ""
) -> Slice[M]:
    """The page of `rows` ordered by `key` (a column or annotation of moments or numbers, never null) and id.

    A token that cannot be read counts as none: the first page.
    """
    after_mark, before_mark = _read(after) if after else None, _read(before) if before else None
    backwards = before_mark is not None and after_mark is None
    mark = before_mark if backwards else after_mark
    down = descending != backwards
    if mark is not None:
        try:
            rows = rows.filter(_beyond(key, mark, descending=down))
        except (TypeError, ValueError, OverflowError):  # the token of a list that was sorted by something else
            mark, backwards, down = None, False, descending
    sign = "-" if down else ""
    found = list(rows.order_by(f"{sign}{key}", f"{sign}pk")[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    if not found:
        return Slice([])
    has_next = mark is not None if backwards else more
    has_prev = more if backwards else mark is not None
    return Slice(found, _token(found[-1], key) if has_next else "", _token(found[0], key) if has_prev else "")
