"""Who acts, signed for the database.

The web role may set any setting of its session, so policies do not trust a bare one: the request's identity is a JSON text with an
HMAC over it, bound to the backend process and the start of the transaction, so that what one session can read of another's
statements is worth nothing there. `caremgmt_identity()` in the database verifies it (core/sql/10_identity.sql).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connections, transaction

from core import clock
from core.crypto.keyring import key_ring
from core.writing import Statement, send

WEB, WORKER, VERB, OWNER = "caremgmt_web", "caremgmt_worker", "caremgmt_verb", "caremgmt_owner"


@dataclass(frozen=True, slots=True)
class Identity:
    """Everything that scopes and policies need to know of the one who acts."""

    kind: str = "anonymous"  # anonymous | user | worker
    user_id: UUID | None = None
    name: str = ""
    role: str = ""  # the role this request acts in, for the log
    agency: str = ""
    roles: frozenset[str] = frozenset()
    case_offices: frozenset[UUID] = frozenset()  # centres whose cases are the own work
    contact_offices: frozenset[UUID] = frozenset()  # desks and centres whose contacts are the own work
    director_offices: frozenset[UUID] = frozenset()
    keeper_offices: frozenset[UUID] = frozenset()  # centres whose refuges the person keeps
    groups: frozenset[int] = frozenset()  # agency units and desks
    regions: frozenset[str] = frozenset()  # regions whose figures are seen
    flags: frozenset[str] = frozenset()  # auditor, province, system

    @property
    def is_authenticated(self) -> bool:
        return self.kind != "anonymous"

    @property
    def person_id(self) -> UUID:
        """The acting person's id. Raises RuntimeError for nobody and for a job: only people sign what they found."""
        if self.user_id is None:
            raise RuntimeError("no person acts here")
        return self.user_id

    def has(self, *roles: str) -> bool:
        """Whether any of these roles is held anywhere."""
        return not self.roles.isdisjoint(roles)

    def claims(self) -> dict[str, Any]:
        """The JSON that the database reads; the keys are short because it travels with every transaction."""
        return {
            "k": self.kind,
            "u": str(self.user_id) if self.user_id else None,
            "co": sorted(map(str, self.case_offices)),
            "do": sorted(map(str, self.contact_offices)),
            "di": sorted(map(str, self.director_offices)),
            "ke": sorted(map(str, self.keeper_offices)),
            "g": sorted(self.groups),
            "rg": sorted(self.regions),
            "f": sorted(self.flags),
        }


ANONYMOUS = Identity()


def worker_identity(purpose: str) -> Identity:
    """The identity of a background job; `purpose` names it in the logs."""
    return Identity(kind="worker", name=purpose, role="worker")


@dataclass(slots=True)
class _Bound:
    identity: Identity
    base_role: str
    binding: dict[str, Any]
    ticket: tuple[UUID, ...] = ()
    depth: int = 0
    extra: dict[str, Any] = field(default_factory=dict)


_local = threading.local()


def _stack() -> list[_Bound]:
    if not hasattr(_local, "stack"):
        _local.stack = []
    return _local.stack  # type: ignore[no-any-return]


def current() -> Identity:
    """The identity bound in this thread; anonymous when none is."""
    stack = _stack()
    return stack[-1].identity if stack else ANONYMOUS


@cache
def _pads() -> tuple[bytes, bytes]:
    key = key_ring().derive("identity").ljust(64, b"\0")
    return bytes(b ^ 0x36 for b in key), bytes(b ^ 0x5C for b in key)


def database_pads() -> tuple[bytes, bytes]:
    """The inner and outer HMAC blocks that `core_identitykey` holds, so that SQL needs only sha256."""
    return _pads()


def _sign(text: str) -> str:
    return hmac.new(key_ring().derive("identity"), text.encode(), hashlib.sha256).hexdigest()


def _send(bound: _Bound, role: str, using: str, *, first: Sequence[Statement] = ()) -> None:
    """Tell the database who acts from now on, in the same round trip after what still belongs to the one before."""
    claims = bound.identity.claims() | bound.binding
    if bound.ticket:
        claims["t"] = [str(subject) for subject in bound.ticket]
    moment = clock.fixed_moment()
    if moment is not None:
        claims["now"] = moment.timestamp()
    text = json.dumps(claims, separators=(",", ":"), sort_keys=True)
    settings = "SELECT set_config('app.identity', %s, true), set_config('app.identity_mac', %s, true), set_config('role', %s, true)"
    send([*first, (settings, [text, _sign(text), role])], using=using)


@contextmanager
def acting_as(identity: Identity, *, role: str | None = None, using: str = "default") -> Iterator[Identity]:
    """Run a block in one transaction as `identity`; `role` (default: the connection's own) is the database role.

    Nesting is allowed: the outer identity is restored at the end. Streams and jobs open their own.
    """
    stack = _stack()
    nested = connections[using].in_atomic_block
    with transaction.atomic(using=using):
        with connections[using].cursor() as cursor:
            cursor.execute(
                "SELECT pg_backend_pid(), extract(epoch FROM now())::text, current_user,"
                " (SELECT seconds FROM core_clockoffset LIMIT 1)"
            )
            pid, began, base_role, seconds = cursor.fetchone()
        offset = float(seconds or 0)
        clock.set_offset(dt.timedelta(seconds=offset))
        bound = _Bound(
            identity, role or (stack[-1].base_role if stack else base_role), {"pid": pid, "tx": began, "off": offset}
        )
        _send(bound, bound.base_role, using)
        stack.append(bound)
        try:
            yield identity
        except BaseException:
            stack.pop()
            raise
        stack.pop()
        if not nested or connections[using].needs_rollback:
            return  # the end of the transaction forgets everything by itself
        if stack:
            _send(stack[-1], VERB if stack[-1].depth else stack[-1].base_role, using)
        else:
            with connections[using].cursor() as cursor:
                cursor.execute(
                    "SELECT set_config('app.identity', '', true), set_config('app.identity_mac', '', true), set_config('role', %s, true)",
                    [base_role],
                )


@contextmanager
def as_verb(subjects: Iterable[UUID], *, using: str = "default") -> Iterator[list[Statement]]:
    """Become the role `verb` for a checked write on these subjects (cases, contacts, …) and nothing else.

    The ticket is signed into the identity: whoever only sets the role sees and writes nothing. Statements that the block appends to what
    it gets are the last ones under the ticket; they are sent with the way back. Raises RuntimeError outside `acting_as`.
    """
    stack = _stack()
    if not stack:
        raise RuntimeError("a verb runs inside acting_as")
    bound = stack[-1]
    before = bound.ticket
    bound.ticket = tuple(dict.fromkeys((*before, *subjects)))
    last: list[Statement] = []
    bound.depth += 1
    nothing_new = bound.depth > 1 and bound.ticket == before  # the role and the ticket stand already
    finished = False
    try:
        if not nothing_new:
            _send(bound, VERB, using)
        yield last
        finished = True
    finally:
        bound.depth -= 1
        bound.ticket = before
        # After an exception the caller's savepoint restores the settings; sending on a broken transaction would hide the cause.
        if finished and not nothing_new:
            _send(bound, VERB if bound.depth else bound.base_role, using, first=last)
        elif finished:
            send(last, using=using)


_builders: list[Callable[[Any], Identity]] = []


def register_builder(builder: Callable[[Any], Identity]) -> None:
    """`agencies` says how a user becomes an identity; the ground floor knows no users."""
    _builders[:] = [builder]


def identity_of(user: Any) -> Identity:
    """The identity of a logged-in user, anonymous for nobody."""
    if user is None or not getattr(user, "is_authenticated", False) or not _builders:
        return ANONYMOUS
    return _builders[0](user)
