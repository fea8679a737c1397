"""Bodies are invited to one agenda item by a letter; accepting it opens what is shared of that item's case, and of no other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from agencies.models import Unit, User
from cases.enums import GrantBasis, Risk, Section, WorkItemOutcome
from cases.models import Case
from cases.services import access, clocks, consents, workitems
from cases.services.consents import Given
from core import engine
from core.engine import Act
from core.errors import DomainError
from core.identity import Identity
from referrals.conferences.enums import ConferenceStatus, InvitationStatus, Regret
from referrals.conferences.models import AgendaItem, Conference, Invitation, MinuteText, Seat
from referrals.conferences.services.common import (
    ANSWER,
    CONFIRM,
    MOVED,
    OBJECTION,
    is_addressee,
    is_host,
    seen,
    tell,
)
from referrals.conferences.workflow import INVITATION
from referrals.enums import UNNAMED_AT_CONFERENCE
from referrals.services.letters import (
    FOR_INVESTIGATORS,
    INVESTIGATORS,
    NAMED_LIAISON_NEEDED,
    liaisons,
    needs_named_liaison,
)

RECUSED = _("This body is recused from this item.")


@dataclass(frozen=True)
class Invitee:
    """A unit, and the member of it that is named."""

    unit: Unit
    liaison: User | None = None
    kin_checked: bool = False  # what was said of his or his kin's work sounded like this unit, and the sender has asked


def note_checked(act: Act[Any], invitee: Invitee) -> None:
    """Write into the audit that it was asked about a unit that sounds like his or his kin's work."""
    if invitee.kin_checked:
        act.detail.setdefault("kin_checked", []).append(str(invitee.unit.pk))


def invite(act: Act[Any], item: AgendaItem, conference: Conference, invitee: Invitee, consent: Given) -> Invitation:
    """Write one letter, inside a verb on the item's case; where its basis is consent, this body's is written down with it.

    Raises DomainError beside `units` or a field of the consent.
    """
    case, unit, liaison = item.case, invitee.unit, invitee.liaison
    _may_be_asked(item, invitee)
    note_checked(act, invitee)
    sections = [
        code for code in item.sections if unit.kind in INVESTIGATORS or code not in FOR_INVESTIGATORS
    ]  # reporter and evidence go to these only
    row = Invitation.objects.create(
        case=case, office_id=case.office_id, conference=conference, item=item, unit=unit, group_id=unit.group_id, named_liaison=liaison,
        category_id=case.category_id, risk=case.risk, concerns_minor=case.concerns_minor, sections=sections, basis=item.basis, sent_at=act.now,
    )  # fmt: skip
    common: dict[str, Any] = {
        "case_id": case.pk, "source_kind": "conference", "source_id": row.pk, "basis": item.basis, "group_id": unit.group_id,
        "user_id": liaison.pk if liaison else None,
    }  # fmt: skip
    access.grant(sections=[Section.LETTER], **common)
    offered: dict[str, Any] = {}
    if item.basis == GrantBasis.CONSENT:
        given = consents.consent_give(case, consent, unit=unit, sections=sections, now=act.now)
        offered = {"consent_id": given.pk, "until": given.valid_until}
    access.grant(sections=[Section.SAFE_CONTACT, *sections], offer=True, **common, **offered)
    owner: dict[str, Any] = {}
    if unit.has_accounts:
        owner = {"owner_user_id": liaison.pk} if liaison else {"owner_group_id": unit.group_id}
    workitems.open_item(
        ANSWER,
        office_id=case.office_id,
        source_id=row.pk,
        case=case,
        due_at=answer_by(conference, act.now),
        urgent=case.risk == Risk.HIGH,
        **owner,
    )
    return row


def answer_by(conference: Conference, now: dt.datetime) -> dt.datetime:
    """By when a body says whether it comes: within its term, and before the conference begins."""
    return min(clocks.due("conference.answer").at, max(conference.begins_at, now + dt.timedelta(minutes=30)))


def _may_be_asked(item: AgendaItem, invitee: Invitee) -> None:
    unit, liaison = invitee.unit, invitee.liaison
    if not unit.is_active:
        raise DomainError("inactive_unit", _("This unit takes no more work. Choose another."), field="units")
    if liaison is None and unit.has_accounts and needs_named_liaison(item.case):
        raise DomainError("named_liaison", NAMED_LIAISON_NEEDED, field="units")
    if liaison and not liaisons(unit).filter(pk=liaison.pk).exists():
        raise DomainError("named_liaison", _("This person is not a liaison of that unit."), field="units")
    not_walled_off(item.case_id, invitee, field="units")
    letters = set(Invitation._base_manager.filter(item=item, unit=unit).values_list("status", flat=True))
    if letters & {InvitationStatus.SENT, InvitationStatus.ACCEPTED}:
        text = _("%(unit)s has been invited already.")
        raise DomainError("invited_already", text % {"unit": unit.short_name}, field="units")
    if InvitationStatus.RECUSED in letters:
        raise DomainError("recused", RECUSED, field="units")


def not_walled_off(case_id: UUID, invitee: Invitee, *, field: str) -> None:
    """Nothing of a case goes to a unit or person that must not know of it (回避). Inside a verb on the case. Raises DomainError beside the field."""
    unit, liaison = invitee.unit, invitee.liaison
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT caremgmt_stands_behind_wall(%(case)s, %(group)s, NULL) OR caremgmt_stands_behind_wall(%(case)s, NULL, %(user)s)",
            {"case": case_id, "group": unit.group_id, "user": liaison.pk if liaison else None},
        )
        if cursor.fetchone()[0]:
            text = _("%(unit)s must not be asked in this matter because of a conflict of interest.")
            raise DomainError("walled", text % {"unit": unit.short_name}, field=field)


def invitation_send(
    *, item_id: UUID, by: Identity, invitee: Invitee, consent: Given | None = None, key: UUID | None = None
) -> Invitation:
    """Invite one more body to an item, until the minutes are out."""
    found = seen(AgendaItem.objects.visible_to(by), item_id)

    def write(act: Act[AgendaItem]) -> Invitation:
        conference = Conference._base_manager.get(pk=found.conference_id)
        _still_open(conference)
        row = invite(act, act.object, conference, invitee, consent or Given())
        tell(act, act.object, "conference.invited", unit=invitee.unit.short_name)
        return row

    return engine.change(
        "conference.invite", by=by, scope=AgendaItem.objects.visible_to(by).select_related("case__category"), pk=item_id,
        guards=[is_host], also=[found.conference_id], write=write, key=key,
    )  # fmt: skip


def _still_open(conference: Conference) -> None:
    if conference.status not in (ConferenceStatus.PLANNED, ConferenceStatus.HELD):
        raise DomainError("wrong_status", _("This is no longer possible: the status has changed meanwhile."))


def _change(
    verb: str,
    write: Callable[[Act[Invitation]], None],
    guard: engine.Guard,
    *,
    invitation_id: UUID,
    by: Identity,
    version: int | None,
    key: UUID | None,
) -> Invitation:
    found = seen(Invitation.objects.visible_to(by), invitation_id)

    def run(act: Act[Invitation]) -> Invitation:
        _still_open(act.object.conference)
        write(act)
        return act.object

    return engine.change(
        f"invitation.{verb}", by=by, scope=Invitation.objects.visible_to(by).select_related("unit"), pk=invitation_id, version=version,
        workflow=INVITATION, guards=[guard], also=[found.conference_id], write=run, key=key,
    )  # fmt: skip


def _take_a_seat(act: Act[Invitation]) -> None:
    row = act.object
    row.pledged_at, row.pledged_by_id, row.agreed_sequence = act.now, act.by.user_id, row.conference.sequence
    workitems.finish(ANSWER, source_id=row.pk)
    # a body that had accepted and declined before finds its chair, and what it said, where it left them
    item: dict[str, Any] = {"case_id": row.case_id, "office_id": row.office_id, "item_id": row.item_id}
    seat, is_new = Seat._base_manager.get_or_create(
        item_id=row.item_id, unit=row.unit, defaults=item | {"body_name": row.unit.name}
    )
    if is_new:
        MinuteText.objects.create(seat=seat, **item)
    tell(act, row.item, "conference.accepted", unit=row.unit.short_name)


def invitation_accept(
    *, invitation_id: UUID, by: Identity, version: int | None, pledge: bool, key: UUID | None = None
) -> Invitation:
    """The body comes and pledges secrecy: what is shared of this item's case opens now."""

    def write(act: Act[Invitation]) -> None:
        if not pledge:
            raise DomainError("pledge", _("Whoever takes part pledges secrecy first."), field="pledge")
        _take_a_seat(act)
        access.open_offer(source_id=act.object.pk)

    return _change("accept", write, is_addressee, invitation_id=invitation_id, by=by, version=version, key=key)


def invitation_enter(*, invitation_id: UUID, by: Identity, version: int | None, key: UUID | None = None) -> Invitation:
    """代录: a body without accounts said by telephone that it comes; the secrecy pledge is signed at the door."""

    def write(act: Act[Invitation]) -> None:
        if act.object.unit.has_accounts:
            raise DomainError("has_accounts", _("This unit answers by itself."))
        _take_a_seat(act)

    return _change("enter", write, is_host, invitation_id=invitation_id, by=by, version=version, key=key)


def invitation_keep(*, invitation_id: UUID, by: Identity, version: int | None, key: UUID | None = None) -> Invitation:
    """The conference was moved and the body comes all the same; for a body without accounts the centre enters what it was told."""

    def may_say(row: Invitation, by: Identity) -> None:
        (is_addressee if row.unit.has_accounts else is_host)(row, by)

    def write(act: Act[Invitation]) -> None:
        row = act.object
        row.agreed_sequence = row.conference.sequence
        workitems.finish(MOVED, source_id=row.pk)
        tell(act, row.item, "conference.kept", unit=row.unit.short_name)

    return _change("keep", write, may_say, invitation_id=invitation_id, by=by, version=version, key=key)


def hear_minor(act: Act[Any], case: Case) -> None:
    """The case has turned out to be a minor's: its invitations say so; one that lies with a whole unit is withdrawn, and a liaison invited."""
    rows = Invitation.objects.filter(case=case, concerns_minor=False).select_related("unit", "item")
    for row in rows:
        row.concerns_minor = True
        row.version += 1
        row.save()
        waits = row.status in (InvitationStatus.SENT, InvitationStatus.ACCEPTED) and row.item.ended_at is None
        if waits and row.named_liaison_id is None and row.unit.has_accounts:
            urgent = case.risk == Risk.HIGH
            workitems.open_item(
                UNNAMED_AT_CONFERENCE, office_id=row.office_id, source_id=row.pk, case=case, urgent=urgent
            )


def _leave(act: Act[Invitation], kind: str) -> None:
    """The letter and everything that it opened end at once; what the body said stays in the minutes, its chair is empty."""
    row = act.object
    workitems.finish(
        (ANSWER, MOVED, CONFIRM, OBJECTION, UNNAMED_AT_CONFERENCE), source_id=row.pk, outcome=WorkItemOutcome.CANCELLED
    )
    seat = Seat.objects.filter(item_id=row.item_id, unit=row.unit).first()
    if seat is not None:
        seat.is_present, seat.is_recused = False, kind == "conference.recused"
        seat.save()
    tell(act, row.item, kind, unit=row.unit.short_name)
    access.withdraw(source_id=row.pk)


def invitation_decline(
    *, invitation_id: UUID, by: Identity, version: int | None, regret: str, key: UUID | None = None
) -> Invitation:
    """The body does not come: the letter and what it opened are withdrawn at once."""
    Regret(regret)

    def write(act: Act[Invitation]) -> None:
        act.object.regret = regret
        _leave(act, "conference.declined")

    return _change("decline", write, is_addressee, invitation_id=invitation_id, by=by, version=version, key=key)


def is_host_or_addressee(row: Invitation, by: Identity) -> None:
    """Either side may say that somebody must not sit at this item."""
    if row.office_id not in by.case_offices:
        is_addressee(row, by)


def invitation_recuse(*, invitation_id: UUID, by: Identity, version: int | None, key: UUID | None = None) -> Invitation:
    """回避: the body must not sit at this item. It may still sit at others."""
    return _change(
        "recuse",
        lambda act: _leave(act, "conference.recused"),
        is_host_or_addressee,
        invitation_id=invitation_id,
        by=by,
        version=version,
        key=key,
    )


def invitation_withdraw(
    *, invitation_id: UUID, by: Identity, version: int | None, key: UUID | None = None
) -> Invitation:
    """The centre takes its invitation back."""
    return _change(
        "withdraw",
        lambda act: _leave(act, "conference.withdrawn"),
        is_host,
        invitation_id=invitation_id,
        by=by,
        version=version,
        key=key,
    )


__all__ = [
    "RECUSED", "Invitee", "answer_by", "hear_minor", "invitation_accept", "invitation_decline", "invitation_enter", "invitation_keep", "invitation_recuse",
    "invitation_send", "invitation_withdraw", "invite", "not_walled_off",
]  # fmt: skip
