"""The planted scene for each module in a transaction, each test in a savepoint of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from core import keys
from tests.permissions.ground import planted
from tests.permissions.planted import Scene


@pytest.fixture(scope="module")
def planted_scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """The scene itself; tests take `scene`."""
    with django_db_blocker.unblock(), planted() as found:
        yield found


@pytest.fixture
def scene(planted_scene: Scene, django_db_blocker: Any) -> Iterator[Scene]:
    """The module's scene in a savepoint of this test's own."""
    with django_db_blocker.unblock(), transaction.atomic():
        keys.forget()
        with connection.cursor() as cursor:
            # A rolled back savepoint does not take back what a released one inside it has set.
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        yield planted_scene
        transaction.set_rollback(True)
