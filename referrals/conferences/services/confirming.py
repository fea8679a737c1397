"""The minutes go out, the bodies that were there confirm or object, the chair signs; then what was decided is followed through."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agencies.models import User
from cases.enums import WorkItemOutcome
from cases.models import WorkItem
from cases.services import access, bookings, clocks, numbers, workitems
from cases.services.identifying import tells_who
from core import engine
from core.engine import Act
from core.errors import DomainError, NotAllowed
from core.identity import Identity
from referrals.conferences.enums import ConferenceStatus, Confirmation, DecisionStatus, InvitationStatus
from referrals.conferences.models import AgendaItem, Conference, Decision, Invitation, MinuteText, Seat
from referrals.conferences.services.common import (
    ANSWER,
    CLOSE,
    CONFIRM,
    MINUTES,
    OBJECTION,
    SIGN,
    change,
    close_if_through,
    end,
    is_addressee,
    is_host,
    joined,
    owe,
    owe_unit,
    said,
    seen,
    tell,
)
from referrals.conferences.workflow import CONFERENCE, INVITATION


def conference_minute(*, conference_id: UUID, by: Identity, version: int | None, key: UUID | None = None) -> Conference:
    """The minutes go to the bodies that were there. Nothing in them may name her or anybody of the case."""

    def write(act: Act[Conference], items: list[AgendaItem]) -> None:
        for item in items:
            names_nobody(item)
            workitems.finish(MINUTES, source_id=item.pk)
            _unanswered_end(act, item)
            present = set(Seat._base_manager.filter(item=item, is_present=True).values_list("unit_id", flat=True))
            for row in joined(item):
                row.confirmation, row.answered_at = "", None
                if row.unit_id in present and row.unit.has_accounts:
                    row.confirmation = Confirmation.ASKED
                    owe_unit(row, CONFIRM)
                row.version += 1
                row.save()
            owe(item, SIGN, due_at=clocks.due("conference.sign").at, tell=False)
            tell(act, item, "conference.minuted")

    return change("minute", write, conference_id=conference_id, by=by, version=version, key=key)


def _unanswered_end(act: Act[Conference], item: AgendaItem) -> None:
    """Whoever has not said whether it comes cannot come any more: its letter and what it offered are withdrawn, and nobody owes an answer."""
    waiting = Invitation._base_manager.filter(item=item, status=InvitationStatus.SENT).select_related("unit")
    for row in waiting.select_for_update(of=("self",)):
        row.status = INVITATION.edge("withdraw", row.status).target
        row.version += 1
        row.save()
        workitems.finish(ANSWER, source_id=row.pk, outcome=WorkItemOutcome.CANCELLED)
        access.withdraw(source_id=row.pk)
        tell(act, item, "conference.withdrawn", unit=row.unit.short_name)
        act.more.append(("invitation.withdraw", row))


def names_nobody(item: AgendaItem) -> None:
    """Papers that leave the centre name nobody of the case (papers say 当事人). Raises DomainError with the place, not the name."""
    texts = [row.text for row in MinuteText._base_manager.filter(item=item)]
    for decision in Decision._base_manager.filter(item=item):
        texts += [decision.measure, decision.responsible]
    if tells_who(item.case_id, texts):
        raise DomainError(
            "names",
            _(
                "The minutes of item %(place)d name somebody of the case, or a number or address. Write “the client”, “the respondent” instead."
            )
            % {"place": item.place},
        )


def _objections_name_nobody(item: AgendaItem) -> None:
    """An objection is signed and printed with the minutes: whoever wrote it, it names nobody of the case.

    Asked of the centre when it signs and never of the body that objects, to which the answer would say who is in the case.
    """
    for seat in Seat._base_manager.filter(item=item):
        if seat.objection and tells_who(item.case_id, [seat.objection]):
            text = _(
                "The objection of %(body)s names somebody of the case, or a number or address, and cannot be signed so. Take the minutes back to be mended, and ask that body to object without it."
            )
            raise DomainError("objection_names", text % {"body": seat.body_name})


def _answer(
    verb: str,
    write: Callable[[Act[Invitation]], None],
    *,
    invitation_id: UUID,
    by: Identity,
    version: int | None,
    key: UUID | None,
) -> Invitation:
    def is_asked(row: Invitation, by: Identity) -> None:
        if row.status != InvitationStatus.ACCEPTED or row.confirmation != Confirmation.ASKED:
            raise DomainError("wrong_status", _("This is no longer possible: the status has changed meanwhile."))

    found = seen(Invitation.objects.visible_to(by), invitation_id)

    def run(act: Act[Invitation]) -> Invitation:
        row = act.object
        row.answered_at, row.answered_by_id = act.now, act.by.user_id
        workitems.finish(CONFIRM, source_id=row.pk)
        write(act)
        return row

    return engine.change(
        f"minutes.{verb}", by=by, scope=Invitation.objects.visible_to(by).select_related("unit"), pk=invitation_id, version=version,
        guards=[is_addressee, is_asked], also=[found.conference_id], write=run, key=key,
    )  # fmt: skip


def minutes_confirm(*, invitation_id: UUID, by: Identity, version: int | None, key: UUID | None = None) -> Invitation:
    """The body's liaison confirms the minutes of its item."""

    def write(act: Act[Invitation]) -> None:
        act.object.confirmation = Confirmation.CONFIRMED
        tell(act, act.object.item, "conference.confirmed", unit=act.object.unit.short_name)

    return _answer("confirm", write, invitation_id=invitation_id, by=by, version=version, key=key)


def minutes_object(
    *, invitation_id: UUID, by: Identity, version: int | None, text: str, key: UUID | None = None
) -> Invitation:
    """The body objects, in words: the centre mends the minutes, or signs them with the objection recorded."""

    def write(act: Act[Invitation]) -> None:
        row = act.object
        row.confirmation = Confirmation.OBJECTED
        seat = Seat._base_manager.get(item_id=row.item_id, unit=row.unit)
        seat.objection = said(text)
        seat.save(update_fields=["objection"])
        workitems.open_item(
            OBJECTION, office_id=row.office_id, source_id=row.pk, case=row.case, owner_user_id=row.conference.chair_id
        )
        tell(act, row.item, "conference.objected", unit=row.unit.short_name)

    return _answer("object", write, invitation_id=invitation_id, by=by, version=version, key=key)


def conference_reopen(*, conference_id: UUID, by: Identity, version: int | None, key: UUID | None = None) -> Conference:
    """The minutes are taken back to be mended; afterwards everybody is asked again."""

    def write(act: Act[Conference], items: list[AgendaItem]) -> None:
        for item in items:
            _asking_ends(item, WorkItemOutcome.SUPERSEDED)
            Seat._base_manager.filter(item=item).update(objection="")
            for row in joined(item):
                row.confirmation = ""
                row.version += 1
                row.save()
            owe(item, MINUTES, tell=False)

    return change("reopen", write, conference_id=conference_id, by=by, version=version, key=key)


def _asking_ends(item: AgendaItem, outcome: WorkItemOutcome) -> None:
    workitems.finish(SIGN, source_id=item.pk)
    for row in joined(item):
        workitems.finish((CONFIRM, OBJECTION), source_id=row.pk, outcome=outcome)


def may_sign(row: Conference, by: Identity) -> bool:
    """会商纪要由主持人签发. The director may sign for a chair who is not there; the paper then says so (`signer_of`)."""
    return by.user_id == row.chair_id or row.office_id in by.director_offices


def _is_chair(row: Conference, by: Identity) -> None:
    if not may_sign(row, by):
        raise NotAllowed("not_chair", _("Only the chair signs the minutes, or the centre's director for the chair."))


def signer_of(row: Conference) -> User | None:
    """Who signed the minutes: whoever the conference's own history names beside the signature."""
    signed = row.history.filter(confirmed_at__isnull=False).order_by("history_date", "history_id").first()
    return User.objects.filter(pk=signed.history_user_id).first() if signed is not None else None


def conference_sign(*, conference_id: UUID, by: Identity, version: int | None, key: UUID | None = None) -> Conference:
    """The chair signs: every item's minutes get their number. Whoever has not answered in time counts as not having answered."""

    def write(act: Act[Conference], items: list[AgendaItem]) -> None:
        conference = act.object
        asked = [row.pk for item in items for row in joined(item) if row.confirmation == Confirmation.ASKED]
        waiting = WorkItem.objects.filter(kind=CONFIRM, source_id__in=asked, done_at__isnull=True, due_at__gt=act.now)
        if waiting.exists():
            raise DomainError(
                "waiting", _("Not everybody has answered yet, and there is still time. Wait, or telephone.")
            )
        conference.confirmed_at = act.now
        conference.save()
        for item in items:
            _objections_name_nobody(item)
            item.paper_number = numbers.next_paper_number("会商纪要", conference.office)
            item.save(update_fields=["paper_number"])
            item.conference = conference
            _asking_ends(item, WorkItemOutcome.SUPERSEDED)
            tell(act, item, "conference.signed", number=item.paper_number)
            close_if_through(item)

    return change("sign", write, conference_id=conference_id, by=by, version=version, key=key, guards=[_is_chair])


def conference_close(*, conference_id: UUID, by: Identity, version: int | None, key: UUID | None = None) -> Conference:
    """Everything decided is done or dropped: what is still shared ends, the letter with the minutes stays."""

    def write(act: Act[Conference], items: list[AgendaItem]) -> None:
        if Decision._base_manager.filter(conference=act.object, status=DecisionStatus.OPEN).exists():
            raise DomainError("open_decisions", _("Not everything that was decided is done yet."))
        act.object.closed_at = act.now
        bookings.free(source_id=act.object.pk)
        for item in items:
            if item.ended_at is None:
                _end_item(act, item)
            tell(act, item, "conference.closed")

    return change("close", write, conference_id=conference_id, by=by, version=version, key=key)


def _end_item(act: Act[Any], item: AgendaItem) -> None:
    workitems.finish(CLOSE, source_id=item.pk)
    end(item, act)


def item_close(*, item_id: UUID, by: Identity, key: UUID | None = None) -> AgendaItem:
    """Everything decided on one case is done or dropped and found enough: what is shared of it ends now, whatever of other cases is still open.

    The chair's look decides and not the last report: a body that has reported must still be able to complete it. With the last item the
    conference closes too.
    """
    found: AgendaItem = seen(AgendaItem.objects.visible_to(by), item_id)

    def write(act: Act[AgendaItem]) -> AgendaItem:
        item = act.object
        # Locked, so that of two who close the last two items one closes the conference.
        conference = Conference._base_manager.select_for_update().get(pk=found.conference_id)
        if conference.status != ConferenceStatus.CONFIRMED or item.ended_at is not None:
            raise DomainError("wrong_status", _("This is no longer possible: the status has changed meanwhile."))
        if Decision._base_manager.filter(item=item, status=DecisionStatus.OPEN).exists():
            raise DomainError("open_decisions", _("Not everything that was decided is done yet."))
        _end_item(act, item)
        tell(act, item, "conference.item_closed")
        if not AgendaItem._base_manager.filter(conference=conference, ended_at__isnull=True).exists():
            conference.status = CONFERENCE.edge("close", conference.status).target
            conference.closed_at = act.now
            conference.version += 1
            conference.save()
            bookings.free(source_id=conference.pk)
            tell(act, item, "conference.closed")
            act.more.append(("conference.close", conference))
        return item

    return engine.change(
        "conference.item_close", by=by, scope=AgendaItem.objects.visible_to(by).select_related("case"), pk=item_id, guards=[is_host],
        also=[found.conference_id], write=write, key=key,
    )  # fmt: skip


__all__ = [
    "conference_close", "conference_minute", "conference_reopen", "conference_sign", "item_close", "may_sign", "minutes_confirm", "minutes_object",
    "names_nobody", "signer_of",
]  # fmt: skip
