"""How one verb runs: fetched in scope as the web role, checked, locked and written as the role `verb`, audited, the promise tested.

The order is always the same (docs/architecture.md). The engine knows nothing of cases: what must happen around every write (locking
the case, its next step) is registered from above.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from core import clock
from core.errors import DuplicateRequest, NotFound, StaleVersion
from core.identity import Identity, as_verb
from core.models.audit import Audit
from core.staleness import changes_since
from core.workflow import Workflow
from core.writing import Statement, inserts, send

log = logging.getLogger(__name__)
M = TypeVar("M", bound=models.Model)
R = TypeVar("R")


@dataclass(slots=True)
class Act(Generic[M]):
    """One verb while it is being written."""

    verb: str
    by: Identity
    now: dt.datetime
    object: M
    subject: UUID
    status_before: str = ""
    detail: dict[str, Any] = field(default_factory=dict)  # coded words for the audit
    touched: set[UUID] = field(default_factory=set)  # other subjects written under the same ticket
    later: list[models.Model] = field(default_factory=list)  # rows that are written together at the end
    more: list[tuple[str, models.Model]] = field(default_factory=list)  # further verbs that this one carried out


Guard = Callable[[Any, Identity], None]
_locks: list[Callable[[Sequence[UUID]], None]] = []
_effects: list[Callable[[Act[Any]], None]] = []


def register_lock(lock: Callable[[Sequence[UUID]], None]) -> None:
    """A function that locks the subjects (in a fixed order) before anything of theirs is written."""
    _locks.append(lock)


def register_effect(effect: Callable[[Act[Any]], None]) -> None:
    """A function that runs after each verb's own writing, in order of registration."""
    _effects.append(effect)


class _Stack(threading.local):
    """The verbs that this thread is carrying out, the innermost last."""

    def __init__(self) -> None:
        self.verbs: list[Act[Any]] = []


_stack = _Stack()


def write_later(row: models.Model) -> None:
    """Write a log-like row (timeline, work item, outbox) together with its kind at the end of the running verb; at once outside one."""
    if _stack.verbs:
        _stack.verbs[-1].later.append(row)
    else:
        send(inserts([row]))


def subject_of(row: models.Model) -> UUID:
    """The id that the ticket must name for this row: its case, else itself."""
    return getattr(row, "subject_id", None) or row.pk  # type: ignore[no-any-return]


def _already_done(key: UUID | None, by: Identity) -> None:
    if key is None:
        return
    done = Audit.objects.filter(request_key=key, actor_id=by.user_id).first()
    if done:
        raise DuplicateRequest(_("This was already saved."), done.object_id, {"type": done.object_type})


def done_before(verb: str, *, by: Identity, subject: UUID, key: UUID | None) -> bool:
    """Whether this very request of `by` has done `verb`, asked with the ticket: a verb may put its row out of the sight of who pressed."""
    if key is None:
        return False
    with transaction.atomic(), as_verb([subject]):
        return Audit.objects.filter(verb=verb, request_key=key, actor_id=by.user_id, subject=subject).exists()


def _audit(act: Act[Any], verb: str, row: models.Model, key: UUID | None, detail: dict[str, Any]) -> Audit:
    return Audit(
        at=act.now, verb=verb, actor_id=act.by.user_id, actor_name=act.by.name[:64], actor_role=act.by.role[:32],
        actor_agency=act.by.agency[:128], object_type=row._meta.label_lower, object_id=row.pk, subject=subject_of(row),
        case_id=getattr(row, "audit_case_id", None), office_id=getattr(row, "office_id", None), request_key=key, detail=detail,
    )  # fmt: skip


def _finish(act: Act[Any], key: UUID | None, last: list[Statement]) -> None:
    """Write what waits, then the effects; audit and the test of the promise go with the `last` statements of the ticket."""
    send(inserts(act.later))
    act.later = []
    for effect in _effects:
        effect(act)
    audits = [
        _audit(act, act.verb, act.object, key, act.detail),
        *(_audit(act, verb, row, None, {}) for verb, row in act.more),
    ]
    last += inserts([*act.later, *audits])
    last += [("SET CONSTRAINTS ALL IMMEDIATE", ()), ("SET CONSTRAINTS ALL DEFERRED", ())]


def _is_request_key(error: IntegrityError) -> bool:
    diagnostics = getattr(error.__cause__, "diag", None)
    return "request_key" in (getattr(diagnostics, "constraint_name", None) or "")


@contextmanager
def _run(act: Act[Any]) -> Iterator[None]:
    running = _stack.verbs
    running.append(act)
    try:
        yield
    finally:
        running.pop()


def _keep_related(seen: models.Model, row: models.Model) -> None:
    """What was fetched beside the row that was seen need not be fetched again, as long as the locked row still points to it."""
    for name, related in seen._state.fields_cache.items():
        field = row._meta.get_field(name)
        if isinstance(field, models.ForeignKey) and related is not None and getattr(row, field.attname) == related.pk:
            row._state.fields_cache[name] = related


def change(
    verb: str,
    *,
    by: Identity,
    scope: models.QuerySet[M],
    pk: UUID,
    write: Callable[[Act[M]], R],
    version: int | None = None,
    workflow: Workflow | None = None,
    edge: str | Callable[[M], str] | None = None,
    guards: Iterable[Guard] = (),
    also: Iterable[UUID] = (),
    key: UUID | None = None,
) -> R:
    """Run a verb on one existing row of `scope` (already `visible_to(by)`).

    `version` is what the person saw: an older one raises StaleVersion with what changed. `workflow` moves `status` along `edge`
    (default: the verb's last word; a function chooses it by the locked row). `write` gets the locked row and makes the changes; the row is saved with the next version here.
    `also` names further subjects that are written. Raises NotFound, NotAllowed, DomainError, StaleVersion, DuplicateRequest.
    """
    checks = list(guards)
    try:
        with transaction.atomic():
            _already_done(
                key, by
            )  # before the scope: the first POST may have moved the row out of it (a letter declined)
            seen = scope.filter(pk=pk).first()
            if seen is None:
                raise NotFound
            for check in checks:
                check(seen, by)
            subject = subject_of(seen)
            subjects = [subject, *also]
            with as_verb(subjects) as last:
                for lock in _locks:
                    lock(subjects)
                row: M = type(seen)._base_manager.select_for_update().get(pk=pk)
                _keep_related(seen, row)
                if version is not None and getattr(row, "version", version) != version:
                    raise StaleVersion(
                        _("This was changed meanwhile, by somebody else or in another window of yours."),
                        changes_since(row, version),
                    )
                for check in checks:
                    check(row, by)
                act = Act(verb, by, clock.now(), row, subject, touched=set(also))
                if workflow is not None:
                    act.status_before = row.status  # type: ignore[attr-defined]
                    way = edge(row) if callable(edge) else edge or verb.rsplit(".", 1)[-1]
                    row.status = workflow.edge(way, act.status_before).target  # type: ignore[attr-defined]
                    act.detail |= {"from": act.status_before, "to": row.status}  # type: ignore[attr-defined]
                with _run(act):
                    result = write(act)
                    if hasattr(row, "version"):
                        row.version += 1
                    row.save()
                    _finish(act, key, last)
            return result
    except IntegrityError as error:
        if _is_request_key(error):
            _already_done(key, by)
        raise


def create(
    verb: str,
    *,
    by: Identity,
    row: M,
    write: Callable[[Act[M]], R],
    also: Iterable[UUID] = (),
    key: UUID | None = None,
) -> R:
    """Run a verb that makes `row` (its id is known already). `write` saves it and all that belongs to it.

    Raises NotAllowed, DomainError, DuplicateRequest.
    """
    try:
        with transaction.atomic():
            _already_done(key, by)
            subject = subject_of(row)
            subjects = [subject, *also]
            with as_verb(subjects) as last:
                for lock in _locks:
                    lock(subjects)
                act = Act(verb, by, clock.now(), row, subject, touched=set(also))
                with _run(act):
                    result = write(act)
                    _finish(act, key, last)
            return result
    except IntegrityError as error:
        if _is_request_key(error):
            _already_done(key, by)
        raise
