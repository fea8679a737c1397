"""The minutes while people talk: attendance, facts, each body's opinion. Every text has a version of its own."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases.services.identifying import tells_who
from core import engine
from core.engine import Act
from core.errors import DomainError, NotAllowed
from core.identity import Identity
from referrals.conferences.enums import ConferenceStatus, InvitationStatus
from referrals.conferences.models import Conference, Invitation, MinuteText, Seat
from referrals.conferences.services.common import is_host, seen

NAMES = _(
    "This names somebody of the case, or a number or address, and the bodies would read it at once. Write “the client”, “the respondent” instead."
)


def _is_held(conference_id: UUID) -> None:
    if Conference._base_manager.get(pk=conference_id).status != ConferenceStatus.HELD:
        raise DomainError(
            "not_held", _("The minutes are written while the conference is held, and not after they went out.")
        )


def may_write(row: MinuteText, by: Identity) -> None:
    """The centre writes everything, a body its own opinion."""
    if row.office_id in by.case_offices:
        return
    unit_id = row.seat.unit_id if row.seat else None
    mine = Invitation.objects.addressed_to(by).filter(item_id=row.item_id, status=InvitationStatus.ACCEPTED)
    if unit_id is None or not mine.filter(unit_id=unit_id).exists():
        raise NotAllowed("not_yours", _("You may write the opinion of your own unit only."))


def minute_write(*, text_id: UUID, by: Identity, version: int | None, text: str) -> MinuteText:
    """Write one text; the one who comes second is told (StaleVersion) and merges. Writing the same again changes nothing."""
    found: MinuteText = seen(MinuteText.objects.visible_to(by).select_related("item", "seat"), text_id)
    may_write(found, by)
    if found.text == text:
        return found

    def write(act: Act[MinuteText]) -> MinuteText:
        row = act.object
        _is_held(found.item.conference_id)
        # What the centre writes stands on the bodies' pages at once. A body's own text is looked over before it goes out: asked at each
        # key, the answer would tell it who she is.
        if row.office_id in by.case_offices and tells_who(row.item.case_id, [text]):
            raise DomainError("names", NAMES)
        row.text, row.written_at, row.written_by = text, act.now, act.by.name
        return row

    return engine.change(
        "minutes.write", by=by, scope=MinuteText.objects.visible_to(by), pk=text_id, version=version,
        also=[found.item.conference_id], write=write,
    )  # fmt: skip


def seat_mark(*, seat_id: UUID, by: Identity, is_present: bool, attendee: str, key: UUID | None = None) -> Seat:
    """Who of a body came. A recused one is never present."""
    found: Seat = seen(Seat.objects.visible_to(by).select_related("item"), seat_id)

    def write(act: Act[Seat]) -> Seat:
        row = act.object
        _is_held(found.item.conference_id)
        if row.is_recused and is_present:
            raise DomainError("recused", _("This body is recused from this item."))
        row.is_present, row.attendee = is_present, attendee.strip()
        return row

    return engine.change(
        "minutes.seat", by=by, scope=Seat.objects.visible_to(by), pk=seat_id, guards=[is_host], also=[found.item.conference_id], write=write,
        key=key,
    )  # fmt: skip
