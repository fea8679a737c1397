"""Two hands on the same case, in real transactions: taken over twice, taken over and recalled, taken over and merged, merged both ways."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from agencies.enums import Role
from cases.enums import OPEN_STATUSES
from cases.models import AccessGrant, Case, Transfer, WorkItem
from cases.services import merging, transfers
from core import keys
from core.errors import DomainError
from core.identity import Identity
from tests.cases.handing import handed
from tests.cases.test_merging import begun
from tests.engine.racing import committed_world
from tests.roles import as_owner
from tests.world import World, broken_promises

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 4
FAILURES = {
    "wrong_status",
    "not_found",
    "stale_version",
    "no_such_case",
    "closed",
    "not_ready_to_merge",
    "not_ready_to_transfer",
}


def press(world: World, barrier: Barrier, who: str, name: str, verb: Callable[[Identity], Any]) -> str:
    """One press on an own connection, begun together with the others: what was done, or why nothing was."""
    try:
        keys.forget()
        with world.acting(who) as by:
            barrier.wait(30)
            verb(by)
        return name
    except DomainError as error:
        return error.code
    finally:
        connections.close_all()


def together(world: World, *presses: tuple[str, str, Callable[[Identity], Any]]) -> list[str]:
    barrier = Barrier(len(presses))
    with ThreadPoolExecutor(len(presses)) as hands:
        return list(hands.map(lambda one: press(world, barrier, *one), presses))


def one_truth(case: Case) -> None:
    """Handled in one place: as itself, or by its one successor."""
    with as_owner():
        now = Case._base_manager.get(pk=case.pk)
        after = list(Case._base_manager.filter(predecessor=case))
        waits = Transfer._base_manager.filter(case=case, status="asked").exists()
        assert len(after) == (now.status == "transferred")
        handling = [row for row in (now, *after) if row.status in OPEN_STATUSES]
        assert len(handling) == (now.status != "merged")
        assert waits == WorkItem.objects.filter(case=case, kind="transfer.answer", done_at__isnull=True).exists()
        if now.status == "transferred":
            assert not AccessGrant.objects.filter(case=case, withdrawn_at__isnull=True).exists()
            assert not WorkItem.objects.filter(case=case, done_at__isnull=True).exists()
    assert broken_promises() == []


def test_taken_over_once() -> None:
    world = committed_world()
    world.person("xishan_second", Role.MANAGER, "xishan")
    for _round in range(ROUNDS):
        case = begun(world)
        row = handed(world, case)

        def take(by: Identity, row: Transfer = row) -> None:
            transfers.transfer_accept(transfer_id=row.pk, by=by)

        done = together(world, ("xishan_manager", "accept", take), ("xishan_second", "accept", take))
        assert done.count("accept") == 1, done
        assert set(done) <= {"accept"} | FAILURES
        one_truth(case)


def test_taken_over_or_recalled_or_returned() -> None:
    world = committed_world()
    for _round in range(ROUNDS):
        case = begun(world)
        row = handed(world, case)
        done = together(
            world,
            ("xishan_manager", "accept", lambda by, row=row: transfers.transfer_accept(transfer_id=row.pk, by=by)),
            ("manager", "recall", lambda by, row=row: transfers.transfer_recall(transfer_id=row.pk, by=by)),
            (
                "xishan_manager",
                "return",
                lambda by, row=row: transfers.transfer_return(transfer_id=row.pk, by=by, reason="不在本辖区"),
            ),
        )
        moved = [name for name in done if name in ("accept", "recall", "return")]
        assert len(moved) == 1, done
        assert set(done) <= {"accept", "recall", "return"} | FAILURES
        with as_owner():
            status = {"accept": "accepted", "recall": "recalled", "return": "returned"}[moved[0]]
            assert Transfer._base_manager.get(pk=row.pk).status == status
        one_truth(case)


def test_asked_for_or_merged() -> None:
    """Asked first, the merging is refused; merged first, nothing can be asked."""
    world = committed_world()
    for _round in range(ROUNDS):
        case, kept = begun(world), begun(world)
        done = together(
            world,
            ("manager", "merge", lambda by, case=case, kept=kept: merging.case_merge(
                case_id=case.pk, kept_id=kept.pk, by=by, version=None, reason="同一人")),
            ("manager2", "ask", lambda by, case=case: transfers.transfer_ask(
                case_id=case.pk, by=by, version=None, to_office=world.offices["xishan"], reason="moved", message="迁居", summary="")),
        )  # fmt: skip
        assert len([name for name in done if name in ("merge", "ask")]) == 1, done
        assert set(done) <= {"merge", "ask"} | FAILURES
        one_truth(case)


def test_taken_over_and_another_merged_into_it() -> None:
    """The case that stays is handed over, or takes the other one in first; it never takes one in after it has gone."""
    world = committed_world()
    for _round in range(ROUNDS):
        case, kept = begun(world), begun(world)
        row = handed(world, kept)
        done = together(
            world,
            ("xishan_manager", "accept", lambda by, row=row: transfers.transfer_accept(transfer_id=row.pk, by=by)),
            ("manager", "merge", lambda by, case=case, kept=kept: merging.case_merge(
                case_id=case.pk, kept_id=kept.pk, by=by, version=None, reason="同一人")),
        )  # fmt: skip
        assert "accept" in done, done
        one_truth(case)
        one_truth(kept)


def test_merged_one_way_only() -> None:
    """A into B and B into A at once: one of them stays."""
    world = committed_world()
    for _round in range(ROUNDS):
        one, two = begun(world), begun(world)

        def merge(by: Identity, case: Case, kept: Case) -> None:
            merging.case_merge(case_id=case.pk, kept_id=kept.pk, by=by, version=None, reason="同一人")

        done = together(
            world,
            ("manager", "merge", lambda by, one=one, two=two: merge(by, one, two)),
            ("manager2", "merge", lambda by, one=one, two=two: merge(by, two, one)),
        )
        assert done.count("merge") == 1, done
        assert set(done) <= {"merge"} | FAILURES
        with as_owner():
            rows = Case._base_manager.filter(pk__in=[one.pk, two.pk])
            assert sorted(rows.values_list("status", flat=True)) == ["assessed", "merged"]
        assert broken_promises() == []
