"""Unusual access: the log is read every few minutes, and whoever looked at far more than usual is told to those who answer for it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from uuid import UUID

from django.conf import settings
from django.db.models import Count, QuerySet
from django.db.models.functions import TruncHour
from django.urls import reverse

from agencies.enums import Role
from agencies.identities import in_force
from agencies.models import RoleGrant
from agencies.services.notifications import notify
from cases.enums import BurstKind
from cases.models import Burst
from core import clock, engine
from core.engine import Act
from core.identity import Identity, acting_as, worker_identity
from core.models import AccessLog

WINDOW = dt.timedelta(hours=1)
USUAL_OVER = dt.timedelta(days=28)  # [default]


def _counted(rows: QuerySet[AccessLog], kind: str) -> QuerySet[AccessLog]:
    """The log's rows of one kind; views and reveals are counted by the case, so that reading one case thoroughly is no burst."""
    found = rows.filter(action=kind, actor_id__isnull=False)
    return found if kind == BurstKind.SEARCH else found.filter(case_id__isnull=False)


def _amount(kind: str) -> Count:
    return Count("id") if kind == BurstKind.SEARCH else Count("case_id", distinct=True)


def _usual(actor_id: UUID, kind: str, before: dt.datetime) -> int:
    """The mean of those hours of the last weeks in which the person did it at all."""
    rows = _counted(AccessLog.objects.filter(actor_id=actor_id, at__gte=before - USUAL_OVER, at__lt=before), kind)
    hours = list(
        rows.annotate(hour=TruncHour("at")).values("hour").annotate(n=_amount(kind)).values_list("n", flat=True)
    )
    return round(sum(hours) / len(hours)) if hours else 0


def _office_of(actor_id: UUID, rows: QuerySet[AccessLog]) -> UUID | None:
    """Whose director is told: the centre whose cases were looked at most, else where the person holds a role."""
    seen = Counter(office for office in rows.values_list("office_id", flat=True) if office)
    if seen:
        return seen.most_common(1)[0][0]
    held = in_force(RoleGrant.objects.filter(user_id=actor_id, office__isnull=False))
    return held.order_by("office_id").values_list("office_id", flat=True).first()


def find() -> int:
    """Write the alerts of the last hour, and ring the director's bell. As the worker; each alert comes once."""
    now = clock.now()
    since, made = now - WINDOW, 0
    with acting_as(worker_identity("bursts")):
        for kind, floor in settings.BURST_FLOORS.items():
            recent = _counted(AccessLog.objects.filter(at__gte=since), kind)
            for actor_id, count in (
                recent.values("actor_id").annotate(n=_amount(kind)).filter(n__gte=floor).values_list("actor_id", "n")
            ):
                if actor_id is None or Burst.objects.filter(actor_id=actor_id, kind=kind, found_at__gt=since).exists():
                    continue  # the same burst, still within its hour
                usual = _usual(actor_id, kind, since)
                if count >= usual * settings.BURST_TIMES:
                    made += _raise(Burst(
                        actor_id=actor_id, office_id=_office_of(actor_id, recent.filter(actor_id=actor_id)), kind=kind,
                        hour=now.replace(minute=0, second=0, microsecond=0), found_at=now, count=count, usual=usual,
                    ))  # fmt: skip
    return made


def _raise(row: Burst) -> int:
    Burst.objects.bulk_create([row], ignore_conflicts=True)
    if not Burst.objects.filter(pk=row.pk).exists():
        return 0
    directors = in_force(RoleGrant.objects.filter(office=row.office, role=Role.DIRECTOR, user__is_active=True))
    auditors = in_force(RoleGrant.objects.filter(role=Role.AUDITOR, user__is_active=True))
    told = {*directors.values_list("user_id", flat=True), *auditors.values_list("user_id", flat=True)} - {row.actor_id}
    notify(told, kind="burst", url=reverse("cases:bursts"), key=f"burst:{row.pk}")
    return 1


def waiting(by: Identity) -> QuerySet[Burst]:
    """Alerts that nobody has looked into."""
    return Burst.objects.visible_to(by).filter(reviewed_at__isnull=True)


def burst_review(*, burst_id: UUID, by: Identity, key: UUID | None = None) -> Burst:
    """Somebody has looked into it: the director or the auditor, never the person himself (out of his scope)."""

    def write(act: Act[Burst]) -> Burst:
        act.object.reviewed_at = act.now
        act.object.reviewed_by_id = by.user_id
        return act.object

    return engine.change("burst.review", by=by, scope=waiting(by), pk=burst_id, write=write, key=key)
