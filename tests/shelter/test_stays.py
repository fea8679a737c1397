"""A bed is held, a guest comes, stays longer and leaves; nothing of it is forgotten."""

from __future__ import annotations

import datetime as dt

import pytest

from agencies.enums import Role
from cases.models import Case, FollowUp, ServiceRecord, TimelineEntry, WorkItem
from cases.services import case as cases
from core import clock
from core.errors import DomainError, NotAllowed, NotFound, StaleVersion
from shelter import services
from shelter.models import Bed, House, Stay
from shelter.tasks import holds_poll
from tests.referrals.conftest import open_case
from tests.roles import as_owner, as_worker
from tests.shelter.conftest import check_in, hold, open_house
from tests.world import World, broken_promises


def test_a_hold_is_owed_by_the_keepers_and_seen_by_the_manager(world: World, case: Case, stay: Stay) -> None:
    assert stay.status == "held"
    with world.acting("keeper") as by:
        item = WorkItem.objects.owed_by(by).get()
        assert (item.kind, item.source_id, item.is_urgent) == ("shelter.check_in", stay.pk, True)
        assert item.due_at == stay.held_until
        assert Stay.objects.visible_to(by).get().guest_name == "刘桂芳"
    with world.acting("manager") as by:
        assert Stay.objects.visible_to(by).get().health_needs == "孕七月"
        assert TimelineEntry.objects.visible_to(by).filter(kind="shelter.held").count() == 1
        assert not WorkItem.objects.owed_by(by).filter(kind="shelter.check_in").exists()


def test_the_whole_stay(world: World, case: Case, stay: Stay) -> None:
    stay = check_in(world, stay)
    assert stay.status == "checked_in"
    with world.acting("keeper") as by:
        assert WorkItem.objects.owed_by(by).get().kind == "shelter.check_out"
        until = stay.until + dt.timedelta(days=2)
        stay = services.stay_extend(stay_id=stay.pk, by=by, version=stay.version, until=until, reason="住处尚未落实")
        assert WorkItem.objects.owed_by(by).get().due_at == until
        with pytest.raises(DomainError) as refused:
            services.stay_check_out(stay_id=stay.pk, by=by, version=stay.version, reason="relatives")
        assert refused.value.code == "application"
        stay = services.stay_check_out(
            stay_id=stay.pk,
            by=by,
            version=stay.version,
            reason="relatives",
            exit_application=True,
            note_text="已交代安全计划",
        )
        assert stay.status == "checked_out"
        assert not WorkItem.objects.owed_by(by).exists()
    with world.acting("manager"):
        assert FollowUp.objects.filter(case=case, status="planned").exists()
        assert ServiceRecord.objects.filter(kind="shelter", section="shelter").count() == 1
    with world.acting("manager2"):
        assert not ServiceRecord.objects.filter(kind="shelter").exists()
        assert not TimelineEntry.objects.filter(section="shelter").exists()
    assert broken_promises() == []


def test_nobody_comes_in_while_a_telephone_tells_where_she_is(world: World, stay: Stay) -> None:
    with world.acting("keeper") as by, pytest.raises(DomainError) as refused:
        services.stay_check_in(
            stay_id=stay.pk, by=by, version=1, persons=2, children=1, location_off=False, rules_told=True
        )
    assert refused.value.field == "location_off"


def test_an_adult_beyond_ten_days_is_filed_with_civil_affairs(world: World, stay: Stay) -> None:
    stay = check_in(world, stay)
    later = stay.since + dt.timedelta(days=14)
    with world.acting("manager") as by:
        with pytest.raises(DomainError) as refused:
            services.stay_extend(stay_id=stay.pk, by=by, version=stay.version, until=later, reason="仍在被寻找")
        assert refused.value.code == "not_filed"
        services.stay_extend(stay_id=stay.pk, by=by, version=stay.version, until=later, reason="仍在被寻找", filed=True)


def test_a_minor_leaves_only_with_a_verified_guardian(world: World, house: House) -> None:
    case = open_case(world, category="E01", risk="low", minor=True)
    stay = check_in(world, hold(world, case, house, is_minor=True))
    with world.acting("keeper") as by:
        with pytest.raises(DomainError) as refused:
            services.stay_check_out(
                stay_id=stay.pk, by=by, version=stay.version, reason="guardian", exit_application=True
            )
        assert refused.value.code == "guardian"
        services.stay_check_out(stay_id=stay.pk, by=by, version=stay.version, reason="guardian", guardian_verified=True)


def test_a_bed_is_not_held_twice_and_the_refusal_tells_nothing(
    world: World, case: Case, stay: Stay, house: House
) -> None:
    other = open_case(world)
    with pytest.raises(DomainError) as refused:
        hold(world, other, house, "manager2")
    assert refused.value.code == "bed_taken"
    assert stay.number not in str(refused.value.message)
    assert hold(world, other, house, "manager2", kind="single").status == "held"


def test_the_days_after_a_stay_can_be_held(world: World, stay: Stay, house: House) -> None:
    later = stay.until + dt.timedelta(hours=1)
    other = hold(world, open_case(world), house, since=later, until=later + dt.timedelta(days=2))
    assert other.held_until > stay.until


def test_who_stays_past_the_planned_end_is_still_in_the_bed(world: World, stay: Stay, house: House) -> None:
    stay = check_in(world, stay)
    other = open_case(world)
    with clock.at(stay.until + dt.timedelta(hours=2)), pytest.raises(DomainError) as refused:
        hold(world, other, house)
    assert refused.value.code == "bed_taken"


def test_a_stale_hold_expires_by_itself_and_the_manager_decides_anew(
    world: World, case: Case, stay: Stay, house: House
) -> None:
    with clock.at(stay.held_until + dt.timedelta(minutes=1)):
        with as_worker():
            assert holds_poll() == 1
            assert holds_poll() == 0
        with world.acting("manager") as by:
            row = Stay.objects.visible_to(by).get()
            assert (row.status, row.release_reason) == ("released", "expired")
            assert WorkItem.objects.owed_by(by).filter(kind="case.plan", case=case).exists()
        assert hold(world, open_case(world), house, "manager2").status == "held"


def test_a_hold_that_was_checked_in_meanwhile_does_not_expire(world: World, stay: Stay) -> None:
    check_in(world, stay)
    with clock.at(stay.held_until + dt.timedelta(minutes=1)), as_worker():
        assert not services.hold_expire(stay_id=stay.pk)


def test_a_keeper_who_releases_leaves_a_decision_to_the_manager(world: World, case: Case, stay: Stay) -> None:
    with world.acting("keeper") as by:
        services.stay_release(stay_id=stay.pk, by=by, version=1, reason="did_not_come")
    with world.acting("manager") as by:
        assert WorkItem.objects.owed_by(by).filter(kind="case.plan").exists()
        assert Case.objects.visible_to(by).get(pk=case.pk).status == "in_progress"


def test_a_case_is_not_closed_while_she_is_in_the_house(world: World, case: Case, stay: Stay) -> None:
    with world.acting("manager2") as by:  # who does not even see the stay
        assert not Stay.objects.visible_to(by).exists()
        version = Case.objects.get(pk=case.pk).version
        with pytest.raises(DomainError):
            cases.case_close(case_id=case.pk, by=by, version=version, reason="resolved", note="")


def test_only_keepers_check_in_and_versions_are_compared(world: World, stay: Stay) -> None:
    values = {"stay_id": stay.pk, "persons": 2, "children": 1, "location_off": True, "rules_told": True}
    with world.acting("manager") as by, pytest.raises(NotAllowed):
        services.stay_check_in(by=by, version=1, **values)
    with world.acting("xishan_manager") as by, pytest.raises(NotFound):
        services.stay_check_in(by=by, version=1, **values)
    with world.acting("keeper") as by, pytest.raises(StaleVersion):
        services.stay_check_in(by=by, version=7, **values)


def test_a_bed_of_another_centre_does_not_exist_here(world: World, case: Case) -> None:
    world.person("xishan_keeper", Role.KEEPER, "xishan")
    with world.acting("xishan_keeper") as by:
        services.house_open(
            by=by, office=world.offices["xishan"], code_name="蓝花楹", capacity=2, address="x", beds=[("01", "single")]
        )
        with pytest.raises(NotAllowed):
            services.house_open(
                by=by, office=world.offices["wuhua"], code_name="茶花", capacity=2, address="x", beds=[("01", "single")]
            )
    with as_owner():
        bed = Bed._base_manager.get(label="01", house__code_name="蓝花楹")
    with world.acting("manager") as by, pytest.raises(NotFound):
        services.stay_hold(
            case_id=case.pk,
            by=by,
            bed_id=bed.pk,
            since=clock.now(),
            until=clock.now() + dt.timedelta(days=1),
            basis="danger",
        )
    assert open_house(world, "另一间").code_name == "另一间"
