"""What the sending centre does: takes back, enters an answer that came by telephone, is satisfied or not, stops waiting."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases.enums import Risk
from cases.models import FollowUpRule
from cases.services import access, clocks, followups, workitems
from core.engine import Act
from core.errors import DomainError
from core.identity import Identity
from referrals.enums import ReferralStatus, Result
from referrals.models import Referral, ReferralNote
from referrals.services.common import (
    ACCEPT,
    DECIDE,
    NO_PAPERS,
    RESPOND,
    REVIEW,
    Papers,
    answer,
    before_acceptance,
    change,
    check_result,
    entry,
    is_sender,
    note,
    owe,
    said,
)
from referrals.services.naming import ask_for_a_name


def referral_recall(*, referral_id: UUID, by: Identity, version: int | None, key: UUID | None = None) -> Referral:
    """The centre takes it back: letter and sections are withdrawn at once."""

    def write(act: Act[Referral]) -> Referral:
        row = act.object
        row.due_at = None
        workitems.finish((ACCEPT, RESPOND), source_id=row.pk)
        entry(act, "referral.recalled")
        access.withdraw(source_id=row.pk)
        return row

    return change("recall", write, is_sender, referral_id=referral_id, by=by, version=version, key=key)


def referral_enter(
    *,
    referral_id: UUID,
    by: Identity,
    version: int | None,
    result: str,
    text: str,
    papers: Papers = NO_PAPERS,
    key: UUID | None = None,
) -> Referral:
    """代录: the unit answered by telephone or letter and the centre writes it down. It still has to be found enough."""
    check_result(result)

    def write(act: Act[Referral]) -> Referral:
        # nobody's bell rings: it is the manager who writes it down
        words = before_acceptance(act.object, said(text))
        return answer(
            act, "referral.entered", ReferralNote.Kind.ENTERED, result=result, text=words, papers=papers, tell=False
        )

    return change("enter", write, is_sender, referral_id=referral_id, by=by, version=version, key=key)


def referral_reopen(
    *, referral_id: UUID, by: Identity, version: int | None, missing: str, key: UUID | None = None
) -> Referral:
    """The centre is not satisfied: the unit is told what is missing and owes the rest.

    Where the answer came by telephone and nobody has accepted yet, the letter waits for acceptance again.
    """

    def write(act: Act[Referral]) -> Referral:
        row = act.object
        accepted, urgent = row.accepted_at is not None, row.risk == Risk.HIGH
        note(act, ReferralNote.Kind.MISSING, before_acceptance(row, said(missing, "missing"), "missing"))
        row.result, row.responded_at = "", None
        # more time that was granted stays granted
        row.answer_due_at = row.due_at = max(row.answer_due_at, clocks.due("referral.respond").at)
        if not accepted:
            row.accept_due_at = row.due_at = clocks.due("referral.accept", urgent=urgent and row.unit.has_duty).at
        workitems.finish(REVIEW, source_id=row.pk)
        owe(row, RESPOND if accepted else ACCEPT, urgent=urgent)
        ask_for_a_name(row)
        entry(act, "referral.reopened")
        return row

    return change(
        "reopen",
        write,
        is_sender,
        referral_id=referral_id,
        by=by,
        version=version,
        key=key,
        edge=lambda row: "reopen" if row.accepted_at else "ask_again",
    )


def referral_close(*, referral_id: UUID, by: Identity, version: int | None, key: UUID | None = None) -> Referral:
    """The centre is satisfied with the answer (or takes note of a refusal): after an answer a callback is planned by rule."""

    def write(act: Act[Referral]) -> Referral:
        row = act.object
        row.closed_at = act.now
        workitems.finish((REVIEW, DECIDE), source_id=row.pk)
        if act.status_before == ReferralStatus.RESPONDED:
            followups.plan(row.case, FollowUpRule.Event.ANSWERED, act.now)
            access.end_source(source_id=row.pk)
        entry(act, "referral.closed")
        return row

    return change("close", write, is_sender, referral_id=referral_id, by=by, version=version, key=key)


def referral_give_up(
    *, referral_id: UUID, by: Identity, version: int | None, text: str, key: UUID | None = None
) -> Referral:
    """未反馈: what is owed is late and the manager stops waiting, saying what happens instead. It is counted; the unit's access ends."""

    def write(act: Act[Referral]) -> Referral:
        row = act.object
        if row.due_at is None or row.due_at > act.now:
            raise DomainError("not_late", _("The unit still has time. Recall the referral if it is no longer wanted."))
        note(act, ReferralNote.Kind.GIVEN_UP, said(text))
        row.result, row.closed_at, row.due_at = Result.NO_ANSWER, act.now, None
        workitems.finish((ACCEPT, RESPOND), source_id=row.pk)
        entry(act, "referral.given_up")
        access.withdraw(source_id=row.pk)
        return row

    return change("give_up", write, is_sender, referral_id=referral_id, by=by, version=version, key=key)
