"""What follows when the risk of an open case changes: the plan, the work that goes on, everybody who was told another risk."""

from __future__ import annotations

from typing import Any

from cases import registry
from cases.enums import Risk
from cases.models import Case
from cases.services import workitems
from cases.workflow import CASE
from core.engine import Act

PLAN = "case.plan"


def owe_plan(case: Case, *, tell: bool = True) -> None:
    """The manager owes a plan; one that is owed already becomes urgent with the case. Inside a verb on it."""
    urgent = case.risk == Risk.HIGH
    if urgent and workitems.make_urgent(PLAN, source_id=case.pk):
        return
    workitems.open_item(PLAN, office_id=case.office_id, source_id=case.pk, case=case, urgent=urgent, tell=tell)


def go_on(case: Case) -> None:
    """She is in danger: a case in follow-up is worked on again. Without saving."""
    if CASE.allows("resume", case.status):
        case.status = CASE.edge("resume", case.status).target


def told(act: Act[Any], case: Case) -> None:
    """Everybody who was told the risk hears the new one."""
    for hear in registry.risk_hearers.values():
        hear(act, case)


__all__ = ["go_on", "owe_plan", "told"]
