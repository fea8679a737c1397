"""One sequence of acts: the scene, the time, to whom and by whom. `@act` makes a function one of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from core import clock
from referrals.models import Referral
from tests.permissions.planted import Scene
from tests.roles import as_owner

# One of each kind of person; who is the same in all that matters need not be asked twice.
LOOKERS = ("operator", "manager", "manager2", "director", "xishan_manager", "keeper", "expert", "police_liaison", "justice_liaison",
           "aid_officer", "supervisor", "system")  # fmt: skip
UNITS = ("police", "justice", "legal_aid")
STAGES = (
    "received",
    "offered",
    "accepted",
    "closed",
    "elsewhere",
    "asked",
    "handed",
    "together",
    "walled",
    "sealed",
)  # the planted cases that acts are done to
SECTIONS = ("identity", "contact", "medical", "counselling", "children", "shelter", "letter")


@dataclass
class Play:
    """One sequence: the scene, the time, and what has been given so far."""

    scene: Scene = field(repr=False)
    now: dt.datetime = field(default_factory=clock.now)
    sources: list[tuple[UUID, UUID]] = field(default_factory=list)  # (case, source)

    def case(self, number: int) -> UUID:
        """One of the cases."""
        return self.scene[STAGES[number % len(STAGES)]].id

    def person(self, number: int) -> str:
        """One of the people."""
        return LOOKERS[number % len(LOOKERS)]

    def staff_of(self, case_id: UUID) -> str:
        """Who may do things to the case."""
        return "xishan_manager" if case_id == self.scene["elsewhere"].id else "director"

    def referral(self, case_id: UUID) -> UUID:
        """The case's newest letter."""
        with as_owner():
            found = Referral._base_manager.filter(case_id=case_id).order_by("-sent_at").first()
        return found.pk if found else uuid4()


Act = Callable[[Play, int, int], Any]
ACTS: list[Act] = []


def act(function: Act) -> Act:
    """Something that can be done; two numbers choose to what and by whom."""
    ACTS.append(function)
    return function
