"""Figures below five in words: what is found, and what is let pass."""

from __future__ import annotations

import pytest
from django.test import override_settings

from reports.models import MonthStep
from reports.small_counts import small_counts
from tests.reports.conftest import Records
from tests.reports.test_months import report, submit
from tests.reports.test_pages import client
from tests.reports.test_totals import july  # noqa: F401 - a fixture
from tests.roles import as_owner


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("走访较多，其中2人为未成年人。", ["2人"]), ("新增3名。", ["3名"]), ("新增 3 名", ["3 名"]), ("３名", ["３名"]), ("２ 例", ["２ 例"]),
        ("两名妇女", ["两名"]), ("三位老人", ["三位"]), ("一例性侵", ["一例"]), ("4件", ["4件"]), ("四案", ["四案"]), ("1户", ["1户"]), ("2起", ["2起"]),
        ("一起家暴案件", ["一起"]), ("一起涉未成年人案件", ["一起"]), ("2对夫妻", ["2对"]), ("一对母女", ["一对"]), ("俩人", ["俩人"]),
        ("两个孩子", ["两个孩子"]), ("3个人", ["3个人"]), ("1 个 人", ["1 个 人"]), ("1个未成年人", ["1个未成年人"]), ("2个案件", ["2个案件"]), ("两个个案", ["两个个案"]),
        ("两个家庭", ["两个家庭"]), ("三四人", ["三四人"]), ("四五个人", ["四五个人"]), ("三五人", ["三五人"]), ("1-2人", ["2人"]), ("2人次", ["2人次"]),
        ("共7件，2人为未成年人", ["2人"]), ("共7件,2人", ["2人"]), ("共五，２人", ["２人"]), ("共5，2人", ["2人"]), ("不足3人", ["3人"]), ("3人以下", ["3人"]),
        ("其中一人", ["一人"]), ("唯一一人", ["一人"]), ("目前3人", ["3人"]), ("同一人多次来电", ["一人"]), ("一名单位职工", ["一名"]), ("3例会诊", ["3例"]),
        ("2人来访，3件转办，另2人复访", ["2人", "3件"]), ("未成年人数为2", ["人数为2"]), ("案件数：三", ["案件数：三"]), ("人数仅为1，3件转办", ["人数仅为1", "3件"]),
        ("人数为2人", ["2人"]),
    ],
)  # fmt: skip
def test_few_people_or_cases_are_found(text: str, found: list[str]) -> None:
    assert small_counts(text) == found


@pytest.mark.parametrize(
    "text",
    [
        # more, or none
        "12人", "十二人", "二十三人", "二三十人", "一百人", "一二〇人", "十几人", "十多人", "5人", "五人", "五个孩子", "104人", "1,234人", "2，100人", "0人", "零人",
        "人数为12", "人数为12%", "人数为1,234", "人数为1,234人", "人次是3倍", "件数为1.5", "人数为二十三", "人数为0", "不足5人", "5名以上", "3名以上", "3人及以上", "15个孩子", "30户", "几名", "数人", "2.4人",
        # nobody is counted
        "4月", "2次", "1个月", "2天", "三年", "4日起", "3月起", "4时", "1号楼", "4个乡镇", "3家单位", "2个电话", "2场宣传", "3项服务", "3%的人", "①人员变动",
        "两件大事", "做好一件事", "四个家庭教育讲座", "2个妇女之家", "3个妇女儿童维权站", "3个人民调解委员会", "第二人民医院",
        # no count
        "第一次", "第3名", "第三人", "前三名", "前3名", "一对一咨询", "一人一档", "一户一策", "三位一体", "两位数", "3位数", "周一例会", "星期二例会",
        "统一人员配备", "单一名称", "原因之一人员变动", "逐一核对", "一一核对", "与公安一起走访", "一起处理", "每一名来访者", "每2人一组", "任何一人",
        "一方面", "一些人", "一般人", "一直有人", "一次性", "一旦有人", "万一人手不够", "三八妇女节", "12338热线",
        # the centre's own people
        "2名社工请假", "1名工作人员休假", "3名驻点律师",
    ],
)  # fmt: skip
def test_what_counts_no_few_people_or_cases_is_let_pass(text: str) -> None:
    assert small_counts(text) == []


@override_settings(SMALL_CELL=3)
def test_how_few_is_what_the_tables_hide() -> None:
    assert small_counts("3人来访，2人复访") == ["2人"]


SAID = {"explain_SERVICES": "七月集中走访。", "explain_CASES": "走访发现。", "explain_ASSISTED": "走访发现。"}


def test_words_with_few_people_are_refused_beside_their_field(july: Records) -> None:  # noqa: F811
    pk = report(july).pk
    for field in ("explain_CASES", "explanation"):
        answer = client(july, "director").post(
            f"/reports/months/{pk}/submit/", SAID | {field: "走访较多，其中2人为未成年人。"}
        )
        assert answer.status_code == 422
        errors = answer.context["submit_form"].errors
        assert set(errors) == {field}
        assert "“2人”" in errors[field][0]
        assert "不足5人" in errors[field][0]
        assert f'id="id_{field}_error"' in answer.content.decode()
    assert report(july).status == "computed"
    said = SAID | {"explanation": "走访较多，其中不足5人为未成年人。"}
    assert client(july, "director").post(f"/reports/months/{pk}/submit/", said).status_code == 302


def test_reason_with_few_people_is_refused_beside_its_field(july: Records) -> None:  # noqa: F811
    submit(july)
    pk = report(july).pk
    answer = client(july, "supervisor").post(f"/reports/months/{pk}/return/", {"reason": "有两件未填居住县。"})
    assert answer.status_code == 422
    assert "“两件”" in answer.context["return_form"].errors["reason"][0]
    assert report(july).status == "submitted"
    answer = client(july, "supervisor").post(f"/reports/months/{pk}/return/", {"reason": "个别案件未填居住县。"})
    assert answer.status_code == 302
    with as_owner():
        assert MonthStep.objects.filter(report=report(july), verb="return").exists()
