"""When a case may be closed because she does not wish to continue: an adult's, and the danger assessed once more."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.enums import CloseReason
from cases.models import Case, RiskAssessment
from cases.services import clocks, timeline
from core import clock, engine
from core.errors import DomainError
from core.identity import Identity

LOOK_IS_GOOD_FOR = "case.declined"  # the clock of how old the last look at the danger may be


@dataclass(frozen=True, slots=True)
class NotHerWish:
    """Why a case cannot be closed for this reason, and whether another look at the danger mends it."""

    code: str
    text: str | Promise
    look_again: bool


_OF_A_MINOR = NotHerWish(
    "minor",
    _(
        "“She does not wish to continue” is a reason for adults. This case concerns a minor: go on with it, or choose the reason for which it really ends."
    ),
    look_again=False,
)
_UNSEEN = NotHerWish(
    "look_again",
    _(
        "Before a case is closed because she does not wish to continue, the danger is assessed once more, and not long ago. Assess again, then close the case."
    ),
    look_again=True,
)


def against_her_wish(case: Case) -> NotHerWish | None:
    """What speaks against closing the case because she does not wish to continue. As the centre's staff, or inside a verb.

    Whether it is a minor's is what the case says everywhere: an age that nobody knows makes it none.
    """
    if case.concerns_minor:
        return _OF_A_MINOR
    looked = RiskAssessment.objects.filter(case=case).order_by("-assessed_at").values_list("assessed_at", flat=True)
    last, reopened = looked.first(), timeline.last(case, "case.reopened")
    if last is None or (reopened is not None and last <= reopened):
        return _UNSEEN
    return _UNSEEN if clocks.due(LOOK_IS_GOOD_FOR, start=last).at < clock.now() else None


def may_end_for(reason: str) -> engine.Guard:
    """A guard: the case may be closed for this reason. Raises DomainError beside the field."""

    def check(case: Case, by: Identity) -> None:
        found = against_her_wish(case) if reason == CloseReason.DECLINED else None
        if found is not None:
            raise DomainError(found.code, found.text, field="reason")

    return check


__all__ = ["LOOK_IS_GOOD_FOR", "NotHerWish", "against_her_wish", "may_end_for"]
