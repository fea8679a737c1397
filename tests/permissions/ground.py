"""The planted scene in a database of its own: made once for a process, and found again by every module that asks for it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, connections, transaction

from tests import environment, template
from tests.permissions.planted import Scene, plant

_made: list[Scene] = []


@contextmanager
def planted() -> Iterator[Scene]:
    """The scene in one transaction, which is rolled back: whoever comes next finds it as it was planted."""
    with _connected_to(f"{environment.database_name()}_planted", new=not _made):
        if not _made:
            with transaction.atomic():
                scene = plant()
            _made.append(scene)
        with transaction.atomic():
            yield copy.deepcopy(_made[0])  # a test adds words and people to it
            transaction.set_rollback(True)


@contextmanager
def _connected_to(name: str, *, new: bool) -> Iterator[None]:
    """The default connection leads to another database; a new one is cloned from the template first."""
    connections.close_all()
    if new:
        environment.server().drop_database(name)
        environment.server().create_database(name, template=template.NAME)
    usual, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], name
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = usual
