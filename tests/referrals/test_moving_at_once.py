"""Two people at the same moment: at the minutes, at one conference's time, at one room."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import transaction

from cases.models import Booking, Case
from core import clock
from core.errors import DomainError, StaleVersion
from referrals.conferences import services
from referrals.conferences.models import Conference, MinuteText
from referrals.conferences.services import Slot
from tests.engine.racing import committed_world, together
from tests.referrals.conference_scene import HOUR, accepted, convened, facts_of, held, item_of, letter_of, room_of
from tests.referrals.conftest import open_case
from tests.roles import as_owner
from tests.world import World, broken_promises

pytestmark = pytest.mark.django_db(transaction=True)


def _case(world: World) -> Case:
    with transaction.atomic():
        return open_case(world)


def test_of_two_who_write_the_minutes_the_second_is_told() -> None:
    world = committed_world()
    case = _case(world)
    row = convened(world, case, after=0.2)
    accepted(world, letter_of(row, case, world))
    held(world, row)
    facts = facts_of(item_of(row, case))

    def write(person: str, text: str) -> Any:
        def run(barrier: threading.Barrier) -> Any:
            with world.acting(person) as by:
                barrier.wait()
                return services.minute_write(text_id=facts.pk, by=by, version=facts.version, text=text)

        return run

    results = together(write("manager", "当事人要求分居"), write("manager2", "当事人要求调解"))
    assert [isinstance(result, StaleVersion) for result in results].count(True) == 1, results
    (kept,) = [result for result in results if isinstance(result, MinuteText)]
    with world.acting("manager") as by:
        now = MinuteText.objects.visible_to(by).get(pk=facts.pk)
        assert (now.version, now.text) == (facts.version + 1, kept.text)  # nothing was written over


def test_of_two_who_move_one_conference_one_is_told() -> None:
    world = committed_world()
    row = convened(world, _case(world), after=30)
    begins = clock.now() + 50 * HOUR

    def move(person: str, hours: int) -> Any:
        def run(barrier: threading.Barrier) -> Any:
            to = Slot(begins + hours * HOUR, begins + (hours + 1) * HOUR, room_of(world))
            with world.acting(person) as by:
                barrier.wait()
                return services.conference_move(conference_id=row.pk, by=by, version=row.version, to=to, text="改期")

        return run

    room_of(world)
    results = together(move("manager", 0), move("manager2", 5))
    assert [isinstance(result, StaleVersion) for result in results].count(True) == 1, results
    (moved,) = [result for result in results if isinstance(result, Conference)]
    with as_owner():
        now = Conference._base_manager.get(pk=row.pk)
        assert (now.begins_at, now.sequence) == (moved.begins_at, 1)
        taken = Booking._base_manager.filter(source_id=row.pk, freed_at__isnull=True)
        assert {one.since for one in taken} == {moved.begins_at}
    assert broken_promises() == []


def test_two_conferences_are_not_moved_into_one_room_at_one_time() -> None:
    world = committed_world()
    rows = [
        convened(world, _case(world), after=30, chair=world.users["manager"]),
        convened(world, _case(world), after=40, chair=world.users["manager2"]),
    ]
    begins, room = clock.now() + 50 * HOUR, room_of(world)

    def move(row: Conference, person: str) -> Any:
        def run(barrier: threading.Barrier) -> Any:
            with world.acting(person) as by:
                barrier.wait()
                return services.conference_move(
                    conference_id=row.pk, by=by, version=None, to=Slot(begins, begins + HOUR, room), text="改期"
                )

        return run

    results = together(move(rows[0], "manager"), move(rows[1], "manager2"))
    refused = [result for result in results if isinstance(result, DomainError)]
    assert [error.code for error in refused] == ["room_taken"], results
    with as_owner():
        taken = Booking._base_manager.filter(room=room, freed_at__isnull=True)
        assert taken.count() == 2  # the one that lost kept what it had
        assert taken.filter(since=begins).count() == 1
    assert broken_promises() == []
