"""What a worker holds between two tasks."""

from __future__ import annotations

from uuid import uuid4

import pytest

from caremgmt.celery import app
from core import keys

KEY = b"k" * 32


@pytest.mark.parametrize("dies", [False, True])
def test_a_task_begins_and_leaves_without_opened_keys(dies: bool) -> None:
    case, before = uuid4(), uuid4()
    found: list[bool] = []

    @app.task(name=f"tests.opens_a_key.{dies}")
    def opens_a_key() -> None:
        found.append(before in keys._cache())
        keys._cache()[case] = KEY
        if dies:
            raise RuntimeError

    try:
        keys._cache()[before] = KEY
        opens_a_key.apply()
        assert found == [False]
        assert keys._cache() == {}
    finally:
        keys.forget()
        app.tasks.unregister(opens_a_key.name)
