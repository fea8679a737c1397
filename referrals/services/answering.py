"""What the addressed unit does with a letter: accepts, declines, reports, answers, gives it back."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.utils.translation import gettext_lazy as _

from agencies.enums import Role
from cases.enums import Risk
from cases.services import access, workitems
from core import outbox
from core.engine import Act
from core.errors import DomainError
from core.identity import Identity
from referrals import sharing
from referrals.enums import CLOSING_REASONS, DeclineReason
from referrals.models import Referral, ReferralNote
from referrals.services.common import (
    ACCEPT,
    DECIDE,
    NO_PAPERS,
    RESPOND,
    Papers,
    answer,
    beside,
    change,
    check_result,
    entry,
    in_hand,
    is_addressee,
    note,
    owe,
    said,
)

CENTRE_DECIDES = _(
    "What was to be shared with you is shared no longer. The centre decides first what follows; until then this letter cannot be accepted. Contact nobody."
)


def referral_accept(*, referral_id: UUID, by: Identity, version: int | None, key: UUID | None = None) -> Referral:
    """The unit takes it on: the offered sections open now, the answer is owed by the letter's time.

    Where nothing is left of what was offered because she took her consent back, the centre decides first: DomainError until then.
    """

    def write(act: Act[Referral]) -> Referral:
        row = act.object
        if sharing.of_letter(row).is_over and sharing.is_undecided(row):
            raise DomainError("consent_ended", CENTRE_DECIDES)
        # an agency's own system accepts for its unit: it is nobody who could be named
        taker = None if "program" in by.flags else by.user_id
        row.accepted_at, row.accepted_by_id, row.due_at = act.now, taker, row.answer_due_at
        workitems.finish(ACCEPT, source_id=row.pk)
        owe(row, RESPOND, urgent=row.risk == Risk.HIGH, tell=False)
        access.open_offer(source_id=row.pk)
        entry(act, "referral.accepted")
        return row

    return change("accept", write, is_addressee, referral_id=referral_id, by=by, version=version, key=key)


def referral_decline(
    *, referral_id: UUID, by: Identity, version: int | None, reason: str, text: str, key: UUID | None = None
) -> Referral:
    """The unit declines, with a reason: letter and offer are withdrawn at once, and the reason says what comes next.

    What the unit handles already, or what she does not want, closes the letter, and the manager hears of it; at high risk the manager
    decides whatever the reason. A conflict of interest is the director's, who may wall the unit; all else is the manager's to send elsewhere.
    """
    because = DeclineReason(reason)

    def closes(row: Referral) -> bool:
        return because in CLOSING_REASONS and row.risk != Risk.HIGH

    def write(act: Act[Referral]) -> Referral:
        row = act.object
        note(act, ReferralNote.Kind.DECLINE, said(text))
        row.decline_reason, row.due_at = because, None
        workitems.finish(ACCEPT, source_id=row.pk)
        if closes(row):
            row.closed_at = act.now
            manager = str(row.case.manager_id) if row.case.manager_id else None
            outbox.put("notify.access", subject=row.case_id, key=f"access:{uuid4()}", group=None, user=manager)
        else:
            owner: dict[str, Any] = {"owner_role": Role.DIRECTOR} if because == DeclineReason.CONFLICT else {}
            workitems.open_item(
                DECIDE, office_id=row.office_id, source_id=row.pk, case=row.case, urgent=row.risk == Risk.HIGH, **owner
            )
        entry(act, "referral.declined", reason=reason)
        access.withdraw(source_id=row.pk)
        return row

    return change(
        "decline", write, is_addressee, referral_id=referral_id, by=by, version=version, key=key,
        edge=lambda row: "decline_for_good" if closes(row) else "decline",
    )  # fmt: skip


def referral_progress(*, referral_id: UUID, by: Identity, text: str, key: UUID | None = None) -> Referral:
    """A note on what has been done so far."""

    def write(act: Act[Referral]) -> Referral:
        row = act.object
        in_hand(row)
        note(act, ReferralNote.Kind.PROGRESS, said(text))
        entry(act, "referral.progress")
        return row

    return beside("progress", write, is_addressee, referral_id=referral_id, by=by, key=key)


def referral_respond(
    *,
    referral_id: UUID,
    by: Identity,
    version: int | None,
    result: str,
    text: str,
    papers: Papers = NO_PAPERS,
    key: UUID | None = None,
) -> Referral:
    """The unit answers; the manager reviews the answer."""
    check_result(result)

    def write(act: Act[Referral]) -> Referral:
        return answer(act, "referral.responded", ReferralNote.Kind.ANSWER, result=result, text=text, papers=papers)

    return change("respond", write, is_addressee, referral_id=referral_id, by=by, version=version, key=key)


def referral_return(
    *, referral_id: UUID, by: Identity, version: int | None, text: str, key: UUID | None = None
) -> Referral:
    """The unit gives it back after accepting, with the reason: its access ends, the manager decides on."""

    def write(act: Act[Referral]) -> Referral:
        row = act.object
        note(act, ReferralNote.Kind.RETURN, said(text))
        row.due_at = None
        workitems.finish(RESPOND, source_id=row.pk)
        workitems.open_item(
            DECIDE, office_id=row.office_id, source_id=row.pk, case=row.case, urgent=row.risk == Risk.HIGH
        )
        entry(act, "referral.returned")
        access.withdraw(source_id=row.pk)
        return row

    return change("return", write, is_addressee, referral_id=referral_id, by=by, version=version, key=key)
