"""Several people at once: threads with connections of their own, on committed rows."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import connections, transaction

from cases.models import Case, Category
from cases.services import case as cases
from cases.services.people import PersonData
from core import keys
from tests.world import World, build_world


def together(*acts: Callable[[threading.Barrier], Any]) -> list[Any]:
    """Run these at the same moment, each in a thread; what each returned, or the exception that it raised."""
    barrier = threading.Barrier(len(acts), timeout=20)
    results: list[Any] = [None] * len(acts)

    def run(place: int) -> None:
        try:
            keys.forget()
            results[place] = acts[place](barrier)
        except Exception as error:  # noqa: BLE001 - the exception is the result
            results[place] = error
            barrier.abort()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[place]) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert not any(thread.is_alive() for thread in threads), "a deadlock"
    return results


def committed_world() -> World:
    """The small world, committed."""
    with transaction.atomic():
        return build_world()


def opened(world: World, *, assessed: bool = True, name: str = "刘桂芳") -> UUID:
    """A case of the world's manager."""
    with world.acting("manager") as by:
        persons = [PersonData(role="client", name=name, phone="13800001234", is_primary=True)]
        new = cases.NewCase(
            office=world.offices["wuhua"],
            category=Category.objects.get(pk="A06"),
            channel="walk_in",
            persons=persons,
            narrative="经过",
        )
        case: Case = cases.case_open(by=by, new=new)
        if assessed:
            cases.case_assess(case_id=case.pk, by=by, version=None, risk="low", reasons="无")
        return case.pk
