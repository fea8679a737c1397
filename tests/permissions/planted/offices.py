"""What is a centre's or an agency's and no case's: figures, keys, alerts."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

from agencies.models import AgencyKey
from cases.models import Burst
from core import clock
from core.crypto.keyring import key_ring
from core.models import Job
from referrals.absences.services import absence_name
from reports.models import MonthReport
from tests.permissions.planted.scene import Scene
from tests.roles import as_owner


def figures(scene: Scene) -> dict[str, list[UUID]]:
    """A month's report of the centre and an export that its director has asked for."""
    office, now = scene.world.offices["wuhua"], clock.now()
    with as_owner():
        month = MonthReport.objects.create(
            office=office, region_code=office.region_id, month=clock.today().replace(day=1), computed_at=now
        )
        job = Job.objects.create(
            kind="reports.export", parameters={"from": "2026-01", "to": "2026-02", "format": "xlsx"}, user_id=scene.world.users["director"].pk,
            created_at=now,
        )  # fmt: skip
    return {"month": [month.pk], "job": [job.pk]}


def agency_key(scene: Scene) -> UUID:
    """A key that the police bureau's system waits for."""
    now = clock.now()
    with as_owner():
        return AgencyKey.objects.create(
            unit=scene.world.units["police"], system="警务平台", ring_key=key_ring().current_id, requested_by_id=uuid4(),
            requested_by_name="系统甲", requested_at=now, valid_until=now + dt.timedelta(days=90),
        ).pk  # fmt: skip


def alert(scene: Scene) -> UUID:
    """A manager looked at far more than usual."""
    with as_owner():
        return Burst.objects.create(
            actor=scene.world.users["manager2"], office=scene.world.offices["wuhua"], kind="view", hour=clock.now(), found_at=clock.now(), count=60,
            usual=6,
        ).pk  # fmt: skip


def away(scene: Scene) -> UUID:
    """A liaison of the police goes away later, and another stands in then."""
    first, users = clock.today() + dt.timedelta(days=300), scene.world.users
    with scene.world.acting("police_liaison") as by:
        return absence_name(
            by=by, unit=scene.world.units["police"], person=users["police_liaison"], substitute=users["police_liaison2"], first=first, last=first
        ).pk  # fmt: skip
