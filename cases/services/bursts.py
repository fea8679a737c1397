"""Unusual access: the log is read every few minutes, and whoever looked at far more than usual is told to those who answer for it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Count, QuerySet
from django.db.models.functions import TruncHour
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.enums import Role
from agencies.identities import in_force
from agencies.models import RoleGrant
from agencies.services.notifications import notify
from cases.enums import BurstFinding, BurstKind
from cases.models import Burst
from cases.registry import SubjectRows
from cases.services import workitems
from cases.services.above import above, directors_of
from core import clock, engine, keys
from core.engine import Act
from core.errors import DomainError
from core.identity import Identity, acting_as, as_verb, worker_identity
from core.models import AccessLog

REVIEW = "burst.review"
WINDOW = dt.timedelta(hours=1)
USUAL_OVER = dt.timedelta(days=28)  # [default]


# Lists, searches' hits and exports name all their cases in one row; a case counts once however often it is listed.
_LISTED = """
    SELECT actor_id, count(DISTINCT listed) FROM core_accesslog, unnest(case_ids) AS listed
    WHERE at >= %s AND actor_id IS NOT NULL AND action IN ('view', 'search', 'export') GROUP BY actor_id HAVING count(DISTINCT listed) >= %s
"""
_LISTED_BEFORE = """
    SELECT count(DISTINCT listed) FROM core_accesslog, unnest(case_ids) AS listed
    WHERE at >= %s AND at < %s AND actor_id = %s AND action IN ('view', 'search', 'export') GROUP BY date_trunc('hour', at)
"""


def _counted(rows: QuerySet[AccessLog], kind: str) -> QuerySet[AccessLog]:
    """The log's rows of one kind; views and reveals are counted by the case, so that reading one case thoroughly is no burst."""
    if kind == BurstKind.LISTED:
        return rows.filter(case_ids__isnull=False, actor_id__isnull=False)
    found = rows.filter(action=kind, actor_id__isnull=False)
    return found if kind == BurstKind.SEARCH else found.filter(case_id__isnull=False)


def _amount(kind: str) -> Count:
    return Count("id") if kind == BurstKind.SEARCH else Count("case_id", distinct=True)


def _usual(actor_id: UUID, kind: str, before: dt.datetime) -> int:
    """The mean of those hours of the last weeks in which the person did it at all."""
    if kind == BurstKind.LISTED:
        hours = [n for (n,) in _asked(_LISTED_BEFORE, [before - USUAL_OVER, before, actor_id])]
    else:
        rows = _counted(AccessLog.objects.filter(actor_id=actor_id, at__gte=before - USUAL_OVER, at__lt=before), kind)
        found = rows.annotate(hour=TruncHour("at")).values("hour").annotate(n=_amount(kind))
        hours = list(found.values_list("n", flat=True))
    return round(sum(hours) / len(hours)) if hours else 0


def _asked(query: str, values: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def _above_floor(recent: QuerySet[AccessLog], kind: str, since: dt.datetime, floor: int) -> list[tuple[UUID, int]]:
    """Who did so much of one kind since then, and how much."""
    if kind == BurstKind.LISTED:
        return _asked(_LISTED, [since, floor])
    found = recent.values("actor_id").annotate(n=_amount(kind)).filter(n__gte=floor).values_list("actor_id", "n")
    return [(actor_id, count) for actor_id, count in found if actor_id is not None]


def _office_of(actor_id: UUID, rows: QuerySet[AccessLog]) -> UUID | None:
    """Whose director is told: the centre whose cases were looked at most, else where the person holds a role."""
    seen = Counter(office for office in rows.values_list("office_id", flat=True) if office)
    if seen:
        return seen.most_common(1)[0][0]
    held = in_force(RoleGrant.objects.filter(user_id=actor_id, office__isnull=False))
    return held.order_by("office_id").values_list("office_id", flat=True).first()


def find() -> int:
    """Write the alerts of the last hour; the director, or the level above where he is the one, owes a look. As the worker; each alert comes once."""
    now = clock.now()
    since, made = now - WINDOW, 0
    with acting_as(worker_identity("bursts")):
        for kind, floor in settings.BURST_FLOORS.items():
            recent = _counted(AccessLog.objects.filter(at__gte=since), kind)
            for actor_id, count in _above_floor(recent, kind, since, floor):
                if Burst.objects.filter(actor_id=actor_id, kind=kind, found_at__gt=since).exists():
                    continue  # the same burst, still within its hour
                usual = _usual(actor_id, kind, since)
                if count >= usual * settings.BURST_TIMES:
                    made += raise_alert(Burst(
                        actor_id=actor_id, office_id=_office_of(actor_id, recent.filter(actor_id=actor_id)), kind=kind,
                        hour=now.replace(minute=0, second=0, microsecond=0), found_at=now, count=count, usual=usual,
                    ))  # fmt: skip
    return made


def raise_alert(row: Burst) -> int:
    """Write one alert with the look that is owed for it; 0 where it stands already. As the worker."""
    directors = directors_of(row.office.pk) if row.office else set()
    if row.office and (not directors or row.actor_id in directors):
        row.reviewer_id = above(row.office, but={row.actor_id})
    Burst.objects.bulk_create([row], ignore_conflicts=True)
    if not Burst.objects.filter(pk=row.pk).exists():
        return 0
    if row.office and (row.reviewer_id or directors - {row.actor_id}):
        with as_verb([row.pk]):
            workitems.open_item(
                REVIEW, office_id=row.office.pk, source_id=row.pk, matter_id=row.pk, owner_user_id=row.reviewer_id,
                owner_role="" if row.reviewer_id else Role.DIRECTOR,
            )  # fmt: skip
    auditors = in_force(RoleGrant.objects.filter(role=Role.AUDITOR, user__is_active=True))
    told = set(auditors.values_list("user_id", flat=True)) - {row.actor_id}
    notify(told, kind="burst", url=reverse("cases:bursts"), key=f"burst:{row.pk}")
    return 1


def subjects(by: Identity, sources: Sequence[UUID]) -> Sequence[SubjectRows]:
    """For the worklist: who, and what far more than usual."""
    rows = Burst.objects.visible_to(by).filter(pk__in=sources)
    return [
        SubjectRows(rows, words=["actor__name", "kind"], say=lambda name, kind: f"{name} · {BurstKind(kind).label}")
    ]


def waiting(by: Identity) -> QuerySet[Burst]:
    """Alerts that nobody has looked into."""
    return Burst.objects.visible_to(by).filter(reviewed_at__isnull=True)


def _is_unreviewed(row: Burst, by: Identity) -> None:
    """Asked again under the lock: what one has found another does not write over."""
    if row.reviewed_at is not None:
        raise DomainError("wrong_status", _("This is no longer possible: the status has changed meanwhile."))


def burst_review(*, burst_id: UUID, by: Identity, finding: str, note: str = "", key: UUID | None = None) -> Burst:
    """Somebody has looked into it and says what it was: the director, who is named, or the auditor; never the person himself (out of scope)."""

    def write(act: Act[Burst]) -> Burst:
        row = act.object
        if note.strip():
            keys.create_data_key(row.pk)
        row.finding, row.note = BurstFinding(finding).value, note.strip()
        row.reviewed_at, row.reviewed_by_id = act.now, by.user_id
        workitems.finish(REVIEW, source_id=row.pk)
        act.detail |= {"finding": row.finding}
        return row

    return engine.change(
        "burst.review", by=by, scope=waiting(by), pk=burst_id, guards=[_is_unreviewed], write=write, key=key
    )
