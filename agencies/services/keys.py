"""Keys of agencies' own systems: asked for by one administrator, confirmed by another, ended by either."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agencies.enums import Role
from agencies.models import AgencyKey, Unit
from core import engine
from core.crypto.keyring import key_ring
from core.engine import Act
from core.errors import DomainError, NotAllowed
from core.identity import Identity

LONGEST = dt.timedelta(days=400)  # [default] a key outlives its year by the time that renewing it takes


def _is_administrator(by: Identity) -> None:
    if not by.has(Role.SYSTEM):
        raise NotAllowed("not_administrator", _("Only system administrators keep the keys."))


def key_request(
    *, by: Identity, unit: Unit, system: str, valid_until: dt.datetime, key: UUID | None = None
) -> AgencyKey:
    """Ask for a key for a unit's system. It is worth nothing until a second administrator has confirmed it."""
    _is_administrator(by)
    if not unit.is_active:
        raise DomainError("inactive_unit", _("This unit takes no more work. Choose another."), field="unit")
    row = AgencyKey(
        unit=unit, system=system, valid_until=valid_until, ring_key=key_ring().current_id, requested_by_id=by.person_id,
        requested_by_name=by.name,
    )  # fmt: skip

    def write(act: Act[AgencyKey]) -> AgencyKey:
        if not act.now < valid_until <= act.now + LONGEST:
            raise DomainError("bad_end", _("Choose a day within the next thirteen months."), field="valid_until")
        row.requested_at = act.now
        row.save(force_insert=True)
        act.detail |= {"unit": str(unit.pk)}
        return row

    return engine.create("agency_key.request", by=by, row=row, write=write, key=key)


def key_confirm(*, key_id: UUID, by: Identity, version: int | None, key: UUID | None = None) -> AgencyKey:
    """The second person: from now on the secret works. Nobody confirms an own request; a constraint says the same."""
    _is_administrator(by)

    def write(act: Act[AgencyKey]) -> AgencyKey:
        row = act.object
        if row.confirmed_at or row.revoked_at:
            raise DomainError("wrong_status", _("This is no longer possible: the status has changed meanwhile."))
        row.confirmed_at, row.confirmed_by_id, row.confirmed_by_name = act.now, by.person_id, by.name
        return row

    return engine.change(
        "agency_key.confirm", by=by, scope=AgencyKey.objects.select_related("unit"), pk=key_id, version=version,
        guards=[_somebody_else], write=write, key=key,
    )  # fmt: skip


def _somebody_else(row: AgencyKey, by: Identity) -> None:
    if row.requested_by_id == by.user_id:
        raise NotAllowed("own_act", _("Nobody confirms an own request. Ask another system administrator."))


def key_revoke(*, key_id: UUID, by: Identity, version: int | None, key: UUID | None = None) -> AgencyKey:
    """End a key at once. One person is enough: taking away is never dangerous."""
    _is_administrator(by)

    def write(act: Act[AgencyKey]) -> AgencyKey:
        row = act.object
        if row.revoked_at:
            raise DomainError("wrong_status", _("This is no longer possible: the status has changed meanwhile."))
        row.revoked_at = act.now
        return row

    return engine.change(
        "agency_key.revoke", by=by, scope=AgencyKey.objects.select_related("unit"), pk=key_id, version=version, write=write, key=key
    )  # fmt: skip
