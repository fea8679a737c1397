"""Mediation is planned where nobody is in danger, and recorded."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from agencies.models import Room
from cases.models import Booking, Case, ServiceRecord, WorkItem
from cases.services import case as cases
from cases.services.records import service_record
from core import clock
from core.errors import DomainError
from legalaid import services
from legalaid.models import Mediation
from tests.cases.scenes import client_of
from tests.referrals.conference_scene import convened, room_of
from tests.referrals.conftest import open_case
from tests.roles import as_owner
from tests.world import World


def plan(world: World, case: Case, **more: Any) -> Mediation:
    values: dict[str, Any] = {
        "at": clock.now() + dt.timedelta(days=2), "mediator": "施调解员", "venue": "翠湖社区调解室", "she_is_safe": True, "she_knows": True,
        "source_hidden": True}  # fmt: skip
    with world.acting("manager") as by:
        return services.mediation_plan(case_id=case.pk, by=by, **(values | more))


def test_high_risk_blocks_mediation(world: World) -> None:
    case = open_case(world, category="A01", risk="high")
    with pytest.raises(DomainError) as refused:
        plan(world, case)
    assert refused.value.code == "high_risk"


def test_a_risk_that_has_become_high_blocks_what_was_planned(world: World, case: Case) -> None:
    row = plan(world, case)
    with world.acting("manager") as by:
        cases.case_reassess(case_id=case.pk, by=by, version=None, risk="high", reasons="扬言报复")
    with clock.at(row.at + dt.timedelta(hours=2)), world.acting("manager") as by:
        kept = Mediation.objects.get(pk=row.pk)
        assert kept.outcome == "cancelled"
        assert not WorkItem.objects.filter(kind="legalaid.mediate", source_id=row.pk, done_at__isnull=True).exists()
        with pytest.raises(DomainError):
            services.mediation_record(mediation_id=row.pk, by=by, version=kept.version, outcome="agreed", note="x")
        with pytest.raises(DomainError, match="high_risk"):
            service_record(case_id=case.pk, by=by, kind="mediation", happened_at=clock.now())
        assert not ServiceRecord.objects.filter(kind="mediation").exists()


@pytest.mark.parametrize("missing", ["she_is_safe", "she_knows", "source_hidden"])
def test_the_other_side_hears_nothing_before_she_is_safe_and_knows(world: World, case: Case, missing: str) -> None:
    with pytest.raises(DomainError) as refused:
        plan(world, case, **{missing: False})
    assert refused.value.field == missing


def test_planned_owed_recorded_counted(world: World, case: Case) -> None:
    row = plan(world, case)
    with world.acting("manager") as by:
        assert WorkItem.objects.owed_by(by).filter(kind="legalaid.mediate").count() == 1
        with pytest.raises(DomainError) as refused:
            services.mediation_record(mediation_id=row.pk, by=by, version=1, outcome="agreed", note="x", held_at=row.at)
        assert refused.value.code == "future"
    with clock.at(row.at + dt.timedelta(hours=2)), world.acting("manager") as by:
        services.mediation_record(mediation_id=row.pk, by=by, version=1, outcome="agreed", note="每月赡养费八百元")
        assert not WorkItem.objects.owed_by(by).filter(kind="legalaid.mediate").exists()
        assert ServiceRecord.objects.filter(kind="mediation").count() == 1
        with pytest.raises(DomainError):
            services.mediation_record(mediation_id=row.pk, by=by, version=2, outcome="failed", note="x")


# --- rooms ----------------------------------------------------------------------------------------------------------------


def taken(room: Room) -> int:
    with as_owner():
        return Booking._base_manager.filter(room=room, freed_at__isnull=True).count()


def test_two_mediations_do_not_share_a_room(world: World, case: Case) -> None:
    room, at = room_of(world, "调解室"), clock.now() + dt.timedelta(days=2)
    plan(world, case, at=at, until=at + dt.timedelta(hours=1), room=room)
    other = open_case(world)
    with pytest.raises(DomainError) as refused:
        plan(world, other, at=at + dt.timedelta(minutes=30), room=room)
    assert (refused.value.code, refused.value.field) == ("room_taken", "room")
    plan(world, other, at=at + dt.timedelta(hours=1), room=room)  # when the first has ended
    assert taken(room) == 2


def test_a_mediation_and_a_conference_do_not_share_a_room(world: World, case: Case) -> None:
    room = room_of(world)
    row = convened(world, case, after=48)
    other = open_case(world)
    with pytest.raises(DomainError) as refused:
        plan(world, other, at=row.begins_at, room=room)
    assert refused.value.field == "room"
    plan(world, other, at=row.ends_at, until=row.ends_at + dt.timedelta(hours=1), room=room)
    with pytest.raises(DomainError) as refused:
        convened(world, open_case(world), after=49.5, chair=world.users["director"])
    assert refused.value.field == "room"


@pytest.mark.parametrize("how", ["recorded", "danger"])
def test_a_mediation_that_is_over_frees_its_room(world: World, case: Case, how: str) -> None:
    room = room_of(world, "调解室")
    row = plan(world, case, room=room)
    assert taken(room) == 1
    with world.acting("manager") as by:
        if how == "danger":
            cases.case_reassess(case_id=case.pk, by=by, version=None, risk="high", reasons="扬言报复")
        else:
            services.mediation_record(mediation_id=row.pk, by=by, version=1, outcome="cancelled", note="双方要求取消")
    assert taken(room) == 0


@pytest.mark.parametrize("hours", [0, -1, 13])
def test_a_mediation_ends_after_it_begins(world: World, case: Case, hours: int) -> None:
    at = clock.now() + dt.timedelta(days=2)
    with pytest.raises(DomainError) as refused:
        plan(world, case, at=at, until=at + dt.timedelta(hours=hours))
    assert (refused.value.code, refused.value.field) == ("range", "until")


def test_the_form_says_beside_the_field_that_the_room_is_taken(world: World, case: Case) -> None:
    room, at = room_of(world, "调解室"), clock.now() + dt.timedelta(days=2)
    plan(world, case, at=at, room=room)
    other = open_case(world)
    ticks = dict.fromkeys(("she_is_safe", "she_knows", "source_hidden"), "on")
    sent = {
        "at": f"{clock.local(at):%Y-%m-%dT%H:%M}",
        "until": "",
        "room": room.pk,
        "mediator": "施调解员",
        "venue": "",
    } | ticks
    answer = client_of(world, "manager").post(reverse("legalaid:mediation-plan", args=[other.pk]), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "该会议室在此时间已被占用" in page
    assert "施调解员" in page
    assert taken(room) == 1


def test_the_legal_section_hides_mediations_from_others(world: World, case: Case) -> None:
    plan(world, case)
    for who in ("xishan_manager", "operator", "keeper", "aid_officer"):
        with world.acting(who):
            assert not Mediation.objects.exists(), who
