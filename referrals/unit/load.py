"""Who of a unit has how much in hand: numbers for everybody of it, letters as far as the one who asks may read them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from agencies.models import Unit, User
from core.identity import Identity
from referrals.absences.models import Absence
from referrals.absences.people import members
from referrals.models import Referral


@dataclass(frozen=True, slots=True)
class Load:
    """What one person owes; without a person, what nobody has taken."""

    owed: int = 0
    fresh: int = 0  # not accepted yet
    late: int = 0
    soonest: dt.datetime | None = None

    def __add__(self, other: Load) -> Load:
        due = [each for each in (self.soonest, other.soonest) if each is not None]
        return Load(self.owed + other.owed, self.fresh + other.fresh, self.late + other.late, min(due, default=None))


NONE = Load()


@dataclass(frozen=True, slots=True)
class Colleague:
    """One person of the unit with her load, and her absence of today."""

    user: User
    load: Load
    absence: Absence | None


@dataclass(frozen=True, slots=True)
class Overview:
    """The unit at one look."""

    colleagues: list[Colleague]
    untaken: Load  # the unit's, and nobody has taken it (or who had has left)
    gone: Load  # addressed by name to somebody who has left the unit: nobody here can read it


def _counted(unit: Unit) -> list[tuple[UUID | None, bool, Load]]:
    """(holder, whether it was addressed to her by name, load): one query over the unit's own index."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT holder, named, owed, fresh, late, soonest FROM caremgmt_unit_load(%s::integer)", [unit.group_id]
        )
        return [(holder, named, Load(*numbers)) for holder, named, *numbers in cursor.fetchall()]


def loads(unit: Unit) -> dict[UUID, Load]:
    """The load of each holder, the unit's letters and those by name together."""
    found: dict[UUID, Load] = {}
    for holder, _named, load in _counted(unit):
        if holder is not None:
            found[holder] = found.get(holder, NONE) + load
    return found


def overview(unit: Unit, by: Identity) -> Overview:
    """Three queries, however many letters and people there are; who has most that is late comes first."""
    there = {user.pk: user for user in members(unit)}
    here = Absence.objects.visible_to(by).in_force().filter(unit=unit).select_related("substitute")
    away = {row.person_id: row for row in here}
    mine, untaken, gone = dict.fromkeys(there, NONE), NONE, NONE
    for holder, named, load in _counted(unit):
        if holder in there:
            mine[holder] += load
        elif named:
            gone += load
        else:
            untaken += load
    rows = [Colleague(user, mine[pk], away.get(pk)) for pk, user in there.items()]
    rows.sort(key=lambda row: (-row.load.late, -row.load.owed, row.user.name))
    return Overview(rows, untaken, gone)


def not_taken(unit: Unit, by: Identity) -> QuerySet[Referral]:
    """Letters to the whole unit that nobody who is still there has taken."""
    known = members(unit).values("pk")
    rows = Referral.objects.received_by(by).filter(group_id=unit.group_id, due_at__isnull=False)
    return rows.filter(named_liaison__isnull=True).filter(Q(accepted_by__isnull=True) | ~Q(accepted_by__in=known))


def in_hand_of(unit: Unit, by: Identity, user_id: UUID) -> QuerySet[Referral]:
    """What one colleague has in hand, of it what `by` may read: the unit's letters that she took, and of named ones the own."""
    rows = Referral.objects.received_by(by).filter(group_id=unit.group_id, due_at__isnull=False)
    return rows.filter(Q(named_liaison_id=user_id) | Q(named_liaison__isnull=True, accepted_by_id=user_id))
