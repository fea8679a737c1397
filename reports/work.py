"""How a centre's work stands now: agencies' answers, what is late, who has how much. Asked of the records themselves, through their scopes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from agencies.enums import OfficeKind
from agencies.identities import in_force
from agencies.models import Office, RoleGrant
from cases import registry
from cases.enums import OPEN_STATUSES, Risk
from cases.models import Case, WorkItem
from cases.services import clocks
from core import clock
from core.identity import Identity
from referrals.courses import Course, Line, line
from referrals.models import Referral

LOOKED_BACK = dt.timedelta(days=90)


def agency_response(by: Identity, office: UUID) -> list[tuple[str, Line]]:
    """Letters of the last three months by unit, the latest first: the same figures, counted the same way, that the unit has of itself."""
    calendar, now = clocks.calendar(), clock.now()
    asked = [field.name for field in fields(Course)]
    rows = Referral.objects.visible_to(by).filter(office_id=office, sent_at__gte=now - LOOKED_BACK).order_by()
    letters: dict[str, list[Course]] = {}
    for unit, *values in rows.values_list("unit__short_name", *asked):
        letters.setdefault(unit, []).append(Course(*values))
    found = [(unit, line(sent, calendar, now)) for unit, sent in letters.items()]
    return sorted(found, key=lambda pair: (-pair[1].late, -pair[1].received, pair[0]))


@dataclass(slots=True)
class Late:
    """Open work of one kind."""

    title: Any
    open: int
    late: int


def open_work(by: Identity, office: UUID) -> list[Late]:
    """What the centre owes now, by kind, the late first."""
    items = WorkItem.objects.open().visible_to(by).filter(office_id=office).order_by()
    counted = items.values("kind").annotate(open=Count("pk"), late=Count("pk", filter=Q(due_at__lt=clock.now())))
    rows = [
        Late(kind.title if (kind := registry.work_kinds.get(row["kind"])) else row["kind"], row["open"], row["late"])
        for row in counted
    ]
    return sorted(rows, key=lambda row: (-row.late, -row.open))


@dataclass(slots=True)
class Load:
    """What one person carries."""

    name: str
    cases: int = 0
    high: int = 0
    items: int = 0
    late: int = 0
    place: str = ""  # of whom is not the centre's own: the unit, centre or region


@dataclass(slots=True)
class Workload:
    """Who has how much of a centre's work."""

    own: list[Load]
    others: list[Load]  # liaisons of agencies, and whoever else owes something to the centre's cases


def workload(by: Identity, office: Office) -> Workload:
    """Open cases and open work by person, the centre's own people apart; cases without a manager stand last of them under an empty name."""
    cases = Case.objects.visible_to(by).filter(office_id=office.pk, status__in=OPEN_STATUSES).order_by()
    loads: dict[UUID | None, Load] = {}
    for row in cases.values("manager_id", "manager__name").annotate(
        n=Count("pk"), high=Count("pk", filter=Q(risk=Risk.HIGH))
    ):
        loads[row["manager_id"]] = Load(row["manager__name"] or "", row["n"], row["high"])
    items = WorkItem.objects.open().visible_to(by).filter(office_id=office.pk, owner_user__isnull=False).order_by()
    for owed in items.values("owner_user_id", "owner_user__name").annotate(
        n=Count("pk"), late=Count("pk", filter=Q(due_at__lt=clock.now()))
    ):
        load = loads.setdefault(owed["owner_user_id"], Load(owed["owner_user__name"]))
        load.items, load.late = owed["n"], owed["late"]
    places = _places_of_others(office, [pk for pk, load in loads.items() if pk and not load.cases])
    for pk, place in places.items():
        loads[pk].place = place
    ordered = sorted(loads.values(), key=lambda load: (not load.name, -load.late, -load.cases, -load.items, load.name))
    return Workload([load for load in ordered if not load.place], [load for load in ordered if load.place])


def _places_of_others(office: Office, people: list[UUID]) -> dict[UUID, str]:
    """Of those people who hold no role at the centre or at its region's desk: where they hold one."""
    grants = in_force(RoleGrant.objects.filter(user_id__in=people)).select_related("office", "unit", "region")
    places: dict[UUID, str] = {}
    own = set()
    for grant in grants.order_by("since", "pk"):
        at = grant.office
        if at and (at.pk == office.pk or (at.kind == OfficeKind.DESK and at.region_id == office.region_id)):
            own.add(grant.user_id)
        place = grant.place
        if place:
            places.setdefault(grant.user_id, str(place))
    return {pk: place for pk, place in places.items() if pk not in own}
