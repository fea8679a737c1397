"""Stories 7, 5 and 6 on the demo province: the article's figures counted from records, the month's way to the province, a worker killed.

All in a browser, with worker and beat running; the module's tests run in this order, because the fifth story turns the clock.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import signal
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import psycopg2
import pytest
import redis
from django.utils import translation
from playwright.sync_api import Browser, Locator, expect
from python_calamine import CalamineWorkbook

from reports.indicators import catalogue
from tests.conftest import manage
from tests.products import LiveProduct
from tests.stories.driver import Person, people
from tests.stories.promise import broken_promises_of

pytestmark = pytest.mark.browser
SHANGHAI = ZoneInfo("Asia/Shanghai")
PATIENCE = 180.0
ARTICLE = {"CENTRES": 74, "SERVICES": 2985, "CASES": 788, "ASSISTED": 945, "INTERVIEWS": 273, "SUPERVISION_ORDERS": 292}
HEADS = {
    "CENTRES": "已建中心数", "SERVICES": "提供维权服务", "CASES": "受理和处置案（事）件", "ASSISTED": "救助妇女儿童", "INTERVIEWS": "询问取证",
    "SUPERVISION_ORDERS": "发出《督促监护令》",
}  # fmt: skip
# The six, counted by hand over the records themselves; the product's own queries have no part in it.
BY_HAND = """
    SELECT
      (SELECT count(*) FROM agencies_office WHERE kind = 'centre' AND opened_on <= '2022-11-30' AND (closed_on IS NULL OR closed_on > '2022-11-30')),
      (SELECT count(*) FROM cases_servicerecord WHERE happened_at < '2022-12-01 00:00+08'),
      (SELECT count(*) FROM cases_case WHERE accepted_at < '2022-12-01 00:00+08' AND status <> 'merged'),
      (SELECT count(DISTINCT coalesce(encode(f.digest, 'hex'), s.person_id::text)) FROM cases_servicerecord s
        JOIN cases_case c ON c.id = s.case_id AND NOT c.is_anonymous
        JOIN cases_party p ON p.case_id = s.case_id AND p.person_id = s.person_id
        JOIN cases_partyidentity i ON i.party_id = p.id AND NOT i.is_anonymous
        LEFT JOIN cases_fingerprint f ON f.person_id = s.person_id AND f.kind = 'id'
        WHERE s.happened_at < '2022-12-01 00:00+08'
          AND s.kind IN ('mediation', 'legal_advice', 'legal_aid', 'counselling', 'interview', 'care', 'shelter')
          AND (i.gender = 'female' OR extract(year FROM s.happened_at AT TIME ZONE 'Asia/Shanghai') - i.birth_year < 18)),
      (SELECT count(*) FROM cases_servicerecord WHERE kind = 'interview' AND happened_at < '2022-12-01 00:00+08'),
      (SELECT count(DISTINCT document_number) FROM cases_order WHERE kind = 'supervision_order' AND issued_on <= '2022-11-30')
"""
# What adds up over prefectures, by hand too: (prefecture, how many).
COUNTED = {
    "CENTRES": "SELECT left(region_id, 4), count(*) FROM agencies_office WHERE kind = 'centre' AND opened_on <= '2022-11-30'"
    " AND (closed_on IS NULL OR closed_on > '2022-11-30') GROUP BY 1",
    "SERVICES": "SELECT left(o.region_id, 4), count(*) FROM cases_servicerecord r JOIN agencies_office o ON o.id = r.office_id"
    " WHERE r.happened_at < '2022-12-01 00:00+08' GROUP BY 1",
    "CASES": "SELECT left(o.region_id, 4), count(*) FROM cases_case r JOIN agencies_office o ON o.id = r.office_id"
    " WHERE r.accepted_at < '2022-12-01 00:00+08' AND r.status <> 'merged' GROUP BY 1",
    "INTERVIEWS": "SELECT left(o.region_id, 4), count(*) FROM cases_servicerecord r JOIN agencies_office o ON o.id = r.office_id"
    " WHERE r.kind = 'interview' AND r.happened_at < '2022-12-01 00:00+08' GROUP BY 1",
}


# --- helpers --------------------------------------------------------------------------------------------------------------
def asked(live: LiveProduct, sql: str, *values: Any) -> Any:
    """The first column of the first row, as the owner; nothing without a row."""
    row = row_of(live, sql, *values)
    return row[0] if row else None


def by_prefecture(live: LiveProduct) -> dict[str, dict[str, int]]:
    """What was counted by hand, by the prefecture's code."""
    found: dict[str, dict[str, int]] = {}
    for code, sql in COUNTED.items():
        for prefecture, count in rows_of(live, sql):
            found.setdefault(f"{prefecture}00", {})[code] = count
    return found


def row_of(live: LiveProduct, sql: str, *values: Any) -> Any:
    """The first row, as the owner."""
    return next(iter(rows_of(live, sql, *values)), None)


def rows_of(live: LiveProduct, sql: str, *values: Any) -> list[Any]:
    """All rows, as the owner."""
    connection = psycopg2.connect(live.env["DATABASE_URL"])
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()
    finally:
        connection.close()


def until(live: LiveProduct, ready: Callable[[], bool], what: str) -> None:
    """Wait for a job of the worker."""
    end = time.monotonic() + PATIENCE
    while not ready():
        assert time.monotonic() < end, f"waited in vain: {what}\n" + "\n".join(live.lines[-30:])
        time.sleep(1)


def statistics(person: Person, first: str, last: str, by: str = "province") -> Any:
    """The answer of the API."""
    answer = person.context.request.get(
        f"{person.base_url}/api/v1/statistics/?from={first}&to={last}&by={by}", timeout=120_000
    )
    assert answer.status == 200
    return answer.json()


def refusal(person: Person, path: str, **fields: str) -> int:
    """The status of a POST that no button of hers leads to."""
    token = person.page.locator("input[name=csrfmiddlewaretoken]").first.get_attribute("value")
    form = {"csrfmiddlewaretoken": str(token), "request_key": str(uuid4()), **fields}
    answer = person.context.request.post(
        person.base_url + path, form=form, headers={"Referer": person.base_url + path}, max_redirects=0
    )
    assert "打开时间过长" not in answer.text()  # refused for what it is, not for its token
    return answer.status


def number_in(text: str) -> int:
    """The figure of a tile: '2985件次' is 2985."""
    return int(re.sub(r"\D", "", text))


def figures_on(person: Person) -> dict[str, int]:
    """The six tiles of the page."""
    found = {}
    for code, head in HEADS.items():
        tile = person.page.locator(".stats .stat").filter(has=person.page.locator(".stat-label", has_text=head))
        found[code] = number_in(tile.locator(".stat-value").inner_text())
    return found


def total_of(rows: list[list[Any]]) -> dict[str, Any]:
    """The six figures in the total's row of a sheet, by the heads above them."""
    top = next(row for row in rows if any(str(cell).startswith(HEADS["SERVICES"]) for cell in row))
    total = next(row for row in rows if "合计" in row)
    columns = {
        code: next(i for i, cell in enumerate(top) if str(cell).startswith(head)) for code, head in HEADS.items()
    }
    return {code: total[column] for code, column in columns.items()}


def export(live: LiveProduct, person: Person, first: str, last: str) -> CalamineWorkbook:
    """Start an export, watch its bar (the worker is held until it was seen), and download the workbook without loading the page anew."""
    person.go(f"/reports/exports/?first={first}&last={last}")
    live.send("worker", signal.SIGSTOP)
    try:
        person.save("开始导出")
        panel = person.page.locator("[id^='export-']").first
        expect(panel).to_contain_text(first)
        expect(panel.locator("progress")).to_be_visible()
    finally:
        live.send("worker", signal.SIGCONT)
    button = panel.locator("a[download]")
    expect(button).to_be_visible(timeout=PATIENCE * 1000)
    with person.page.expect_download() as download:
        button.click()
    assert download.value.suggested_filename.endswith(".xlsx")
    return CalamineWorkbook.from_filelike(io.BytesIO(download.value.path().read_bytes()))


def nothing_is_typed_in(live: LiveProduct) -> None:
    """Behind every fact of the six stands a record."""
    for table, codes in {
        "cases_servicerecord": ("SERVICES", "ASSISTED", "INTERVIEWS"), "cases_case": ("CASES",), "cases_order": ("SUPERVISION_ORDERS",),
        "agencies_office": ("CENTRES",),
    }.items():  # fmt: skip
        sql = f"SELECT count(*) FROM reports_fact f WHERE indicator = ANY (%s) AND NOT EXISTS (SELECT 1 FROM {table} r WHERE r.id = f.record_id)"
        assert asked(live, sql, list(codes)) == 0


# --- story 7 --------------------------------------------------------------------------------------------------------------
def test_the_articles_province(live_demo: LiveProduct, browser: Browser) -> None:
    assert dict(zip(ARTICLE, row_of(live_demo, BY_HAND), strict=True)) == ARTICLE
    assert (
        asked(
            live_demo,
            "SELECT count(*) FROM agencies_office WHERE kind = 'centre' AND is_demonstration AND closed_on IS NULL",
        )
        == 17
    )
    nothing_is_typed_in(live_demo)
    assert broken_promises_of(live_demo.env) == 0
    with people(browser, live_demo.base_url) as person:
        province = person("shengji.yunnan")
        whole = statistics(province, "2015-01", "2022-11")
        assert [{code: row[code] for code in ARTICLE} for row in whole["rows"]] == [ARTICLE]

        parts = statistics(province, "2015-01", "2022-11", "prefecture")
        assert {code: parts["totals"][code] for code in ARTICLE} == ARTICLE
        counted = by_prefecture(live_demo)
        shown = [(code, row) for row in parts["rows"] for code in COUNTED if code not in row["suppressed"]]
        assert {(code, row["code"]): row[code] for code, row in shown} == {
            (code, row["code"]): counted.get(row["code"], {}).get(code, 0) for code, row in shown
        }
        assert {code for code, _row in shown} == set(COUNTED)  # no column is hidden as a whole
        # A prefecture with a month that would follow from the others stands as a star, and then nobody counts the doubles.
        hidden = any("ASSISTED" in row["suppressed"] for row in parts["rows"])
        doubles = 0 if hidden else sum(row["ASSISTED"] for row in parts["rows"]) - ARTICLE["ASSISTED"]
        assert parts["doubles"].get("ASSISTED", 0) == doubles

        province.go("/reports/province/?first=2015-01&last=2022-11&by=prefecture")
        assert figures_on(province) == ARTICLE
        if doubles:
            expect(province.page.locator("main")).to_contain_text(f"各行之和比合计多{doubles}人")

        marked = 0
        for number in (1, 2):
            province.go(f"/directory/?kind=centre&page={number}")
            marked += province.page.locator("main tbody tr", has_text="省级示范点").count()
        assert marked == 17

        book = export(live_demo, province, "2015-01", "2022-11")
        cover = [str(cell) for row in book.get_sheet_by_name("封面").to_python() for cell in row]
        assert all(any(cell.startswith(head) for cell in cover) for head in HEADS.values())
        with translation.override("zh-hans"):
            definitions = {item["code"]: item["definition"] for item in catalogue()}
        assert [code for code in ARTICLE if definitions[code] not in cover] == []
        totals = total_of(book.get_sheet_by_name("分州（市）").to_python())
        assert all(isinstance(value, int | float) for value in totals.values())
        assert totals == ARTICLE


# --- story 5 --------------------------------------------------------------------------------------------------------------
REPORT = """SELECT r.{} FROM reports_monthreport r JOIN agencies_office o ON o.id = r.office_id
    WHERE o.kind = 'centre' AND o.region_id = '530102' AND r.month = %s"""
# an adult's: for a child of under fourteen a guardian consents, and which case was accepted last depends on the hour
HER_CASE = """SELECT c.id, c.number FROM cases_case c JOIN agencies_user u ON u.id = c.manager_id JOIN agencies_office o ON o.id = c.office_id
    WHERE u.username = 'anjian.wuhua' AND o.region_id = '530102' AND c.status = 'in_progress'
        AND NOT c.concerns_minor ORDER BY c.accepted_at DESC, c.id LIMIT 1"""


def test_the_month_is_closed(live_demo: LiveProduct, browser: Browser) -> None:
    today = dt.datetime.now(SHANGHAI)
    month = today.date().replace(day=1)
    following = (month + dt.timedelta(days=32)).replace(day=1)
    closing = dt.datetime(following.year, following.month, 1, 2, tzinfo=SHANGHAI)
    ahead = (closing - today).total_seconds() / 3600
    named = f"{month:%Y-%m}"

    # there from the demo on, but for the first minutes of a month: then beat and worker make it
    until(live_demo, lambda: asked(live_demo, REPORT.format("id"), month) is not None, "the running month")
    with people(browser, live_demo.base_url) as person:
        director = person("zhuren.wuhua")
        report = asked(live_demo, REPORT.format("id"), month)
        address = f"/reports/months/{report}/"
        director.go(address)
        expect(director.page.locator("form#submit")).to_have_count(0)
        assert refusal(director, f"{address}submit/") == 422  # the month still runs: said on its page
        assert asked(live_demo, REPORT.format("status"), month) == "computed"

    # 02:05 on the 1st: nobody calls for it, the beat and the worker do it.
    manage(live_demo.env, "turn_clock", "--hours", f"{ahead + 5 / 60:.4f}")
    computed = "SELECT count(*) FROM reports_monthreport r JOIN agencies_office o ON o.id = r.office_id WHERE o.kind = 'centre' AND r.month = %s AND r.computed_at >= %s"
    until(
        live_demo, lambda: asked(live_demo, computed, month, closing) == ARTICLE["CENTRES"], "the month of every centre"
    )
    assert broken_promises_of(live_demo.env) == 0

    with people(browser, live_demo.base_url) as person:
        figure = _submit(live_demo, person, address, named)
        _return_and_submit_again(person, address, named)
        _accept_lock_export(live_demo, person, address, named)
        assert asked(live_demo, REPORT.format("status"), month) == "locked"
        _serve_late(live_demo, person, following - dt.timedelta(days=1))

    manage(live_demo.env, "turn_clock", "--hours", f"{ahead + 1 + 5 / 60:.4f}")
    late = """SELECT v.difference, v.actor_name FROM reports_revision v JOIN agencies_office o ON o.id = v.office_id
        WHERE o.kind = 'centre' AND o.region_id = '530102' AND v.month = %s AND v.indicator = 'SERVICES'"""
    until(live_demo, lambda: row_of(live_demo, late, month) is not None, "the revision")
    assert row_of(live_demo, late, month) == (1, "和晓芸")
    with people(browser, live_demo.base_url) as person:
        _revised(person, address, named, figure)
    assert broken_promises_of(live_demo.env) == 0


def _explain(director: Person, words: str) -> None:
    """The same words on each figure that stands out, and as a remark."""
    for field in director.page.locator("#submit textarea").all():
        field.fill(words)


def _submit(live: LiveProduct, person: Callable[[str], Person], address: str, named: str) -> int:
    """The director opens her month, looks at the records behind a figure, and submits with her explanation; nobody else can. Her services."""
    director, manager = person("zhuren.wuhua"), person("anjian.wuhua")
    figure = int(statistics(director, named, named, "centre")["totals"]["SERVICES"])
    director.go(f"/reports/?month={named}")
    assert figures_on(director)["SERVICES"] == figure
    assert figures_on(director)["ASSISTED"] == statistics(director, named, named, "centre")["totals"]["ASSISTED"]
    director.press(director.page.locator(".stats a", has_text=HEADS["SERVICES"]))
    shown = director.page.locator("main tbody tr").count()
    listed = number_in(director.page.locator(".pager-total").inner_text())
    assert shown == min(listed, 50)
    assert (
        0 < listed <= figure
    )  # counselling, say, is counted but not open to her: the page lists what is, and tells no gap

    assert refusal(manager, f"{address}submit/") == 403
    assert refusal(manager, "/reports/months/lock/", month=named) == 403
    assert refusal(director, f"{address}accept/") == 403
    director.go("/reports/months/")
    director.press(director.page.locator("main tbody a", has_text=named))
    expect(director.page.locator("main")).to_contain_text("上报前请核对")
    _explain(director, "本月集中走访，服务件次增加，已逐件核对。")
    _asked_first(director, director.page.locator("#submit [type=submit]"))
    expect(director.page.locator("main")).to_contain_text("已上报")
    expect(director.page.locator("form#submit")).to_have_count(0)
    assert refusal(director, f"{address}accept/") == 403
    assert live.base_url in director.page.url
    return figure


def _asked_first(person: Person, button: Locator) -> None:
    """Press a button that asks first, and say yes."""
    button.click()
    person.press(person.page.locator("#confirm-dialog [data-confirm-yes]"))


def _return_and_submit_again(person: Callable[[str], Person], address: str, named: str) -> None:
    """The prefecture gives it back with a reason; another prefecture does not even see it; the director mends and submits again."""
    supervisor, director = person("dudao.kunming"), person("zhuren.wuhua")
    assert person("dudao.qujing").status_of(address) == 404
    assert refusal(person("dudao.qujing"), f"{address}accept/") == 404
    supervisor.go(f"/reports/months/?month={named}&status=submitted")
    supervisor.press(supervisor.page.locator("main tbody a", has_text="五华"))
    expect(supervisor.page.locator("main")).to_contain_text("本月集中走访")
    supervisor.page.fill("#return textarea", "服务件次较上月增加较多，请说明原因。")
    _asked_first(supervisor, supervisor.page.locator("#return [type=submit]"))
    expect(supervisor.page.locator("main")).to_contain_text("已退回")

    director.go(address)
    expect(director.page.locator("main")).to_contain_text("请说明原因")
    _explain(director, "校园宣讲后来访增加，服务逐件有记录，已复核。")
    _asked_first(director, director.page.locator("#submit [type=submit]"))
    expect(director.page.locator("main")).to_contain_text("已上报")


def _accept_lock_export(live: LiveProduct, person: Callable[[str], Person], address: str, named: str) -> None:
    """The prefecture accepts, but does not lock; the province locks and exports."""
    supervisor, province = person("dudao.kunming"), person("shengji.yunnan")
    supervisor.go(address)
    supervisor.save("审核通过")
    expect(supervisor.page.locator("main")).to_contain_text("已审核")
    assert refusal(supervisor, "/reports/months/lock/", month=named) == 403
    assert refusal(person("zhuren.wuhua"), "/reports/months/lock/", month=named) == 403

    province.go(f"/reports/months/?month={named}")
    _asked_first(province, province.page.get_by_role("button", name="定稿已审核的月报"))
    expect(province.page.locator("main tbody tr", has_text="五华区").first).to_contain_text("已定稿")
    book = export(live, province, named, named)
    assert total_of(book.get_sheet_by_name("分州（市）").to_python())["CENTRES"] == ARTICLE["CENTRES"]


def _serve_late(live: LiveProduct, person: Callable[[str], Person], day: dt.date) -> None:
    """After the locking the manager records a service of that month."""
    case_id, number = row_of(live, HER_CASE)
    manager = person("anjian.wuhua")
    manager.go(f"/cases/{case_id}/services/add/")
    manager.page.select_option("select[name=kind]", "legal_advice")
    manager.page.fill("input[name=happened_at]", f"{day:%Y-%m-%d}T15:00")
    manager.save("登记服务")
    expect(manager.page.locator("h1")).to_contain_text(number)


def _revised(person: Callable[[str], Person], address: str, named: str, figure: int) -> None:
    """The month stays as it was locked; a revision shows the difference and who; cumulative figures include it."""
    director, province = person("zhuren.wuhua"), person("shengji.yunnan")
    alone = statistics(director, named, named, "centre")
    assert (alone["totals"]["SERVICES"], alone["revisions"]["SERVICES"]) == (figure, 1)
    director.go(f"/reports/?month={named}")
    assert figures_on(director)["SERVICES"] == figure
    director.go(address)
    expect(director.page.locator("#submit, #return")).to_have_count(0)
    row = director.page.locator("aside table tr", has_text=HEADS["SERVICES"])
    expect(row).to_contain_text("+1")
    expect(row).to_contain_text("和晓芸")
    before = (dt.date.fromisoformat(f"{named}-01") - dt.timedelta(days=1)).strftime("%Y-%m")
    earlier = statistics(director, before, before, "centre")
    both = statistics(director, before, named, "centre")
    assert (
        both["totals"]["SERVICES"]
        == earlier["totals"]["SERVICES"] + earlier["revisions"].get("SERVICES", 0) + figure + 1
    )
    province.go(address)
    expect(province.page.locator("aside table tr", has_text=HEADS["SERVICES"])).to_contain_text("※")
    expect(province.page.locator("main")).not_to_contain_text("和晓芸")


# --- story 6, in short ----------------------------------------------------------------------------------------------------
def test_a_killed_worker_loses_nothing_and_sends_nothing_twice(live_demo: LiveProduct, browser: Browser) -> None:
    # Whoever the letter waits for is told once, by the effect that was written with the letter.
    owed = "FROM cases_workitem w {} WHERE w.kind = 'referral.accept' AND w.source_id = %s"
    waiting = "SELECT count(*) " + owed.format(
        "JOIN core_outboxitem x ON x.key = concat('work-item:', w.id) AND x.done_at IS NULL"
    )
    told = "SELECT count(*), count(DISTINCT n.user_id), min(u.username) " + owed.format(
        "JOIN agencies_notification n ON n.work_item_id = w.id JOIN agencies_user u ON u.id = n.user_id"
    )
    with people(browser, live_demo.base_url) as person:
        manager = person("anjian.wuhua")
        case_id, _number = row_of(live_demo, HER_CASE)
        live_demo.kill("worker")
        letter = _send_letter(live_demo, manager, case_id)
        assert asked(live_demo, waiting, letter) == 1
        assert asked(live_demo, told, letter) == 0
        redis.Redis.from_url(live_demo.env["REDIS_URL"]).delete("celery")  # the broker has lost every bell, too
        live_demo.start_again("worker")
        until(live_demo, lambda: asked(live_demo, told, letter) > 0, "the notice of the letter")
        live_demo.kill("worker")  # and once more, whatever it is at
        live_demo.start_again("worker")
        until(live_demo, lambda: asked(live_demo, waiting, letter) == 0, "every effect of the letter")
        notices, persons, receiver = row_of(live_demo, told, letter)
        assert notices == persons > 0
        assert (
            asked(live_demo, "SELECT count(*) FROM referrals_referral WHERE id = %s AND status = 'sent'", letter) == 1
        )
        liaison = person(receiver)
        liaison.go("/referrals/")
        expect(liaison.page.locator(f"main table a.row-link[href*='{letter}']")).to_have_count(1)
    assert broken_promises_of(live_demo.env) == 0


def _send_letter(live: LiveProduct, manager: Person, case_id: Any) -> str:
    """The manager refers the case to the justice bureau; the letter's id."""
    page = manager.page
    manager.go(f"/referrals/send/{case_id}/")
    page.select_option(
        "select[name=unit]",
        page.locator("select[name=unit] option", has_text="五华区司法局").first.get_attribute("value"),
    )
    page.wait_for_timeout(1000)  # the unit's liaisons and terms arrive
    named = page.locator("select[name=named_liaison] option")
    if named.count() > 1:  # violence and minors: somebody by name
        page.select_option("select[name=named_liaison]", named.nth(1).get_attribute("value"))
    page.check("input[name=kin][value=no]", force=True)
    page.select_option("select[name=ask]", "legal_aid")
    page.check("input[name=sections][value=identity]", force=True)
    page.check("input[name=basis][value=consent]", force=True)
    page.fill("[name=consent_note]", "电话中口头同意，已记录。")
    manager.save()
    expect(page.locator("main")).to_contain_text("转办〔")
    return str(
        asked(live, "SELECT id FROM referrals_referral WHERE case_id = %s ORDER BY sent_at DESC LIMIT 1", case_id)
    )
