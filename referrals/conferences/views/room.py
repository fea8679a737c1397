"""The conference room: agenda of cases, attendance, live minutes, decisions; for a body only what is its own."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from agencies.models import User
from cases.enums import GrantBasis, Section
from cases.models import Case
from cases.services import clocks
from core import access, clock, keys
from core.errors import NotFound
from core.identity import Identity
from core.views import Asked, page
from referrals.conferences.enums import ConferenceStatus, DecisionStatus, InvitationStatus
from referrals.conferences.forms import DecideForm, Invitees, InviteForm, WordsForm
from referrals.conferences.models import AgendaItem, Conference, Decision, Invitation, MinuteText, Seat
from referrals.conferences.services.confirming import may_sign
from referrals.conferences.services.convening import chairs
from referrals.conferences.views import READERS, TONES
from referrals.conferences.views.minutes import mark_of


@dataclass
class Place:
    """One agenda item as the page shows it."""

    item: AgendaItem
    case: Case | None
    seats: list[Seat] = field(default_factory=list)
    facts: MinuteText | None = None
    invitations: list[Invitation] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    invite_form: InviteForm | None = None
    decide_form: DecideForm | None = None
    mine: Invitation | None = None
    writes_all: bool = False  # the centre; a body writes its own opinion alone

    @property
    def is_through(self) -> bool:
        """Signed, everything decided on it done or dropped, and not yet closed."""
        left = any(decision.status == DecisionStatus.OPEN for decision in self.decisions)
        return self.item.conference.status == ConferenceStatus.CONFIRMED and self.item.ended_at is None and not left

    @property
    def is_written(self) -> bool:
        """Whether anything stands in its minutes: facts, or a decision."""
        return bool(self.decisions) or bool(self.facts and self.facts.text.strip())

    @property
    def seated(self) -> set[UUID]:
        """The units that have accepted to sit at the item."""
        return {row.unit_id for row in self.invitations if row.status == InvitationStatus.ACCEPTED}

    @property
    def form_text(self) -> MinuteText | None:
        """The text whose address all boxes of the item that this viewer writes in are saved at."""
        own = [seat.said for seat in self.seats if seat.may_write and seat.said]  # type: ignore[attr-defined]
        return self.facts if self.writes_all else next(iter(own), None)

    @property
    def objections(self) -> list[Seat]:
        return [seat for seat in self.seats if seat.objection]


@dataclass(frozen=True)
class Figures:
    """How the follow-through stands."""

    on_time: int
    done_late: int
    late: int
    open: int


def figures(decisions: list[Decision]) -> Figures:
    """Counted by the due times as they were decided."""
    now = clock.now()
    done = [row for row in decisions if row.status == DecisionStatus.DONE and row.done_at is not None]
    left = [row for row in decisions if row.status == DecisionStatus.OPEN]
    on_time = sum(row.done_at <= row.due_at for row in done if row.done_at)
    late = sum(row.due_at < now for row in left)
    return Figures(on_time, len(done) - on_time, late, len(left) - late)


def conference_of(by: Identity, pk: UUID) -> Conference:
    """A conference in scope. Raises NotFound."""
    row = Conference.objects.visible_to(by).select_related("office", "room", "chair").filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def places(conference: Conference, by: Identity, only: UUID | None = None) -> list[Place]:
    """The agenda as far as `by` may see it, in a number of queries that does not grow with it."""
    items = AgendaItem.objects.visible_to(by).filter(conference=conference).select_related("category").order_by("place")
    found = {item.pk: Place(item, None) for item in (items.filter(pk=only) if only else items)}
    rows = [place.item.case_id for place in found.values()]
    keys.preload(rows)
    cases = {
        case.pk: case for case in Case.objects.visible_to(by).select_related("category", "office").filter(pk__in=rows)
    }
    for place in found.values():
        place.item.conference = conference
        place.case = cases.get(place.item.case_id)
    texts = list(MinuteText.objects.visible_to(by).filter(item__in=found))
    by_seat = {text.seat_id: text for text in texts if text.seat_id}
    for text in texts:
        text.mark = mark_of(text)  # type: ignore[attr-defined]
        if text.seat_id is None:
            found[text.item_id].facts = text
    for seat in Seat.objects.visible_to(by).filter(item__in=found).select_related("unit"):
        seat.said = by_seat.get(seat.pk)  # type: ignore[attr-defined]
        found[seat.item_id].seats.append(seat)
    invitations = Invitation.objects.visible_to(by).filter(item__in=found).select_related("unit", "named_liaison")
    for row in invitations.order_by("sent_at", "pk"):
        row.conference = conference
        found[row.item_id].invitations.append(row)
    for decision in (
        Decision.objects.visible_to(by).filter(item__in=found).select_related("unit", "staff").order_by("due_at", "pk")
    ):
        decision.is_late = decision.status == DecisionStatus.OPEN and decision.due_at < clock.now()  # type: ignore[attr-defined]
        found[decision.item_id].decisions.append(decision)
    for place in found.values():
        place.writes_all = conference.office_id in by.case_offices
        place.seats.sort(key=lambda seat: (seat.unit_id is not None, seat.body_name))
        place.mine = next(
            (row for row in place.invitations if row.group_id in by.groups and row.status == InvitationStatus.ACCEPTED),
            None,
        )
        answers = {row.unit_id: row for row in place.invitations}
        for seat in place.seats:
            seat.answer = answers.get(seat.unit_id) if seat.unit_id else None  # type: ignore[attr-defined]
            own = place.mine is not None and seat.unit_id == place.mine.unit_id
            seat.may_write = conference.office_id in by.case_offices or own  # type: ignore[attr-defined]
            if conference.confirmed_at is None and not seat.may_write:  # type: ignore[attr-defined]
                seat.objection = ""  # the chair has not read it yet: it may name her to those who must not know
    return list(found.values())


def earlier_times(conference: Conference) -> list[dict[str, Any]]:
    """The times that it had before it was moved, the first one first."""
    if not conference.sequence:
        return []
    rows = conference.history.filter(sequence__lt=conference.sequence).order_by("sequence", "history_date")
    first = {
        row.sequence: {"begins_at": row.begins_at, "place": row.room.name if row.room else row.venue}
        for row in rows.select_related("room")
    }
    return list(first.values())


def show(
    request: Asked,
    conference: Conference,
    *,
    bound: Any = None,
    bound_item: UUID | None = None,
    words: Any = None,
    seat: tuple[UUID, Any] | None = None,
    status: int = 200,
    told: Any = "",
) -> HttpResponse:
    """The room; `bound` is a form of one item that failed, `words` that of the whole conference, `seat` that of one seat."""
    by = request.identity
    is_host = conference.office_id in by.case_offices
    agenda = places(conference, by)
    writing = conference.status == ConferenceStatus.HELD
    inviting = conference.status in (ConferenceStatus.PLANNED, ConferenceStatus.HELD)
    if is_host and inviting:
        _forms(agenda, conference, writing, bound, bound_item)
    for place in agenda:
        for one in place.seats:
            one.bound = seat[1] if seat is not None and seat[0] == one.pk else None  # type: ignore[attr-defined]
        access.note(
            access.Action.VIEW, object_type="conference", object_id=place.item.pk, case_id=place.item.case_id, office_id=place.item.office_id,
            sections=[Section.COORDINATION],
        )  # fmt: skip
    letters = [] if is_host else list(
        Invitation.objects.addressed_to(by).filter(conference=conference, status=InvitationStatus.SENT).select_related("category")
    )  # fmt: skip
    every = [decision for place in agenda for decision in place.decisions]
    now = clock.now()
    context = {
        "earlier": earlier_times(conference) if is_host else [],
        "row": conference, "agenda": agenda, "is_host": is_host, "may_sign": may_sign(conference, by), "is_empty": not any(place.is_written for place in agenda), "writing": writing, "inviting": inviting, "letters": letters,
        "tone": TONES[ConferenceStatus(conference.status)], "figures": figures(every) if every else None, "told": told,
        "can_hold": conference.status == ConferenceStatus.PLANNED and conference.begins_at <= now + dt.timedelta(minutes=30) and bool(agenda),
        "open_left": any(decision.status == DecisionStatus.OPEN for decision in every), "words": words or WordsForm(auto_id="cancel-%s"),
        "lost": words if words is not None and conference.status != ConferenceStatus.PLANNED else None,
        "bound": bound, "before": conference.status == ConferenceStatus.PLANNED,
    }  # fmt: skip
    return render(request, "referrals/conference_room.html", context, status=status)


def _forms(agenda: list[Place], conference: Conference, writing: bool, bound: Any, bound_item: UUID | None) -> None:
    staff: list[User] = chairs(conference.office) if writing else []
    due = clocks.due("conference.action").at
    for place in agenda:
        if place.case is None:
            continue
        invitees, pk = Invitees(place.case), place.item.pk
        place.invite_form = InviteForm(
            invitees=invitees, by_consent=place.item.basis == GrantBasis.CONSENT, auto_id=f"invite-{pk}-%s"
        )
        if writing:
            place.decide_form = DecideForm(
                invitees=invitees, staff=staff, seated=place.seated, initial={"due_at": due}, auto_id=f"decide-{pk}-%s"
            )
        if pk == bound_item and isinstance(bound, InviteForm):
            place.invite_form = bound
        if pk == bound_item and isinstance(bound, DecideForm):
            place.decide_form = bound


@page(*READERS)
def room(request: Asked, conference_id: UUID) -> HttpResponse:
    """One conference."""
    return show(request, conference_of(request.identity, conference_id))


@page(*READERS)
def of_item(request: Asked, item_id: UUID) -> HttpResponse:
    """From an item to its conference (where the worklist leads)."""
    row = AgendaItem.objects.visible_to(request.identity).filter(pk=item_id).first()
    if row is None:
        raise NotFound
    return redirect("referrals:conference", row.conference_id)
