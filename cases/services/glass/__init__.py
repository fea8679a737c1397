"""紧急查看: on an exact case number and with a reason, another centre's director opens her safe contact for four hours; reviewed within a day."""

from cases.services.glass.asking import (
    ASKED_AT_MOST,
    confirming,
    escalate,
    glass_answer,
    glass_ask,
    is_stranger,
    own_offices,
    waiting,
)
from cases.services.glass.common import CONFIRM, REVIEW, subjects
from cases.services.glass.reviewing import answered, case_goes_on, case_gone, glass_review, may_review, reviewable
from cases.services.glass.showing import Shown, running, shown

__all__ = [
    "ASKED_AT_MOST", "CONFIRM", "REVIEW", "Shown", "answered", "case_goes_on", "case_gone", "confirming", "escalate", "glass_answer", "glass_ask",
    "glass_review", "is_stranger", "may_review", "own_offices", "reviewable", "running", "shown", "subjects", "waiting",
]  # fmt: skip
