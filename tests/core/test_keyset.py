"""Tokens of pages come back in addresses: what cannot be read is none."""

from __future__ import annotations

import base64
import datetime as dt
from types import SimpleNamespace
from uuid import uuid4

import pytest

from core.keyset import _read, _token


def written(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def test_a_token_is_read_as_it_was_written() -> None:
    row = SimpleNamespace(pk=uuid4(), at=dt.datetime(2026, 3, 2, 10, 30, tzinfo=dt.UTC), n=7)
    assert _read(_token(row, "at")) == (row.at, row.pk)
    assert _read(_token(row, "n")) == (7, row.pk)


@pytest.mark.parametrize(
    "token",
    ["", "x", "é", written("[" * 1500), written("{}"), written("[1]"), written('["2026-03-02T10:30", "x"]'), written('[1, "x"]'), written("[1e999, 1]"),
     written('["2026-03-02T10:30+23:59", "5d296d5a-c4b0-43ba-94cb-54d5cc41342d"]'), written('["0001-01-01T00:00+23:59", "5d296d5a-c4b0-43ba-94cb-54d5cc41342d"]')],
)  # fmt: skip
def test_what_cannot_be_read_is_none(token: str) -> None:
    assert _read(token) is None
