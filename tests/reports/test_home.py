"""Today names the months that wait for somebody."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from core.months import shift
from reports.home import months_owed
from reports.models import MonthReport
from reports.periods import this_month
from tests.reports.conftest import Records
from tests.reports.test_pages import client
from tests.roles import as_owner


def standing(records: Records, status: str, back: int = 1, place: str = "wuhua") -> MonthReport:
    with as_owner():
        office = records.world.offices[place]
        return MonthReport._base_manager.create(
            office=office, region_code=office.region_id, month=shift(this_month(), -back), computed_at=clock.now(), status=status
        )  # fmt: skip


def test_the_director_finds_the_month_that_she_owes(records: Records) -> None:
    report = standing(records, "computed")
    standing(records, "locked", 2)
    with records.world.acting("director") as by:
        assert [row.url for row in months_owed(by)] == [f"/reports/months/{report.pk}/"]
    page = client(records, "director").get("/").content.decode()
    assert "待办月报" in page
    assert "待上报" in page
    with records.world.acting("manager") as by:
        assert months_owed(by) == []


def test_superiors_find_how_many_wait(records: Records) -> None:
    standing(records, "submitted")
    standing(records, "submitted", place="xishan")
    standing(records, "accepted", 2)
    supervisor = client(records, "supervisor").get("/").content.decode()
    assert "2份月报待审核" in supervisor
    assert "待定稿" not in supervisor
    province = client(records, "province").get("/").content.decode()
    assert "2份月报待审核" in province
    assert "1份月报待定稿" in province


def test_it_is_one_question_whatever_the_number(records: Records) -> None:
    def asked() -> int:
        with records.world.acting("province") as by, CaptureQueriesContext(connection) as queries:
            months_owed(by)
        return len(queries)

    standing(records, "submitted")
    before = asked()
    for back in range(2, 6):
        standing(records, "submitted", back)
    assert asked() == before
