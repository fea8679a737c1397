"""The month's way: submit, return, accept, lock; what is found afterwards is a revision."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from agencies.enums import Role
from cases.enums import ServiceKind
from cases.models import Case
from core import clock
from core.clock import SHANGHAI
from core.errors import DomainError, NotAllowed, NotFound
from core.identity import WORKER
from core.models.audit import Audit
from reports.enums import By, MonthStatus
from reports.models import Fact, MonthReport, MonthStep, Revision
from reports.places import by_place
from reports.services import months
from tests.reports.conftest import Records
from tests.reports.test_facts import JULY, figure
from tests.reports.test_totals import period
from tests.roles import as_owner, as_role


@pytest.fixture
def july(records: Records) -> Records:
    records.service(records.case("wuhua", "2022-07-02"), "2022-07-03")
    records.compute("2022-06", "2022-08")
    return records


def report(records: Records, office: str = "wuhua", month: dt.date = JULY) -> MonthReport:
    with as_owner():
        return MonthReport.objects.get(office=records.office(office), month=month)


def submit(records: Records, text: str = "") -> None:
    with records.world.acting("director") as by:
        months.month_submit(report_id=report(records).pk, by=by, explanation=text)


def test_month_is_submitted_returned_mended_submitted_again_accepted_and_locked(july: Records) -> None:
    submit(july, "七月有一次集中走访。")
    with july.world.acting("supervisor") as by:
        months.month_return(report_id=report(july).pk, by=by, reason="请核对服务记录。")
    july.service(july.case("wuhua", "2022-07-09"), "2022-07-10")
    july.compute("2022-07")
    assert figure("SERVICES", office=july.office("wuhua")) == 2
    submit(july)
    with july.world.acting("supervisor") as by:
        months.month_accept(report_id=report(july).pk, by=by)
    with july.world.acting("province") as by:
        assert months.province_lock(month=JULY, by=by) >= 1
    assert report(july).status == MonthStatus.LOCKED
    with july.world.acting("director") as by:
        steps = MonthStep.objects.visible_to(by).filter(report=report(july))
        assert [step.verb for step in steps] == ["submit", "return", "submit", "accept", "lock"]
        assert [step.text for step in steps][:2] == ["七月有一次集中走访。", "请核对服务记录。"]


def test_explanation_lies_sealed_in_the_table(july: Records) -> None:
    submit(july, "七月有一次集中走访。")
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT text FROM reports_monthstep")
        assert "集中走访".encode() not in bytes(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("who", "error"),
    [("manager", NotAllowed), ("xishan_manager", NotFound), ("supervisor", NotAllowed), ("police_liaison", NotFound)],
)
def test_nobody_but_the_director_submits(july: Records, who: str, error: type[Exception]) -> None:
    with july.world.acting(who) as by, pytest.raises(error):
        months.month_submit(report_id=report(july).pk, by=by)


def test_running_month_cannot_be_submitted(july: Records) -> None:
    august = report(july, month=dt.date(2022, 8, 1))
    with july.world.acting("director") as by, pytest.raises(DomainError, match="month_runs"):
        months.month_submit(report_id=august.pk, by=by)


def test_month_computed_while_it_ran_cannot_be_submitted(records: Records) -> None:
    with clock.at(dt.datetime(2022, 7, 30, 9, tzinfo=SHANGHAI)):
        records.compute("2022-07")
    with records.world.acting("director") as by, pytest.raises(DomainError, match="not_computed"):
        months.month_submit(report_id=report(records).pk, by=by)


@pytest.mark.parametrize("who", ["director", "manager"])
def test_centre_cannot_accept_its_own_month(july: Records, who: str) -> None:
    submit(july)
    with july.world.acting(who) as by, pytest.raises(NotAllowed):
        months.month_accept(report_id=report(july).pk, by=by)


def test_supervisor_of_another_prefecture_does_not_find_the_report(july: Records) -> None:
    submit(july)
    july.world.person("dali_supervisor", Role.SUPERVISOR, "dali")
    with july.world.acting("dali_supervisor") as by, pytest.raises(NotFound):
        months.month_accept(report_id=report(july).pk, by=by)


def test_supervisor_does_not_lock(july: Records) -> None:
    submit(july)
    with july.world.acting("supervisor") as by:
        months.month_accept(report_id=report(july).pk, by=by)
        with pytest.raises(NotAllowed):
            months.month_lock(report_id=report(july).pk, by=by)


def test_nobody_locks_what_she_accepted(july: Records) -> None:
    submit(july)
    with july.world.acting("province") as by:
        months.month_accept(report_id=report(july).pk, by=by)
        with pytest.raises(NotAllowed):
            months.month_lock(report_id=report(july).pk, by=by)


def test_a_centre_is_reminded_once_a_day_of_a_month_that_it_owes(july: Records) -> None:
    with july.world.acting("director") as by:
        before = report(july).version
        with pytest.raises(NotAllowed):
            months.month_chase(report_id=report(july).pk, by=by)
        assert not months.chaseable(JULY, by).exists()
    with july.world.acting("supervisor") as by:
        months.month_chase(report_id=report(july).pk, by=by)
        with pytest.raises(DomainError) as refused:
            months.month_chase(report_id=report(july).pk, by=by)
        assert refused.value.code == "chased"
        assert report(july).pk not in months.chaseable(JULY, by).values_list("pk", flat=True)
        with clock.at(clock.now() + dt.timedelta(days=1)):
            months.month_chase(report_id=report(july).pk, by=by)
    assert (report(july).version, report(july).status) == (before, MonthStatus.COMPUTED)  # what she writes is not stale
    with as_owner():
        assert list(MonthStep.objects.filter(report=report(july)).values_list("verb", flat=True)) == ["chase", "chase"]
        assert Audit.objects.filter(verb="month.chase", office_id=july.office("wuhua").pk).count() == 2
    submit(july)
    with july.world.acting("supervisor") as by, clock.at(clock.now() + dt.timedelta(days=2)):
        with pytest.raises(DomainError) as refused:
            months.month_chase(report_id=report(july).pk, by=by)
        assert refused.value.code == "wrong_status"


def test_nobody_is_reminded_of_a_month_that_runs_nor_a_desk(july: Records) -> None:
    with clock.at(dt.datetime(2022, 7, 20, 12, tzinfo=SHANGHAI)), july.world.acting("supervisor") as by:
        assert not months.chaseable(JULY, by).exists()
        with pytest.raises(DomainError) as refused:
            months.month_chase(report_id=report(july).pk, by=by)
        assert refused.value.code == "month_runs"
    with july.world.acting("province") as by:
        with pytest.raises(DomainError) as refused:
            months.month_chase(report_id=report(july, "desk").pk, by=by)
        assert refused.value.code == "wrong_status"
        owing = months.chaseable(JULY, by).count()
        assert months.region_chase(month=JULY, by=by) == owing > 1
        with pytest.raises(DomainError) as refused:
            months.region_chase(month=JULY, by=by)
        assert refused.value.code == "nothing_to_chase"


def test_what_another_did_meanwhile_keeps_no_other_centre_from_being_reminded(
    july: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list was read before the supervisor reminded one of its centres."""
    with july.world.acting("province") as by:
        waiting = months.chaseable(JULY, by)
        listed = list(waiting)
    with july.world.acting("supervisor") as by:
        months.month_chase(report_id=report(july).pk, by=by)
    with july.world.acting("province") as by:
        monkeypatch.setattr(
            months, "chaseable", lambda _month, _by: MonthReport.objects.filter(pk__in=[one.pk for one in listed])
        )
        assert months.region_chase(month=JULY, by=by) == len(listed) - 1 > 0
        with pytest.raises(DomainError) as refused:
            months.region_chase(month=JULY, by=by)
        assert refused.value.code == "nothing_to_chase"


def test_returning_needs_a_reason(july: Records) -> None:
    submit(july)
    with july.world.acting("supervisor") as by, pytest.raises(DomainError, match="no_reason"):
        months.month_return(report_id=report(july).pk, by=by, reason=" ")


def test_submitted_month_stays_as_it_was_submitted(july: Records) -> None:
    submit(july)
    july.service(july.case("wuhua", "2022-07-09"), "2022-07-10")
    july.compute("2022-07")
    assert figure("SERVICES", office=july.office("wuhua")) == 1


def lock(july: Records) -> None:
    submit(july)
    with july.world.acting("supervisor") as by:
        months.month_accept(report_id=report(july).pk, by=by)
    with july.world.acting("province") as by:
        months.province_lock(month=JULY, by=by)


def _said(case: Case, verb: str, actor: UUID | None, *, minutes: int) -> None:
    """An entry of the audit, as the engine leaves one."""
    with as_owner():
        Audit._base_manager.create(
            at=clock.now() + dt.timedelta(minutes=minutes), verb=verb, actor_id=actor, actor_name="somebody" if actor else "late-work",
            object_type="cases.case", object_id=case.pk, subject=case.pk, case_id=case.pk,
        )  # fmt: skip


def test_a_month_that_is_being_computed_is_held(july: Records) -> None:
    """Whoever submits meanwhile waits: else later tables would change what she has submitted."""
    july.service(july.case("wuhua", "2022-07-09"), "2022-07-10")
    with CaptureQueriesContext(connection) as queries:
        july.compute("2022-07")
    asked = [query["sql"] for query in queries]
    held = [at for at, sql in enumerate(asked) if "reports_monthreport" in sql and sql.rstrip().endswith("FOR UPDATE")]
    written = [at for at, sql in enumerate(asked) if "INSERT INTO reports_fact" in sql]
    assert len(held) == 1
    assert held[0] < written[0]


def test_correction_after_locking_makes_a_revision_and_july_does_not_change(july: Records) -> None:
    lock(july)
    case = july.case("wuhua", "2022-06-01")
    july.compute("2022-06")
    july.service(case, "2022-07-20", ServiceKind.COUNSELLING)
    _said(case, "service.record", uuid4(), minutes=1)
    _said(case, "work.escalate", None, minutes=2)  # a job's reminder afterwards: the revision still names the person
    outcome = july.compute("2022-07")
    assert outcome.revisions == 2  # a service and a person
    with july.world.acting("director") as by:
        assert by_place(by, period("2022-07"), By.CENTRE).whole.cells["SERVICES"].value == 1
        assert by_place(by, period("2022-07"), By.CENTRE).late == {"SERVICES": 1, "ASSISTED": 1}
        assert by_place(by, period("2022-06", "2022-07"), By.CENTRE).whole.cells["SERVICES"].value == 2
        assert {(row.indicator, row.difference) for row in Revision.objects.visible_to(by)} == {
            ("SERVICES", 1),
            ("ASSISTED", 1),
        }
        assert {(row.reason, row.actor_name) for row in Revision.objects.visible_to(by)} == {
            ("service.record", "somebody")
        }
    again = july.compute("2022-07")
    assert (again.added, again.revisions) == (0, 0)


def test_second_service_of_the_same_person_revises_services_and_not_people(july: Records) -> None:
    lock(july)
    with as_owner():
        case = Case._base_manager.get(office=july.office("wuhua"))
    july.service(case, "2022-07-20", ServiceKind.COUNSELLING)
    july.compute("2022-07")
    with july.world.acting("director") as by:
        assert {(row.indicator, row.difference) for row in Revision.objects.visible_to(by)} == {("SERVICES", 1)}
        assert by_place(by, period("2022-07"), By.CENTRE).late == {"SERVICES": 1}


def test_locked_month_cannot_be_moved_by_hand(july: Records) -> None:
    lock(july)
    with pytest.raises(DatabaseError, match="no way from"), transaction.atomic(), as_owner():
        MonthReport.objects.filter(pk=report(july).pk).update(status="computed")


def test_facts_are_never_rewritten(july: Records) -> None:
    for statement in ("UPDATE reports_fact SET value = -1", "DELETE FROM reports_fact"):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            as_owner(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_web_writes_no_facts(july: Records) -> None:
    with july.world.acting("province"):
        fact = Fact.objects.first()
        assert fact is not None
        fact.pk, fact.revision = None, 9
        with pytest.raises(DatabaseError), transaction.atomic():
            fact.save(force_insert=True)


def test_last_month_is_computed_after_its_closing_hour(records: Records) -> None:
    records.service(records.case("wuhua", "2022-07-02"), "2022-07-03")
    with as_role(WORKER):
        assert [outcome.ran for outcome in months.poll()] == [True]
        assert months.poll() == []
    assert figure("SERVICES") == 1


def test_settled_past_is_locked(july: Records) -> None:
    months.settle_range(dt.date(2022, 6, 1), JULY)
    assert (report(july).status, report(july, month=dt.date(2022, 8, 1)).status) == (
        MonthStatus.LOCKED,
        MonthStatus.COMPUTED,
    )
