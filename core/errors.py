"""What can go wrong in a verb, in words that a person understands; each error carries a code that tests and programs use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


class DomainError(Exception):
    """A rule of the field says no. `message` is shown to the person (translated), beside `field` when one is named."""

    status = 422

    def __init__(self, code: str, message: Any, *, field: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.field = field


class NotFound(DomainError):
    """Missing, or not for these eyes: the same answer for both (404)."""

    status = 404

    def __init__(self) -> None:
        super().__init__("not_found", "")


class NotAllowed(DomainError):
    """In scope, but without the right (403)."""

    status = 403


@dataclass(frozen=True, slots=True)
class Change:
    """One field that somebody else changed meanwhile."""

    label: Any
    was: Any
    now: Any


class StaleVersion(DomainError):
    """The page was opened on an older version; `changes` says what has changed since."""

    status = 409

    def __init__(self, message: Any, changes: Sequence[Change] = ()) -> None:
        super().__init__("stale_version", message)
        self.changes = list(changes)


class DuplicateRequest(DomainError):
    """The same POST came twice; `object_id` is what the first one made."""

    status = 409

    def __init__(self, message: Any, object_id: Any, meta: Mapping[str, Any] | None = None) -> None:
        super().__init__("duplicate_request", message)
        self.object_id = object_id
        self.meta = dict(meta or {})
