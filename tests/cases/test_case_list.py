"""The list of cases."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Case
from cases.services import case as cases
from cases.services.consents import Given
from core import clock
from core.models.accesslog import AccessLog
from referrals import services as referrals
from tests.cases.scenes import client_of, opened
from tests.roles import as_owner
from tests.world import World


def _many(world: World, count: int) -> list[Case]:
    return [opened(world, name=f"李{'甲乙丙丁戊己庚辛壬癸'[n % 10]}{n}", phone=f"138000{n:05d}") for n in range(count)]


def _queries(browser: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert browser.get(url).status_code == 200
    return len(caught)


def test_the_list_takes_as_many_queries_for_twenty_cases_as_for_two(world: World) -> None:
    _many(world, 2)
    browser = client_of(world, "manager")
    browser.get("/cases/")  # what a process asks once (content types, working days) is not counted
    few = _queries(browser, "/cases/")
    _many(world, 18)
    many = _queries(browser, "/cases/?sort=-received&status=received")
    with CaptureQueriesContext(connection) as caught:
        text = browser.get("/cases/").content.decode()
    assert text.count('class="row-link"') == 20
    assert len(caught) == few == many
    # Logging in, the identity and the transaction of a request take the rest.
    own = [
        query["sql"]
        for query in caught
        if 'FROM "cases_' in query["sql"] or "caremgmt_keys" in query["sql"] or "core_accesslog" in query["sql"]
    ]
    assert len(own) <= 10, own


def test_a_manager_sees_the_own_centres_cases_only(world: World) -> None:
    case = opened(world)
    assert case.number in client_of(world, "manager").get("/cases/").content.decode()
    assert case.number in client_of(world, "director").get("/cases/").content.decode()
    for name in ("xishan_manager", "police_liaison", "expert", "keeper"):
        text = client_of(world, name).get("/cases/").content.decode()
        assert case.number not in text
        assert "刘桂芳" not in text


@pytest.mark.parametrize("name", ["operator", "shift", "province", "auditor"])
def test_who_keeps_no_cases_is_told_so_kindly(world: World, name: str) -> None:
    opened(world)
    answer = client_of(world, name).get("/cases/")
    assert answer.status_code == 200
    assert "row-link" not in answer.content.decode()


def test_a_liaison_lists_a_case_from_acceptance_on(world: World) -> None:
    case = opened(world)
    with world.acting("manager") as by:
        cases.case_assess(case_id=case.pk, by=by, version=1, risk="low", reasons="无即时危险")
        sent = referrals.referral_send(
            case_id=case.pk, by=by, unit=world.units["justice"], ask="legal_aid", ask_note="请提供法律援助", sections=["incident"], basis="consent", consent=Given("当面同意"))  # fmt: skip
    browser = client_of(world, "justice_liaison")
    assert case.number not in browser.get("/cases/").content.decode()
    with world.acting("justice_liaison") as by:
        referrals.referral_accept(referral_id=sent.pk, by=by, version=sent.version)
    text = browser.get("/cases/").content.decode()
    assert case.number in text
    assert "刘桂芳" not in text  # identity was not shared


def test_filters_narrow_and_stay_in_the_address(world: World) -> None:
    old, violent, other = opened(world), opened(world, name="赵甲", category_id="A01"), opened(world, name="钱乙")
    with world.acting("manager") as by:
        cases.case_assess(case_id=violent.pk, by=by, version=1, risk="high", reasons="持刀威胁")
        cases.case_refuse(case_id=other.pk, by=by, version=1, reason="other_body", pointed_to="五华区司法局")
    browser = client_of(world, "manager")

    def shown(query: str) -> set[str]:
        text = browser.get(f"/cases/?{query}").content.decode()
        return {case.number for case in (old, violent, other) if case.number in text}

    assert shown("") == {old.number, violent.number}
    assert shown("status=all") == {old.number, violent.number, other.number}
    assert shown("status=not_accepted") == {other.number}
    assert shown("risk=high") == {violent.number}
    assert shown("category=A01") == {violent.number}
    assert shown("category=A&channel=hotline") == {old.number, violent.number}
    assert shown("manager=mine") == {violent.number}
    assert shown("risk=nonsense&sort=nonsense&after=nonsense&manager=x") == {old.number, violent.number}
    assert shown("status=late") == set()
    with clock.at(clock.now() + dt.timedelta(days=20)):
        assert shown("status=late&risk=high") == {violent.number}
    text = browser.get("/cases/?risk=high&category=A").content.decode()
    assert "risk=high&amp;category=A&amp;sort=" in text


@pytest.mark.parametrize("sort", ["", "received", "-received", "due", "-due", "risk", "-risk"])
def test_pages_hold_every_case_once(world: World, sort: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cases.views.case_list.PAGE_SIZE", 3)
    wanted = {case.number for case in _many(world, 8)}
    browser = client_of(world, "manager")
    found: list[str] = []
    after, before = "", ""
    for _page in range(3):
        answer = browser.get("/cases/", {"sort": sort, "after": after})
        found += [row.case.number for row in answer.context["rows"]]
        before, after = answer.context["page"].prev, answer.context["page"].next
    assert after == ""
    assert len(found) == 8
    assert set(found) == wanted
    back = browser.get("/cases/", {"sort": sort, "before": before})
    assert [row.case.number for row in back.context["rows"]] == found[3:6]
    assert back.context["page"].next
    assert back.context["page"].prev


def test_export_holds_what_is_shown_with_masked_phones_and_is_logged(world: World) -> None:
    case = opened(world, name="=cmd|刘")
    foreign = opened(world, office=world.offices["xishan"], name="外区人")
    answer = client_of(world, "manager").get("/cases/export.csv?status=received")
    assert answer["Content-Type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 2
    assert rows[1][0] == case.number
    assert rows[1][1] == "'=cmd|刘"
    assert rows[1][2] == "138****1234"
    assert foreign.number not in answer.content.decode()
    assert "13800001234" not in answer.content.decode()
    with as_owner():
        logged = AccessLog.objects.get(action="export")
        assert (logged.count, logged.object_type) == (1, "case_list")
    assert client_of(world, "operator").get("/cases/export.csv").status_code == 403


def test_looking_at_the_list_is_logged(world: World) -> None:
    opened(world)
    client_of(world, "manager").get("/cases/")
    with as_owner():
        assert AccessLog.objects.get(action="view", object_type="case_list").count == 1


def test_a_list_a_search_and_an_export_name_each_case_in_the_log(world: World) -> None:
    first, second = opened(world, name="李秀兰"), opened(world, name="杨丽华")
    browser = client_of(world, "manager")
    for url in ("/cases/", "/cases/export.csv"):
        browser.get(url)
    browser.post("/search/", {"q": first.number})
    with as_owner():
        shown = {row.object_type + row.action: set(row.case_ids) for row in AccessLog.objects.exclude(case_ids=None)}
    both = {first.pk, second.pk}
    assert (shown["case_listview"], shown["case_listexport"]) == (both, both)
    assert shown["search_hitsview"] == {first.pk}
    panel = browser.get(f"/cases/{second.pk}/panels/log/").content.decode()
    assert "导出" in panel
    assert "在列表中" in panel
