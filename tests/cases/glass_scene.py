"""An operator of Wuhua's desk asks Xishan's director: what the tests of emergency views share."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from cases.models import (
    Case,
    GlassWords,
    SafeContact,
    WorkItem,
)
from cases.services import glass
from cases.services.lateness import chase
from core import clock
from core.outbox import deliver, waiting
from tests.roles import as_worker
from tests.world import World

REASON = "她丈夫正在她单位门口，本中心无人接听"


def asked(world: World, number: str, *, by: str = "operator", office: str = "desk", confirm: str = "xishan") -> UUID:
    with world.acting(by) as who:
        return glass.glass_ask(
            by=who, number=number, reason=REASON, office=world.offices[office], confirm=world.offices[confirm]
        ).pk  # fmt: skip


def effects() -> None:
    """What the worker does after the commit."""
    with as_worker():
        for item_id in waiting():
            deliver(item_id)


def answered(world: World, pk: UUID, *, by: str = "xishan_director", agreed: bool = True) -> str:
    with world.acting(by) as who:
        outcome = glass.glass_answer(glass_id=pk, by=who, agreed=agreed)
    effects()
    return outcome


def opened(world: World, case: Case) -> UUID:
    pk = asked(world, case.number)
    assert answered(world, pk) == "opened"
    return pk


def safe_contacts(world: World, case: Case, person: str = "operator") -> list[SafeContact]:
    """By the scope and by the database alone."""
    with world.acting(person) as by:
        found = list(SafeContact.objects.visible_to(by).filter(case_id=case.pk))
        assert found == list(SafeContact._base_manager.filter(case_id=case.pk))
        return found


def owed(world: World, person: str, kind: str) -> list[WorkItem]:
    with world.acting(person) as by:
        return list(WorkItem.objects.owed_by(by).filter(kind=kind))


def words(world: World, person: str, pk: UUID) -> list[tuple[str, str]]:
    """Reason and finding, by the scope and by the database alone."""
    with world.acting(person) as by:
        found = list(GlassWords._base_manager.filter(glass_id=pk))
        assert list(GlassWords.objects.visible_to(by).filter(glass_id=pk)) == found
        return [(row.reason, row.note) for row in found]


def late(hours: int) -> None:
    """The clock looks, so many hours from now."""
    with clock.at(clock.now() + dt.timedelta(hours=hours, minutes=1)), as_worker():
        chase()
