"""What an emergency view shows to its opener, as long as it lasts."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from cases.models import AccessGrant, BreakGlass, SafeContact
from core import clock, keys
from core.identity import Identity


@dataclass(frozen=True, slots=True)
class Shown:
    """What an emergency view shows: how to reach her, how great the danger is, who is responsible; nothing else of the case."""

    risk: str
    manager: str
    centre: str
    telephone: str
    safe: SafeContact | None


def shown(row: BreakGlass, by: Identity) -> Shown | None:
    """What the opener is shown now; None when it is over, was not opened, or is somebody else's."""
    if row.opener_id != by.user_id:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM caremgmt_glass_shows(%s::uuid)", [row.pk])
        found = cursor.fetchone()
    if found is None:
        return None
    case_id, client, risk, manager, centre, telephone = found
    keys.preload([case_id])
    safe = SafeContact.objects.visible_to(by).filter(case_id=case_id, party_id=client).first()
    return Shown(risk, manager, centre, telephone, safe)


def running(by: Identity) -> QuerySet[BreakGlass]:
    """The own ones that show something now: neither over, nor ended by what has happened to the case meanwhile."""
    now = clock.now()
    grants = AccessGrant.objects.filter(
        user_id=by.person_id, source_kind="break_glass", withdrawn_at=None, valid_until__gt=now
    )
    rows = BreakGlass.objects.visible_to(by).filter(opener_id=by.user_id, ends_at__gt=now)
    return rows.filter(pk__in=grants.values("source_id"))
