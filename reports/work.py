"""How a centre's work stands now: agencies' answers, what is late, who has how much. Asked of the records themselves, through their scopes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Aggregate, Count, DurationField, F, Q

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


def workload(by: Identity, office: UUID) -> list[Load]:
    """Open cases and open work by person; cases without a manager stand last under an empty name."""
    cases = Case.objects.visible_to(by).filter(office_id=office, status__in=OPEN_STATUSES).order_by()
    loads: dict[UUID | None, Load] = {}
    for row in cases.values("manager_id", "manager__name").annotate(
        n=Count("pk"), high=Count("pk", filter=Q(risk=Risk.HIGH))
    ):
        loads[row["manager_id"]] = Load(row["manager__name"] or "", row["n"], row["high"])
    items = WorkItem.objects.open().visible_to(by).filter(office_id=office, owner_user__isnull=False).order_by()
    for owed in items.values("owner_user_id", "owner_user__name").annotate(
        n=Count("pk"), late=Count("pk", filter=Q(due_at__lt=clock.now()))
    ):
        load = loads.setdefault(owed["owner_user_id"], Load(owed["owner_user__name"]))
        load.items, load.late = owed["n"], owed["late"]
    return sorted(loads.values(), key=lambda load: (not load.name, -load.late, -load.cases))
