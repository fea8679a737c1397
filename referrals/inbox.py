"""The lists of referrals: letters to a unit, and what a centre has sent. Each part of a list is one walk along one index."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.keyset import Slice, keyset
from core import clock
from core.identity import Identity
from referrals.absences.shown import with_absent
from referrals.enums import OWED, UNDECIDED, ReferralStatus
from referrals.models import Referral
from referrals.models.chase import with_chase

PAGE = 50
RECEIVED, SENT = "received", "sent"


@dataclass(frozen=True)
class Part:
    """One part of a list: what is in it, and by which moment it is ordered (what is owed: the latest first)."""

    code: str
    label: str | Promise
    statuses: tuple[str, ...] = ()
    late: bool = False
    owed: bool = True
    own: bool = False  # only what is in the hands of who looks

    def of(self, rows: QuerySet[Referral], by: Identity) -> QuerySet[Referral]:
        """The rows of this part."""
        if self.statuses:
            rows = rows.filter(status__in=self.statuses)
        if self.own:
            rows = rows.filter(in_hands_of(by))
        if self.owed:
            rows = rows.filter(due_at__isnull=False)
        return rows.filter(due_at__lt=clock.now()) if self.late else rows


def in_hands_of(by: Identity) -> Q:
    """Addressed to `by` by name, or accepted by `by` for the unit; a program has no hands."""
    if by.user_id is None:
        return Q(pk__in=())
    return Q(named_liaison_id=by.user_id) | Q(named_liaison__isnull=True, accepted_by_id=by.user_id)


PARTS: dict[str, list[Part]] = {
    RECEIVED: [
        Part("todo", _("To do")),
        Part("late", _("Late"), late=True),
        Part("new", _("New letters"), (ReferralStatus.SENT,)),
        Part("own", _("My letters"), OWED, own=True),
        Part("mine", _("In hand"), (ReferralStatus.ACCEPTED,)),
        Part("answered", _("Answered"), (ReferralStatus.RESPONDED,), owed=False),
        Part("all", _("All"), owed=False),
    ],
    SENT: [
        Part("todo", _("Waiting for agencies")),
        Part("late", _("Late"), late=True),
        Part("new", _("Not yet accepted"), (ReferralStatus.SENT,)),
        Part("mine", _("Being handled"), (ReferralStatus.ACCEPTED,)),
        Part("answered", _("To be decided by us"), UNDECIDED, owed=False),
        Part("all", _("All"), owed=False),
    ],
}


def boxes(by: Identity) -> list[str]:
    """The lists that `by` has: of letters received, of referrals sent."""
    received = bool(by.groups) and by.has("liaison", "aid_officer")
    return [RECEIVED] * received + [SENT] * bool(by.case_offices)


def rows_of(box: str, by: Identity) -> QuerySet[Referral]:
    """All rows of a list, driven from the unit's or the office's own index."""
    return Referral.objects.received_by(by) if box == RECEIVED else Referral.objects.sent_by(by)


def part_of(box: str, code: str) -> Part:
    """The part by its code, the first for an unknown one."""
    return next((part for part in PARTS[box] if part.code == code), PARTS[box][0])


def page_of(box: str, part: Part, by: Identity, narrowed: Q, *, after: str = "", before: str = "") -> Slice[Referral]:
    """One page, with everything that a row shows."""
    more = (
        ["unit", "named_liaison", "accepted_by", "case"]
        if box == SENT
        else ["office", "category", "named_liaison", "accepted_by"]
    )
    rows = with_absent(with_chase(part.of(rows_of(box, by), by).filter(narrowed).select_related(*more)))
    return keyset(
        rows, "due_at" if part.owed else "sent_at", descending=not part.owed, size=PAGE, after=after, before=before
    )


def counts(box: str, by: Identity) -> dict[str, int]:
    """How many are owed, late, new, in my hands, in hand and answered: what is finished is not counted, so the answer costs little."""
    answered = (ReferralStatus.RESPONDED,) if box == RECEIVED else UNDECIDED
    rows: Any = rows_of(box, by).filter(status__in=[*OWED, *answered])
    return rows.aggregate(  # type: ignore[no-any-return]
        todo=Count("pk", filter=Q(status__in=OWED)),
        new=Count("pk", filter=Q(status=ReferralStatus.SENT)),
        mine=Count("pk", filter=Q(status=ReferralStatus.ACCEPTED)),
        late=Count("pk", filter=Q(due_at__lt=clock.now())),
        own=Count("pk", filter=in_hands_of(by) & Q(status__in=OWED)),
        answered=Count("pk", filter=Q(status__in=answered)),
    )
