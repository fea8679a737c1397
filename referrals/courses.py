"""What became of letters and how long it took, counted in one way for the unit that received them and for the centre that sent them.

Pure: letters' times come in, figures go out. Times are those of the house's clock: hours without those of days that are not worked.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from core.workdays import Calendar
from referrals.enums import DeclineReason, ReferralStatus, Result


@dataclass(frozen=True, slots=True)
class Course:
    """One letter's course."""

    sent_at: dt.datetime
    accept_due_at: dt.datetime
    accepted_at: dt.datetime | None
    answer_due_at: dt.datetime
    responded_at: dt.datetime | None
    status: str
    decline_reason: str
    result: str

    @property
    def was_ignored(self) -> bool:
        """Closed by the centre as not answered."""
        return self.result == Result.NO_ANSWER

    def waits_late(self, now: dt.datetime) -> bool:
        """Whether the unit owes something at this moment that should have come by now."""
        return self._owes_acceptance(now) or self._owes_answer(now)

    def _owes_acceptance(self, now: dt.datetime) -> bool:
        return self.status == ReferralStatus.SENT and self.accept_due_at < now

    def _owes_answer(self, now: dt.datetime) -> bool:
        return self.status == ReferralStatus.ACCEPTED and self.answer_due_at < now

    def accepted_in_time(self, now: dt.datetime) -> bool | None:
        """None where that is not to be asked: its term still runs, or it was declined, recalled or answered by telephone."""
        if self.accepted_at is not None:
            return self.accepted_at <= self.accept_due_at
        return False if self.was_ignored or self._owes_acceptance(now) else None

    def answered_in_time(self, now: dt.datetime) -> bool | None:
        """None where that is not to be asked: its term still runs, or nobody owed an answer."""
        if self.responded_at is not None:
            return self.responded_at <= self.answer_due_at
        return False if self.was_ignored or self._owes_answer(now) else None

    def in_time(self, now: dt.datetime) -> bool | None:
        """Whether every term that is over was kept; None where none is."""
        found = {self.accepted_in_time(now), self.answered_in_time(now)} - {None}
        return all(found) if found else None


@dataclass(frozen=True, slots=True)
class Span:
    """How long something took: the middle one, and what nine of ten did not exceed; None where there was none."""

    middle: float | None = None
    nine_of_ten: float | None = None

    @classmethod
    def of(cls, values: Sequence[float]) -> Span:
        """Of all that happened; the 90th percentile by the nearest rank."""
        if not values:
            return cls()
        return cls(median(values), sorted(values)[math.ceil(0.9 * len(values)) - 1])


@dataclass(frozen=True, slots=True)
class Share:
    """How many of those whose term has been kept or missed kept it."""

    kept: int = 0
    of: int = 0

    @property
    def percent(self) -> int | None:
        """Rounded; None where there is nothing to count."""
        return round(100 * self.kept / self.of) if self.of else None

    @property
    def missed_percent(self) -> int | None:
        """The others: the share that was overdue."""
        return None if self.percent is None else 100 - self.percent

    @classmethod
    def among(cls, found: Iterable[bool | None]) -> Share:
        """Of all that are asked about."""
        asked = [kept for kept in found if kept is not None]
        return cls(sum(asked), len(asked))


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of some letters: those of a month, of a unit."""

    month: dt.date | None = None
    received: int = 0
    accepted: int = 0
    declined: dict[str, int] = field(default_factory=dict)
    answered: int = 0
    recalled: int = 0
    ignored: int = 0
    to_accept: Span = Span()  # hours
    to_answer: Span = Span()  # hours, from the sending too
    accepted_in_time: Share = Share()
    answered_in_time: Share = Share()
    in_time: Share = Share()  # both terms together: what is not is overdue
    late: int = 0  # waiting late at this moment

    @property
    def refusals(self) -> int:
        """All that were declined."""
        return sum(self.declined.values())

    @property
    def reasons(self) -> list[tuple[Any, int]]:
        """Why, the most frequent first."""
        ordered = sorted(self.declined.items(), key=lambda pair: (-pair[1], pair[0]))
        return [(DeclineReason(code).label, number) for code, number in ordered]


def line(rows: Sequence[Course], calendar: Calendar, now: dt.datetime, month: dt.date | None = None) -> Line:
    """The figures of some letters."""
    accepted = [(row.sent_at, row.accepted_at) for row in rows if row.accepted_at is not None]
    answered = [(row.sent_at, row.responded_at) for row in rows if row.responded_at is not None]
    return Line(
        month=month, received=len(rows), accepted=len(accepted), answered=len(answered),
        declined=dict(Counter(row.decline_reason for row in rows if row.decline_reason)),
        recalled=sum(row.status == ReferralStatus.RECALLED for row in rows), ignored=sum(row.was_ignored for row in rows),
        to_accept=Span.of([calendar.hours_between(*pair) for pair in accepted]),
        to_answer=Span.of([calendar.hours_between(*pair) for pair in answered]),
        accepted_in_time=Share.among(row.accepted_in_time(now) for row in rows),
        answered_in_time=Share.among(row.answered_in_time(now) for row in rows),
        in_time=Share.among(row.in_time(now) for row in rows), late=sum(row.waits_late(now) for row in rows),
    )  # fmt: skip
