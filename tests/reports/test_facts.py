"""What counts, and in which month."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

from django.db.models import Sum

from cases.enums import CaseStatus, Gender, ServiceKind
from cases.models import JointHandling
from reports.enums import By
from reports.models import Fact, MonthReport
from reports.periods import Period
from reports.places import by_place
from tests.reports.conftest import Records, at
from tests.roles import as_owner

JULY = dt.date(2022, 7, 1)


def figure(code: str, month: dt.date = JULY, **where: object) -> int:
    """A sum of facts, as the owner."""
    with as_owner():
        return Fact.objects.filter(indicator=code, month=month, **where).aggregate(n=Sum("value"))["n"] or 0


def people(code: str = "ASSISTED", **where: object) -> int:
    with as_owner():
        rows = Fact.objects.filter(indicator=code, **where).values("person").annotate(n=Sum("value")).filter(n__gt=0)
        return rows.count()


def test_four_bodies_at_one_visit_are_one_service(records: Records) -> None:
    case = records.case("wuhua", "2022-07-02")
    records.service(case, "2022-07-03")  # the constraint refuses a second row of the same kind, person and occasion
    records.compute("2022-07")
    assert figure("SERVICES") == 1


def test_each_kind_and_each_occasion_counts(records: Records) -> None:
    case = records.case("wuhua", "2022-07-02")
    occasion = uuid4()
    records.service(case, "2022-07-03", ServiceKind.LEGAL_ADVICE, occasion=occasion)
    records.service(case, "2022-07-03", ServiceKind.CARE, occasion=occasion)
    records.service(case, "2022-07-09", ServiceKind.CARE)
    records.compute("2022-07")
    assert (figure("SERVICES"), people()) == (3, 1)


def test_event_entered_late_belongs_to_the_month_in_which_it_happened(records: Records) -> None:
    case = records.case("wuhua", "2022-06-02")
    records.service(case, "2022-06-30", entered=at("2022-08-04"))
    records.compute("2022-06", "2022-08")
    assert (figure("SERVICES", dt.date(2022, 6, 1)), figure("SERVICES", dt.date(2022, 8, 1))) == (1, 0)


def test_month_begins_at_midnight_in_shanghai(records: Records) -> None:
    case = records.case("wuhua", "2022-06-02")
    records.service(case, "2022-07-01", moment=at("2022-07-01", 0))  # 16:00 UTC of the day before
    records.compute("2022-06", "2022-07")
    assert (figure("SERVICES"), figure("SERVICES", dt.date(2022, 6, 1))) == (1, 0)


def test_reopening_and_transfer_add_no_case_and_refused_ones_none(records: Records) -> None:
    reopened = records.case("wuhua", "2022-07-02", closed="2022-07-10")
    records.case("wuhua", "2022-07-05", status=CaseStatus.TRANSFERRED)
    records.case("wuhua", "2022-07-05", status=CaseStatus.MERGED)
    records.case("wuhua", None, status=CaseStatus.RECEIVED)
    records.compute("2022-07")
    assert (figure("CASES"), figure("CASES_CLOSED")) == (2, 1)
    records.reopen(reopened)
    records.compute("2022-07")
    assert (figure("CASES"), figure("CASES_CLOSED")) == (2, 0)


def test_a_transferred_case_is_one_case_at_its_first_centre_and_stands_open_where_it_is_handled(
    records: Records,
) -> None:
    earlier = records.case(
        "wuhua", "2022-07-05", status=CaseStatus.TRANSFERRED, closed="2022-07-20", id_number="530102198501010029"
    )
    records.case("xishan", "2022-07-20", predecessor=earlier, id_number="530102198501010029")
    records.compute("2022-07")
    codes = ("CASES", "CASES_IN", "CASES_OUT", "CASES_CLOSED")
    wuhua, xishan = (records.office(name).pk for name in ("wuhua", "xishan"))
    assert [figure(code, office_id=wuhua) for code in codes] == [1, 0, 1, 0]
    assert [figure(code, office_id=xishan) for code in codes] == [0, 1, 0, 0]
    stands = {}
    for who in ("director", "xishan_manager", "province"):
        with records.world.acting(who) as by:
            stands[who] = by_place(by, Period(JULY, JULY), By.CENTRE).whole.cells["CASES_OPEN"].value
    assert stands == {"director": 0, "xishan_manager": 1, "province": 1}


def test_a_case_that_two_centres_handle_together_counts_once_at_the_responsible_one(records: Records) -> None:
    case = records.case("wuhua", "2022-07-05")
    with as_owner():
        JointHandling.objects.create(
            case=case, office_id=case.office_id, to_office=records.office("xishan"), status="active", reason="others_there", category_id=case.category_id,
            risk=case.risk, sections=["identity"], bases={"identity": "duty"}, asked_at=at("2022-07-06"), due_at=at("2022-07-07"),
            ends_at=at("2022-09-06"), person=records.world.users["xishan_manager"],
        )  # fmt: skip
    records.compute("2022-07")
    wuhua, xishan = (records.office(name).pk for name in ("wuhua", "xishan"))
    assert [figure("CASES", office_id=place) for place in (wuhua, xishan)] == [1, 0]
    stands = {}
    for who in ("director", "xishan_manager", "province"):
        with records.world.acting(who) as by:
            stands[who] = by_place(by, Period(JULY, JULY), By.CENTRE).whole.cells["CASES_OPEN"].value
    assert stands == {"director": 1, "xishan_manager": 0, "province": 1}


def test_person_in_two_centres_is_one_at_each_and_one_in_the_province(records: Records) -> None:
    one = records.case("wuhua", "2022-07-02", id_number="530102198501010029")
    two = records.case("xishan", "2022-07-02", id_number="530102198501010029")
    records.service(one, "2022-07-03")
    records.service(two, "2022-07-04")
    records.compute("2022-07")
    wuhua, xishan = (records.office(name).pk for name in ("wuhua", "xishan"))
    assert (people(office=wuhua), people(office=xishan), people()) == (1, 1, 1)


def test_assisted_are_women_and_children_who_were_assisted(records: Records) -> None:
    for gender, year, kind, counts in (
        (Gender.FEMALE, 1950, ServiceKind.CARE, 1), (Gender.MALE, 2011, ServiceKind.INTERVIEW, 1), (Gender.MALE, 1980, ServiceKind.CARE, 0),
        (Gender.FEMALE, 1980, ServiceKind.COMPLAINT, 0), (Gender.FEMALE, 1980, ServiceKind.ADVICE_CALL, 0),
        (Gender.UNKNOWN, None, ServiceKind.CARE, 0), (Gender.FEMALE, None, ServiceKind.SHELTER, 1),
    ):  # fmt: skip
        before = people()
        records.service(records.case("wuhua", "2022-07-02", gender=gender, birth_year=year), "2022-07-03", kind)
        records.compute("2022-07")
        assert people() - before == counts, (gender, year, kind)


def test_anonymous_people_stand_in_a_column_of_their_own(records: Records) -> None:
    case = records.case("wuhua", "2022-07-02", is_anonymous=True)
    records.service(case, "2022-07-03")
    records.compute("2022-07")
    assert (people(), people("ASSISTED_ANONYMOUS"), figure("SERVICES")) == (0, 1, 1)


def test_interview_is_counted_by_person_and_session(records: Records) -> None:
    child = records.case("wuhua", "2022-07-02", birth_year=2011, gender=Gender.MALE)
    session = uuid4()
    records.service(child, "2022-07-03", ServiceKind.INTERVIEW, occasion=session)
    records.service(records.case("wuhua", "2022-07-02"), "2022-07-03", ServiceKind.INTERVIEW, occasion=session)
    records.compute("2022-07")
    assert (figure("INTERVIEWS"), figure("SERVICES")) == (2, 2)


def test_supervision_order_needs_no_case_and_other_orders_do_not_count(records: Records) -> None:
    records.order("wuhua", "2022-07-31")
    records.order("wuhua", "2022-07-01", case=records.case("wuhua", "2022-07-02"))
    records.order("wuhua", "2022-07-01", kind="protection_order")
    records.order("wuhua", "2022-08-01")
    records.compute("2022-07", "2022-08")
    assert (figure("SUPERVISION_ORDERS"), figure("PROTECTION_ORDERS")) == (2, 1)


def test_centres_are_those_open_on_the_last_day(records: Records) -> None:
    with as_owner():
        type(records.office("wuhua")).objects.filter(pk=records.office("xishan").pk).update(
            opened_on=dt.date(2022, 7, 31)
        )
    ours = [records.office(name).pk for name in ("wuhua", "xishan", "desk")]
    records.compute("2022-06", "2022-07")
    assert (figure("CENTRES", dt.date(2022, 6, 1), office__in=ours), figure("CENTRES", office__in=ours)) == (1, 2)


def test_month_without_events_is_an_explicit_zero(records: Records) -> None:
    records.service(records.case("wuhua", "2022-07-02"), "2022-07-03")
    records.compute("2022-07")
    with as_owner():
        zero = {report.office_id: report.is_zero for report in MonthReport.objects.filter(month=JULY)}
    assert (zero[records.office("wuhua").pk], zero[records.office("xishan").pk]) == (False, True)


def test_computing_twice_changes_nothing(records: Records) -> None:
    records.service(records.case("wuhua", "2022-07-02"), "2022-07-03")
    first, again = records.compute("2022-07"), records.compute("2022-07")
    assert first.added > 0
    assert (again.added, again.taken_back, again.revisions) == (0, 0, 0)


def test_corrected_record_is_taken_back_and_counted_anew(records: Records) -> None:
    case = records.case("wuhua", "2022-07-02", category="A06")
    records.compute("2022-07")
    with as_owner():
        type(case)._base_manager.filter(pk=case.pk).update(category_id="A01")
    outcome = records.compute("2022-07")
    assert (outcome.added, outcome.taken_back, figure("CASES")) == (1, 1, 1)
    assert figure("CASES", dimensions__category="A01") == 1
    assert figure("CASES", dimensions__category="A06") == 0
