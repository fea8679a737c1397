"""The access log's front: notes are collected during a request and written once at its end; a refusal's note survives the rollback."""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from uuid import UUID

from core import clock
from core.identity import Identity, current
from core.models.accesslog import AccessLog

Action = AccessLog.Action


@dataclass(slots=True)
class Trail:
    """The notes of one request or task."""

    route: str = ""
    address: str | None = None
    rows: list[AccessLog] = field(default_factory=list)


_trail: ContextVar[Trail | None] = ContextVar("access_trail", default=None)


def begin(route: str = "", address: str | None = None) -> Trail:
    """Start collecting for a request or a task."""
    trail = Trail(route, address)
    _trail.set(trail)
    return trail


def note(
    action: Action,
    *,
    by: Identity | None = None,
    object_type: str = "",
    object_id: UUID | None = None,
    case_id: UUID | None = None,
    office_id: UUID | None = None,
    sections: Iterable[str] = (),
    reason: str = "",
    count: int | None = None,
    case_ids: Iterable[UUID] | None = None,
) -> None:
    """Say that something was seen, revealed, searched, exported or refused. Codes and ids only; `reason` is a code."""
    actor = by or current()
    trail = _trail.get() or begin()
    trail.rows.append(
        AccessLog(
            at=clock.now(), action=action, actor_id=actor.user_id, actor_name=actor.name[:64], actor_role=actor.role[:32],
            actor_agency=actor.agency[:128], address=trail.address, route=trail.route[:128], object_type=object_type,
            object_id=object_id, case_id=case_id, office_id=office_id, sections=",".join(sorted(sections))[:160],
            reason=reason[:32], count=count, case_ids=sorted(case_ids) if case_ids is not None else None,
        )
    )  # fmt: skip


def note_list(
    action: Action,
    cases: Iterable[tuple[UUID | None, UUID | None]],
    *,
    object_type: str,
    sections: Iterable[str] = (),
    reason: str = "",
) -> None:
    """Say that a list was shown: one note for each centre, with every case in it. `cases`: of each line its case, if any, and its office.

    So that a case's own log tells in whose lists it stood; an empty list shows nothing and leaves no note.
    """
    offices: dict[UUID | None, list[UUID | None]] = {}
    for case_id, office_id in cases:
        offices.setdefault(office_id, []).append(case_id)
    for office_id, lines in offices.items():
        note(
            action, object_type=object_type, office_id=office_id, sections=sections, reason=reason, count=len(lines),
            case_ids={case_id for case_id in lines if case_id is not None},
        )  # fmt: skip


def flush(trail: Trail | None = None) -> None:
    """Write what has been collected, in one statement, as the identity that is bound."""
    trail = trail or _trail.get()
    if trail and trail.rows:
        rows, trail.rows = trail.rows, []
        AccessLog.objects.bulk_create(rows)


def only_refusals(trail: Trail) -> None:
    """After a rollback nothing was shown: keep the refusals alone."""
    trail.rows = [row for row in trail.rows if row.action in (Action.DENIED, Action.LOGIN_FAILED)]
