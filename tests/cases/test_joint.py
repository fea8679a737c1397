"""联合办理: a second centre helps, one centre is responsible; who sees what and until when, under row-level security."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import transaction

from agencies.enums import Role
from cases.enums import Section
from cases.enums_joint import JointEnd, JointStatus
from cases.models import (
    AccessGrant,
    Case,
    JointHandling,
    PartyContact,
    PartyIdentity,
    SectionText,
    TimelineEntry,
    WorkItem,
)
from cases.services import access, consents, joint, lateness, merging
from cases.services import case as cases
from cases.services.consents import Given
from cases.services.seals import case_seal
from cases.tasks import joint_poll, promise_check
from core import clock
from core.errors import DomainError, NotAllowed, NotFound
from core.identity import as_verb
from tests.cases.test_merging import begun
from tests.cases.test_transfers import handed, owed, taken
from tests.protection.sql import ask, refused, verb_undone
from tests.roles import as_owner, as_worker
from tests.world import World, broken_promises

pytestmark = pytest.mark.django_db
WISH = "请上门了解其子女的居住和照料情况。"
SECTIONS = ("identity", "incident", "children")
IN_FORCE = {"header", "safe_contact", *SECTIONS}


def new_joint(world: World, **more: Any) -> joint.NewJoint:
    values: dict[str, Any] = {
        "to_office": world.offices["xishan"], "reason": "others_there", "wish": WISH, "ends_at": clock.now() + dt.timedelta(days=60),
        "sections": SECTIONS, "basis": "duty",
    }  # fmt: skip
    return joint.NewJoint(**(values | more))


def asked(world: World, case: Case, who: str = "manager", **more: Any) -> JointHandling:
    """A request that waits for the second centre."""
    with world.acting(who) as by:
        return joint.joint_ask(case_id=case.pk, by=by, version=None, new=new_joint(world, **more))


def agreed(world: World, row: JointHandling, *, person: str = "xishan_manager", who: str = "xishan_manager", deputy: str = "", **more: Any) -> JointHandling:  # fmt: skip
    with world.acting(who) as by:
        return joint.joint_accept(
            joint_id=row.pk, by=by, person=world.users[person], deputy=world.users[deputy] if deputy else None, **more
        )


def together(world: World, **more: Any) -> tuple[Case, JointHandling]:
    """An assessed case of Wuhua that Xishan helps with."""
    case = begun(world)
    return case, agreed(world, asked(world, case, **more))


def report(world: World, row: JointHandling, who: str = "xishan_manager", **more: Any) -> JointHandling:
    values: dict[str, Any] = {
        "how": "visit", "happened_at": clock.now(), "text": "已上门，孩子由外婆照看。", "section": "children", "due_at": clock.now() + dt.timedelta(days=3),
    }  # fmt: skip
    with world.acting(who) as by:
        return joint.joint_report(joint_id=row.pk, by=by, **(values | more))


def open_to(world: World, who: str, case: Case) -> set[str]:
    """The sections that a person holds by grants in force; the bare policies give the case's rows by the same."""
    with world.acting(who) as by:
        scoped = Case.objects.visible_to(by).filter(pk=case.pk).exists()
        assert scoped == Case._base_manager.filter(pk=case.pk).exists()
        named = PartyIdentity._base_manager.filter(case=case).exists()
        assert named == PartyIdentity.objects.visible_to(by).filter(case=case).exists()
        now = clock.now()
        rows = AccessGrant.objects.filter(
            case=case, user_id=by.user_id, withdrawn_at=None, valid_from__lte=now, valid_until__gt=now
        )
        found = set(rows.values_list("section", flat=True)) if scoped else set()
        assert scoped == ("header" in found)
        assert named == ("identity" in found)
        return found


def state(row: JointHandling) -> tuple[str, str]:
    with as_owner():
        fresh = JointHandling._base_manager.get(pk=row.pk)
        return fresh.status, fresh.end_reason


def nothing_left(row: JointHandling) -> bool:
    with as_owner():
        open_grants = AccessGrant.objects.filter(source_id=row.pk, withdrawn_at=None).exists()
        open_work = WorkItem.objects.filter(
            source_id=row.pk, done_at=None, kind__in=["joint.answer", "joint.work"]
        ).exists()
        return not open_grants and not open_work


def test_asking_opens_nothing_and_leaves_everything_with_the_case_s_centre(world: World) -> None:
    case = begun(world)
    before = owed(case)
    row = asked(world, case)
    assert owed(case) == before | {("joint.answer", "西山中心")}
    assert open_to(world, "xishan_manager", case) == set()
    with world.acting("xishan_manager") as by:
        letter = JointHandling.objects.visible_to(by).get()
        assert (letter.pk, letter.wish, letter.category_id, letter.status) == (row.pk, WISH, "A06", "asked")
        assert [section.value for section, _basis in letter.shared] == list(SECTIONS)
        assert WorkItem.objects.owed_by(by).get().kind == "joint.answer"
        assert not TimelineEntry._base_manager.filter(case=case).exists()
        assert not AccessGrant._base_manager.filter(case=case).exists()
    assert not broken_promises()


def test_agreeing_opens_the_offered_sections_to_the_named_people_alone(world: World) -> None:
    case = begun(world, address="翠湖南路67号")
    world.person("xishan_two", Role.MANAGER, "xishan")
    world.person("xishan_three", Role.DIRECTOR, "xishan")
    row = agreed(world, asked(world, case), who="xishan_three", person="xishan_manager", deputy="xishan_two")
    assert (row.status, row.person_id) == ("active", world.users["xishan_manager"].pk)
    assert open_to(world, "xishan_manager", case) == open_to(world, "xishan_two", case) == IN_FORCE
    assert open_to(world, "xishan_three", case) == set()  # who agreed is not who helps
    with world.acting("xishan_manager") as by:
        assert SectionText.objects.visible_to(by).get(case=case).section == "incident"
        assert not PartyContact._base_manager.filter(case=case).exists()  # not offered
        assert not TimelineEntry._base_manager.filter(case=case, section="coordination").exists()
        assert {grant.valid_until for grant in AccessGrant.objects.filter(source_id=row.pk)} == {row.ends_at}
        step = WorkItem.objects.owed_by(by).get(case=case)
        assert (step.kind, step.office_id, step.owner_user_id) == ("joint.work", world.offices["xishan"].pk, by.user_id)
    assert ("joint.work", "西山中心") in owed(case)
    assert any(office == "五华中心" for _kind, office in owed(case))
    with world.acting("manager") as by:
        assert Case.objects.get(pk=case.pk).office_id == world.offices["wuhua"].pk
        assert Case.objects.get(pk=case.pk).manager_id == by.user_id


def test_what_the_second_centre_owes_is_no_next_step_of_the_case(world: World) -> None:
    case, row = together(world)
    with world.acting("manager"):
        own = list(
            WorkItem.objects.filter(case=case, office=world.offices["wuhua"], done_at=None).values_list("pk", flat=True)
        )
        with as_verb([case.pk]):
            refused(
                "UPDATE cases_workitem SET done_at = now(), outcome = 'done' WHERE id = ANY (%s); SET CONSTRAINTS ALL IMMEDIATE", [own],
                code="CM030",
            )  # fmt: skip
    assert row.status == JointStatus.ACTIVE


def test_declining_needs_its_reason_and_becomes_the_responsible_centre_s_decision(world: World) -> None:
    case = begun(world)
    row = asked(world, case)
    with world.acting("xishan_manager") as by:
        with pytest.raises(DomainError):
            joint.joint_decline(joint_id=row.pk, by=by, reason=" ")
        joint.joint_decline(joint_id=row.pk, by=by, reason="其子女已不在本辖区")
        assert not JointHandling.objects.visible_to(by).exists()
        assert not JointHandling._base_manager.exists()
    assert nothing_left(row)
    assert ("joint.over", "五华中心") in owed(case)
    with world.acting("manager") as by:
        assert JointHandling.objects.visible_to(by).get().answer == "其子女已不在本辖区"
    asked(world, case)  # asking anew answers what the refusal asked
    assert ("joint.over", "五华中心") not in owed(case)


def test_recalled_before_the_answer(world: World) -> None:
    case = begun(world)
    row = asked(world, case)
    with world.acting("manager2") as by:
        joint.joint_recall(joint_id=row.pk, by=by)
    assert nothing_left(row)
    with pytest.raises(NotFound):
        agreed(world, row)


def test_only_the_second_centre_answers_and_only_the_first_one_asks(world: World) -> None:
    case = begun(world)
    row = asked(world, case)
    for who in ("manager", "justice_liaison", "operator", "keeper", "supervisor"):
        with pytest.raises(NotFound):
            agreed(world, row, who=who)
    with pytest.raises(DomainError, match="not_a_manager"):
        agreed(world, row, person="manager")
    with pytest.raises(NotFound):
        asked(world, begun(world), who="xishan_manager")
    for who in ("xishan_manager", "police_liaison"):
        with world.acting(who) as by, pytest.raises(NotFound):
            joint.joint_recall(joint_id=row.pk, by=by)


def test_what_is_asked_is_looked_at_as_a_whole(world: World) -> None:
    case = begun(world)
    with world.acting("manager"):
        fresh = Case.objects.get(pk=case.pk)
        found = joint.joint_refusals(
            fresh, new_joint(world, wish="请联系刘桂芳", sections=(), basis="consent", ends_at=clock.now()), clock.now()
        )
        assert {error.field for error in found} == {"task", "sections", "ends_on"}
        longest = new_joint(world, ends_at=clock.now() + dt.timedelta(days=400), sections=("identity", "evidence"))
        assert {error.code for error in joint.joint_refusals(fresh, longest, clock.now())} == {"too_long", "sections"}
        by_consent = joint.joint_refusals(fresh, new_joint(world, basis="consent"), clock.now())
        assert [error.field for error in by_consent] == ["consent_note"]
    asked(world, case)
    with pytest.raises(DomainError, match="joint_already"):
        asked(world, case)
    with pytest.raises(DomainError, match="no_such_centre"):
        asked(world, begun(world), to_office=world.offices["wuhua"])


def test_her_consent_withdrawn_closes_what_rested_on_it_and_ends_what_is_left_without_anything(world: World) -> None:
    case, row = together(world, basis="consent", consent=Given("当面说明后同意"))
    other, still = together(world, basis="consent", bases={"incident": "minor"}, consent=Given("当面说明后同意"))
    assert open_to(world, "xishan_manager", case) == IN_FORCE
    for one in (case, other):
        with world.acting("manager") as by:
            consents.consent_withdraw(case_id=one.pk, consent_id=one.consents.get().pk, by=by)
    assert open_to(world, "xishan_manager", case) == set()
    assert open_to(world, "xishan_manager", other) == {"header", "safe_contact", "incident"}
    with as_worker():
        assert joint_poll() == 1
        assert joint_poll() == 0
    assert state(row) == (JointStatus.ENDED, JointEnd.SHUT)
    assert state(still)[0] == JointStatus.ACTIVE
    assert {("joint.over", "五华中心"), ("consent.decide", "五华中心")} <= owed(case)


def test_a_consent_withdrawn_before_the_answer_leaves_nothing_to_agree_to(world: World) -> None:
    case = begun(world)
    row = asked(world, case, basis="consent", consent=Given("当面说明后同意"))
    with world.acting("manager") as by:
        consents.consent_withdraw(case_id=case.pk, consent_id=case.consents.get().pk, by=by)
    with pytest.raises(DomainError, match="nothing_left"):
        agreed(world, row)


def test_notes_stand_in_the_case_in_a_section_that_is_open_to_their_writer(world: World) -> None:
    case, row = together(world)
    report(world, row)
    with pytest.raises(DomainError, match="section"):
        report(world, row, section="medical")
    with pytest.raises(DomainError, match="after_end"):
        report(world, row, due_at=row.ends_at + dt.timedelta(minutes=1))
    with pytest.raises(DomainError, match="future"):
        report(world, row, happened_at=clock.now() + dt.timedelta(hours=1))
    for who in ("manager", "xishan_manager"):
        with world.acting(who) as by:
            note = TimelineEntry.objects.visible_to(by).get(case=case, kind="joint.note")
            assert (note.section, note.text, note.data) == ("children", "已上门，孩子由外婆照看。", {"how": "visit"})
            assert note.actor_agency == world.offices["xishan"].name
    with as_owner():
        steps = WorkItem.objects.filter(source_id=row.pk, kind="joint.work").order_by("opened_at")
        assert [step.done_at is not None for step in steps] == [True, False]
    assert ("joint.read", "五华中心") in owed(case)
    with world.acting("manager") as by:
        joint.joint_noted(joint_id=row.pk, by=by)
        with pytest.raises(DomainError, match="noted"):
            joint.joint_noted(joint_id=row.pk, by=by)
    assert ("joint.read", "五华中心") not in owed(case)


def test_without_a_section_to_write_in_the_responsible_centre_alone_reads_the_note(world: World) -> None:
    case, row = together(world, sections=("identity",))
    report(world, row, section=Section.COORDINATION)
    with world.acting("manager") as by:
        assert TimelineEntry.objects.visible_to(by).get(case=case, kind="joint.note").text
    with world.acting("xishan_manager"):
        assert not TimelineEntry._base_manager.filter(case=case, kind="joint.note").exists()


def test_only_who_is_named_writes_and_others_can_be_named(world: World) -> None:
    case, row = together(world)
    world.person("xishan_two", Role.MANAGER, "xishan")
    with pytest.raises(NotAllowed):
        report(world, row, who="xishan_two")
    with world.acting("xishan_two") as by:
        joint.joint_name(joint_id=row.pk, by=by, version=None, person=world.users["xishan_two"])
    assert open_to(world, "xishan_manager", case) == set()
    assert open_to(world, "xishan_two", case) == IN_FORCE
    report(world, row, who="xishan_two")
    with world.acting("xishan_two") as by:
        assert WorkItem.objects.owed_by(by).get(kind="joint.work").owner_user_id == by.user_id
    with pytest.raises(NotAllowed):
        report(world, row)


def test_who_leaves_the_second_centre_sees_the_case_no_more(world: World) -> None:
    case, _row = together(world)
    with as_owner():
        world.users["xishan_manager"].role_grants.update(until=clock.today() - dt.timedelta(days=1))
    with world.acting("xishan_manager") as by:
        assert not Case._base_manager.filter(pk=case.pk).exists()
        assert not Case.objects.visible_to(by).filter(pk=case.pk).exists()


def test_who_stands_behind_a_wall_never_hears_of_it_and_cannot_be_named(world: World) -> None:
    case = begun(world)
    world.person("xishan_kin", Role.MANAGER, "xishan")
    with world.acting("manager"), as_verb([case.pk]):
        access.wall(case_id=case.pk, reason="kin", user_id=world.users["xishan_kin"].pk)
    row = asked(world, case)
    with world.acting("xishan_kin") as by:
        assert not JointHandling.objects.visible_to(by).exists()
        assert not JointHandling._base_manager.exists()
        assert not WorkItem._base_manager.filter(case=case).exists()
    with pytest.raises(NotFound):
        agreed(world, row, who="xishan_kin")
    with pytest.raises(DomainError, match="not_a_taker"):
        agreed(world, row, person="xishan_kin")
    agreed(world, row)
    with world.acting("manager"), as_verb([case.pk]):
        access.wall(case_id=case.pk, reason="kin", user_id=world.users["xishan_manager"].pk)
    assert open_to(world, "xishan_manager", case) == set()
    with world.acting("xishan_manager"):
        assert not JointHandling._base_manager.exists()
    with pytest.raises(NotFound):
        report(world, row)


def test_a_centre_where_nobody_may_know_of_it_and_a_sealed_case_cannot_be_asked_for(world: World) -> None:
    case = begun(world)
    with world.acting("manager"), as_verb([case.pk]):
        access.wall(case_id=case.pk, reason="kin", user_id=world.users["xishan_manager"].pk)
    with pytest.raises(DomainError, match="no_taker"):
        asked(world, case)
    other = begun(world)
    with world.acting("director") as by:
        case_seal(case_id=other.pk, by=by, named=[world.users["manager"].pk])
    with pytest.raises(DomainError, match="sealed"):
        asked(world, other)


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
