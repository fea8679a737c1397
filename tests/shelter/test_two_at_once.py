"""Two managers want the same bed at the same moment: real connections, real commits."""

from __future__ import annotations

import threading
import time
import uuid
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction

from core.errors import DomainError
from shelter.models import Stay
from tests.referrals.conftest import open_case
from tests.roles import as_owner
from tests.shelter.conftest import hold, open_house
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def _somebody_waits() -> None:
    for _ in range(400):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.025)
    raise AssertionError("the second never came to the bed")


def test_of_two_who_hold_the_same_bed_one_gets_it_and_the_other_is_told(world: World) -> None:
    house, first, second = open_house(world), open_case(world), open_case(world)
    found: list[Any] = []

    def other() -> None:
        try:
            found.append(hold(world, second, house, "manager2"))
        except DomainError as error:
            found.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=other)
    with world.acting("manager"):
        won = hold(world, first, house)  # not committed yet: the other cannot see it
        thread.start()
        _somebody_waits()
    thread.join(30)
    assert [error.code for error in found] == ["bed_taken"]
    with as_owner():
        assert [stay.pk for stay in Stay._base_manager.all()] == [won.pk]


def test_the_database_refuses_an_overlap_whoever_writes_it(world: World) -> None:
    stay = hold(world, open_case(world), open_house(world))
    with as_owner():
        stay = Stay._base_manager.get(pk=stay.pk)
        stay.pk, stay.number, stay.guest_name, stay.health_needs = uuid.uuid4(), "another", "", ""
        with pytest.raises(IntegrityError, match="stay_bed_free"), transaction.atomic():
            stay.save_base(force_insert=True)
