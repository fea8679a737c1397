"""A case that is taken up again: she is called as in a new one, and called before it is closed once more."""

from __future__ import annotations

import datetime as dt

import pytest

from cases.models import Case, FollowUp, WorkItem
from cases.services import case as cases
from cases.services import followups
from core import clock
from core.errors import DomainError
from tests.cases.scenes import as_it_is, assessed
from tests.roles import as_owner, as_worker
from tests.world import World

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def called(world: World, case: Case) -> dt.datetime:
    """Every callback that is owed is made; the moment after the last one."""
    with as_owner():
        owed = list(FollowUp._base_manager.filter(case=case, status="planned").order_by("due_at"))
    for row in owed:
        with clock.at(row.due_at + HOUR):
            with as_worker():
                followups.make_due(row.pk)
            with world.acting("manager") as by:
                followups.attempt_record(
                    follow_up_id=row.pk, by=by, version=None, outcome="reached", note="平安", satisfaction="satisfied"
                )
    return owed[-1].due_at + 2 * HOUR


def closed(world: World, risk: str) -> tuple[Case, dt.datetime]:
    """A case that was closed after its callbacks, those of the rules or one by hand, and the day on which it is taken up again."""
    case = assessed(world, risk=risk)
    if risk != "high":
        with world.acting("manager") as by:
            at = clock.now() + dt.timedelta(days=1)
            followups.follow_up_plan(case_id=case.pk, by=by, due_at=at, by_desk=False)
    with clock.at(called(world, case)), world.acting("manager") as by:
        cases.case_close(case_id=case.pk, by=by, version=None, reason="resolved", note="已妥善处理")
        return case, clock.now() + dt.timedelta(days=10)


def reopened(world: World, case: Case) -> None:
    with world.acting("manager") as by:
        cases.case_reopen(case_id=case.pk, by=by, version=None, reason="再次受到威胁")


def reassessed(world: World, case: Case, risk: str) -> None:
    with world.acting("manager") as by:
        cases.case_reassess(case_id=case.pk, by=by, version=None, risk=risk, reasons="对方再次上门")


def refusal(world: World, case: Case) -> str:
    with world.acting("manager") as by, pytest.raises(DomainError) as found:
        cases.case_close(case_id=case.pk, by=by, version=None, reason="resolved", note="已妥善处理")
    return str(found.value.message)


def planned(case: Case) -> list[dt.datetime]:
    with as_owner():
        return list(FollowUp._base_manager.filter(case=case, status="planned").values_list("due_at", flat=True))


def test_a_reopened_case_of_high_risk_owes_the_callbacks_of_a_new_one(world: World) -> None:
    case, later = closed(world, "high")
    with clock.at(later):
        reopened(world, case)
        assert not planned(case)
        reassessed(world, case, "high")
        assert planned(case)
        assert planned(case)[0] >= clock.now() + 23 * HOUR
        assert as_it_is(case).status == "in_progress"
        with world.acting("manager"):
            assert WorkItem.objects.open().get(case=case, kind="case.plan").is_urgent
        assert "已安排" in refusal(world, case)
        after = called(world, case)
    with clock.at(after), world.acting("manager") as by:
        assert cases.case_close(case_id=case.pk, by=by, version=None, reason="resolved", note="平安").status == "closed"


@pytest.mark.parametrize("risk", ["low", "medium"])
def test_at_any_risk_she_is_called_after_the_reopening_before_the_case_is_closed(world: World, risk: str) -> None:
    case, later = closed(world, risk)
    with clock.at(later):
        reopened(world, case)
        reassessed(world, case, risk)
        assert "重新办理" in refusal(world, case)
        with world.acting("manager") as by:
            at = clock.now() + dt.timedelta(days=1)
            followups.follow_up_plan(case_id=case.pk, by=by, due_at=at, by_desk=False)
        after = called(world, case)
    with clock.at(after), world.acting("manager") as by:
        assert cases.case_close(case_id=case.pk, by=by, version=None, reason="resolved", note="平安").status == "closed"


def test_of_two_reopenings_the_later_one_counts(world: World) -> None:
    case, later = closed(world, "low")
    with clock.at(later):
        reopened(world, case)
        reassessed(world, case, "low")
        with world.acting("manager") as by:
            at = clock.now() + dt.timedelta(days=1)
            followups.follow_up_plan(case_id=case.pk, by=by, due_at=at, by_desk=False)
        after = called(world, case)
    with clock.at(after), world.acting("manager") as by:
        cases.case_close(case_id=case.pk, by=by, version=None, reason="resolved", note="平安")
    with clock.at(after + HOUR):
        reopened(world, case)
        reassessed(world, case, "low")
        assert "重新办理" in refusal(world, case)


def test_a_plan_that_is_owed_already_becomes_urgent_with_the_case(world: World) -> None:
    case = assessed(world)
    with world.acting("manager"):
        before = WorkItem.objects.open().get(case=case, kind="case.plan")
    reassessed(world, case, "high")
    with world.acting("manager"):
        now = WorkItem.objects.open().get(case=case, kind="case.plan")
    assert (before.is_urgent, now.is_urgent) == (False, True)
    assert now.due_at < before.due_at
    assert (now.pk, now.clock.split("@")[0]) == (before.pk, "case.plan.high")
