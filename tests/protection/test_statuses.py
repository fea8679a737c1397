"""The database refuses illegal moves, illegal beginnings, broken promises and changes to what is closed."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction

from cases.models import Case
from core.workflow import Workflow, workflows
from tests.permissions.planted import Scene
from tests.protection.sql import ask, count_changed, refused, verb_undone
from tests.roles import as_owner

WORKFLOWS = {workflow.table: workflow for workflow in workflows()}


def _statuses(workflow: Workflow) -> list[str]:
    model = next(m for m in apps.get_models() if m._meta.db_table == workflow.table)
    return [value for value, _ in model._meta.get_field(workflow.column).choices or []]


@pytest.mark.parametrize("table", sorted(WORKFLOWS))
def test_the_trigger_stands_on_its_table(scene: Scene, table: str) -> None:
    rows = ask(
        "SELECT tgenabled, proname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE tgrelid = %s::regclass AND tgname = %s",
        [table, f"caremgmt_moves_{table}"],
    )
    assert rows == [("O", f"caremgmt_moves_{table}")]


@pytest.mark.parametrize("table", sorted(WORKFLOWS))
def test_a_status_moves_along_its_edges_only(scene: Scene, table: str) -> None:
    """Every pair of statuses, on a bare table under the very function that the real one has."""
    workflow = WORKFLOWS[table]
    with as_owner():  # nobody else may hang the function on a table
        ask("CREATE TEMPORARY TABLE probe (status text) ON COMMIT DROP")
        ask("INSERT INTO probe SELECT unnest(%s)", [_statuses(workflow)])
        ask(
            f"CREATE TRIGGER probe BEFORE INSERT OR UPDATE OF status ON probe FOR EACH ROW EXECUTE FUNCTION caremgmt_moves_{table}()"
        )
        ask("GRANT ALL ON probe TO caremgmt_web")
    for source in _statuses(workflow):
        for target in _statuses(workflow):
            statement = "UPDATE probe SET status = %s WHERE status = %s"
            if source == target or (source, target) in workflow.moves():
                with transaction.atomic():
                    assert count_changed(statement, [target, source]) >= 1, (source, target)
                    transaction.set_rollback(True)
            else:
                refused(statement, [target, source], code="CM011")
        if source in workflow.initial:
            with transaction.atomic():
                assert count_changed("INSERT INTO probe VALUES (%s)", [source]) == 1
                transaction.set_rollback(True)
        else:
            refused("INSERT INTO probe VALUES (%s)", [source], code="CM010")


def test_the_real_table_refuses_too(scene: Scene) -> None:
    case = scene["accepted"]
    with scene.world.acting("manager"), verb_undone(case.id):
        refused("UPDATE cases_case SET status = 'received' WHERE id = %s", [case.id], code="CM011")
        refused("UPDATE referrals_referral SET status = 'declined' WHERE id = %s", [case.referral], code="CM011")
    contact = scene.contacts["advice"]
    with scene.world.acting("operator"), verb_undone(contact):
        refused("UPDATE hotline_contact SET status = 'open' WHERE id = %s", [contact], code="CM011")


@pytest.mark.parametrize(
    "status", ["assessed", "in_progress", "follow_up", "closed", "not_accepted", "transferred", "merged"]
)
def test_no_case_begins_in_the_middle(scene: Scene, status: str) -> None:
    source = scene["accepted"]
    with as_owner():
        columns = [name for (name,) in ask(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = 'cases_case'")]  # fmt: skip
    import uuid

    new = uuid.uuid4()
    values = {
        "id": "%s",
        "number": "'x'",
        "status": "%s",
        "contact_id": "NULL",
        "close_reason": "'resolved'",
        "refuse_reason": "'duplicate'",
    }
    shown = ", ".join(values.get(name, name) for name in columns)
    order = [new, status] if columns.index("id") < columns.index("status") else [status, new]
    with scene.world.acting("manager"), verb_undone(source.id, new):
        statement = f"INSERT INTO cases_case ({', '.join(columns)}) SELECT {shown} FROM cases_case WHERE id = %s"
        refused(statement, [*order, source.id], code="CM010")


def test_an_open_case_cannot_lose_its_last_step(scene: Scene) -> None:
    case = scene["accepted"]
    for statement in (
        "UPDATE cases_workitem SET done_at = now(), outcome = 'done' WHERE case_id = %s AND done_at IS NULL",
        "UPDATE cases_workitem SET case_id = NULL, contact_id = case_id WHERE case_id = %s AND done_at IS NULL",
    ):
        with scene.world.acting("manager"), verb_undone(case.id):
            assert count_changed(statement, [case.id]) >= 1
            refused("SET CONSTRAINTS ALL IMMEDIATE", code="CM030")
    with as_owner(), transaction.atomic():
        ask("DELETE FROM cases_workitem WHERE case_id = %s", [case.id])
        refused("SET CONSTRAINTS ALL IMMEDIATE", code="CM030")
        transaction.set_rollback(True)


def test_a_case_cannot_be_opened_without_a_step(scene: Scene) -> None:
    case = scene["closed"]
    with scene.world.acting("manager"), verb_undone(case.id):
        assert (
            count_changed(
                "UPDATE cases_case SET status = 'in_progress', close_reason = '', closed_at = NULL WHERE id = %s",
                [case.id],
            )
            == 1
        )
        refused("SET CONSTRAINTS ALL IMMEDIATE", code="CM030")


def test_an_open_contact_has_a_step_too(scene: Scene) -> None:
    contact = scene.contacts["draft"]
    statement = "UPDATE hotline_contact SET status = 'open', disposition = 'advice' WHERE id = %s"
    with scene.world.acting("operator"), verb_undone(contact):
        assert count_changed(statement, [contact]) == 1
        refused("SET CONSTRAINTS ALL IMMEDIATE", code="CM030")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cases_case SET risk = 'high' WHERE id = %s",
        "UPDATE cases_case SET category_id = 'Z99' WHERE id = %s",
        "UPDATE cases_sectiontext SET version = 99 WHERE case_id = %s",
        "UPDATE cases_partyidentity SET version = 99 WHERE case_id = %s",
        "UPDATE cases_partycontact SET version = 99 WHERE case_id = %s",
        "UPDATE cases_safecontact SET version = 99 WHERE case_id = %s",
        "UPDATE cases_followup SET version = 99 WHERE case_id = %s",
        "UPDATE cases_servicerecord SET minutes = 99 WHERE case_id = %s",
    ],
)
def test_a_closed_case_is_locked(scene: Scene, statement: str) -> None:
    case = scene["closed"]
    with scene.world.acting("manager"), verb_undone(case.id):
        refused(statement, [case.id], code="CM031")


def test_a_closed_case_says_why(scene: Scene) -> None:
    case = scene["accepted"]
    with scene.world.acting("manager"), verb_undone(case.id):
        refused("UPDATE cases_case SET status = 'closed' WHERE id = %s", [case.id], code="23514")


def test_nobody_is_a_superuser(scene: Scene) -> None:
    with as_owner(), pytest.raises(DatabaseError), transaction.atomic():
        ask("UPDATE agencies_user SET is_superuser = true")


def test_the_clock_of_a_real_installation_is_not_turned(scene: Scene) -> None:
    with as_owner(), transaction.atomic():
        ask("UPDATE core_installation SET kind = 'real'")
        refused("UPDATE core_clockoffset SET seconds = 60", code="CM003")
        transaction.set_rollback(True)
    with as_owner():
        assert Case._base_manager.exists()
