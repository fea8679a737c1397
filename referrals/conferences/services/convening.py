"""A conference is convened for a case, or a standing meeting is planned and cases are put on its agenda."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agencies.enums import Role
from agencies.models import Office, RoleGrant, Room, User
from cases.enums import SHAREABLE, CaseStatus, GrantBasis, Risk, WorkItemOutcome
from cases.models import Case
from cases.services import bookings, clocks, guards, numbers, timeline, workitems
from cases.services.case import begin_if_assessed
from cases.services.consents import Given
from core import clock, engine
from core.engine import Act
from core.errors import DomainError, NotAllowed
from core.identity import Identity
from referrals.conferences.enums import ConferenceKind, ConferenceStatus, Reason
from referrals.conferences.models import AgendaItem, Conference, MinuteText, Seat
from referrals.conferences.services.common import (
    HOLD,
    MINUTES,
    MOVED,
    OF_ITEM,
    change,
    end,
    joined,
    owe,
    said,
    seen,
    tell,
)
from referrals.conferences.services.inviting import Invitee, invite


@dataclass(frozen=True)
class Meeting:
    """When, where and under whom."""

    chair: User
    begins_at: dt.datetime
    ends_at: dt.datetime
    room: Room | None = None
    venue: str = ""


@dataclass(frozen=True)
class Matter:
    """A case for the agenda: why, what is shared of it on which basis, and with whom."""

    reason: str
    sections: Sequence[str]
    basis: str
    invitees: Sequence[Invitee] = ()
    consent: Given = field(default_factory=Given)  # where consent is the basis: written down for each body


def convene_by(case: Case) -> dt.datetime:
    """By when a conference should meet: within the 24 hours for high risk [default]."""
    return clocks.due("conference", urgent=case.risk == Risk.HIGH).at


def chairs(office: Office) -> list[User]:
    """Who can chair: the centre's director and managers."""
    today = clock.today()
    held = RoleGrant.objects.filter(office=office, role__in=[Role.DIRECTOR, Role.MANAGER], since__lte=today)
    return list(User.objects.filter(pk__in=held.exclude(until__lt=today).values("user_id"), is_active=True))


def conference_convene(
    *, case_id: UUID, by: Identity, meeting: Meeting, matter: Matter, key: UUID | None = None
) -> Conference:
    """Convene a conference for one case; more cases can be put on its agenda until it is held."""
    case = _case(case_id, by)
    row = _new(case.office, ConferenceKind.CASE, meeting)

    def write(act: Act[Conference]) -> Conference:
        _save(act, row, meeting)
        _put_on_agenda(act, row, case_id, matter)
        return row

    return engine.create("conference.convene", by=by, row=row, also=[case_id], write=write, key=key)


def conference_plan(*, office: Office, by: Identity, meeting: Meeting, key: UUID | None = None) -> Conference:
    """Plan a standing joint meeting of a centre; its agenda is filled from the cases."""
    if office.pk not in by.case_offices:
        raise NotAllowed("not_host", _("Only the centre that convened this may do this."))
    row = _new(office, ConferenceKind.STANDING, meeting)

    def write(act: Act[Conference]) -> Conference:
        return _save(act, row, meeting)

    return engine.create("conference.plan", by=by, row=row, write=write, key=key)


def item_add(
    *, conference_id: UUID, case_id: UUID, by: Identity, matter: Matter, key: UUID | None = None
) -> AgendaItem:
    """Put a case on the agenda of a conference of the own centre that is still to come."""
    case = _case(case_id, by)

    def fits(row: Conference, by: Identity) -> None:
        if row.office_id != case.office_id:
            raise DomainError("other_centre", _("Choose a meeting of the case's own centre."), field="meeting")
        if row.status != ConferenceStatus.PLANNED:
            raise DomainError("wrong_status", _("This meeting takes no more cases. Choose another."), field="meeting")

    return engine.change(
        "conference.agenda", by=by, scope=Conference.objects.visible_to(by).select_related("office"), pk=conference_id, guards=[fits],
        also=[case_id], write=lambda act: _put_on_agenda(act, act.object, case_id, matter), key=key,
    )  # fmt: skip


def _case(case_id: UUID, by: Identity) -> Case:
    case: Case = seen(Case.objects.visible_to(by).select_related("office", "category"), case_id)
    _may_come_before(case, by)
    return case


def _may_come_before(case: Case, by: Identity) -> None:
    guards.is_manager(case, by)
    guards.is_open(case, by)
    if case.status == CaseStatus.RECEIVED:
        raise DomainError("not_assessed", _("Assess the case first."))


def _new(office: Office, kind: ConferenceKind, meeting: Meeting) -> Conference:
    return Conference(
        office=office, kind=kind, chair=meeting.chair, begins_at=meeting.begins_at, ends_at=meeting.ends_at, room=meeting.room,
        venue="" if meeting.room else meeting.venue.strip(), convened_at=clock.now(),
    )  # fmt: skip


def _save(act: Act[Conference], row: Conference, meeting: Meeting) -> Conference:
    clocks.check_to_come(meeting.begins_at, now=act.now, field="begins_at")
    if row.room is None and not row.venue:
        raise DomainError("somewhere", _("Say where: a room of the centre or another place."), field="room")
    if row.room is not None and row.room.office_id != row.office_id:
        raise DomainError("room", _("Choose a room of the own centre."), field="room")
    if meeting.chair not in chairs(row.office):
        raise DomainError("chair", _("The director or a case manager of the centre takes the chair."), field="chair")
    bookings.book(
        office_id=row.office_id, source_kind="conference", source_id=row.pk, since=row.begins_at, until=row.ends_at,
        room_id=row.room_id, people=[row.chair_id],
    )  # fmt: skip
    row.number = numbers.next_paper_number("会商" if row.kind == ConferenceKind.CASE else "联席", row.office)
    row.save(force_insert=True)
    return row


def _put_on_agenda(act: Act[Conference], row: Conference, case_id: UUID, matter: Matter) -> AgendaItem:
    case = Case._base_manager.select_related("category", "office").get(pk=case_id)
    _may_come_before(case, act.by)
    Reason(matter.reason)
    GrantBasis(matter.basis)
    if AgendaItem._base_manager.filter(conference=row, case=case).exists():
        raise DomainError("on_agenda", _("This case stands on that agenda already."), field="meeting")
    item = AgendaItem(
        case=case, office_id=case.office_id, conference=row, place=AgendaItem._base_manager.filter(conference=row).count() + 1,
        reason=matter.reason, category_id=case.category_id, risk=case.risk, sections=[section.value for section in SHAREABLE if section in matter.sections], basis=matter.basis,
    )  # fmt: skip
    item.save(force_insert=True)
    centre = Seat.objects.create(
        case=case,
        office_id=case.office_id,
        item=item,
        body_name=case.office.name,
        is_present=True,
        attendee=row.chair.name,
    )
    MinuteText.objects.create(case=case, office_id=case.office_id, item=item)
    MinuteText.objects.create(case=case, office_id=case.office_id, item=item, seat=centre)
    for invitee in matter.invitees:
        invite(act, item, row, invitee, matter.consent)
    owe(item, HOLD, due_at=row.ends_at, tell=row.chair_id != act.by.user_id)
    workitems.finish(("case.plan", "case.review"), source_id=case.pk)
    begin_if_assessed(act, case)
    timeline.add(
        act,
        case,
        "conference.convened",
        section="coordination",
        object_id=row.pk,
        reason=matter.reason,
        number=row.number,
    )
    act.more.append(("conference.agenda", case))
    return item


def conference_hold(*, conference_id: UUID, by: Identity, version: int | None, key: UUID | None = None) -> Conference:
    """The conference begins: secrecy has been read out, the minutes can be written."""

    def is_time(row: Conference, by: Identity) -> None:
        if row.begins_at > clock.now() + dt.timedelta(minutes=30):
            raise DomainError("too_early", _("It can be opened half an hour before its time at the earliest."))

    def write(act: Act[Conference], items: list[AgendaItem]) -> None:
        if not items:
            raise DomainError("empty", _("Nothing stands on the agenda yet. Put a case on it, or cancel the meeting."))
        act.object.held_at = act.now
        for item in items:
            workitems.finish(HOLD, source_id=item.pk)
            for letter in joined(item):
                workitems.finish(MOVED, source_id=letter.pk, outcome=WorkItemOutcome.SUPERSEDED)
            owe(item, MINUTES, tell=False)
            tell(act, item, "conference.held", number=act.object.number)

    return change("hold", write, conference_id=conference_id, by=by, version=version, key=key, guards=[is_time])


def conference_cancel(
    *, conference_id: UUID, by: Identity, version: int | None, text: str, key: UUID | None = None
) -> Conference:
    """It does not take place: rooms and people are free again, every letter and offer is withdrawn."""

    def write(act: Act[Conference], items: list[AgendaItem]) -> None:
        words = said(text)
        bookings.free(source_id=act.object.pk)
        for item in items:
            workitems.finish(OF_ITEM, source_id=item.pk, outcome=WorkItemOutcome.CANCELLED)
            timeline.add(
                act, item.case, "conference.cancelled", section="coordination", object_id=act.object.pk, text=words
            )
            end(item, act, letters_too=True)

    return change("cancel", write, conference_id=conference_id, by=by, version=version, key=key)


__all__ = [
    "Matter", "Meeting", "chairs", "conference_cancel", "conference_convene", "conference_hold", "conference_plan", "convene_by",
    "item_add",
]  # fmt: skip
