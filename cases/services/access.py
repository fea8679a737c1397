"""Who may see what: a thin front to the database functions, which check the actor again and keep guardian's rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection

from cases.enums import Section


def _call(sql: str, parameters: list[Any]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchone()[0]


def grant(
    *,
    case_id: UUID,
    sections: Iterable[str],
    source_kind: str,
    source_id: UUID,
    basis: str,
    group_id: int | None = None,
    user_id: UUID | None = None,
    consent_id: UUID | None = None,
    until: dt.datetime | None = None,
    offer: bool = False,
) -> int:
    """Open sections of a case to a unit's group or a person, or only offer them (`open_offer` opens). Inside a verb on the case.

    Safe-contact rules travel with every grant that opens anything beyond the header or the letter.
    """
    wanted = set(sections)
    if wanted - {Section.HEADER, Section.LETTER}:
        wanted |= {Section.HEADER, Section.SAFE_CONTACT}
    return int(
        _call(
            "SELECT caremgmt_grant(%s::uuid, %s::text[], %s::integer, %s::uuid, %s, %s::uuid, %s, %s::uuid, %s, %s::timestamptz)",
            [case_id, sorted(wanted), group_id, user_id, source_kind, source_id, basis, consent_id, not offer, until],
        )
    )


def open_offer(*, source_id: UUID) -> int:
    """What a source offered opens now. Only a member of the unit that it was offered to can do this."""
    return int(_call("SELECT caremgmt_open_offer(%s::uuid)", [source_id]))


def withdraw(*, source_id: UUID, sections: Iterable[str] | None = None) -> int:
    """Take back what a source gave; what another source gave of the same section stays."""
    return int(
        _call(
            "SELECT caremgmt_withdraw(%s::uuid, %s::text[])",
            [source_id, sorted(sections) if sections is not None else None],
        )
    )


def wall(*, case_id: UUID, reason: str, group_id: int | None = None, user_id: UUID | None = None) -> UUID | None:
    """Put a person or unit behind a wall: this case does not exist for them, whatever else they hold.

    None, and no wall, where nobody at the centre would be left to handle the case.
    """
    made = _call("SELECT caremgmt_wall(%s::uuid, %s::integer, %s::uuid, %s)", [case_id, group_id, user_id, reason])
    return UUID(str(made)) if made else None


RETENTION_AFTER_CLOSING = dt.timedelta(days=30)  # [default]


def end_at_closing(*, case_id: UUID) -> None:
    """Contact, address and children's sections end with the case, the rest after its retention."""
    _call("SELECT caremgmt_end_at_closing(%s::uuid, %s::interval)", [case_id, RETENTION_AFTER_CLOSING])
