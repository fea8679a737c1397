"""Who has how much of a centre's work: its own people, and apart from them those of other bodies."""

from __future__ import annotations

from uuid import UUID, uuid4

from agencies.models import Office
from cases.models import Case, WorkItem
from reports import work
from tests.reports.conftest import NOW, Records
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
