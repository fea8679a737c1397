"""What the verbs of a transfer share: what is ended before another centre can go on, and who receives."""

from __future__ import annotations

from cases import registry
from cases.models import Case, Transfer
from cases.services import matters
from core.errors import NotFound
from core.identity import Identity

# What taking over answers by itself; everything else that is open is decided by the earlier centre first.
OF_THE_HEART = {"last_callback", "transfer"}
# What the successor's own next step answers.
ANSWERED_BY_TAKING_OVER = {"case.plan", "case.review", "case.missing", "followup.call"}
OF_THE_SENDER = ("transfer.unanswered", "transfer.clear")  # what an unanswered transfer asks of the centre that sent it


def obstacles(case: Case) -> list[registry.Matter]:
    """What the handling centre ends itself before another one can go on: letters, stays, conferences, proceedings, a failed callback."""
    answered = ANSWERED_BY_TAKING_OVER | {kind.code for kind in registry.work_kinds.values() if kind.by_plan}
    return matters.open_matters(case, but=OF_THE_HEART, answered=answered, own_only=True)


def is_receiver(row: Transfer, by: Identity) -> None:
    """Only the centre that is asked; for everybody else there is no such transfer."""
    if row.to_office_id not in by.case_offices:
        raise NotFound
