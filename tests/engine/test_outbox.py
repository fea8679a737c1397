"""Effects after the commit: written with their cause, delivered once, found again when the broker forgets."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

from agencies.models import Notification
from core import clock, outbox
from core.identity import as_verb
from core.models import OutboxItem
from core.tasks import outbox_deliver
from tests.engine.racing import committed_world, opened, together
from tests.roles import as_owner, as_worker
from tests.world import World


@pytest.fixture
def handler() -> Iterator[list[UUID]]:
    """A handler of the test's own; the list holds what it was given."""
    given: list[UUID] = []
    outbox.register("test.effect")(lambda item: given.append(item.pk))
    yield given
    outbox._handlers.pop("test.effect")


@pytest.fixture
def broken_handler() -> Iterator[list[UUID]]:
    """A handler that always fails, with a name in its message."""
    tries: list[UUID] = []

    def fail(item: OutboxItem) -> None:
        tries.append(item.pk)
        raise LookupError("刘桂芳 13800001234")

    outbox.register("test.broken")(fail)
    yield tries
    outbox._handlers.pop("test.broken")


@pytest.fixture(autouse=True)
def _bell(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    outbox._broker.__dict__.clear()
    yield
    outbox._broker.__dict__.clear()


def _put(world: World, case_id: UUID, kind: str, key: str, **more: Any) -> None:
    with world.acting("manager"), as_verb([case_id]):
        outbox.put(kind, subject=case_id, key=key, **more)


def _items(**where: Any) -> list[OutboxItem]:
    with as_owner():
        return list(OutboxItem.objects.filter(**where))


def _deliver(pk: UUID) -> bool:
    with as_worker():
        return outbox.deliver(pk)


def _sweep() -> int:
    """A sweep as beat calls it: outside any transaction, on the worker's connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', 'caremgmt_worker', false)")
    try:
        return outbox.sweep()
    finally:
        connection.close()


def test_the_row_is_written_with_its_cause_and_goes_with_it(world: World, handler: list[UUID]) -> None:
    case_id = opened(world)
    with transaction.atomic():
        _put(world, case_id, "test.effect", "one")
        transaction.set_rollback(True)
    assert _items(key="one") == []
    _put(world, case_id, "test.effect", "one")
    _put(world, case_id, "test.effect", "one")
    assert len(_items(key="one")) == 1


def test_an_unknown_effect_is_a_mistake_of_the_programmer(world: World) -> None:
    case_id = opened(world)
    with pytest.raises(LookupError):
        _put(world, case_id, "test.nobody", "x")


def test_rung_twice_delivered_once(world: World, handler: list[UUID]) -> None:
    case_id = opened(world)
    _put(world, case_id, "test.effect", "one")
    item = _items(key="one")[0]
    assert _deliver(item.pk)
    assert not _deliver(item.pk)
    assert handler == [item.pk]
    assert _items(key="one")[0].done_at is not None


@pytest.mark.django_db(transaction=True)
def test_rung_twice_at_the_same_moment_delivered_once(handler: list[UUID]) -> None:
    world = committed_world()
    case_id = opened(world)
    _put(world, case_id, "test.effect", "one")
    pk = _items(key="one")[0].pk

    def act(barrier: threading.Barrier) -> bool:
        with as_worker():
            barrier.wait()
            return outbox.deliver(pk)

    assert sorted(together(act, act, act)) == [False, False, True]
    assert handler == [pk]


@pytest.mark.django_db(transaction=True)
def test_without_a_broker_the_verb_works_and_the_sweep_delivers(
    monkeypatch: pytest.MonkeyPatch, handler: list[UUID]
) -> None:
    rung: list[Any] = []

    def dead(*args: Any, **kwargs: Any) -> None:
        rung.append(kwargs)
        raise outbox_deliver.OperationalError

    monkeypatch.setattr(outbox_deliver, "apply_async", dead)
    world = committed_world()
    case_id = opened(world, assessed=False)  # rings for its triage
    _put(world, case_id, "test.effect", "one")
    assert len(rung) == 1  # nobody waits for a dead broker twice within some seconds
    assert _sweep() >= 2
    assert _sweep() == 0
    assert len(handler) == 1
    assert _items(done_at__isnull=True) == []
    with as_owner():
        told = set(Notification.objects.values_list("user__username", flat=True))
    assert {"manager", "manager2"} <= told


@pytest.mark.django_db(transaction=True)
def test_the_bell_carries_one_id_and_nothing_else(monkeypatch: pytest.MonkeyPatch, handler: list[UUID]) -> None:
    rung: list[Any] = []
    monkeypatch.setattr(outbox_deliver, "apply_async", lambda **kwargs: rung.append(list(kwargs["args"])))
    world = committed_world()
    case_id = opened(world)
    _put(world, case_id, "test.effect", "one")
    assert rung[-1] == [str(_items(key="one")[0].pk)]
    assert all(len(arguments) == 1 and UUID(arguments[0]) for arguments in rung)


def test_what_fails_is_tried_again_and_given_up_at_last(world: World, broken_handler: list[UUID]) -> None:
    case_id = opened(world)
    _put(world, case_id, "test.broken", "one")
    pk = _items(key="one")[0].pk
    moment = clock.now() + dt.timedelta(seconds=1)
    for attempt in range(1, outbox.MAX_ATTEMPTS + 3):
        with clock.at(moment):
            assert not _deliver(pk)
            assert not _deliver(pk)  # not before its time
        item = _items(pk=pk)[0]
        assert item.attempts == min(attempt, outbox.MAX_ATTEMPTS)
        assert (item.failed_at is not None) == (attempt >= outbox.MAX_ATTEMPTS)
        moment += dt.timedelta(minutes=65)
    assert len(broken_handler) == outbox.MAX_ATTEMPTS
    assert _items(pk=pk)[0].error == "LookupError"  # the name of the error, never its text
    with as_worker():
        assert pk not in outbox.waiting()


def test_a_failing_handler_keeps_nothing_that_it_wrote(world: World) -> None:
    case_id = opened(world)

    def half(item: OutboxItem) -> None:
        from agencies.services.notifications import notify

        notify([world.users["manager"].pk], kind="work_item", key="half")
        raise ValueError

    outbox.register("test.half")(half)
    try:
        _put(world, case_id, "test.half", "one")
        assert not _deliver(_items(key="one")[0].pk)
    finally:
        outbox._handlers.pop("test.half")
    with as_owner():
        assert not Notification.objects.filter(key="half").exists()


def test_what_is_delayed_waits(world: World, handler: list[UUID]) -> None:
    case_id = opened(world)
    _put(world, case_id, "test.effect", "later", delay=dt.timedelta(hours=1))
    pk = _items(key="later")[0].pk
    assert not _deliver(pk)
    with clock.at(clock.now() + dt.timedelta(hours=2)):
        assert _deliver(pk)


def test_effects_hold_ids_only(world: World) -> None:
    opened(world)
    for item in _items():
        for value in item.arguments.values():
            assert UUID(value)


def test_an_item_of_another_case_cannot_be_put(world: World, handler: list[UUID]) -> None:
    from django.db import DatabaseError

    one, other = opened(world), opened(world)
    with world.acting("manager"), pytest.raises(DatabaseError), transaction.atomic(), as_verb([one]):
        outbox.put("test.effect", subject=other, key=str(uuid4()))
