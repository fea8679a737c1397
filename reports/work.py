"""How a centre's work stands now: agencies' answers, what is late, who has how much. Asked of the records themselves, through their scopes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Aggregate, Count, DurationField, F, Q

from agencies.enums import OfficeKind
from agencies.identities import in_force
from agencies.models import Office, RoleGrant
from cases import registry
from cases.enums import OPEN_STATUSES, Risk
from cases.models import Case, WorkItem
from core import clock
from core.identity import Identity
from referrals.enums import ReferralStatus
from referrals.models import Referral

LOOKED_BACK = dt.timedelta(days=90)


class Median(Aggregate):
    """The middle value; nothing when there is none."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


def agency_response(by: Identity, office: UUID) -> list[dict[str, Any]]:
    """Referrals of the last three months by unit: sent, accepted, declined, answered, late, and the median time to each answer."""
    now = clock.now()
    rows = Referral.objects.visible_to(by).filter(office_id=office, sent_at__gte=now - LOOKED_BACK).order_by()
    waiting = Q(status=ReferralStatus.SENT, accept_due_at__lt=now) | Q(
        status=ReferralStatus.ACCEPTED, answer_due_at__lt=now
    )
    found = rows.values("unit__short_name").annotate(
        sent=Count("pk"), accepted=Count("pk", filter=Q(accepted_at__isnull=False)), declined=Count("pk", filter=~Q(decline_reason="")),
        answered=Count("pk", filter=Q(responded_at__isnull=False)), late=Count("pk", filter=waiting),
        to_accept=Median(F("accepted_at") - F("sent_at"), filter=Q(accepted_at__isnull=False)),
        to_answer=Median(F("responded_at") - F("sent_at"), filter=Q(responded_at__isnull=False)),
    )  # fmt: skip
    return list(found.order_by("-late", "-sent", "unit__short_name"))  # type: ignore[arg-type]


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
