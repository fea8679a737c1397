"""The daily rounds of a well-run centre: reviews are made, late units get their paper, and the superior federation answers."""

from __future__ import annotations

import datetime as dt

from caremgmt.demo import texts
from caremgmt.demo.stage import Script, Stage
from cases.enums import CaseStatus
from cases.models import WorkItem
from cases.services.case import case_close, case_plan
from core.identity import acting_as, worker_identity
from referrals.services.chasing import chase_oversee, referral_supervise

SUPERVISION = "贵单位承办事项已超期，请指定专人办理，于五个工作日内书面反馈办理情况。"
OVERSEEN = "已电话联系该单位分管负责人，督促其尽快办理；对方答复本周内反馈。"


def _open(kind: str, before: dt.datetime) -> list[WorkItem]:
    with acting_as(worker_identity("demo")):
        rows = WorkItem.objects.filter(kind=kind, done_at__isnull=True, case__isnull=False, due_at__lt=before)
        return list(rows.select_related("case__office").order_by("due_at", "pk"))


def reviews(stage: Stage, days: int) -> Script:
    """Managers look at a case again when it is due: what is finished is closed, what is not gets a new step. Today's are still to be made."""
    for ago in range(days, 0, -1):
        yield stage.day(ago, 16, 30)
        for item in _open("case.review", stage.moment):
            if item.case is None:
                continue
            manager = stage.users_manager(item.case)
            own = {"case_id": item.case.pk, "version": None}
            note, over = stage.rng.choice(texts.CLOSING_NOTES), item.case.status == CaseStatus.FOLLOW_UP
            if not over or stage.tries(manager, case_close, reason="resolved", note=note, **own) is None:
                due = stage.later(stage.rng.choice([30, 50, 70]))
                stage.tries(manager, case_plan, text=stage.rng.choice(texts.PLANS), due_at=due, **own)


def papers(stage: Stage, days: int) -> Script:
    """Directors sign what goes to a late unit, and the supervisor answers; what came up in the last day and a half still waits for them."""
    for ago in range(days, 0, -1):
        yield stage.day(ago, 17, 10)
        old = stage.moment - dt.timedelta(hours=12)
        for item in _open("referral.supervise", old):
            if item.case is not None:
                director = stage.managers(item.case.office.region_id)[-1]
                stage.tries(director, referral_supervise, referral_id=item.source_id, version=None, text=SUPERVISION)
        for item in _open("referral.oversee", old):
            overseer = stage.directory.users.get(item.owner_user_id) if item.owner_user_id else None
            if overseer is not None:
                stage.tries(overseer, chase_oversee, chase_id=item.source_id, text=OVERSEEN)
