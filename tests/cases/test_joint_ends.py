"""How joint handling ends, and what the rest of a case's life means for it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction

from agencies.enums import Role
from cases.enums_joint import JointEnd, JointStatus
from cases.models import (
    Case,
    JointHandling,
    PartyIdentity,
    TimelineEntry,
    WorkItem,
)
from cases.services import case as cases
from cases.services import joint, lateness, merging
from cases.services.seals import case_seal
from cases.tasks import joint_poll, promise_check
from core import clock
from core.errors import DomainError
from core.identity import as_verb
from tests.cases.joint_scene import (
    IN_FORCE,
    agreed,
    asked,
    nothing_left,
    open_to,
    report,
    state,
    together,
)
from tests.cases.test_merging import begun
from tests.cases.test_transfers import handed, owed, taken
from tests.protection.sql import ask, refused, verb_undone
from tests.roles import as_owner, as_worker
from tests.world import World, broken_promises

pytestmark = pytest.mark.django_db


def test_sealing_ends_it(world: World) -> None:
    case, row = together(world)
    with world.acting("director") as by:
        case_seal(case_id=case.pk, by=by, named=[world.users["manager"].pk])
    assert state(row) == (JointStatus.ENDED, JointEnd.CASE)
    assert nothing_left(row)
    assert open_to(world, "xishan_manager", case) == set()


@pytest.mark.parametrize("who", ["manager", "xishan_manager"])
def test_either_centre_ends_it(world: World, who: str) -> None:
    case, row = together(world)
    with world.acting(who) as by:
        joint.joint_end(joint_id=row.pk, by=by, note="已了解情况，无需继续")
    ours = who == "manager"
    assert state(row) == (JointStatus.ENDED, JointEnd.RESPONSIBLE if ours else JointEnd.JOINT)
    assert nothing_left(row)
    assert open_to(world, "xishan_manager", case) == set()
    assert (("joint.over", "五华中心") in owed(case)) is not ours
    with world.acting("xishan_manager"):
        assert not JointHandling._base_manager.exists()
    with world.acting("manager") as by:
        assert TimelineEntry.objects.visible_to(by).get(case=case, kind="joint.ended").text == "已了解情况，无需继续"
    assert not broken_promises()


def test_it_ends_by_its_date_whether_the_sweep_has_come_or_not(world: World) -> None:
    case, row = together(world)
    after = row.ends_at + dt.timedelta(seconds=1)
    with clock.at(after):
        assert open_to(world, "xishan_manager", case) == set()
        with pytest.raises(DomainError, match="joint_over"):
            report(world, row, happened_at=clock.now(), due_at=after + dt.timedelta(days=1))
        with as_worker():
            assert joint_poll() == 1
            assert joint_poll() == 0
    assert state(row) == (JointStatus.ENDED, JointEnd.DATE)
    assert nothing_left(row)
    assert ("joint.over", "五华中心") in owed(case)


def test_a_request_that_nobody_answers_lapses_with_its_date(world: World) -> None:
    case = begun(world)
    row = asked(world, case)
    with clock.at(row.ends_at + dt.timedelta(seconds=1)):
        with pytest.raises(DomainError, match="joint_over"):
            agreed(world, row)
        with as_worker():
            assert joint_poll() == 1
    assert state(row) == (JointStatus.RECALLED, "")
    assert nothing_left(row)
    assert ("joint.over", "五华中心") in owed(case)


def test_late_it_is_told_there_and_then_the_responsible_centre_decides(world: World) -> None:
    case = begun(world, risk="high")
    row = asked(world, case)
    with clock.at(row.due_at + dt.timedelta(minutes=1)), as_worker():
        lateness.chase()
    assert ("joint.unanswered", "五华中心") not in owed(case)
    with clock.at(row.due_at + dt.timedelta(hours=5)), as_worker():
        lateness.chase()
    assert ("joint.unanswered", "五华中心") in owed(case)
    agreed(world, row)
    assert ("joint.unanswered", "五华中心") not in owed(case)


def test_closing_the_case_ends_it(world: World) -> None:
    case, row = together(world)
    with as_owner():
        case.followups.all().delete()
    from cases.services import followups

    with world.acting("manager"), as_verb([case.pk]):
        planned = followups.plan_one(
            Case.objects.get(pk=case.pk),
            reason="in_follow_up",
            due_at=clock.now() + dt.timedelta(hours=1),
            by_desk=False,
        )
    with clock.at(planned.due_at + dt.timedelta(minutes=5)):
        with as_worker():
            followups.make_due(planned.pk)
        with world.acting("manager") as by:
            followups.attempt_record(
                follow_up_id=planned.pk, by=by, version=None, outcome="reached", note="平安", satisfaction="satisfied"
            )
            cases.case_close(case_id=case.pk, by=by, version=None, reason="resolved", note="已办结")
        assert open_to(world, "xishan_manager", case) == set()
    assert state(row) == (JointStatus.ENDED, JointEnd.CASE)
    assert nothing_left(row)
    assert owed(case) == set()


@pytest.mark.parametrize("to", ["xishan", "dali"])
def test_handing_the_case_over_ends_it_also_to_the_centre_that_helps(world: World, to: str) -> None:
    case, row = together(world)
    who = "xishan_manager"
    if to == "dali":
        with as_owner():
            from django.contrib.auth.models import Group

            from agencies.models import Office

            world.offices["dali"] = Office.objects.create(
                kind="centre", name="测试大理中心", short_name="大理中心", region=world.regions["dali_city"], group=Group.objects.create(name="测试大理"),
                opened_on=dt.date(2020, 1, 1),
            )  # fmt: skip
        who = "dali_manager"
        world.person(who, Role.MANAGER, "dali")
    new = taken(world, handed(world, case, to=to), who=who)
    assert state(row) == (JointStatus.ENDED, JointEnd.CASE)
    assert nothing_left(row)
    assert open_to(world, "xishan_manager", case) == set()
    with world.acting(who) as by:
        assert Case.objects.visible_to(by).get(pk=new.pk).office_id == world.offices[to].pk
        assert PartyIdentity.objects.visible_to(by).get(case=new).name == "刘桂芳"
    for other in ("manager", "director", "xishan_manager"):
        with world.acting(other) as by:
            assert not JointHandling.objects.visible_to(by).exists()
            assert not JointHandling._base_manager.exists()
    assert owed(case) == set()
    assert not broken_promises()


def test_the_second_centre_hears_when_the_danger_rises(world: World) -> None:
    case = begun(world)
    row = asked(world, case)
    with world.acting("manager") as by:
        cases.case_reassess(case_id=case.pk, by=by, version=None, risk="high", reasons="又来威胁")
    with as_owner():
        fresh = JointHandling._base_manager.get(pk=row.pk)
        item = WorkItem.objects.get(kind="joint.answer", source_id=row.pk)
    assert fresh.risk == "high"
    assert fresh.due_at < row.due_at or fresh.due_at <= clock.now() + dt.timedelta(hours=2, minutes=1)
    assert (item.is_urgent, item.due_at) == (True, fresh.due_at)


def test_the_database_asks_for_the_ticket_the_office_and_a_post_there(world: World) -> None:
    case = begun(world)
    row = asked(world, case)
    world.person("xishan_two", Role.KEEPER, "xishan")
    here, there = world.users["manager"].pk, world.users["xishan_manager"].pk
    call = "SELECT caremgmt_joint_open(%s, %s::uuid[])"
    with world.acting("xishan_manager"):
        refused(call, [row.pk, [str(there)]], code="CM034")
        refused("SELECT caremgmt_joint_close(%s)", [row.pk], code="CM034")
        with verb_undone(case.pk):
            for whom in (here, world.users["xishan_two"].pk, world.users["police_liaison"].pk):
                assert ask(call, [row.pk, [str(whom)]]) == [(None,)]
            refused(call, [row.pk, []], code="CM034")
            assert ask(call, [row.pk, [str(there)]]) == [(len(IN_FORCE),)]
    for who in ("manager", "police_liaison"):
        with world.acting(who), verb_undone(case.pk):
            refused(call, [row.pk, [str(there)]], code="CM034")
    with world.acting("police_liaison"), verb_undone(case.pk):
        refused("SELECT caremgmt_joint_close(%s)", [row.pk], code="CM034")
    row = agreed(world, row)
    with world.acting("manager"), verb_undone(case.pk):
        refused(
            "UPDATE cases_jointhandling SET status = 'ended', ended_at = now(), end_reason = 'date' WHERE id = %s; SET CONSTRAINTS ALL IMMEDIATE",
            [row.pk],
            code="CM035",
        )
    assert state(row)[0] == JointStatus.ACTIVE


def test_another_manager_of_the_case_takes_nothing_from_the_second_centre(world: World) -> None:
    case = begun(world)
    row = asked(world, case)
    with world.acting("manager") as by:
        cases.case_assign(case_id=case.pk, by=by, version=None, manager=world.users["manager2"])
    with world.acting("xishan_manager") as by:
        assert WorkItem.objects.owed_by(by).get(case=case).kind == "joint.answer"
    agreed(world, row)
    with world.acting("manager2") as by:
        cases.case_assign(case_id=case.pk, by=by, version=None, manager=world.users["manager"])
    with world.acting("xishan_manager") as by:
        assert WorkItem.objects.owed_by(by).get(case=case).owner_user_id == by.user_id


def test_a_case_that_is_handled_together_is_not_merged_away_and_merging_widens_nothing(world: World) -> None:
    case, row = together(world)
    kept, other = together(world)
    with world.acting("manager") as by, pytest.raises(DomainError, match="not_ready_to_merge"):
        merging.case_merge(case_id=case.pk, kept_id=kept.pk, by=by, version=None, reason="同一人")
    with world.acting("manager") as by:
        joint.joint_end(joint_id=row.pk, by=by)
        merging.case_merge(case_id=case.pk, kept_id=kept.pk, by=by, version=None, reason="同一人")
    assert open_to(world, "xishan_manager", kept) == set()  # held in one of the two alone
    with as_worker():
        assert joint_poll() == 1
    assert state(other) == (JointStatus.ENDED, JointEnd.SHUT)
    assert not broken_promises()


def test_the_hourly_count_is_of_steps_of_the_responsible_centre(world: World) -> None:
    """What the second centre owes on the same case is nobody's excuse, for the count as for the constraint."""
    case, _row = together(world)
    with as_worker():
        before = promise_check()
    with transaction.atomic():
        with as_owner():
            left = WorkItem.objects.filter(case=case, done_at__isnull=True)
            assert left.exclude(office_id=case.office_id).exists()
            ask("SET CONSTRAINTS ALL IMMEDIATE")
            ask("ALTER TABLE cases_workitem DISABLE TRIGGER cases_workitem_promise")
            left.filter(office_id=case.office_id).update(done_at=clock.now(), outcome="done")
        assert broken_promises() == [case.number]
        with as_worker():
            assert promise_check() == before + 1
        transaction.set_rollback(True)
