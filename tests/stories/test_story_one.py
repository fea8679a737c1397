"""Story 1 in its short form: from the ringing phone to the province's workbook, as six people, in a browser, with worker and beat.

Ms Liu, 60, hemiplegic, lives in Wuhua and is registered in Xishan; she wants the federation to talk to her son.
"""

from __future__ import annotations

import datetime as dt
import io
import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from python_calamine import CalamineWorkbook

from tests.conftest import manage
from tests.products import LiveProduct
from tests.stories.driver import Person, people
from tests.stories.promise import broken_promises_of

pytestmark = pytest.mark.browser
DAY = 24


def log_the_call(operator: Person) -> str:
    """The operator takes the call by keyboard and opens a case at the centre of the district where she lives; returns the case's id."""
    page = operator.page
    page.keyboard.press("n")
    page.wait_for_url("**/contacts/new/")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/contacts/[0-9a-f-]{36}/"))
    operator.look()
    page.check("input[name=danger][value=no]", force=True)
    page.fill("input[name=caller_name]", "刘桂珍")
    page.fill("input[name=caller_phone]", "13800008812")
    page.fill("input[name=client_birth_year]", "60")
    page.fill(
        "textarea[name=narrative]", "独居，中风偏瘫，患心脏病、糖尿病，行动不便。希望妇联与其儿子沟通，送其至养老院。"
    )
    page.select_option("select[name=category]", "A06")
    page.select_option("select[name=region_residence]", "530102")
    page.select_option("select[name=region_registration]", "530112")
    expect(page.locator("#split-residence")).to_be_visible()
    page.fill("input[name=safe_number]", "13800008812")
    page.check("input[name=disposition][value=case_opened]", force=True)
    page.keyboard.press("Control+Enter")
    expect(page.locator("main")).to_contain_text("五华")
    operator.look()
    link = page.locator("main a[href^='/cases/']").first
    return str(link.get_attribute("href")).split("/")[2]


def assess(manager: Person, case_id: str) -> None:
    """研判: low risk, accepted."""
    manager.go(f"/cases/{case_id}/assess/")
    manager.page.check("input[name=risk][value=low]", force=True)
    manager.page.fill("textarea[name=reasons]", "无人身危险；独居、行动不便，赡养问题突出。")
    manager.save()
    expect(manager.page.locator("h1")).to_contain_text("530102-")


def refer(manager: Person, case_id: str, unit: str) -> None:
    """A letter to the justice bureau: what is asked, which sections, on which basis."""
    manager.go(f"/referrals/send/{case_id}/")
    page = manager.page
    value = page.locator("select[name=unit] option", has_text=unit).first.get_attribute("value")
    page.select_option("select[name=unit]", value)
    page.wait_for_timeout(500)
    page.check("input[name=kin][value=no]", force=True)
    page.select_option("select[name=ask]", "legal_aid")
    page.check("input[name=sections][value=identity]", force=True)
    page.check("input[name=sections][value=incident]", force=True)
    page.check("input[name=basis][value=consent]", force=True)
    page.fill("[name=consent_note]", "电话中口头同意，已记录。")
    manager.save()
    expect(page.locator("main")).to_contain_text("转办〔")


def letter_of(liaison: Person) -> str:
    """The newest letter in the inbox; its address."""
    liaison.go("/referrals/")
    link = liaison.page.locator("main table a.row-link").first
    return str(link.get_attribute("href"))


def choose(form: Locator, name: str, value: str) -> None:
    """Choose a value of a select or of radio buttons."""
    select = form.locator(f"select[name={name}]")
    if select.count():
        select.select_option(value)
    else:
        form.locator(f"input[name={name}][value={value}]").check(force=True)


def call_back(operator: Person) -> None:
    """The callback has come due: it stands on the desk's worklist; she is reached and satisfied."""

    def due(page: Page) -> bool:
        return (
            page.locator(
                "main a[href^='/todo/'], main a[href^='/followups/']", has_text=re.compile("回访|回电")
            ).count()
            > 0
        )

    operator.wait_for("/", due)
    operator.press(
        operator.page.locator(
            "main a[href^='/todo/'], main a[href^='/followups/']", has_text=re.compile("回访|回电")
        ).first
    )
    form = operator.page.locator("main form").last
    said = "已联系，情况稳定，对帮助满意。"
    form.locator("textarea").fill(said)
    # She needs the whole number to dial: it is shown in its place, and what she has typed stays.
    operator.page.locator("#callback-number button").click()
    expect(operator.page.locator("#callback-number strong.num")).to_be_visible()
    expect(form.locator("textarea")).to_have_value(said)
    choose(form, "outcome", "reached")
    choose(form, "satisfaction", "satisfied")
    operator.save()


def close(manager: Person, case_id: str) -> None:
    """办结 through the closure checks."""
    manager.go(f"/cases/{case_id}/close/")
    manager.page.check("input[name=reason][value=resolved]", force=True)
    manager.page.fill("textarea[name=note]", "法律援助已受理，本人满意。")
    manager.save()
    manager.go(f"/cases/{case_id}/")
    expect(manager.page.locator("main")).to_contain_text("已办结")


def test_from_the_ringing_phone_to_the_workbook(live_product: LiveProduct, browser: Browser) -> None:
    with people(browser, live_product.base_url) as person:
        operator, manager, liaison = person("jiexian.wuhua"), person("anjian.wuhua"), person("sifa.wuhua")
        case_id = log_the_call(operator)
        assert broken_promises_of(live_product.env) == 0
        assert person("anjian.xishan").status_of(f"/cases/{case_id}/") == 404
        assert liaison.status_of(f"/cases/{case_id}/") == 404

        assess(manager, case_id)
        refer(manager, case_id, "五华区司法局")
        assert broken_promises_of(live_product.env) == 0
        letter = letter_of(liaison)
        liaison.go(letter)
        assert "刘桂珍" not in liaison.page.content()
        assert liaison.status_of(f"/cases/{case_id}/") == 404
        liaison.press(liaison.step("accept").locator("[type=submit]"))
        liaison.go(f"/cases/{case_id}/")
        expect(liaison.page.locator("main")).to_contain_text("刘桂珍")
        liaison.go(letter)
        answer = liaison.step("respond")
        answer.locator("textarea").first.fill("已到医院开展“送法律上门”，办理法律援助申请。")
        choose(answer, "result", "done")
        liaison.press(answer.locator("[type=submit]"))

        manager.go(letter)
        manager.press(manager.step("close").locator("[type=submit]"))
        assert broken_promises_of(live_product.env) == 0
        manager.go(f"/cases/{case_id}/services/add/")
        manager.page.select_option("select[name=kind]", "legal_advice")
        manager.save()

        manage(live_product.env, "turn_clock", "--hours", str(4 * DAY))
        call_back(operator)
        close(manager, case_id)
        assert operator.status_of(f"/cases/{case_id}/") == 404  # the desk's access ended with the call
        assert broken_promises_of(live_product.env) == 0

        month = f"{dt.datetime.now(dt.UTC) + dt.timedelta(hours=8):%Y-%m}"
        director = person("zhuren.wuhua")
        figures = f"/api/v1/statistics/?from={month}&to={month}&by=county"

        def counted(page: Page) -> bool:
            rows = page.context.request.get(live_product.base_url + figures).json()["rows"]
            return any(row["code"] == "530102" and (row["CASES"], row["SERVICES"]) == (1, 1) for row in rows)

        director.wait_for("/reports/", counted, seconds=90)
        province = person("shengji.yunnan")
        rows = province.context.request.get(live_product.base_url + figures).json()["rows"]
        wuhua = next(row for row in rows if row["code"] == "530102")
        assert wuhua["CASES"] is None  # one case in a county is a name: the province does not see it
        assert "CASES" in wuhua["suppressed"]
        workbook = export(province, month)
        cells = [
            cell
            for name in workbook.sheet_names
            for row in workbook.get_sheet_by_name(name).to_python()
            for cell in row
        ]
        assert any("五华" in str(cell) for cell in cells)
        assert any("受理和处置案" in str(cell) for cell in cells)


def export(province: Person, month: str) -> CalamineWorkbook:
    """Start the export, watch the bar, download the workbook."""
    province.go(f"/reports/exports/?first={month}&last={month}")
    province.save()
    province.wait_for("/reports/exports/", lambda page: page.locator("a[href$='/file/']").count() > 0, seconds=60)
    address = province.page.locator("a[href$='/file/']").first.get_attribute("href")
    answer = province.context.request.get(province.base_url + str(address))
    assert answer.status == 200
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.body()))
