"""The lists of applications: the officer's, and what a centre has sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.models import PartyIdentity
from core import clock, keys
from core.identity import Identity
from core.keyset import Slice, keyset
from legalaid.enums import WAITING, AidStatus
from legalaid.models import Application

PAGE = 50
RECEIVED, SENT = "received", "sent"


@dataclass(frozen=True)
class Part:
    """One part of a list; what is owed is ordered by its due time, the latest first."""

    code: str
    label: str | Promise
    statuses: tuple[str, ...]
    owed: bool = False


PARTS = [
    Part("waiting", _("Waiting"), WAITING, owed=True),
    Part("decided", _("Decided"), (AidStatus.REFUSED, AidStatus.ASSIGNED)),
    Part("closed", _("Closed"), (AidStatus.CLOSED,)),
]


def boxes(by: Identity) -> list[str]:
    """The lists that `by` has."""
    return [RECEIVED] * (bool(by.groups) and by.has("aid_officer")) + [SENT] * bool(by.case_offices)


def rows_of(box: str, by: Identity) -> QuerySet[Application]:
    """All rows of a list."""
    return Application.objects.received_by(by) if box == RECEIVED else Application.objects.sent_by(by)


def part_of(code: str) -> Part:
    """The part by its code, the first for an unknown one."""
    return next((part for part in PARTS if part.code == code), PARTS[0])


def page_of(box: str, part: Part, by: Identity, *, after: str = "", before: str = "") -> Slice[Application]:
    """One page with everything that a row shows but the name."""
    rows = rows_of(box, by).filter(status__in=part.statuses).select_related("unit", "office")
    return keyset(
        rows, "due_at" if part.owed else "applied_at", descending=not part.owed, size=PAGE, after=after, before=before
    )


def tally(box: str, by: Identity) -> dict[str, Any]:
    """How many wait and how many of these are late."""
    rows = rows_of(box, by).filter(status__in=WAITING)
    return rows.aggregate(waiting=Count("pk"), late=Count("pk", filter=Q(due_at__lt=clock.now())))


def names(by: Identity, rows: Iterable[Application]) -> dict[UUID, str]:
    """The applicants' names by case, where they are open to `by`: one query for the names, one for the keys."""
    people = list(
        PartyIdentity.objects.visible_to(by).filter(case_id__in={row.case_id for row in rows}, party__is_primary=True)
    )
    keys.preload(person.case_id for person in people)
    return {person.case_id: person.name or str(_("Anonymous")) for person in people}
