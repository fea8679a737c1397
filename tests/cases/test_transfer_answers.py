"""A transfer that is returned, recalled, or not answered."""

from __future__ import annotations

import datetime as dt

import pytest

from cases.enums import TransferStatus
from cases.models import (
    Case,
    Transfer,
)
from cases.services import case as cases
from cases.services import lateness, transfers
from core import clock
from core.errors import DomainError
from tests.cases.handing import handed, owed
from tests.cases.test_merging import begun
from tests.roles import as_worker
from tests.world import World


def test_returning_needs_a_reason_and_becomes_the_asking_centres_decision(world: World) -> None:
    case = begun(world)
    row = handed(world, case)
    with world.acting("xishan_manager") as by:
        transfers.transfer_return(transfer_id=row.pk, by=by, reason="她已搬离本辖区")
    assert ("transfer.returned", "五华中心") in owed(case)
    with world.acting("manager") as by:
        seen = Transfer.objects.visible_to(by).get(pk=row.pk)
        assert (seen.status, seen.answer) == (TransferStatus.RETURNED, "她已搬离本辖区")
        assert Case.objects.get(pk=case.pk).is_open
        cases.case_plan(
            case_id=case.pk, by=by, version=None, text="继续走访", due_at=clock.now() + dt.timedelta(days=2)
        )
    assert owed(case) == {("case.review", "五华中心")}
    with world.acting("xishan_manager") as by, pytest.raises(DomainError) as error:
        transfers.transfer_accept(transfer_id=row.pk, by=by)
    assert error.value.code == "wrong_status"


def test_recalled_before_the_answer(world: World) -> None:
    case = begun(world)
    row = handed(world, case)
    with world.acting("manager2") as by:
        transfers.transfer_recall(transfer_id=row.pk, by=by)
    assert "transfer.answer" not in {kind for kind, _office in owed(case)}
    with world.acting("xishan_manager") as by:
        for verb in (transfers.transfer_accept, transfers.transfer_return):
            more = {"reason": "无"} if verb is transfers.transfer_return else {}
            with pytest.raises(DomainError):
                verb(transfer_id=row.pk, by=by, **more)
    handed(world, case)  # and asked anew


def test_late_it_is_told_there_and_then_the_asking_centre_decides(world: World) -> None:
    case = begun(world, risk="high")
    row = handed(world, case)
    with clock.at(row.due_at + dt.timedelta(minutes=1)), as_worker():
        lateness.chase()
    assert "transfer.unanswered" not in {kind for kind, _office in owed(case)}
    with clock.at(row.due_at + dt.timedelta(hours=5)), as_worker():
        lateness.chase()
    assert ("transfer.unanswered", "五华中心") in owed(case)
