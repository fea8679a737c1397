"""Ranges that end inside a quarter: where they hide cells, the page leads to the quarter's end before."""

from __future__ import annotations

import datetime as dt
from html import unescape

import pytest
from django.urls import reverse

from core import clock
from core.clock import SHANGHAI
from tests.reports.conftest import Records
from tests.reports.test_pages import client
from tests.reports.test_totals import july, period  # noqa: F401 - a fixture


@pytest.mark.parametrize(
    ("first", "last", "to"),
    [
        ("2022-01", "2022-10", ("2022-01", "2022-09")), ("2022-01", "2022-11", ("2022-01", "2022-09")), ("2022-01", "2022-04", ("2022-01", "2022-03")),
        ("2022-08", "2022-10", ("2022-08", "2022-09")), ("2021-05", "2022-02", ("2021-05", "2021-12")),
        ("2022-01", "2022-01", ("2021-01", "2021-12")), ("2022-01", "2022-02", ("2021-01", "2021-12")),
        ("2022-01", "2022-09", None), ("2022-01", "2022-12", None), ("2022-07", "2022-08", None), ("2022-07", "2022-07", None), ("2022-02", "2022-02", None),
    ],
)  # fmt: skip
def test_the_quarters_end_before(first: str, last: str, to: tuple[str, str] | None) -> None:
    assert period(first, last).to_quarter == (period(*to) if to else None)


def hint(records: Records, who: str, query: str) -> tuple[int, str, str]:
    answer = client(records, who).get(f"{reverse('reports:province')}?{query}")
    return answer.status_code, answer.context["fuller"].get("url", ""), unescape(answer.content.decode())


def test_a_range_that_ends_inside_a_quarter_leads_to_the_quarters_end(july: Records) -> None:  # noqa: F811
    status, url, text = hint(july, "supervisor", "first=2022-01&last=2022-07&by=centre&show=CASES")
    assert status == 200
    assert "季度中间截止的累计数，※较多" in text
    assert f'<a href="{url}">看截至2022-06的累计数</a>' in text
    assert url == "?first=2022-01&last=2022-06&by=centre&show=CASES&within="
    assert hint(july, "supervisor", url[1:])[:2] == (200, "")


def test_a_year_that_has_just_begun_leads_to_the_year_before(july: Records) -> None:  # noqa: F811
    july.service(july.case("wuhua", "2023-01-02"), "2023-01-03")
    with clock.at(dt.datetime(2023, 2, 5, 9, tzinfo=SHANGHAI)):
        july.compute("2023-01")
        _status, url, text = hint(july, "supervisor", "first=2023-01&last=2023-01")
    assert f'<a href="{url}">看2022年全年的累计数</a>' in text
    assert "first=2022-01&last=2022-12" in url


def test_nothing_is_said_where_nothing_is_hidden(july: Records) -> None:  # noqa: F811
    assert hint(july, "supervisor", "first=2022-01&last=2022-05")[1:2] == ("",)  # all zero
