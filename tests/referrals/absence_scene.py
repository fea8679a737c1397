"""A liaison of the police goes away: what the tests of absences share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.models import RoleGrant
from cases.models import Case, PartyIdentity, SafeContact, WorkItem
from core import clock, outbox
from referrals.absences.models import Absence, StandIn
from referrals.absences.services import absence_name
from referrals.models import Referral
from referrals.tasks import absences_poll
from tests.referrals.conftest import open_case, send_letter
from tests.roles import as_owner, as_worker
from tests.world import World

Login = Callable[[str], Client]
DAY = dt.timedelta(days=1)
AWAY, STANDS_IN, THIRD = "police_liaison", "police_liaison2", "police_liaison3"


def head(world: World, who: str = THIRD) -> None:
    """She is the unit's designated member."""
    with as_owner():
        RoleGrant.objects.filter(user=world.users[who]).update(is_designated=True)


def away(
    world: World, *, days: int = 3, after: int = 0, by: str = AWAY, who: str = AWAY, to: str = STANDS_IN, **more: Any
) -> Absence:
    first = clock.today() + after * DAY
    with world.acting(by) as identity:
        return absence_name(
            by=identity, unit=world.units["police"], person=world.users[who], substitute=world.users[to], first=first,
            last=first + (days - 1) * DAY, **more,
        )  # fmt: skip


def poll(after: int = 0) -> int:
    """The clock looks, so many days from now at noon."""
    noon = clock.local(clock.now()).replace(hour=12, minute=0)
    with clock.at(noon + after * DAY), as_worker():
        return absences_poll()


def named(world: World, case: Case | None = None, who: str = AWAY, **more: Any) -> Referral:
    case = case or open_case(world, category="A01", risk="high")
    values = {"ask": "protect", "basis": "danger", "named_liaison": world.users[who]} | more
    return send_letter(world, case, "police", **values)


def delivered() -> None:
    """All that the outbox holds reaches its people."""
    with as_worker():
        for item in outbox.waiting():
            outbox.deliver(item)


def holder(world: World, row: Referral) -> str:
    with as_owner():
        found = Referral._base_manager.get(pk=row.pk).named_liaison_id
        item = WorkItem._base_manager.filter(
            source_id=row.pk, kind__in=["referral.accept", "referral.respond"], done_at=None
        ).first()
    who = next(name for name, user in world.users.items() if user.pk == found)
    assert item is None or item.owner_user_id == found  # what is owed is always hers who holds it
    return who


def reads(world: World, who: str) -> set[str]:
    """What one person gets by row-level security alone; the scope must say the same."""
    models = (Referral, Case, PartyIdentity, SafeContact, StandIn)
    with world.acting(who) as by:
        for model in models:
            assert model._base_manager.count() == model.objects.visible_to(by).count()
        return {model.__name__ for model in models if model._base_manager.exists()}


def queries(browser: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(url).status_code == 200
    return len(seen)
