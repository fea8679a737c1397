"""A mediation and a conference want one room at the same moment: the database chooses one."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import transaction

from cases.models import Booking, Case
from core import clock
from core.errors import DomainError
from legalaid.services import mediation_plan
from referrals.conferences import services as conferences
from tests.engine.racing import committed_world, together
from tests.referrals.conference_scene import matter, meeting, room_of
from tests.referrals.conftest import open_case
from tests.roles import as_owner
from tests.world import broken_promises

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_room_is_taken_once() -> None:
    world = committed_world()
    made: list[Case] = []
    for _ in range(2):
        with transaction.atomic():
            made.append(open_case(world))
    room, at = room_of(world), clock.now() + dt.timedelta(hours=30)

    def mediate(barrier: threading.Barrier) -> Any:
        with world.acting("manager") as by:
            barrier.wait()
            return mediation_plan(
                case_id=made[0].pk, by=by, at=at, mediator="施调解员", room=room, she_is_safe=True, she_knows=True, source_hidden=True
            )  # fmt: skip

    def convene(barrier: threading.Barrier) -> Any:
        with world.acting("manager2") as by:
            barrier.wait()
            when = meeting(world, begins_at=at, ends_at=at + dt.timedelta(hours=1), room=room)
            return conferences.conference_convene(
                case_id=made[1].pk, by=by, meeting=when, matter=matter(world, "justice")
            )

    results = together(mediate, convene)
    assert [error.code for error in results if isinstance(error, DomainError)] == ["room_taken"], results
    with as_owner():
        assert Booking._base_manager.filter(room=room, freed_at__isnull=True).count() == 1
    assert broken_promises() == []
