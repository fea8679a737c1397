"""A conference of a case, at any point of its way."""

from __future__ import annotations

import datetime as dt
from typing import Any

from agencies.enums import RoomKind
from agencies.models import Room
from cases.models import Case
from core import clock
from referrals.conferences import services
from referrals.conferences.models import AgendaItem, Conference, Invitation, MinuteText, Seat
from referrals.conferences.services import Invitee, Matter, Meeting
from tests.roles import as_owner
from tests.world import World

HOUR = dt.timedelta(hours=1)


def room_of(world: World, name: str = "会商室") -> Room:
    with as_owner():
        return Room.objects.get_or_create(
            office=world.offices["wuhua"], name=name, defaults={"kind": RoomKind.MEETING}
        )[0]


def meeting(world: World, *, after: float = 2, **more: Any) -> Meeting:
    begins = clock.now() + after * HOUR
    values = {"chair": world.users["manager"], "begins_at": begins, "ends_at": begins + HOUR, "room": room_of(world)}
    return Meeting(**(values | more))


def matter(world: World, *units: str, **more: Any) -> Matter:
    values: dict[str, Any] = {
        "reason": "cross_department", "sections": ["identity", "incident"], "basis": "duty",
        "invitees": [Invitee(world.units[unit]) for unit in units],
    }  # fmt: skip
    return Matter(**(values | more))


def convened(world: World, case: Case, *units: str, after: float = 2, **more: Any) -> Conference:
    with world.acting("manager") as by:
        return services.conference_convene(
            case_id=case.pk,
            by=by,
            meeting=meeting(world, after=after, **more),
            matter=matter(world, *(units or ("justice",))),
        )


def item_of(conference: Conference, case: Case) -> AgendaItem:
    with as_owner():
        return AgendaItem._base_manager.get(conference=conference, case=case)


def letter_of(conference: Conference, case: Case, world: World, unit: str = "justice") -> Invitation:
    with as_owner():
        return Invitation._base_manager.get(conference=conference, case=case, unit=world.units[unit])


def accepted(world: World, letter: Invitation, who: str = "justice_liaison") -> Invitation:
    with world.acting(who) as by:
        return services.invitation_accept(invitation_id=letter.pk, by=by, version=None, pledge=True)


def held(world: World, conference: Conference) -> None:
    """Open it at its time."""
    with clock.at(conference.begins_at), world.acting("manager") as by:
        services.conference_hold(conference_id=conference.pk, by=by, version=None)


def present(world: World, item: AgendaItem, *units: str) -> None:
    with world.acting("manager") as by:
        for seat in Seat.objects.visible_to(by).filter(item=item, unit__in=[world.units[unit] for unit in units]):
            services.seat_mark(seat_id=seat.pk, by=by, is_present=True, attendee="王科长")


def facts_of(item: AgendaItem) -> MinuteText:
    with as_owner():
        return MinuteText._base_manager.get(item=item, seat__isnull=True)


def measure(world: World, owner: str, **more: Any) -> dict[str, Any]:
    """A measure as it is typed."""
    due = clock.local(clock.now() + 48 * HOUR)
    return {"measure": "每周走访", "owner": str(world.units[owner].pk), "due_at": f"{due:%Y-%m-%dT%H:%M}"} | more
