"""The bed board: beds by days, in a number of queries that does not grow with houses or stays."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from core import clock
from core.identity import Identity
from shelter.enums import CURRENT, StayStatus
from shelter.models import Bed, House, Stay

DAYS = 10
FREE, HELD, OCCUPIED = "free", "held", "occupied"
WORDS = {FREE: _("Free"), HELD: _("Held"), OCCUPIED: _("Occupied")}
TONES = {FREE: "ok", HELD: "warn", OCCUPIED: "info"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One bed on one day."""

    state: str
    url: str = ""

    @property
    def word(self) -> Any:
        """The state in words."""
        return WORDS[self.state]

    @property
    def tone(self) -> str:
        """The state's colour."""
        return TONES[self.state]


@dataclass(slots=True)
class Row:
    """One bed with its days."""

    bed: Bed
    cells: list[Cell]
    stay: Stay | None = None


@dataclass(slots=True)
class HouseBoard:
    """One house with its beds."""

    house: House
    rows: list[Row] = field(default_factory=list)

    @property
    def free_today(self) -> int:
        """How many beds nobody has today."""
        return sum(row.cells[0].state == FREE for row in self.rows)


@dataclass(frozen=True, slots=True)
class Board:
    """All houses of the own centres."""

    days: list[dt.date]
    houses: list[HouseBoard]

    @property
    def free_today(self) -> int:
        return sum(house.free_today for house in self.houses)


def _occupancy(begins: dt.datetime, ends: dt.datetime) -> dict[UUID, list[tuple[str, dt.datetime, dt.datetime]]]:
    found: dict[UUID, list[tuple[str, dt.datetime, dt.datetime]]] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT bed_id, status, since, until FROM caremgmt_bed_occupancy(%s, %s)", [begins, ends])
        for bed_id, status, since, until in cursor.fetchall():
            found.setdefault(bed_id, []).append((status, since, until))
    return found


def _state(periods: list[tuple[str, dt.datetime, dt.datetime]], begins: dt.datetime, ends: dt.datetime) -> str:
    states = {status for status, since, until in periods if since < ends and until > begins}
    if StayStatus.CHECKED_IN in states:
        return OCCUPIED
    return HELD if states else FREE


def board(by: Identity) -> Board:
    """Rooms and beds by the next days. Whose they are is not in it; `stays_of` says it to those who may know."""
    now = clock.now()
    first = clock.local(now).date()
    days = [first + dt.timedelta(days=n) for n in range(DAYS)]
    edges = [
        dt.datetime.combine(day, dt.time(), tzinfo=clock.SHANGHAI) for day in [*days, days[-1] + dt.timedelta(days=1)]
    ]
    edges[0] = now  # what was over this morning is free today
    taken = _occupancy(now, edges[-1])
    houses = {
        house.pk: HouseBoard(house)
        for house in House.objects.visible_to(by).filter(is_active=True).select_related("office")
    }
    for bed in Bed.objects.visible_to(by).filter(is_active=True, house_id__in=list(houses)).order_by("kind", "label"):
        periods = taken.get(bed.pk, [])
        houses[bed.house_id].rows.append(Row(bed, [Cell(_state(periods, edges[n], edges[n + 1])) for n in range(DAYS)]))
    return Board(days, list(houses.values()))


def stays_of(by: Identity) -> list[Stay]:
    """The stays that are expected or in the house, those of `by` alone."""
    rows = (
        Stay.objects.visible_to(by)
        .filter(status__in=CURRENT)
        .select_related("house", "bed")
        .order_by("status", "until")
    )
    return list(rows[:200])
