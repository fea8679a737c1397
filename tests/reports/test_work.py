"""Who has how much of a centre's work: its own people, and apart from them those of other bodies."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.models import Office
from cases.models import Case, WorkItem
from referrals.enums import ReferralStatus, Result
from referrals.models import Referral
from referrals.unit import figures
from reports import work
from tests.referrals.conftest import open_case, send_letter
from tests.reports.conftest import NOW, Records, at
from tests.reports.test_pages import client
from tests.roles import as_owner


def owe(records: Records, case: Case, who: str, kind: str) -> None:
    with as_owner():
        owner: UUID = records.world.users[who].pk
        WorkItem.objects.create(
            office_id=case.office_id, case=case, kind=kind, source_id=uuid4(), owner_role="", owner_user_id=owner, opened_at=NOW, due_at=NOW
        )  # fmt: skip


def test_liaisons_stand_apart_from_the_centres_own_people(records: Records) -> None:
    case = records.case("wuhua", "2022-07-02", manager=records.world.users["manager"])
    owe(records, case, "manager", "case.missing")
    owe(records, case, "expert", "contact.callback")
    owe(records, case, "operator", "contact.callback")  # of the prefecture's desk
    owe(records, case, "police_liaison", "referral.respond")
    owe(records, case, "supervisor", "glass.confirm")
    with records.world.acting("director") as by:
        found = work.workload(by, records.office("wuhua"))
    names = {name: user.name for name, user in records.world.users.items()}
    assert {load.name for load in found.own} == {names["manager"], names["expert"]}
    assert {load.name: load.place for load in found.others} == {
        names["police_liaison"]: records.world.units["police"].short_name,
        names["operator"]: records.office("desk").short_name,
        names["supervisor"]: str(records.world.regions["kunming"]),
    }


def test_people_of_the_districts_own_desk_are_the_centres(records: Records) -> None:
    with as_owner():
        Office.objects.filter(pk=records.office("desk").pk).update(region=records.office("wuhua").region)
    owe(records, records.case("wuhua", "2022-07-02"), "operator", "contact.callback")
    with records.world.acting("director") as by:
        found = work.workload(by, records.office("wuhua"))
    assert records.world.users["operator"].name in {load.name for load in found.own}
    assert found.others == []


def test_who_manages_cases_stays_among_the_own_people_without_a_role(records: Records) -> None:
    records.case("wuhua", "2022-07-02", manager=records.world.users["xishan_manager"])
    with records.world.acting("director") as by:
        found = work.workload(by, records.office("wuhua"))
    assert [load.name for load in found.own] == [records.world.users["xishan_manager"].name]
    assert found.others == []


def test_dashboard_shows_both_tables(records: Records) -> None:
    owe(records, records.case("wuhua", "2022-07-02"), "police_liaison", "referral.respond")
    text = client(records, "director").get("/reports/").content.decode()
    assert "本中心人员工作量" in text
    assert "部门联络员及其他人员的待办" in text


def letters_over_a_weekend(records: Records) -> None:
    """Two letters to the police, sent on Friday 29 July at ten: one answered on Tuesday, one that nobody has accepted."""
    answered, waiting = (send_letter(records.world, open_case(records.world), "police", ask="visit") for _ in range(2))
    sent, due = at("2022-07-29"), at("2022-08-02", 18)
    with as_owner():
        letters = Referral._base_manager.filter(pk__in=[answered.pk, waiting.pk])
        letters.update(sent_at=sent, accept_due_at=due, answer_due_at=due, due_at=due)
        letters.filter(pk=answered.pk).update(
            status=ReferralStatus.RESPONDED,
            result=Result.DONE,
            accepted_at=at("2022-08-01"),
            responded_at=at("2022-08-02"),
            due_at=None,
        )


def test_a_centre_and_the_unit_read_the_same_figures(records: Records) -> None:
    letters_over_a_weekend(records)
    unit = records.world.units["police"]
    with records.world.acting("director") as by:
        [(name, at_the_centre)] = work.agency_response(by, records.office("wuhua").pk)
    with records.world.acting("police_liaison"):
        july = at("2022-07-01").date()
        [at_the_unit], _whole = figures.by_month(figures.courses(unit, july, july), july, july)
    assert name == unit.short_name
    assert at_the_centre == replace(at_the_unit, month=None)
    assert (at_the_centre.to_accept.middle, at_the_centre.to_answer.middle) == (24, 48)  # without the weekend
    assert (at_the_centre.late, at_the_centre.in_time.missed_percent) == (1, 50)


def test_the_dashboard_shows_the_overdue_share_of_each_agency(records: Records) -> None:
    letters_over_a_weekend(records)
    text = client(records, "director").get("/reports/").content.decode()
    assert "逾期率" in text
    assert ">50%</td>" in text
    assert ">24.0</td>" in text


def test_the_agencies_take_one_query_for_few_and_many(records: Records) -> None:
    letters_over_a_weekend(records)
    with records.world.acting("director") as by:
        work.agency_response(by, records.office("wuhua").pk)
        with CaptureQueriesContext(connection) as few:
            work.agency_response(by, records.office("wuhua").pk)
    letters_over_a_weekend(records)
    with records.world.acting("director") as by, CaptureQueriesContext(connection) as many:
        work.agency_response(by, records.office("wuhua").pk)
    assert len(few) == len(many) == 1
