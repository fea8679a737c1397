"""The forms of a conference: kinship is asked before anything goes out, and what was typed comes back whatever happened meanwhile."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import Case, WorkItem
from core import clock
from referrals.conferences import services
from referrals.conferences.models import Conference, Decision, Invitation, Seat
from referrals.conferences.services import Invitee
from tests.referrals.conference_scene import (
    HOUR,
    accepted,
    convened,
    held,
    item_of,
    letter_of,
    measure,
    present,
    room_of,
)
from tests.roles import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db
Login = Callable[[str], Client]
TYPED = "措施期限有误，应为五个工作日"


def to(name: str, *args: object) -> str:
    return reverse(f"referrals:{name}", args=args)


def asked_for_a_wall(case: Case) -> bool:
    with as_owner():
        return WorkItem._base_manager.filter(kind="wall.asked", source_id=case.pk, done_at__isnull=True).exists()


def test_his_family_at_the_invited_body_goes_to_the_director(world: World, case: Case, login: Login) -> None:
    conference, browser = convened(world, case), login("manager")
    url, police = to("conference-invite", item_of(conference, case).pk), {"unit": str(world.units["police"].pk)}
    assert browser.post(url, police).status_code == 422
    assert not asked_for_a_wall(case)
    assert browser.post(url, police | {"kin": "yes"}).status_code == 422
    assert asked_for_a_wall(case)
    with as_owner():
        assert not Invitation._base_manager.filter(unit=world.units["police"]).exists()
    assert browser.post(url, police | {"kin": "no"}).status_code == 302


def test_his_family_at_a_body_that_is_convened_goes_to_the_director(world: World, case: Case, login: Login) -> None:
    begins = clock.local(clock.now() + 3 * HOUR)
    values = {
        "reason": "cross_department", "begins_at": f"{begins:%Y-%m-%dT%H:%M}", "ends_at": f"{begins + HOUR:%Y-%m-%dT%H:%M}",
        "room": room_of(world).pk, "chair": world.users["manager"].pk, "units": [str(world.units["justice"].pk)], "kin": "yes",
        "sections": ["identity"], "basis": "duty",
    }  # fmt: skip
    assert login("manager").post(to("conference-convene", case.pk), values).status_code == 422
    assert asked_for_a_wall(case)
    with as_owner():
        assert not Conference._base_manager.exists()


def test_a_measure_to_a_new_body_asks_and_one_to_a_body_at_the_table_does_not(
    world: World, case: Case, login: Login
) -> None:
    conference, browser = convened(world, case), login("manager")
    accepted(world, letter_of(conference, case, world))
    held(world, conference)
    url = to("conference-decide", item_of(conference, case).pk)
    assert browser.post(url, measure(world, "police")).status_code == 422
    assert not asked_for_a_wall(case)
    page = browser.post(url, measure(world, "police", kin="yes"))
    assert (page.status_code, "每周走访" in page.content.decode()) == (422, True)
    assert asked_for_a_wall(case)
    with as_owner():
        assert not Decision._base_manager.exists()
    assert browser.post(url, measure(world, "police", kin="no")).status_code == 302
    assert browser.post(url, measure(world, "justice")).status_code == 302


def test_an_objection_that_came_second_is_given_back(world: World, case: Case, login: Login) -> None:
    conference = convened(world, case)
    letter = accepted(world, letter_of(conference, case, world))
    held(world, conference)
    present(world, item_of(conference, case), "justice")
    with world.acting("manager") as by:
        services.conference_minute(conference_id=conference.pk, by=by, version=None)
    browser, url = login("justice_liaison"), to("invitation-object", letter.pk)
    stale = browser.post(url, {"version": "1", "text": TYPED})
    assert (stale.status_code, TYPED in stale.content.decode()) == (409, True)
    with world.acting("justice_liaison") as by:
        services.minutes_confirm(invitation_id=letter.pk, by=by, version=None)
    gone = browser.post(url, {"text": TYPED})
    assert (gone.status_code, TYPED in gone.content.decode()) == (409, True)


@pytest.mark.parametrize("how", ["stale", "done", "blank"])
def test_a_report_on_a_measure_is_given_back(world: World, case: Case, login: Login, how: str) -> None:
    conference = convened(world, case)
    held(world, conference)
    with world.acting("manager") as by:
        row = services.decision_add(
            item_id=item_of(conference, case).pk, by=by, measure="每周走访", due_at=clock.now() + 48 * HOUR,
            invitee=Invitee(world.units["police"]),
        )  # fmt: skip
    if how == "done":
        with world.acting("manager") as by:
            services.decision_finish(decision_id=row.pk, by=by, version=None, note="电话：已办")
    version = {"version": "0"} if how == "stale" else {}
    answer = login("police_liaison").post(
        to("decision-finish", row.pk), version | {"note": " " if how == "blank" else TYPED}
    )
    assert answer.status_code == (422 if how == "blank" else 409)
    assert TYPED in answer.content.decode() or how == "blank"


@pytest.mark.parametrize("how", ["stale", "held"])
def test_why_it_is_cancelled_is_given_back(world: World, case: Case, login: Login, how: str) -> None:
    conference = convened(world, case)
    if how == "held":
        held(world, conference)
    version = {"version": "0"} if how == "stale" else {}
    answer = login("manager").post(to("conference-cancel", conference.pk), version | {"text": TYPED})
    assert (answer.status_code, TYPED in answer.content.decode()) == (409, True)


def test_who_came_is_given_back_with_what_is_wrong(world: World, case: Case, login: Login) -> None:
    conference = convened(world, case)
    accepted(world, letter_of(conference, case, world))
    held(world, conference)
    with as_owner():
        seat = Seat._base_manager.get(unit=world.units["justice"])
    url, browser = to("conference-seat", seat.pk), login("manager")
    typed = "李" * 61
    page = browser.post(url, {"is_present": "on", "attendee": typed})
    assert (page.status_code, typed in page.content.decode()) == (422, True)
    assert browser.post(url, {"is_present": "on", "attendee": "李科长"}).status_code == 302
    with world.acting("manager") as by:
        services.conference_minute(conference_id=conference.pk, by=by, version=None)
    late = browser.post(url, {"is_present": "on", "attendee": "王科长"})
    assert (late.status_code, "王科长" in late.content.decode()) == (422, True)
