"""More time: the unit asks with a reason, the centre that sent the letter gives it or says why not."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases.enums import Risk, Section
from cases.services import clocks, timeline, workitems
from core.engine import Act
from core.errors import DomainError, NotAllowed
from core.identity import Identity
from referrals.models import Referral, ReferralNote
from referrals.services.common import (
    RESPOND,
    TIME,
    beside,
    in_hand,
    is_addressee,
    is_sender,
    no_longer_late,
    note,
    said,
)


def referral_ask_time(
    *, referral_id: UUID, by: Identity, version: int | None, until: dt.datetime, text: str, key: UUID | None = None
) -> Referral:
    """The unit asks for a later time to answer, saying why. The old time stays owed until the manager has decided."""

    def write(act: Act[Referral]) -> Referral:
        row = act.object
        in_hand(row)
        if row.time_asked_until is not None:
            raise DomainError(
                "asked_already", _("More time has been asked for already; the centre has not decided yet.")
            )
        if until <= max(act.now, row.answer_due_at):
            raise DomainError("not_later", _("Choose a time later than the one that is set now."), field="until")
        clocks.check_to_come(until, now=act.now, field="until")
        note(act, ReferralNote.Kind.ASKED, said(text))
        row.time_asked_until = until
        workitems.open_item(
            TIME, office_id=row.office_id, source_id=row.pk, case=row.case, urgent=row.risk == Risk.HIGH
        )
        timeline.add(
            act,
            row.case,
            "referral.time_asked",
            section=Section.COORDINATION,
            object_id=row.pk,
            unit=row.unit.short_name,
        )
        return row

    return beside("ask_time", write, is_addressee, referral_id=referral_id, by=by, version=version, key=key)


def referral_grant_time(
    *, referral_id: UUID, by: Identity, version: int | None, text: str = "", key: UUID | None = None
) -> Referral:
    """The answer is owed by the time that was asked for; the unit is told. Raises DomainError beside the remark once that time has passed."""

    def write(act: Act[Referral]) -> Referral:
        row = act.object
        until = _undecided(row)
        if until <= act.now:
            raise DomainError(
                "past",
                _("The time that was asked for has passed. Refuse it with a reason; the unit may ask for a later one."),
                field="text",
            )
        note(act, ReferralNote.Kind.GRANTED, text.strip())
        row.answer_due_at, row.due_at, row.time_asked_until = until, until, None
        no_longer_late(row)
        _decided(act, "referral.time_granted")
        workitems.remind(RESPOND, source_id=row.pk, due_at=until)
        return row

    return beside("grant_time", write, _may_decide, referral_id=referral_id, by=by, version=version, key=key)


def referral_refuse_time(
    *, referral_id: UUID, by: Identity, version: int | None, text: str, key: UUID | None = None
) -> Referral:
    """The time stays as it was; the unit is told why."""

    def write(act: Act[Referral]) -> Referral:
        row = act.object
        _undecided(row)
        note(act, ReferralNote.Kind.REFUSED, said(text))
        row.time_asked_until = None
        _decided(act, "referral.time_refused")
        workitems.remind(RESPOND, source_id=row.pk)
        return row

    return beside("refuse_time", write, _may_decide, referral_id=referral_id, by=by, version=version, key=key)


def _undecided(row: Referral) -> dt.datetime:
    in_hand(row)
    if row.time_asked_until is None:
        raise DomainError("wrong_status", _("This is no longer possible: the status has changed meanwhile."))
    return row.time_asked_until


def _decided(act: Act[Referral], entry: str) -> None:
    row = act.object
    workitems.finish(TIME, source_id=row.pk)
    timeline.add(act, row.case, entry, section=Section.COORDINATION, object_id=row.pk, unit=row.unit.short_name)


def _may_decide(row: Referral, by: Identity) -> None:
    """The sending centre decides, and nobody an ask of her own (in a small county one person holds several roles)."""
    is_sender(row, by)
    asked = row.notes.filter(kind=ReferralNote.Kind.ASKED).order_by("-at").first()
    if asked is not None and asked.actor_id == by.user_id:
        raise NotAllowed("own_act", _("Nobody approves an own act: a colleague has to decide this."))
