"""What is done to a case itself; and time passes."""

from __future__ import annotations

import datetime as dt

from cases.services import case as cases
from cases.services import merging
from shelter.models import Bed
from shelter.services.holding import stay_hold
from tests.permissions.acts.play import Play, act
from tests.roles import as_owner


@act
def merge(play: Play, a: int, b: int) -> None:
    """Two cases of a centre become one: access is intersected, walls are united."""
    case_id, kept_id = play.case(a), play.case(b)
    with play.scene.world.acting(play.staff_of(case_id)) as by:
        merging.case_merge(case_id=case_id, kept_id=kept_id, by=by, version=None, reason="同一个人", despite=True)


@act
def assign(play: Play, a: int, b: int) -> None:
    """Another manager takes the case."""
    case_id = play.case(a)
    with play.scene.world.acting(play.staff_of(case_id)) as by:
        cases.case_assign(
            case_id=case_id, by=by, version=None, manager=play.scene.world.users["manager2" if b % 2 else "manager"]
        )


@act
def hold_a_bed(play: Play, a: int, b: int) -> None:
    """The refuge's keeper learns what a keeper may know."""
    case_id = play.case(a)
    with as_owner():
        bed = Bed._base_manager.first()
    with play.scene.world.acting("manager") as by:
        since = play.now + dt.timedelta(days=10 + 3 * b)
        stay_hold(
            case_id=case_id, by=by, bed_id=bed.pk, since=since, until=since + dt.timedelta(days=2), basis="danger"
        )


@act
def let_time_pass(play: Play, a: int, b: int) -> None:
    """Grants end by themselves."""
    play.now += dt.timedelta(hours=9 * (a + b))
