"""The last paper of the chain: the director lays the delay before the committee above the late unit, which says what it did."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agencies.enums import Role
from agencies.models import Unit
from cases.enums import Risk
from cases.services import clocks, workitems
from core.engine import Act
from core.errors import DomainError
from core.identity import Identity
from referrals.absences.people import members
from referrals.enums import ChasePaper
from referrals.models import Referral, ReferralChase
from referrals.services.chasing import issue, late_item, may_supervise
from referrals.services.committees import committee_of, is_report_owed
from referrals.services.common import COMMITTEE, OVERSEE, beside, names_nobody, said


def referral_report(
    *, referral_id: UUID, by: Identity, version: int | None, text: str, key: UUID | None = None
) -> Referral:
    """报请: the director lays the delay before the committee, which owes an answer on what it did. Once for each time that was missed."""

    def write(act: Act[Referral]) -> Referral:
        row = act.object
        item, committee = late_item(row, act.now), committee_of(row.unit)
        if committee is None:
            raise DomainError("no_committee", _("There is no committee above this unit in its region."))
        if not is_report_owed(row):
            raise DomainError("not_yet", _("The papers before this one come first."))
        words = names_nobody(row, said(text))
        paper = issue(
            act, row, item, ChasePaper.COMMITTEE, text=words, issued_by_id=by.user_id, issued_by_name=by.name[:32],
            answer_by=clocks.due("referral.oversee").at, addressee=committee, addressee_group_id=committee.group_id,
        )  # fmt: skip
        workitems.finish(COMMITTEE, source_id=row.pk)
        _owe_answer(row, paper, committee)
        return row

    return beside("report", write, may_supervise, referral_id=referral_id, by=by, version=version, key=key)


def _owe_answer(row: Referral, paper: ReferralChase, committee: Unit) -> None:
    """The committee's members write down what they did; where it works without accounts the director notes what she was told."""
    online = committee.has_accounts and members(committee).exists()
    owner: dict[str, Any] = {"owner_group_id": committee.group_id} if online else {"owner_role": Role.DIRECTOR}
    workitems.open_item(
        OVERSEE, office_id=row.office_id, source_id=paper.pk, case=row.case, due_at=paper.answer_by, urgent=row.risk == Risk.HIGH,
        **owner,
    )  # fmt: skip
