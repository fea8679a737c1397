"""Two cases become one, and one of them tells of danger: what the case that stays must hear, and when she can be called."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest

from cases.models import Case, FollowUp, JointHandling, SafeContact, WorkItem
from cases.services import case as cases
from cases.services import followups
from cases.services.people import Safety
from core import clock
from legalaid.models import Mediation
from legalaid.services import mediation_plan
from referrals.models import Referral
from tests.cases import joint_scene
from tests.cases.scenes import as_it_is, client_of
from tests.cases.test_merging import begun, merge
from tests.referrals.conftest import send_letter
from tests.roles import as_owner
from tests.world import World, broken_promises


def in_danger(world: World, **more: Any) -> tuple[Case, Case]:
    """A case of high risk, and the one of low risk that it goes into."""
    return begun(world, risk="high", **more), begun(world)


def test_the_case_that_stays_hears_a_risk_that_has_become_high(world: World) -> None:
    """A mediation is stopped, letters and the second centre read the new risk, the plan that is owed is urgent."""
    case, kept = in_danger(world)
    letter, joint = send_letter(world, kept, "police", ask="protect"), joint_scene.asked(world, kept)
    with world.acting("manager") as by:
        mediation = mediation_plan(
            case_id=kept.pk, by=by, at=clock.now() + dt.timedelta(days=2), mediator="施调解员", venue="翠湖社区调解室", she_is_safe=True,
            she_knows=True, source_hidden=True)  # fmt: skip
    merge(world, case, kept)
    with world.acting("manager"):
        assert Mediation.objects.get(pk=mediation.pk).outcome == "cancelled"
        now = Referral.objects.get(pk=letter.pk)
        assert (now.risk, now.accept_due_at < letter.accept_due_at) == ("high", True)
        assert WorkItem.objects.open().get(kind="referral.accept", source_id=letter.pk).is_urgent
        second = JointHandling.objects.get(pk=joint.pk)
        assert (second.risk, second.due_at < joint.due_at) == ("high", True)
    assert not broken_promises()


def test_a_plan_that_is_owed_in_the_case_that_stays_becomes_urgent(world: World) -> None:
    case, kept = in_danger(world)
    with world.acting("manager"):
        before = WorkItem.objects.open().get(case=kept, kind="case.plan")
    merge(world, case, kept)
    with world.acting("manager"):
        now = WorkItem.objects.open().get(case=kept, kind="case.plan")
    assert (before.is_urgent, now.is_urgent, now.due_at < before.due_at) == (False, True, True)


def test_a_case_in_follow_up_is_worked_on_again_when_the_other_one_is_in_danger(world: World) -> None:
    case, kept = in_danger(world)
    with world.acting("manager") as by:
        cases.case_follow_up(case_id=kept.pk, by=by, version=None)
    merge(world, case, kept)
    now = as_it_is(kept)
    assert (now.status, now.risk) == ("in_progress", "high")
    with world.acting("manager"):
        assert WorkItem.objects.open().get(case=kept, kind="case.plan").is_urgent


def test_where_no_callback_was_owed_in_the_case_in_danger_the_one_that_stays_owes_those_of_a_new_one(
    world: World,
) -> None:
    case, kept = in_danger(world)
    with as_owner():
        FollowUp._base_manager.filter(case=case).update(status="cancelled", finished_at=clock.now())
    merge(world, case, kept)
    with as_owner():
        assert FollowUp._base_manager.filter(case=kept, status="planned", reason="opened").exists()


NIGHT, LATE = (dt.time(22), dt.time(6)), (dt.time(23), dt.time(2))
MORNING, NOON = (dt.time(9), dt.time(12)), (dt.time(11), dt.time(14))


def hours(window: tuple[dt.time, dt.time] | None) -> Safety:
    begin, end = window or (None, None)
    return Safety(number="13800001234", hour_from=begin, hour_until=end)


@pytest.mark.parametrize(
    ("theirs", "ours", "stand"),
    [(MORNING, None, MORNING), (None, MORNING, MORNING), (LATE, NIGHT, LATE), (NIGHT, LATE, LATE), (NIGHT, NIGHT, NIGHT)],
)  # fmt: skip
def test_the_narrower_of_her_safe_hours_stand_and_her_callbacks_keep_to_them(
    world: World, theirs: Any, ours: Any, stand: tuple[dt.time, dt.time]
) -> None:
    case, kept = begun(world, risk="high", safety=hours(theirs)), begun(world, safety=hours(ours))
    with world.acting("manager") as by:
        noon = clock.local(clock.now() + dt.timedelta(days=1)).replace(hour=13, minute=0, second=0, microsecond=0)
        if ours is None:
            followups.follow_up_plan(case_id=kept.pk, by=by, due_at=noon, by_desk=False)
    merge(world, case, kept)
    with as_owner():
        safe = SafeContact.objects.get(case=kept)
        assert (safe.hour_from, safe.hour_until) == stand
        owed = FollowUp.objects.filter(case=kept, status="planned")
        assert owed.exists()
        assert all(followups.within_safe_hours(row.due_at, safe) == row.due_at for row in owed)


@pytest.mark.parametrize(("theirs", "ours"), [(MORNING, NOON), (MORNING, NIGHT)])
def test_hours_that_only_she_can_settle_are_shown_and_refused_by_name(world: World, theirs: Any, ours: Any) -> None:
    case, kept = begun(world, safety=hours(theirs)), begun(world, safety=hours(ours))
    form = {
        "kept": kept.number, "reason": "同一身份证", "is_same_person": "on", "version": str(case.version), "request_key": str(uuid4()),
    }  # fmt: skip
    browser = client_of(world, "manager")
    first = browser.post(f"/cases/{case.pk}/merge/", form).content.decode()
    assert "09:00–12:00" in first  # beside each other, before anything is merged
    answer = browser.post(f"/cases/{case.pk}/merge/", form | {"compared": str(kept.pk)})
    assert answer.status_code == 422
    assert "安全时段不同：本案为09:00–12:00" in answer.content.decode()
    assert as_it_is(case).is_open
