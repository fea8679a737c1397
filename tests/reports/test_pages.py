"""Pages and API of figures, as the web role."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from agencies.enums import Role
from cases.services import walls
from core import clock, outbox
from core.identity import WORKER
from core.months import shift
from reports.exports import job
from reports.indicators import DIMENSIONS
from reports.models import MonthReport
from reports.periods import Period, this_month
from reports.services import months
from reports.tiles import GAP, HEIGHT, PLACES, VIEW_BOX, WIDTH
from reports.workflow import MONTH
from tests.reports.conftest import Records
from tests.reports.test_months import report
from tests.reports.test_totals import july, kinds, period  # noqa: F401 - fixtures
from tests.roles import as_owner, as_role


def client(records: Records, who: str) -> Client:
    browser = Client()
    browser.force_login(records.world.users[who], backend="agencies.backends.StaffBackend")
    return browser


STATISTICS = "/api/v1/statistics/?from=2022-07&to=2022-07"


def test_pages_of_figures_open_for_those_with_figures(july: Records) -> None:  # noqa: F811
    for who in ("director", "manager", "supervisor", "province"):
        browser = client(july, who)
        for route in ("dashboard", "months"):
            assert browser.get(reverse(f"reports:{route}")).status_code == 200, (who, route)


def test_pages_of_figures_are_closed_to_others(records: Records) -> None:
    for who in ("operator", "police_liaison", "keeper", "expert", "auditor", "system", "field_worker"):
        browser = client(records, who)
        for route in ("dashboard", "months", "province", "exports", "records"):
            assert browser.get(reverse(f"reports:{route}")).status_code == 403, (who, route)


def test_directors_do_not_open_the_regions_statistics(records: Records) -> None:
    assert client(records, "director").get(reverse("reports:province")).status_code == 403


def test_the_statistics_open_on_the_last_finished_month_and_bear_the_regions_name(july: Records) -> None:  # noqa: F811
    finished = shift(this_month(), -1)
    province = client(july, "province").get(reverse("reports:province"))
    assert province.context["period"] == Period(finished.replace(month=1), finished)
    assert "全省统计" in province.content.decode()
    prefecture = client(july, "supervisor").get(reverse("reports:province")).content.decode()
    assert "本州（市）统计" in prefecture
    assert "全省统计" not in prefecture


def test_the_report_of_a_running_month_has_one_word_for_its_state(records: Records) -> None:
    with as_owner():
        report = MonthReport._base_manager.create(
            office=records.world.offices["wuhua"], region_code="530102", month=this_month(), computed_at=clock.now()
        )
    director = client(records, "director")
    for url in (reverse("reports:months"), reverse("reports:month", args=[report.pk])):
        text = director.get(url).content.decode()
        assert "进行中" in text, url
        assert "待上报" not in text, url
    region = (
        client(records, "supervisor").get(f"{reverse('reports:months')}?month={this_month():%Y-%m}").content.decode()
    )
    assert "进行中" in region
    assert "待上报" not in region


def test_dashboard_shows_the_months_figures_and_leads_to_their_records(july: Records) -> None:  # noqa: F811
    browser = client(july, "director")
    page = browser.get("/reports/?month=2022-07")
    assert "/reports/records/?indicator=SERVICES&amp;from=2022-07&amp;to=2022-07" in page.content.decode()
    records = browser.get("/reports/records/?indicator=SERVICES&from=2022-07&to=2022-07")
    assert records.status_code == 200
    assert len(records.context["lines"]) == 6
    assert (
        len(browser.get("/reports/records/?indicator=CASES&from=2022-07&to=2022-07&category=E01").context["lines"]) == 1
    )


def test_manager_of_another_centre_finds_only_her_own_records(july: Records) -> None:  # noqa: F811
    answer = client(july, "xishan_manager").get("/reports/records/?indicator=CASES&from=2022-07&to=2022-07")
    assert {line.number for line in answer.context["lines"]}.isdisjoint(
        {
            line.number
            for line in client(july, "director")
            .get("/reports/records/?indicator=CASES&from=2022-07&to=2022-07")
            .context["lines"]
        }
    )


def test_supervisor_finds_no_records_and_no_small_figure(july: Records) -> None:  # noqa: F811
    browser = client(july, "supervisor")
    page = browser.get("/reports/records/?indicator=SERVICES&from=2022-07&to=2022-07")
    assert "lines" not in page.context
    assert page.context["closed"] is False
    assert browser.get("/reports/records/?indicator=CASES&from=2022-06&to=2022-06").context["closed"] is True


def test_dashboard_names_no_kind_of_which_nothing_is_shown(kinds: Records) -> None:  # noqa: F811
    browser = client(kinds, "supervisor")
    page = browser.get("/reports/?month=2022-07").content.decode()
    assert "其他（各不足5或为防止推算而隐去）" in page
    assert "赡养、扶养" not in page
    assert "合计不足5" in browser.get("/reports/?month=2022-08").content.decode()
    ages = browser.get("/reports/records/?indicator=CASES&from=2022-07&to=2022-07").context["ages"]
    assert all(row.cells["CASES"].shown for row in ages.rows if row.key)
    assert "赡养、扶养" in client(kinds, "director").get("/reports/?month=2022-07").content.decode()


def test_figures_that_do_not_exist_are_not_found(july: Records) -> None:  # noqa: F811
    browser = client(july, "director")
    for query in (
        "",
        "?indicator=NOTHING&from=2022-07&to=2022-07",
        "?indicator=CASES&from=x&to=2022-07",
        "?indicator=CENTRES&from=2022-07&to=2022-07",
    ):
        assert browser.get(f"/reports/records/{query}").status_code == 404, query


def test_statistics_open_at_every_level(july: Records) -> None:  # noqa: F811
    for query in (
        "",
        "?by=county&within=5301",
        "?by=centre&within=530102",
        "?first=2022-01&last=2022-08&by=centre&show=CASES",
    ):
        for who in ("province", "supervisor"):
            assert client(july, who).get(f"/reports/province/{query}").status_code == 200, (who, query)


def test_counties_stand_under_their_prefecture_with_its_sums(july: Records) -> None:  # noqa: F811
    for level in ("county", "centre"):
        answer = client(july, "province").get(f"/reports/province/?first=2022-07&last=2022-07&by={level}")
        lines = answer.context["lines"]
        groups = [row.code for kind, row, _url, _cells in lines if kind == "group"]
        assert groups == sorted(set(groups))
        assert "530100" in groups
        above = ""
        for kind, row, _url, _cells in lines:
            above = row.code if kind == "group" else above
            assert kind != "part" or row.code[:4] == above[:4], row.name
        kunming = next(row for kind, row, _url, _cells in lines if kind == "group" and row.code == "530100")
        assert kunming.cells["SERVICES"].shown == 14
    one = client(july, "province").get("/reports/province/?by=county&within=5301").context["lines"]
    assert {kind for kind, *_rest in one} == {""}


def test_the_map_holds_every_tile_with_its_line(july: Records) -> None:  # noqa: F811
    left, top, width, height = (int(part) for part in VIEW_BOX.split())
    for column, line in PLACES.values():
        x, y = column * (WIDTH + GAP), line * (HEIGHT + GAP)
        assert left < x < x + WIDTH < left + width
        assert top < y < y + HEIGHT < top + height
    assert f'viewBox="{VIEW_BOX}"' in client(july, "province").get("/reports/province/").content.decode()


def test_backward_range_is_said_beside_the_field(july: Records) -> None:  # noqa: F811
    answer = client(july, "province").get("/reports/province/?first=2022-08&last=2022-01")
    assert answer.status_code == 422
    assert answer.context["form"].errors["last"]


@pytest.mark.parametrize(
    ("first", "last", "field"), [("2010-01", "2022-07", "first"), ("2022-07", "2999-01", "last"), ("2023-01", "2023-02", "first")]
)  # fmt: skip
def test_months_without_figures_are_refused_with_those_that_have_some(
    records: Records, first: str, last: str, field: str
) -> None:
    browser = client(records, "province")
    asked = {"first": first, "last": last}
    for answer in (
        browser.get("/reports/province/", asked),
        browser.post("/reports/exports/", asked | {"format": "xlsx"}),
    ):
        assert answer.status_code == 422
        assert answer.context["form"].errors == {field: ["现有2015-01至2022-08的数据，请在此范围内选择月份。"]}


def test_a_range_may_end_after_the_running_month(july: Records) -> None:  # noqa: F811
    assert client(july, "province").get("/reports/province/?first=2022-01&last=2022-12").status_code == 200


def test_the_interfaces_names_of_a_range_are_understood(july: Records) -> None:  # noqa: F811
    browser = client(july, "province")
    assert browser.get("/reports/province/?from=2022-06&to=2022-07").context["period"] == period("2022-06", "2022-07")
    form = browser.get("/reports/exports/?from=2022-06&to=2022-07").context["form"]
    assert (form["first"].value(), form["last"].value()) == ("2022-06", "2022-07")


def test_supervisor_cannot_look_into_another_prefecture(july: Records) -> None:  # noqa: F811
    answer = client(july, "supervisor").get("/reports/province/?by=county&within=5329")
    assert all(row.code.startswith("5301") for row in answer.context["table"].rows)


def test_month_goes_its_way_through_the_pages(july: Records) -> None:  # noqa: F811
    pk = report(july).pk
    director, supervisor, province = (client(july, who) for who in ("director", "supervisor", "province"))
    assert director.get(f"/reports/months/{pk}/").context["may_submit"]
    said = {f"explain_{code}": "集中走访。" for code in ("SERVICES", "CASES", "ASSISTED")}
    assert director.post(f"/reports/months/{pk}/submit/", said).status_code == 302
    assert supervisor.post(f"/reports/months/{pk}/return/", {"reason": ""}).status_code == 422
    assert supervisor.post(f"/reports/months/{pk}/return/", {"reason": "请核对"}).status_code == 302
    assert "请核对" in director.get(f"/reports/months/{pk}/").content.decode()
    silent = director.post(f"/reports/months/{pk}/submit/", {"explanation": "集中走访。"})
    assert silent.status_code == 422  # figures have jumped: the director says of each why
    assert set(silent.context["submit_form"].errors) == set(said)
    assert director.post(f"/reports/months/{pk}/submit/", said).status_code == 302
    assert supervisor.post("/reports/months/accept/", {"month": "2022-07"}).status_code == 302
    assert province.post("/reports/months/lock/", {"month": "2022-07"}).status_code == 302
    assert report(july).status == "locked"


def test_pages_and_edges_speak_of_the_supervising_federation_of_county_or_prefecture(july: Records) -> None:  # noqa: F811
    july.world.person("wuhua_supervisor", Role.SUPERVISOR, "wuhua_district")
    pk = report(july).pk
    page = client(july, "director").get(f"/reports/months/{pk}/").content.decode()
    assert "上报上级妇联" in page
    assert "直到上级妇联审核通过或退回" in page
    assert "在上级妇联审核通过或退回之前" in page
    assert "上级妇联（县、州市）审核" in client(july, "director").get("/reports/months/").content.decode()
    assert MONTH.edge("accept", "submitted").law == "上级妇联（县、州市）审核"
    with july.world.acting("director") as by:
        months.month_submit(report_id=pk, by=by)
    county = client(july, "wuhua_supervisor")
    assert county.post(f"/reports/months/{pk}/accept/").status_code == 302
    assert report(july).status == "accepted"
    assert county.post(f"/reports/months/{pk}/return/", {"reason": "请核对服务记录。"}).status_code == 302
    assert report(july).status == "returned"


def deliver() -> None:
    """What the worker does after the commits."""
    with as_role(WORKER):
        for item in outbox.waiting():
            assert outbox.deliver(item)


def test_a_returned_month_rings_the_directors_bell(july: Records) -> None:  # noqa: F811
    pk = report(july).pk
    director, supervisor = client(july, "director"), client(july, "supervisor")
    july.world.person("xishan_director", Role.DIRECTOR, "xishan")
    said = {f"explain_{code}": "集中走访。" for code in ("SERVICES", "CASES", "ASSISTED")}
    for time in (1, 2):
        assert 'data-confirm="确定上报本月月报？' in director.get(f"/reports/months/{pk}/").content.decode()
        assert director.post(f"/reports/months/{pk}/submit/", said).status_code == 302
        assert 'data-confirm="确定将本月月报退回中心？' in supervisor.get(f"/reports/months/{pk}/").content.decode()
        assert supervisor.post(f"/reports/months/{pk}/return/", {"reason": "请核对服务记录"}).status_code == 302
        deliver()
        listed = director.get(reverse("agencies:notifications")).context["shown"]
        assert [(item["words"], item["notice"].url) for item in listed] == [
            ("有一份月报被退回本中心", f"/reports/months/{pk}/")
        ] * time
    for other in ("manager", "supervisor", "xishan_director"):
        assert client(july, other).get(reverse("agencies:notifications")).context["shown"] == []


def test_a_month_submitted_again_meanwhile_rings_no_bell(july: Records) -> None:  # noqa: F811
    pk = report(july).pk
    said = {f"explain_{code}": "集中走访。" for code in ("SERVICES", "CASES", "ASSISTED")}
    director = client(july, "director")
    assert director.post(f"/reports/months/{pk}/submit/", said).status_code == 302
    assert client(july, "supervisor").post(f"/reports/months/{pk}/return/", {"reason": "请核对"}).status_code == 302
    assert director.post(f"/reports/months/{pk}/submit/", said).status_code == 302
    deliver()
    assert director.get(reverse("agencies:notifications")).context["shown"] == []


def test_a_month_that_is_owed_rings_the_directors_bell_when_the_supervisor_asks(july: Records) -> None:  # noqa: F811
    pk = report(july).pk
    director, supervisor = client(july, "director"), client(july, "supervisor")
    july.world.person("xishan_director", Role.DIRECTOR, "xishan")
    assert "催报" not in director.get(f"/reports/months/{pk}/").content.decode()
    assert "催报该中心" in supervisor.get(f"/reports/months/{pk}/").content.decode()
    key = {"request_key": str(uuid4())}
    for _press in range(2):
        assert supervisor.post(f"/reports/months/{pk}/chase/", key).status_code == 302
    page = supervisor.get(f"/reports/months/{pk}/").content.decode()
    assert "催报该中心" not in page
    assert "已催报" in page
    deliver()
    listed = director.get(reverse("agencies:notifications")).context["shown"]
    assert [(item["words"], item["notice"].url) for item in listed] == [
        ("本中心有一份月报尚未上报，上级催报", f"/reports/months/{pk}/")
    ]
    assert client(july, "xishan_director").get(reverse("agencies:notifications")).context["shown"] == []
    listing = client(july, "province").get("/reports/months/?month=2022-07").context
    assert "个尚未上报的中心的主任催报本月月报" in listing["chasing"]
    answer = client(july, "province").post("/reports/months/chase/", {"month": "2022-07"}, follow=True)
    assert "已催报" in str([str(message) for message in answer.context["messages"]])
    assert answer.context["chasing"] == ""
    deliver()
    assert len(client(july, "xishan_director").get(reverse("agencies:notifications")).context["shown"]) == 1


def test_locking_names_the_centres_and_how_many_are_left_out(july: Records) -> None:  # noqa: F811
    """Wuhua is approved, xishan not even submitted; the desk is locked with them and counted nowhere."""
    director, supervisor, province = (client(july, who) for who in ("director", "supervisor", "province"))
    said = {f"explain_{code}": "集中走访。" for code in ("SERVICES", "CASES", "ASSISTED")}
    assert director.post(f"/reports/months/{report(july).pk}/submit/", said).status_code == 302
    assert province.get("/reports/months/?month=2022-07").context["locking"] == ""
    assert supervisor.post("/reports/months/accept/", {"month": "2022-07"}).status_code == 302
    with as_owner():
        others = MonthReport.objects.filter(month="2022-07-01", office__kind="centre").count() - 1
    page = province.get("/reports/months/?month=2022-07")
    assert "定稿1个中心的月报" in page.context["locking"]
    assert f"另有{others}个中心未纳入" in page.context["locking"]
    answer = province.post("/reports/months/lock/", {"month": "2022-07"}, follow=True)
    assert [str(message) for message in answer.context["messages"]] == ["已定稿1个中心的月报。"]
    assert report(july, "desk").status == "locked"


def test_version_that_has_moved_on_is_refused_with_what_was_typed(july: Records) -> None:  # noqa: F811
    pk = report(july).pk
    said = {f"explain_{code}": "集中走访。" for code in ("SERVICES", "CASES", "ASSISTED")}
    answer = client(july, "director").post(f"/reports/months/{pk}/submit/", said | {"version": "99"})
    assert answer.status_code == 409
    assert "集中走访" in answer.content.decode()


def test_the_same_press_twice_ends_where_the_first_one_did(july: Records) -> None:  # noqa: F811
    pk = report(july).pk
    director, supervisor = client(july, "director"), client(july, "supervisor")
    said = {f"explain_{code}": "集中走访。" for code in ("SERVICES", "CASES", "ASSISTED")} | {
        "request_key": str(uuid4())
    }
    sent_back = {"reason": "请核对", "request_key": str(uuid4())}
    for browser, verb, words in ((director, "submit", said), (supervisor, "return", sent_back)):
        for _press in range(2):
            answer = browser.post(f"/reports/months/{pk}/{verb}/", words)
            assert (answer.status_code, answer["Location"]) == (302, f"/reports/months/{pk}/")
    export = {"first": "2022-07", "last": "2022-07", "format": "xlsx", "request_key": str(uuid4())}
    for _press in range(2):
        assert client(july, "province").post("/reports/exports/", export).status_code == 302


def test_what_was_typed_for_a_step_that_is_gone_stands_on_the_page(july: Records) -> None:  # noqa: F811
    pk = report(july).pk
    said = {f"explain_{code}": "集中走访。" for code in ("SERVICES", "CASES", "ASSISTED")}
    director, supervisor = client(july, "director"), client(july, "supervisor")
    assert director.post(f"/reports/months/{pk}/submit/", said).status_code == 302
    assert supervisor.post(f"/reports/months/{pk}/return/", {"reason": "请核对"}).status_code == 302
    gone = supervisor.post(f"/reports/months/{pk}/return/", {"reason": "第二次退回的理由"})
    assert gone.status_code == 422
    assert "第二次退回的理由" in gone.content.decode()


def test_a_record_behind_a_wall_leaves_no_gap(july: Records) -> None:  # noqa: F811
    url = "/reports/records/?indicator=CASES&from=2022-07&to=2022-07"
    before = client(july, "manager2").get(url).context
    gone = before["lines"][0]
    with july.world.acting("director") as by:
        walls.wall_set(case_id=gone.case_id, by=by, reason="kin", person=july.world.users["manager2"])
    after = client(july, "manager2").get(url)
    assert gone.number not in after.content.decode()
    assert after.context["page"].paginator.count == len(after.context["lines"]) == len(before["lines"]) - 1
    assert client(july, "director").get(url).context["page"].paginator.count == len(before["lines"])


def test_stranger_does_not_find_a_report(july: Records) -> None:  # noqa: F811
    pk = report(july).pk
    assert client(july, "xishan_manager").get(f"/reports/months/{pk}/").status_code == 404
    assert client(july, "manager").post(f"/reports/months/{pk}/submit/").status_code == 403


def test_export_is_asked_for_made_and_taken_away(july: Records) -> None:  # noqa: F811
    browser = client(july, "province")
    assert (
        browser.post("/reports/exports/", {"first": "2022-06", "last": "2022-08", "format": "xlsx"}).status_code == 302
    )
    pk = browser.get("/reports/exports/").context["jobs"][0]["job"].pk
    with as_role(WORKER):
        assert job.run(pk)
    assert browser.get(f"/reports/exports/{pk}/progress/").status_code == 200
    answer = browser.get(f"/reports/exports/{pk}/file/")
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    assert client(july, "supervisor").get(f"/reports/exports/{pk}/file/").status_code == 404


def test_api_answers_by_place_with_codes_of_the_statistics(july: Records) -> None:  # noqa: F811
    answer = client(july, "province").get(STATISTICS + "&by=county").json()
    row = next(row for row in answer["rows"] if row["code"] == "530102")
    assert (row["name"], row["SERVICES"], row["ASSISTED"], row["INTERVIEWS"]) == ("五华区", 6, 6, 0)
    assert (answer["totals"]["SERVICES"], answer["totals"]["ASSISTED"], answer["doubles"]["ASSISTED"]) == (14, 13, 1)


def test_api_hides_small_cells_and_names_them(july: Records) -> None:  # noqa: F811
    answer = client(july, "supervisor").get("/api/v1/statistics/?from=2022-06&to=2022-06&by=county").json()
    row = next(row for row in answer["rows"] if row["code"] == "530112")
    assert (row["CASES"], "CASES" in row["suppressed"]) == (None, True)


def test_api_has_every_level(july: Records) -> None:  # noqa: F811
    browser = client(july, "province")
    for level in ("province", "prefecture", "county", "centre"):
        answer = browser.get(f"{STATISTICS}&by={level}").json()
        assert (answer["by"], answer["totals"]["SERVICES"]) == (level, 14)


def test_api_says_in_a_code_what_is_wrong(records: Records) -> None:
    browser = client(records, "province")
    for query, code in (
        ("?from=2022-13&to=2022-07", "bad_month"), ("?to=2022-07", "bad_month"), ("?from=2022-08&to=2022-07", "range_backwards"),
        ("?from=2010-01&to=2022-07", "month_out_of_range"), ("?from=2022-09&to=2022-12", "month_out_of_range"),
        ("?from=2022-07&to=2022-07&by=street", "bad_level"),
    ):  # fmt: skip
        answer = browser.get(f"/api/v1/statistics/{query}")
        assert (answer.status_code, answer.json()["code"]) == (422, code), query


def test_api_refuses_roles_without_figures(records: Records) -> None:
    for who in ("operator", "police_liaison", "auditor", "keeper"):
        assert client(records, who).get(STATISTICS).status_code == 403, who


def test_api_asks_for_a_login(records: Records) -> None:
    assert Client().get(STATISTICS).status_code == 401


def test_api_is_described(records: Records) -> None:
    schema = client(records, "province").get("/api/schema/?format=json").json()
    assert "/api/v1/statistics/" in schema["paths"]


def test_pages_ask_few_queries(july: Records, django_assert_max_num_queries: Any) -> None:  # noqa: F811
    month = f"/reports/months/{report(july).pk}/"
    for who, path in (
        ("director", "/reports/?month=2022-07"), ("province", "/reports/?month=2022-07"), ("province", "/reports/province/"),
        ("province", "/reports/province/?by=centre"), ("province", "/reports/months/?month=2022-07"),
        ("province", month), ("director", month), ("supervisor", "/reports/?month=2022-07"), ("province", "/reports/province/?by=county&within=5301"),
        ("province", "/reports/records/?indicator=SERVICES&from=2022-07&to=2022-07"),
        ("province", "/reports/records/?indicator=SERVICES&from=2022-06&to=2022-07"),
    ):  # fmt: skip
        browser = client(july, who)
        with django_assert_max_num_queries(22, info=path):  # begin, savepoints and identity included
            browser.get(path)


def test_locked_month_is_named_as_such_in_the_list(july: Records) -> None:  # noqa: F811
    months.settle_range(period("2022-07").first, period("2022-07").last)
    answer = client(july, "director").get("/reports/months/")
    assert {row.status for row in answer.context["page"] if row.month == period("2022-07").first} == {"locked"}


@pytest.mark.parametrize("value", ["\x00", "a\x00b", "x" * 5000, "'", "9" * 60])
def test_what_is_typed_into_the_address_is_no_error_of_ours(july: Records, value: str) -> None:  # noqa: F811
    browser = client(july, "director")
    for name in (*DIMENSIONS, "page", "office", "from", "to"):
        asked = {"indicator": "CASES", "from": "2022-07", "to": "2022-07"} | {name: value}
        assert browser.get("/reports/records/", asked).status_code in (200, 400, 404), name
