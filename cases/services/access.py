"""Who may see what: a thin front to the database functions, which check the actor again and keep guardian's rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from cases.enums import Section
from cases.models import AccessGrant


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

    With both, to the person as a member of that unit: it ends with the membership.

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


def pass_on(*, source_id: UUID, group_id: int, user_id: UUID | None) -> bool:
    """A letter and what was offered or opened with it go to another holder of the same agency. False where that one cannot take it."""
    return bool(_call("SELECT caremgmt_pass_on(%s::uuid, %s::integer, %s::uuid)", [source_id, group_id, user_id]))


def may_hold(*, case_id: UUID, group_id: int, user_id: UUID) -> bool:
    """Whether this person could hold what is addressed to one of the unit in this case. Inside a verb of the case's centre or of the clock."""
    return bool(_call("SELECT caremgmt_may_hold(%s::uuid, %s::integer, %s::uuid)", [case_id, group_id, user_id]))


def stand_in(*, source_id: UUID, group_id: int, from_user_id: UUID, to_user_id: UUID) -> bool:
    """What one person of a unit holds of a source goes to another of it, by the clock. False where that one cannot take it."""
    return bool(
        _call(
            "SELECT caremgmt_stand_in(%s::uuid, %s::integer, %s::uuid, %s::uuid)",
            [source_id, group_id, from_user_id, to_user_id],
        )
    )


def name_holder(*, source_id: UUID, group_id: int, user_id: UUID) -> bool:
    """What a whole unit holds of a letter goes to one liaison of it, by the case's own centre. False where that one cannot take it."""
    return bool(_call("SELECT caremgmt_name_holder(%s::uuid, %s::integer, %s::uuid)", [source_id, group_id, user_id]))


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


def end_managing(*, case_id: UUID, but: UUID | None = None) -> None:
    """What the managing of a case opened ends for everybody but `but`, whom it names now; with it what stood in while nobody managed it.

    Inside a verb on the case, by its centre or the clock. A wall or a seal leaves a case without a manager, so that nobody can say who the
    last one was: all are asked for.
    """
    held = AccessGrant._base_manager.filter(case_id=case_id, source_kind__in=OF_MANAGING, withdrawn_at__isnull=True)
    others = held.exclude(source_kind="manager", user_id=but) if but else held
    for source_id in set(others.values_list("source_id", flat=True)):
        withdraw(source_id=source_id)


RETENTION_AFTER_CLOSING = dt.timedelta(days=30)  # [default]


def end_at_closing(*, case_id: UUID) -> None:
    """Contact, address and children's sections end with the case, the rest after its retention."""
    _call("SELECT caremgmt_end_at_closing(%s::uuid, %s::interval)", [case_id, RETENTION_AFTER_CLOSING])


def end_source(*, source_id: UUID) -> None:
    """What one source asked for is done: contact, address and children's sections end now, the rest after its retention, the letter stays."""
    _call("SELECT caremgmt_end_source(%s::uuid, %s::interval)", [source_id, RETENTION_AFTER_CLOSING])


def withdraw_consent(*, consent_id: UUID) -> int:
    """End a consent and all that rests on it, at once. Returns how many sections were open or offered on it."""
    return int(_call("SELECT caremgmt_withdraw_consent(%s::uuid)", [consent_id]))


def limit_consent(*, consent_id: UUID, until: dt.datetime) -> int:
    """What rests on a consent ends with it; what ended earlier stays so."""
    return int(_call("SELECT caremgmt_limit_consent(%s::uuid, %s::timestamptz)", [consent_id, until]))


def end_holder(*, case_id: UUID, source_id: UUID, group_id: int | None, user_id: UUID | None, reason: str) -> int:
    """End what one holder has from one source before its time; a letter stays, so that it can still be answered."""
    return int(
        _call(
            "SELECT caremgmt_end_access(%s::uuid, %s::uuid, %s::integer, %s::uuid, %s)",
            [case_id, source_id, group_id, user_id, reason],
        )
    )


# Bound to the post at the case's centre as well (caremgmt_grant says the same). "stay": who holds a bed while nobody manages the case.
OF_MANAGING = ("manager", "stay")
# They open and end with something else: never ended by hand (caremgmt_end_access says the same).
QUIET_SOURCES = frozenset({"manager", "contact", "follow_up", "stay", "break_glass"})


@dataclass(frozen=True, slots=True)
class Ended:
    """Whose access from which source is over."""

    case_id: UUID
    source_id: UUID
    group_id: int | None
    user_id: UUID | None
    source_kind: str

    @property
    def is_told(self) -> bool:
        """What a call, a callback, a stay or the managing of a case had opened ends without a word."""
        return self.source_kind not in QUIET_SOURCES


def expire(*, cases_at_most: int) -> list[Ended]:
    """Withdraw what is past its end, of some cases; as the worker. Returns who held it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM caremgmt_expire_access(%s::integer)", [cases_at_most])
        return [Ended(*row) for row in cursor.fetchall()]


def merge(*, merged_id: UUID, kept_id: UUID) -> int:
    """Intersect what was shared of two cases, unite their walls, end all that was shared of the merged one. Returns how many grants ended."""
    return int(_call("SELECT caremgmt_merge_access(%s::uuid, %s::uuid)", [merged_id, kept_id]))


def may_handle(*, case_id: UUID, user_id: UUID) -> bool:
    """Whether the case exists for this manager or director of its centre: no wall, and named by its seal. Answered only inside a verb on it."""
    return bool(_call("SELECT %s::uuid = ANY (caremgmt_remaining(%s::uuid, NULL, NULL))", [user_id, case_id]))


def is_walled_off(*, case_id: UUID, user_id: UUID) -> bool:
    """Whether this person stands behind a wall of the case. Answered only inside a verb of the case's own office."""
    return bool(_call("SELECT caremgmt_stands_behind_wall(%s::uuid, NULL, %s::uuid)", [case_id, user_id]))


def are_sealed_alike(*, one_id: UUID, other_id: UUID) -> bool:
    """Whether two cases exist for the same people: neither is sealed, or both are, to the same. Answered only inside a verb on both."""
    return bool(_call("SELECT caremgmt_sealed_alike(%s::uuid, %s::uuid)", [one_id, other_id]))
