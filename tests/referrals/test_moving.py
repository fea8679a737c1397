"""会商改期: a new time through the bookings, everybody told, the calendar's appointment replaced, the old times kept; shares end item by item."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import Booking, Case, TimelineEntry, WorkItem
from cases.permissions import open_sections
from core import clock
from core.errors import DomainError, NotAllowed, NotFound, StaleVersion
from core.identity import Identity
from core.models import OutboxItem
from referrals.conferences import services
from referrals.conferences.models import Conference, Decision, Invitation
from referrals.conferences.services import Slot
from tests.referrals.conference_scene import (
    HOUR,
    accepted,
    convened,
    held,
    item_of,
    letter_of,
    matter,
    room_of,
)
from tests.referrals.conftest import open_case
from tests.roles import as_owner
from tests.world import World

Login = Callable[[str], Client]


def slot(world: World, after: float = 26, **more: Any) -> Slot:
    begins = (clock.now() + after * HOUR).replace(second=0, microsecond=0)
    return Slot(**({"begins_at": begins, "ends_at": begins + HOUR, "room": room_of(world)} | more))


def move(world: World, row: Conference, to: Slot, *, who: str = "manager", version: int | None = None) -> Conference:
    with world.acting(who) as by:
        return services.conference_move(conference_id=row.pk, by=by, version=version, to=to, text="主持人出差")


def owed(kind: str, source: Any) -> list[WorkItem]:
    with as_owner():
        return list(WorkItem._base_manager.filter(kind=kind, source_id=source.pk, done_at__isnull=True))


def test_a_conference_is_moved_and_everybody_is_told(world: World, case: Case) -> None:
    row = convened(world, case, "justice", "police", after=30)
    letter = accepted(world, letter_of(row, case, world))
    to = slot(world)
    with as_owner():
        OutboxItem._base_manager.all().delete()
    moved = move(world, row, to, who="manager2")
    assert (moved.begins_at, moved.ends_at, moved.sequence, moved.status) == (to.begins_at, to.ends_at, 1, "planned")
    with as_owner():
        taken = Booking._base_manager.filter(source_id=row.pk, freed_at__isnull=True)
        assert {(one.since, one.until) for one in taken} == {(to.begins_at, to.ends_at)}
        assert taken.count() == 2  # the room and the chair
        entry = TimelineEntry._base_manager.get(kind="conference.moved")
        assert (entry.section, entry.text) == ("coordination", "主持人出差")
        told = {item.arguments["item"] for item in OutboxItem._base_manager.filter(kind="notify.work_item")}
    (new_time,) = owed("conference.moved", letter)
    (hold,) = owed("conference.hold", item_of(row, case))
    (asked,) = owed("conference.answer", letter_of(row, case, world, "police"))
    assert told == {str(new_time.pk), str(hold.pk), str(asked.pk)}
    assert hold.due_at == to.ends_at
    assert new_time.due_at <= to.begins_at
    with world.acting("manager") as by:
        history = Conference.objects.visible_to(by).get(pk=row.pk).history.order_by("history_date")
        times = [one.begins_at for one in history]
        assert (times[0], times[-1]) == (row.begins_at, to.begins_at)


def test_the_appointment_is_replaced_in_calendars(world: World, case: Case, login: Login) -> None:
    row = convened(world, case, after=30)
    letter = accepted(world, letter_of(row, case, world))
    liaison = login("justice_liaison")
    where = reverse("referrals:invitation-ics", args=[letter.pk])
    first = liaison.get(where).content.decode()
    to = slot(world)
    move(world, row, to)
    second = liaison.get(where).content.decode()
    assert "SEQUENCE:0" in first
    assert "SEQUENCE:1" in second
    assert f"DTSTART:{to.begins_at.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}" in second
    uid = next(line for line in first.splitlines() if line.startswith("UID:"))
    assert uid in second


def test_a_body_says_that_it_comes_at_the_new_time(world: World, case: Case, login: Login) -> None:
    row = convened(world, case, after=30)
    letter = accepted(world, letter_of(row, case, world))
    liaison = login("justice_liaison")
    page = reverse("referrals:invitation", args=[letter.pk])
    keep = reverse("referrals:invitation-keep", args=[letter.pk])
    assert "会商已改期" not in liaison.get(page).content.decode()
    move(world, row, slot(world))
    assert "会商已改期" in liaison.get(page).content.decode()
    assert "新时间待确认" in login("manager").get(reverse("referrals:conference", args=[row.pk])).content.decode()
    with world.acting("manager") as by, pytest.raises(NotAllowed):
        services.invitation_keep(invitation_id=letter.pk, by=by, version=None)
    assert liaison.post(keep, {"version": letter.version}).status_code == 302
    assert owed("conference.moved", letter) == []
    assert "会商已改期" not in liaison.get(page).content.decode()


def test_a_body_that_cannot_come_declines_and_owes_nothing(world: World, case: Case) -> None:
    row = convened(world, case, after=30)
    letter = accepted(world, letter_of(row, case, world))
    move(world, row, slot(world))
    with world.acting("justice_liaison") as by:
        services.invitation_decline(invitation_id=letter.pk, by=by, version=None, regret="other_time")
    assert owed("conference.moved", letter) == []


def test_a_room_that_is_taken_stands_beside_the_field_and_the_old_booking_holds(
    world: World, case: Case, login: Login
) -> None:
    other = convened(world, open_case(world), after=26, chair=world.users["director"])
    row = convened(world, case, after=30)
    begins = clock.local(other.begins_at)
    sent = {
        "begins_at": f"{begins:%Y-%m-%dT%H:%M}", "ends_at": f"{begins + HOUR:%Y-%m-%dT%H:%M}", "room": room_of(world).pk, "venue": "",
        "text": "写了一段理由", "version": row.version,
    }  # fmt: skip
    manager = login("manager")
    answer = manager.post(reverse("referrals:conference-move", args=[row.pk]), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "该会议室在此时间已被占用" in page
    assert "写了一段理由" in page
    with as_owner():
        kept = Booking._base_manager.filter(source_id=row.pk, freed_at__isnull=True, room__isnull=False).get()
    assert kept.since == row.begins_at
    assert manager.get(reverse("referrals:conference-move", args=[row.pk])).status_code == 200


def test_the_page_moves_it_and_shows_the_times_before(world: World, case: Case, login: Login) -> None:
    row = convened(world, case, after=30)
    begins = clock.local(clock.now() + 50 * HOUR)
    sent = {
        "begins_at": f"{begins:%Y-%m-%dT%H:%M}", "ends_at": f"{begins + HOUR:%Y-%m-%dT%H:%M}", "room": "", "venue": "司法局三楼", "text": "场地调整",
        "version": row.version,
    }  # fmt: skip
    manager = login("manager")
    url = reverse("referrals:conference-move", args=[row.pk])
    assert manager.post(url, sent).status_code == 302
    page = manager.get(reverse("referrals:conference", args=[row.pk])).content.decode()
    assert "司法局三楼" in page
    assert f"{clock.local(row.begins_at):%H:%M}" in page
    assert manager.post(url, sent).status_code == 409  # the version that was seen is an old one
    assert login("justice_liaison").get(url).status_code == 403
    assert login("xishan_manager").get(url).status_code == 404


@pytest.mark.parametrize(
    ("change", "code"),
    [({"begins_at": -1}, "past"), ({"room": None, "venue": " "}, "somewhere"), ({"ends_at": -2}, "range")],
)
def test_nonsense_is_refused(world: World, case: Case, change: dict[str, Any], code: str) -> None:
    row = convened(world, case, after=30)
    to = slot(world)
    values = {"begins_at": to.begins_at, "ends_at": to.ends_at, "room": to.room, "venue": ""}
    values |= {name: clock.now() + value * HOUR if isinstance(value, int) else value for name, value in change.items()}
    with pytest.raises(DomainError) as refused:
        move(world, row, Slot(**values))
    assert refused.value.code == code


def test_only_a_planned_conference_of_the_own_centre_is_moved(world: World, case: Case) -> None:
    row = convened(world, case, after=2)
    letter = accepted(world, letter_of(row, case, world))
    for who in ("justice_liaison", "xishan_manager"):
        with pytest.raises((NotFound, NotAllowed)):
            move(world, row, slot(world), who=who)
    with pytest.raises(DomainError) as refused:
        move(world, row, Slot(row.begins_at, row.ends_at, row.room))
    assert refused.value.code == "unchanged"
    move(world, row, slot(world, after=3))
    with pytest.raises(StaleVersion):
        move(world, row, slot(world), version=row.version)
    with as_owner():
        row = Conference._base_manager.get(pk=row.pk)
    held(world, row)
    assert owed("conference.moved", letter) == []
    with pytest.raises(DomainError) as refused:
        move(world, row, slot(world))
    assert refused.value.code == "wrong_status"


# --- shares end item by item ----------------------------------------------------------------------------------------------


def signed(world: World, case: Case, other: Case) -> Conference:
    """A signed conference over two cases, at both of which the justice bureau sits; a measure is open on the second."""
    row = convened(world, case, after=0.4)
    with world.acting("manager") as by:
        services.item_add(conference_id=row.pk, case_id=other.pk, by=by, matter=matter(world, "justice"))
    for each in (case, other):
        accepted(world, letter_of(row, each, world))
    held(world, row)
    with world.acting("manager") as by:
        services.decision_add(
            item_id=item_of(row, other).pk, by=by, measure="上门走访", due_at=clock.now() + 48 * HOUR, staff=world.users["manager"]
        )  # fmt: skip
        services.conference_minute(conference_id=row.pk, by=by, version=None)
        return services.conference_sign(conference_id=row.pk, by=by, version=None)


def sections(by: Identity, case: Case) -> frozenset[str]:
    return open_sections(by, Case(pk=case.pk, office_id=case.office_id))


def test_what_is_shared_of_one_case_ends_with_its_item(world: World, case: Case, login: Login) -> None:
    other = open_case(world)
    row = signed(world, case, other)
    first, second = item_of(row, case), item_of(row, other)
    with world.acting("justice_liaison") as by:
        assert "incident" in sections(by, case)
        with pytest.raises(NotAllowed):
            services.item_close(item_id=first.pk, by=by)
    with world.acting("manager") as by, pytest.raises(DomainError) as refused:
        services.item_close(item_id=second.pk, by=by)
    assert refused.value.code == "open_decisions"
    manager = login("manager")
    room = reverse("referrals:conference", args=[row.pk])
    close = reverse("referrals:conference-item-close", args=[first.pk])
    assert close in manager.get(room).content.decode()
    assert manager.post(close).status_code == 302
    with world.acting("justice_liaison") as by:
        assert sections(by, case) == {"letter"}
        assert "incident" in sections(by, other)
        assert Invitation.objects.visible_to(by).filter(item=first).exists()  # the letter, and with it the minutes
    assert owed("conference.close", first) == []
    with as_owner():
        assert Conference._base_manager.get(pk=row.pk).status == "confirmed"
    assert manager.post(close).status_code == 409
    with world.acting("manager") as by:
        decision = Decision.objects.visible_to(by).get()
        services.decision_finish(decision_id=decision.pk, by=by, version=None, note="已走访")
    assert len(owed("conference.close", second)) == 1
    with world.acting("manager") as by:
        services.item_close(item_id=second.pk, by=by)
    with as_owner():
        closed = Conference._base_manager.get(pk=row.pk)
        assert (closed.status, closed.closed_at is not None) == ("closed", True)
        assert not Booking._base_manager.filter(source_id=row.pk, freed_at__isnull=True).exists()
    with world.acting("justice_liaison") as by:
        assert sections(by, other) == {"letter"}
