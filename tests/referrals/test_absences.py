"""A liaison is away: what names her goes to who stands in on the first day and comes back after the last, and never lies with nobody."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from agencies.enums import Role
from agencies.models import Notification, RoleGrant, User
from cases.models import AccessGrant, WorkItem
from cases.services import access, lateness, walls
from core import clock
from core.errors import DomainError, NotAllowed, NotFound
from core.identity import as_verb
from referrals import services
from referrals.absences.models import StandIn
from referrals.absences.services import absence_end
from tests.referrals.absence_scene import (
    AWAY,
    DAY,
    STANDS_IN,
    THIRD,
    away,
    delivered,
    head,
    holder,
    named,
    poll,
    reads,
)
from tests.roles import as_owner, as_worker
from tests.world import World

pytestmark = pytest.mark.django_db


def test_on_the_first_day_it_goes_and_after_the_last_it_comes_back(world: World) -> None:
    row = named(world)
    with world.acting(AWAY) as by:
        services.referral_accept(referral_id=row.pk, by=by, version=None)
    with as_owner():
        due = WorkItem._base_manager.get(kind="referral.respond", source_id=row.pk, done_at=None).due_at
    away(world, after=1, days=2)
    assert poll() == 0
    assert holder(world, row) == AWAY
    assert poll(1) == 1
    assert holder(world, row) == STANDS_IN
    assert poll(1) == 0  # safe to run twice
    with clock.at(clock.now() + DAY):
        assert reads(world, STANDS_IN) == {"Referral", "Case", "PartyIdentity", "SafeContact", "StandIn"}
        assert reads(world, AWAY) == set()
    with as_owner():
        assert WorkItem._base_manager.get(kind="referral.respond", source_id=row.pk, done_at=None).due_at == due
    assert poll(2) == 0
    assert poll(3) == 1
    assert holder(world, row) == AWAY
    assert reads(world, AWAY) == {"Referral", "Case", "PartyIdentity", "SafeContact", "StandIn"}
    assert reads(world, STANDS_IN) == set()
    with as_owner():
        kept = StandIn._base_manager.get()
        assert kept.came_back
        assert kept.until is not None
    assert poll(3) == 0


def test_nothing_is_open_to_the_substitute_that_was_not_open_to_the_one_who_is_away(world: World) -> None:
    row = named(world, sections=["identity"])
    away(world)
    poll()
    with as_owner():
        grants = AccessGrant.objects.filter(source_id=row.pk, withdrawn_at=None)
        assert {g.user_id for g in grants} == {world.users[STANDS_IN].pk}
        assert {g.member_of_id if hasattr(g, "member_of_id") else g.member_of for g in grants} == {
            world.units["police"].group_id
        }
        assert {g.section for g in grants if g.valid_from} == {"letter"}  # the offer is still an offer
    assert reads(world, STANDS_IN) == {"Referral", "StandIn"}


def test_a_new_letter_goes_to_who_stands_in_at_once_and_only_she_is_told(world: World) -> None:
    away(world)
    row = named(world)
    assert holder(world, row) == STANDS_IN
    delivered()
    with as_owner():
        told = set(Notification.objects.filter(kind="work_item", case_id=row.case_id).values_list("user_id", flat=True))
        assert world.users[STANDS_IN].pk in told
        assert world.users[AWAY].pk not in told
        assert StandIn._base_manager.get().absent_id == world.users[AWAY].pk
    assert poll() == 0
    assert poll(5) == 1
    assert holder(world, row) == AWAY


def test_a_reminder_rings_for_who_stands_in(world: World) -> None:
    row = named(world)
    away(world, days=30)
    poll()
    with clock.at(row.due_at + dt.timedelta(minutes=1)), as_worker():  # type: ignore[operator]
        lateness.chase()
        delivered()
    with as_owner():
        item = WorkItem._base_manager.get(kind="referral.accept", source_id=row.pk)
        told = Notification.objects.filter(work_item_id=item.pk, key__endswith=":1").values_list("user_id", flat=True)
        assert set(told) == {world.users[STANDS_IN].pk}


def test_ending_it_early_brings_everything_back(world: World) -> None:
    row, absence = named(world), away(world, days=30)
    poll()
    with world.acting(STANDS_IN) as by, pytest.raises(NotAllowed):
        absence_end(absence_id=absence.pk, by=by)
    with world.acting("justice_liaison") as by, pytest.raises(NotFound):
        absence_end(absence_id=absence.pk, by=by)
    with world.acting(AWAY) as by:
        absence_end(absence_id=absence.pk, by=by)
    with world.acting(AWAY) as by, pytest.raises(DomainError) as twice:
        absence_end(absence_id=absence.pk, by=by)
    assert twice.value.code == "over"
    assert poll() == 1
    assert holder(world, row) == AWAY


def test_what_is_answered_meanwhile_stays_where_it_was_answered(world: World) -> None:
    row = named(world)
    away(world, days=2)
    poll()
    with world.acting(STANDS_IN) as by:
        services.referral_accept(referral_id=row.pk, by=by, version=None)
        services.referral_respond(referral_id=row.pk, by=by, version=None, result="done", text="已办")
    poll(3)
    assert holder(world, row) == STANDS_IN
    with as_owner():
        kept = StandIn._base_manager.get()
        assert (kept.came_back, kept.until is None) == (False, False)


def test_what_she_passes_on_does_not_come_back(world: World, third: None) -> None:
    row = named(world)
    away(world, days=2)
    poll()
    with world.acting(STANDS_IN) as by:
        services.referral_pass_on(
            referral_id=row.pk,
            by=by,
            version=None,
            to=f"{world.units['police'].pk}:{world.users[THIRD].pk}",
            text="由她办理",
        )
    poll()
    poll(3)
    assert holder(world, row) == THIRD


def test_who_must_not_know_does_not_stand_in_and_the_designated_member_does(world: World, third: None) -> None:
    world.person("police_liaison4", Role.LIAISON, "police")
    head(world)
    row = named(world)
    with world.acting("director"), as_verb([row.case_id]):
        access.wall(case_id=row.case_id, reason="kin", user_id=world.users[STANDS_IN].pk)
    away(world)
    poll()
    assert holder(world, row) == THIRD
    assert reads(world, STANDS_IN) == set()
    page_of = Client()
    page_of.force_login(world.users[STANDS_IN], backend="agencies.backends.StaffBackend")
    assert row.number not in page_of.get(reverse("referrals:absences")).content.decode()


def test_a_wall_that_is_set_later_moves_it_on(world: World, third: None) -> None:
    row = named(world)
    away(world)
    poll()
    with world.acting("director"), as_verb([row.case_id]):
        access.wall(case_id=row.case_id, reason="kin", user_id=world.users[STANDS_IN].pk)
    with as_worker():
        for pk in walls.unsettled():
            walls.settle(pk)
    poll()
    assert holder(world, row) == THIRD
    poll(4)
    assert holder(world, row) == AWAY


def test_where_nobody_can_stand_in_the_manager_decides_and_the_letter_keeps_its_owner(world: World) -> None:
    row = named(world)
    with world.acting("director"), as_verb([row.case_id]):
        access.wall(case_id=row.case_id, reason="kin", user_id=world.users[STANDS_IN].pk)
    away(world, days=2)
    assert poll() == 1
    assert poll() == 0
    assert holder(world, row) == AWAY
    with as_owner():
        item = WorkItem._base_manager.get(kind="referral.away", done_at=None)
        assert (item.owner_user_id, item.is_urgent) == (world.users["manager"].pk, True)
    assert poll(3) == 1  # she is back
    with as_owner():
        assert not WorkItem._base_manager.filter(kind="referral.away", done_at=None).exists()


@pytest.mark.parametrize("how", ["recall", "enter", "new_colleague"])
def test_the_managers_decision_ends_the_waiting(world: World, how: str) -> None:
    row = named(world)
    with world.acting("director"), as_verb([row.case_id]):
        access.wall(case_id=row.case_id, reason="kin", user_id=world.users[STANDS_IN].pk)
    away(world)
    poll()
    if how == "new_colleague":
        world.person(THIRD, Role.LIAISON, "police")
        assert poll() == 1
        assert holder(world, row) == THIRD
    else:
        more = {"result": "done", "text": "电话：已办"} if how == "enter" else {}
        with world.acting("manager") as by:
            getattr(services, f"referral_{how}")(referral_id=row.pk, by=by, version=None, **more)
    with as_owner():
        assert not WorkItem._base_manager.filter(kind="referral.away", done_at=None).exists()


def test_who_leaves_the_unit_while_she_stands_in_leaves_nothing_lying(world: World, third: None) -> None:
    row = named(world)
    away(world)
    poll()
    with as_owner():
        RoleGrant.objects.filter(user=world.users[STANDS_IN]).update(until=clock.today() - DAY)
    assert poll() == 1
    assert holder(world, row) == THIRD


@pytest.mark.parametrize("how", ["left", "suspended"])
def test_a_letter_to_who_has_left_is_the_managers_to_decide(world: World, third: None, how: str) -> None:
    """No absence was entered, and nobody else of the unit sees a letter that names her."""
    row = named(world)
    assert poll() == 0
    _leaves(world, AWAY, how)
    assert (poll(), poll()) == (1, 0)
    with as_owner():
        item = WorkItem._base_manager.get(kind="referral.away", done_at=None)
        assert (item.source_id, item.owner_user_id) == (row.pk, world.users["manager"].pk)
    with as_owner():  # she is back in her post
        RoleGrant.objects.filter(user=world.users[AWAY]).update(until=None)
        User.objects.filter(pk=world.users[AWAY].pk).update(is_active=True)
    assert poll() == 1
    with as_owner():
        assert not WorkItem._base_manager.filter(kind="referral.away", done_at=None).exists()


def test_a_reminder_of_who_has_left_rings_at_the_centre(world: World) -> None:
    row = named(world)
    delivered()
    _leaves(world, AWAY, "left")
    world.person("elsewhere", Role.LIAISON, "justice")
    with as_owner():  # she works in another unit now: what she owed in this one is not hers
        RoleGrant.objects.filter(user=world.users["elsewhere"]).update(user=world.users[AWAY])
    with clock.at(row.due_at + dt.timedelta(minutes=1)), as_worker():  # type: ignore[operator]
        lateness.chase()
        delivered()
    with as_owner():
        item = WorkItem._base_manager.get(kind="referral.accept", source_id=row.pk)
        told = Notification.objects.filter(work_item_id=item.pk, key__endswith=":1").values_list("user_id", flat=True)
        assert set(told) == {world.users[one].pk for one in ("manager", "manager2", "director")}


def _leaves(world: World, who: str, how: str) -> None:
    with as_owner():
        if how == "left":
            RoleGrant.objects.filter(user=world.users[who]).update(until=clock.today() - DAY)
        else:
            User.objects.filter(pk=world.users[who].pk).update(is_active=False)


def test_another_absence_right_after_the_first_takes_it_on_without_a_stop(world: World, third: None) -> None:
    row = named(world)
    away(world, days=2)
    away(world, after=2, days=2, to=THIRD)
    poll()
    poll(2)
    assert holder(world, row) == THIRD
    poll(4)
    assert holder(world, row) == AWAY
