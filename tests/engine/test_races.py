"""Two people at the same moment, on two real connections: never both."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any
from uuid import UUID

import psycopg2
import pytest
from django.db import DatabaseError

from cases.models import Case, FollowUp, WorkItem
from cases.services import case as cases
from cases.services import followups, workitems
from core import clock
from core.identity import as_verb
from referrals import services as referrals
from referrals.models import Referral
from tests.engine.racing import committed_world, opened, together
from tests.protection.test_logins import login
from tests.roles import as_owner, as_worker
from tests.world import World, broken_promises

pytestmark = pytest.mark.django_db(transaction=True)


def _two_items(world: World, case_id: UUID) -> list[UUID]:
    """Exactly two things are owed on the case."""
    with world.acting("manager"), as_verb([case_id]):
        case = Case._base_manager.get(pk=case_id)
        WorkItem.objects.filter(case=case, done_at__isnull=True).update(done_at=clock.now(), outcome="done")
        return [
            workitems.open_item(kind, office_id=case.office_id, source_id=case.pk, case=case, tell=False).pk
            for kind in ("case.plan", "case.review")
        ]


def test_two_who_finish_the_last_two_items_cannot_both() -> None:
    world = committed_world()
    case_id = opened(world)
    items = _two_items(world, case_id)

    def act(person: str, item: UUID) -> Any:
        def run(barrier: threading.Barrier) -> Any:
            with world.acting(person), as_verb([case_id]):
                changed = WorkItem.objects.filter(pk=item).update(done_at=clock.now(), outcome="done")
                barrier.wait()  # both have written and neither has committed
                return changed

        return run

    results = together(act("manager", items[0]), act("manager2", items[1]))
    failures = [result for result in results if isinstance(result, DatabaseError)]
    assert len(failures) == 1, results
    assert failures[0].__cause__.pgcode == "CM030"  # type: ignore[union-attr]
    assert broken_promises() == []
    with as_owner():
        assert WorkItem._base_manager.filter(case_id=case_id, done_at__isnull=True).count() == 1


def test_two_polls_open_one_item() -> None:
    world = committed_world()
    case_id = opened(world)
    with world.acting("manager") as by:
        row = followups.follow_up_plan(
            case_id=case_id, by=by, due_at=clock.now() + dt.timedelta(hours=1), by_desk=False
        )
    moment = clock.now() + dt.timedelta(hours=2)

    def act(barrier: threading.Barrier) -> bool:
        with clock.at(moment), as_worker():
            barrier.wait()
            return followups.make_due(row.pk)

    assert sorted(together(act, act)) == [False, True]
    with as_owner():
        assert WorkItem._base_manager.filter(kind="followup.call", source_id=row.pk).count() == 1
        assert FollowUp._base_manager.get(pk=row.pk).status == "due"


def test_a_letter_is_accepted_or_recalled_but_not_both() -> None:
    world = committed_world()
    case_id = opened(world)
    with world.acting("manager") as by:
        referral = referrals.referral_send(
            case_id=case_id,
            by=by,
            unit=world.units["justice"],
            ask="legal_aid",
            ask_note="",
            sections=["identity"],
            basis="duty",
        )
        version = referral.version

    def accept(barrier: threading.Barrier) -> Any:
        with world.acting("justice_liaison") as by:
            barrier.wait()
            return referrals.referral_accept(referral_id=referral.pk, by=by, version=version).status

    def recall(barrier: threading.Barrier) -> Any:
        with world.acting("manager") as by:
            barrier.wait()
            return referrals.referral_recall(referral_id=referral.pk, by=by, version=version).status

    results = together(accept, recall)
    kept = [result for result in results if not isinstance(result, Exception)]
    assert len(kept) == 1, results
    with as_owner():
        assert Referral._base_manager.get(pk=referral.pk).status == kept[0]
    with world.acting("justice_liaison"):
        assert Case._base_manager.filter(pk=case_id).exists() == (kept[0] == "accepted")
    assert broken_promises() == []


def test_two_numbers_given_at_once_differ() -> None:
    world = committed_world()

    def act(barrier: threading.Barrier) -> UUID:
        barrier.wait()
        return opened(world, assessed=False)

    ids = together(act, act, act)
    with as_owner():
        assert len(set(Case._base_manager.filter(pk__in=ids).values_list("number", flat=True))) == 3


def test_work_and_closing_at_once_leave_nothing_half() -> None:
    """While one refuses the case, another writes to it: the second waits, looks again and is refused."""
    world = committed_world()
    case_id = opened(world, assessed=False)

    def refuse(barrier: threading.Barrier) -> Any:
        with world.acting("manager") as by:
            barrier.wait()
            return cases.case_refuse(case_id=case_id, by=by, version=None, reason="duplicate", pointed_to="x").status

    def write(barrier: threading.Barrier) -> Any:
        with world.acting("manager2") as by:
            barrier.wait()
            return cases.section_write(case_id=case_id, section="medical", by=by, version=None, text="伤情").section

    results = together(refuse, write)
    assert results[0] == "not_accepted"
    assert results[1] == "medical" or getattr(results[1], "code", "") == "closed", results
    assert broken_promises() == []


@pytest.mark.parametrize("role", ["caremgmt_web", "caremgmt_verb"])
def test_a_production_login_reads_no_committed_case_without_identity(role: str) -> None:
    world = committed_world()
    opened(world)
    connection = login("web")
    try:
        cursor = connection.cursor()
        cursor.execute("SELECT set_config('role', %s, false)", [role])
        for table in ("cases_case", "cases_sectiontext", "cases_partyidentity", "cases_workitem", "core_audit"):
            with pytest.raises(psycopg2.Error) as caught:
                cursor.execute(f"SELECT * FROM {table}")
            assert caught.value.pgcode == "CM001", table
            connection.rollback()
            cursor.execute("SELECT set_config('role', %s, false)", [role])
    finally:
        connection.close()
