"""会商改期: another time or place while a conference is planned. The database keeps rooms and people from being in two places."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agencies.models import Room
from cases.enums import Risk, Section, WorkItemOutcome
from cases.services import bookings, clocks, timeline, workitems
from core.engine import Act
from core.errors import DomainError
from core.identity import Identity
from referrals.conferences.enums import InvitationStatus
from referrals.conferences.models import AgendaItem, Conference, Invitation
from referrals.conferences.services.common import ANSWER, HOLD, MOVED, change, owe_unit, said
from referrals.conferences.services.inviting import answer_by


@dataclass(frozen=True)
class Slot:
    """When and where."""

    begins_at: dt.datetime
    ends_at: dt.datetime
    room: Room | None = None
    venue: str = ""


def conference_move(
    *, conference_id: UUID, by: Identity, version: int | None, to: Slot, text: str, key: UUID | None = None
) -> Conference:
    """Move a planned conference. Who has said yes is asked once more; who has not answered yet answers for the new time.

    Raises DomainError beside `room` or `begins_at` when the room or the chair is taken; the old booking then stands.
    """
    venue = "" if to.room else to.venue.strip()

    def write(act: Act[Conference], items: list[AgendaItem]) -> None:
        row, words = act.object, said(text)
        clocks.check_to_come(to.begins_at, now=act.now, field="begins_at")
        if to.room is None and not venue:
            raise DomainError("somewhere", _("Say where: a room of the centre or another place."), field="room")
        if to.room is not None and to.room.office_id != row.office_id:
            raise DomainError("room", _("Choose a room of the own centre."), field="room")
        room_id = to.room.pk if to.room else None
        if (row.begins_at, row.ends_at, row.room_id, row.venue) == (to.begins_at, to.ends_at, room_id, venue):
            raise DomainError("unchanged", _("This is the time and place that it has already."), field="begins_at")
        bookings.book(
            office_id=row.office_id, source_kind="conference", source_id=row.pk, since=to.begins_at, until=to.ends_at, room_id=room_id,
            people=[row.chair_id], person_field="begins_at",
        )  # fmt: skip
        row.begins_at, row.ends_at, row.room, row.venue = to.begins_at, to.ends_at, to.room, venue
        row.sequence += 1
        for item in items:
            _tell_all(act, item, words)

    return change("move", write, conference_id=conference_id, by=by, version=version, key=key)


def _tell_all(act: Act[Conference], item: AgendaItem, words: str) -> None:
    row, urgent = act.object, item.case.risk == Risk.HIGH
    if row.chair_id == act.by.user_id:
        workitems.hasten([HOLD], source_id=item.pk, due_at=row.ends_at, urgent=urgent)
    else:
        workitems.remind(HOLD, source_id=item.pk, due_at=row.ends_at)
    due = answer_by(row, act.now)
    for letter in Invitation._base_manager.filter(item=item).select_related("unit", "case"):
        if letter.status == InvitationStatus.SENT:
            workitems.remind(ANSWER, source_id=letter.pk, due_at=due)
        elif letter.status == InvitationStatus.ACCEPTED:
            workitems.finish(MOVED, source_id=letter.pk, outcome=WorkItemOutcome.SUPERSEDED)
            owe_unit(letter, MOVED, due_at=due, urgent=urgent)
    timeline.add(
        act, item.case, "conference.moved", section=Section.COORDINATION, object_id=row.pk, text=words, number=row.number,
        begins_at=row.begins_at.isoformat(),
    )  # fmt: skip


__all__ = ["Slot", "conference_move"]
