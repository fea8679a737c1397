"""How things are timed: ours and the floor in turn, so that a busy machine is busy for both; medians, never single times."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection


@dataclass
class Samples:
    """The times of one piece of work, in milliseconds."""

    id: str
    what: str
    ours: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)  # of ours: while the database worked
    queries: int = 0


class Counted:
    """Counts the statements of a block and the time in them."""

    def __init__(self) -> None:
        self.queries = 0
        self.seconds = 0.0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.seconds += time.perf_counter() - began
            self.queries += 1


def timed(work: Callable[[], object]) -> float:
    """How long one call takes, in milliseconds."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def compare(
    id_: str, what: str, ours: Callable[[], object], floor: Callable[[], object], *, rounds: int, warm: int = 3
) -> Samples:
    """Run both in turn; the first rounds are not counted."""
    found = Samples(id_, what)
    for place in range(warm + rounds):
        counted = Counted()
        with connection.execute_wrapper(counted):
            ours_ms = timed(ours)
        floor_ms = timed(floor)
        if place >= warm:
            found.ours.append(ours_ms)
            found.floor.append(floor_ms)
            found.database.append(counted.seconds * 1000)
            found.queries = max(found.queries, counted.queries)
    return found
