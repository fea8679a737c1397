"""What another part of the case's life means for the second centre."""

from __future__ import annotations

from typing import Any

from cases.enums import Risk
from cases.enums_joint import JointStatus
from cases.models import Case, JointHandling
from cases.services import clocks, workitems
from cases.services.joint.common import ANSWER, OF_THE_SECOND
from core.engine import Act


def hear_minor(act: Act[Any], case: Case) -> None:
    """The case has turned out to be a minor's: the second centre reads it."""
    for row in JointHandling.objects.open().filter(case=case, concerns_minor=False):
        row.concerns_minor = True
        row.version += 1
        row.save()


def hear_risk(act: Act[Any], case: Case) -> None:
    """The danger was assessed anew: the second centre reads the new risk, and a high one shortens the time to answer."""
    for row in JointHandling.objects.open().filter(case=case).exclude(risk=case.risk):
        row.risk, urgent, sooner = case.risk, case.risk == Risk.HIGH, None
        if urgent and row.status == JointStatus.ASKED:
            row.due_at = sooner = min(row.due_at, clocks.due(ANSWER, urgent=True).at)
        row.version += 1
        row.save()
        workitems.hasten(OF_THE_SECOND, source_id=row.pk, due_at=sooner, urgent=urgent)
