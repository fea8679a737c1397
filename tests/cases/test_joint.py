"""联合办理: a second centre helps, one centre is responsible; who sees what and until when, under row-level security."""

from __future__ import annotations

import datetime as dt

import pytest

from agencies.enums import Role
from cases.enums import Section
from cases.enums_joint import JointEnd, JointStatus
from cases.models import (
    AccessGrant,
    Case,
    JointHandling,
    PartyContact,
    SectionText,
    TimelineEntry,
    WorkItem,
)
from cases.services import access, consents, joint
from cases.services.consents import Given
from cases.services.seals import case_seal
from cases.tasks import joint_poll
from core import clock
from core.errors import DomainError, NotAllowed, NotFound
from core.identity import as_verb
from tests.cases.joint_scene import (
    IN_FORCE,
    SECTIONS,
    WISH,
    agreed,
    asked,
    new_joint,
    nothing_left,
    open_to,
    report,
    state,
    together,
)
from tests.cases.test_merging import begun
from tests.cases.test_transfers import owed
from tests.protection.sql import refused
from tests.roles import as_owner, as_worker
from tests.world import World, broken_promises

pytestmark = pytest.mark.django_db


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
