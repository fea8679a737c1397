"""Who stands in for whom until when, as the letter's page, the lists and the home page say it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.registry import TodayRow
from core import clock
from core.identity import Identity
from core.ui import times
from referrals.absences.models import Absence, StandIn
from referrals.absences.people import headed

SOON = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a letter's page says: who holds it in whose stead, or that whoever has it is away; and how it went before."""

    now: StandIn | None
    away: Absence | None  # whoever holds it (or has taken it for the unit) is away herself
    before: Sequence[StandIn]

    def __bool__(self) -> bool:
        return bool(self.now or self.away or self.before)


def of_letter(row: Any, by: Identity) -> Standing:
    """Two queries, whatever the letter's history."""
    moved = StandIn.objects.visible_to(by).filter(source_id=row.pk).select_related("absence", "absent", "holder")
    kept = list(moved.order_by("-since"))
    open_ = next((each for each in kept if each.until is None and each.holder_id == row.named_liaison_id), None)
    holder = row.named_liaison_id or getattr(row, "accepted_by_id", None)
    away = None
    if holder is not None and row.due_at is not None:
        here = Absence.objects.visible_to(by).in_force().filter(group_id=row.group_id, person_id=holder)
        away = here.select_related("person", "substitute").first()
    return Standing(open_, away, [each for each in kept if each is not open_])


def with_absent(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The letters with the name of the one who is away and in whose stead they are held (`stands_for`, `stands_until`)."""
    moved = StandIn.objects.filter(source_id=OuterRef("pk"), until__isnull=True, holder_id=OuterRef("named_liaison_id"))
    found: QuerySet[Any] = rows.annotate(
        stands_for=Subquery(moved.values("absent__name")[:1]),
        stands_until=Subquery(moved.values("absence__last_day")[:1]),
    )
    return found


def of_units(by: Identity) -> list[Absence]:
    """Who is away today from the own units."""
    rows = Absence.objects.visible_to(by).in_force().filter(group_id__in=by.groups)
    return list(rows.select_related("person", "substitute", "unit").order_by("last_day", "pk"))


def coming(by: Identity) -> Sequence[TodayRow]:
    """For the home page: the own absence, whom one stands in for, and of the unit all for its designated member; now and within a week."""
    mine = Q(person_id=by.user_id) | Q(substitute_id=by.user_id) | Q(unit_id__in=headed(by))
    today = clock.today()
    rows = Absence.objects.visible_to(by).within(today, today + SOON).filter(mine, group_id__in=by.groups)
    url = reverse("referrals:absences")
    return [
        TodayRow(said(row, by), url)
        for row in rows.select_related("person", "substitute").order_by("first_day", "pk")[:20]
    ]


def said(row: Absence, by: Identity) -> str:
    """One absence as a sentence to its reader."""
    words = {
        "name": row.person.name, "substitute": row.substitute.name, "first": times.exact(row.first_day), "last": times.exact(row.last_day),
    }  # fmt: skip
    if row.person_id == by.user_id:
        return _("You are away from %(first)s to %(last)s; %(substitute)s stands in.") % words
    if row.substitute_id == by.user_id:
        return _("You stand in for %(name)s from %(first)s to %(last)s.") % words
    return _("%(name)s is away from %(first)s to %(last)s; %(substitute)s stands in.") % words
