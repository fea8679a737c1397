"""What a letter still offers or has opened: her consent may have ended since it was sent, or the centre may have ended the access."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cases.enums import AccessEnd, GrantBasis, Section
from cases.models import AccessGrant, WorkItem
from cases.services import consents
from core import clock
from referrals.enums import ReferralStatus
from referrals.models import Referral

# As long as the unit works with it; after that everything ends with the letter, which is no news.
AT_WORK = (ReferralStatus.SENT, ReferralStatus.ACCEPTED, ReferralStatus.RESPONDED)
_OF_THE_LETTER = (Section.HEADER, Section.LETTER)


@dataclass(frozen=True, slots=True)
class Sharing:
    """The sections of a letter that stand, with their basis, and those whose sharing is over, with the reason."""

    stands: Sequence[tuple[Section, GrantBasis]]
    ended: Sequence[Section]
    reasons: Sequence[AccessEnd]

    @property
    def is_over(self) -> bool:
        """Nothing is left of what the letter offered."""
        return bool(self.ended) and not self.stands

    @property
    def waits(self) -> bool:
        """She took her consent back and nothing is left: the centre decides first whether the letter can be accepted."""
        return self.is_over and AccessEnd.CONSENT in self.reasons


def of_letter(row: Referral) -> Sharing:
    """What stands and what is over, as far as the reader sees grants: a unit its own, the centre all. One query."""
    if row.status not in AT_WORK:
        return Sharing(row.shared, (), ())
    now = clock.now()
    grants = [one for one in AccessGrant.objects.filter(source_id=row.pk) if one.section not in _OF_THE_LETTER]
    live = {one.section for one in grants if _holds(one, now)}
    over = [(section, basis) for section, basis in row.shared if section not in live]
    gone = {section for section, _basis in over}
    why = {one.end_reason or AccessEnd.EXPIRED.value for one in grants if one.section in gone and (one.end_reason or one.withdrawn_at is None)}  # fmt: skip
    return Sharing(
        [(section, basis) for section, basis in row.shared if section in live],
        [section for section, _basis in over],
        [reason for reason in AccessEnd if reason.value in why],
    )


def _holds(grant: AccessGrant, now: Any) -> bool:
    return grant.withdrawn_at is None and (grant.valid_until is None or grant.valid_until > now)


def is_undecided(row: Referral) -> bool:
    """Whether the centre still owes what follows from a consent that this letter rested on. Inside a verb on the case."""
    given = AccessGrant.objects.filter(source_id=row.pk, consent__isnull=False).values("consent_id")
    owed = WorkItem.objects.filter(kind=consents.DECIDE, case_id=row.case_id, source_id__in=given)
    return owed.filter(done_at__isnull=True).exists()
