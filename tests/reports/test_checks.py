"""What a month's checks say: to the director with the records, to the reviewer in words that tell no small number."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.enums import Role
from agencies.models import RoleGrant
from cases.models import Case, PartyContact, PartyIdentity
from core import keys
from core.errors import DomainError
from reports.checks import Check, Outcome
from reports.explanations import Explanation
from reports.models import MonthStep
from reports.services import months
from tests.reports.conftest import Records
from tests.reports.test_months import report
from tests.reports.test_pages import client
from tests.reports.test_totals import july  # noqa: F401 - a fixture
from tests.roles import as_owner

SAID = {"explain_SERVICES": "七月集中走访。", "explain_CASES": "走访发现。", "explain_ASSISTED": "走访发现。"}


def page(records: Records, who: str, office: str = "wuhua") -> Any:
    return client(records, who).get(f"/reports/months/{report(records, office).pk}/")


def checks(records: Records, who: str, office: str = "wuhua") -> list[Check]:
    return list(page(records, who, office).context["checks"])


def about(found: list[Check], name: str) -> Check:
    return next(check for check in found if name in check.name)


@pytest.fixture
def small(records: Records) -> Records:
    """Wuhua: two cases and services in June, three in July, one of them without a category; xishan the same, so that nothing is shown."""
    for office in ("wuhua", "xishan"):
        for day in ("2022-06-02", "2022-06-09", "2022-07-02", "2022-07-09"):
            records.service(records.case(office, day), day)
        records.service(records.case(office, "2022-07-20", category="Z99", gender="unknown"), "2022-07-20")
    records.compute("2022-06", "2022-08")
    return records


def test_reviewer_reads_what_the_checks_of_a_shown_month_found(july: Records) -> None:  # noqa: F811
    assert about(checks(july, "supervisor"), "提供维权服务").outcome == Outcome.OPEN
    assert client(july, "director").post(f"/reports/months/{report(july).pk}/submit/", SAID).status_code == 302
    found = checks(july, "supervisor")
    services = about(found, "与上月相比：提供维权服务")
    assert (services.outcome, services.words) == (Outcome.EXPLAINED, "七月集中走访。")
    assert about(found, "询问取证").outcome == Outcome.PASSED
    assert about(found, "类别之和").outcome == Outcome.PASSED
    assert about(found, "居住县").outcome == Outcome.INCOMPLETE
    text = page(july, "supervisor").content.decode()
    assert "已说明" in text
    assert "七月集中走访。" in text


def test_month_submitted_without_words_is_called_unexplained(july: Records) -> None:  # noqa: F811
    with july.world.acting("director") as by:
        months.month_submit(report_id=report(july).pk, by=by)
    assert about(checks(july, "supervisor"), "提供维权服务").outcome == Outcome.UNEXPLAINED


def test_of_hidden_figures_the_reviewer_reads_no_number_and_no_outcome(small: Records) -> None:
    found = checks(small, "supervisor")
    unseen = about(found, "提供维权服务")
    assert unseen.outcome == Outcome.UNSEEN
    assert "受理和处置案（事）件" in unseen.name
    assert not any(re.search(r"\d", check.name + check.help + check.words) for check in found)
    assert about(found, "具体类别").outcome == Outcome.INCOMPLETE
    assert not any(check.url for check in found)
    assert "数值过小容易认出当事人" in page(small, "supervisor").content.decode()


def test_director_reads_how_many_entries_are_missing_and_finds_the_records(small: Records) -> None:
    category = about(checks(small, "director"), "具体类别")
    assert (category.outcome, "1" in category.help) == (Outcome.INCOMPLETE, True)
    assert "indicator=CASES" in category.url
    assert "数值过小容易认出当事人" not in page(small, "director").content.decode()


def test_whether_a_hidden_figure_jumped_is_not_told(records: Records) -> None:
    """June shown (9), July hidden: a jump would tell 1 to 4 from 5, which was hidden with another."""
    outcomes = set()
    for office, count in (("wuhua", 4), ("xishan", 7)):
        for _number in range(9):
            records.service(records.case(office, "2022-06-02"), "2022-06-03")
        for _number in range(count):
            records.service(records.case(office, "2022-07-02"), "2022-07-03")
    records.compute("2022-06", "2022-08")
    for office in ("wuhua", "xishan"):
        check = about(checks(records, "supervisor", office), "提供维权服务")
        outcomes.add((check.outcome, check.help))
    assert {outcome for outcome, _help in outcomes} == {Outcome.UNSEEN}
    assert len(outcomes) == 1


def test_words_on_a_hidden_figure_reach_the_reviewer_without_its_name(records: Records) -> None:
    for office in ("wuhua", "xishan"):
        for _number in range(9):
            records.service(records.case(office, "2022-06-02"), "2022-06-03")
        records.service(records.case(office, "2022-07-02"), "2022-07-03")
    records.compute("2022-06", "2022-08")
    said = {"explain_SERVICES": "人员集中培训。", "explain_CASES": "与上同因。", "explain_ASSISTED": "与上同因。"}
    assert client(records, "director").post(f"/reports/months/{report(records).pk}/submit/", said).status_code == 302
    check = about(checks(records, "supervisor"), "提供维权服务")
    assert (check.outcome, "人员集中培训。" in check.words) == (Outcome.SAID, True)
    text = page(records, "supervisor").content.decode()
    assert "提供维权服务：人员集中培训。" not in text
    assert "提供维权服务：人员集中培训。" in page(records, "director").content.decode()


def test_what_must_be_explained_is_marked_from_the_start(july: Records) -> None:  # noqa: F811
    form = page(july, "director").context["submit_form"]
    assert [name for name, field in form.fields.items() if field.required] == list(SAID)
    assert "6" in form.fields["explain_SERVICES"].help_text
    assert list(form.fields)[-1] == "explanation"


def test_error_stands_beside_the_field_and_what_was_typed_stays(july: Records) -> None:  # noqa: F811
    typed = {"explain_CASES": "走访发现。", "explanation": "另有两起待核。"}
    answer = client(july, "director").post(f"/reports/months/{report(july).pk}/submit/", typed)
    assert answer.status_code == 422
    assert set(answer.context["submit_form"].errors) == {"explain_SERVICES", "explain_ASSISTED"}
    text = answer.content.decode()
    assert 'id="id_explain_SERVICES_error"' in text
    assert "走访发现。" in text
    assert "另有两起待核。" in text
    assert report(july).status == "computed"


def test_calm_month_needs_no_words(small: Records) -> None:
    director = client(small, "director")
    assert director.post(f"/reports/months/{report(small).pk}/submit/", {"explanation": ""}).status_code == 302


def test_returned_month_brings_its_words_back(july: Records) -> None:  # noqa: F811
    pk = report(july).pk
    client(july, "director").post(f"/reports/months/{pk}/submit/", SAID | {"explanation": "已逐件核对。"})
    client(july, "supervisor").post(f"/reports/months/{pk}/return/", {"reason": "请再核对。"})
    answer = page(july, "director")
    assert {bound.name: bound.value() for bound in answer.context["submit_form"]} == SAID | {
        "explanation": "已逐件核对。"
    }
    assert about(answer.context["checks"], "提供维权服务").outcome == Outcome.OPEN


def test_words_of_a_figure_that_is_calm_again_are_kept(small: Records) -> None:
    answer = client(small, "director").post(
        f"/reports/months/{report(small).pk}/submit/", {"explain_CASES": "走访发现。"}
    )
    assert answer.status_code == 302
    with as_owner():
        assert MonthStep.objects.filter(report=report(small), verb="submit").count() == 1
    assert "走访发现。" in page(small, "director").content.decode()


def named(case: Case, name: str, **contact: str) -> None:
    """Write the client's name, and how she is found, as they lie in the table: sealed."""
    with as_owner():
        keys.create_data_key(case.pk)
        identity = PartyIdentity._base_manager.get(case=case)
        identity.name = name
        identity.save()
        if contact:
            PartyContact._base_manager.create(
                case=case, office_id=case.office_id, party_id=identity.party_id, **contact
            )
    keys.forget()


@pytest.mark.parametrize(
    "words",
    ["和翠萍等3人集中来访。", "和 翠 萍等三人来访。", "来电138-0000-1234咨询。", "当事人530102196001011234来访。"],
)
def test_words_that_tell_who_a_client_is_are_refused_beside_their_field(
    july: Records,  # noqa: F811
    words: str,
) -> None:
    named(july.case("wuhua", "2022-07-11"), "和翠萍")
    pk = report(july).pk
    for field in ("explain_CASES", "explanation"):
        answer = client(july, "director").post(f"/reports/months/{pk}/submit/", SAID | {field: words})
        assert answer.status_code == 422
        assert set(answer.context["submit_form"].errors) == {field}
        assert f'id="id_{field}_error"' in answer.content.decode()
    assert report(july).status == "computed"


def test_people_of_open_cases_and_of_the_months_records_are_looked_for(july: Records) -> None:  # noqa: F811
    """Not of those long closed: an ordinary word may be somebody's name, and the list must end somewhere."""
    pk = report(july).pk
    open_, gone, served = (
        july.case("wuhua", "2022-02-01"),
        july.case("wuhua", "2022-02-01", closed="2022-03-01"),
        july.case("wuhua", "2022-02-01", closed="2022-08-01"),
    )
    july.service(served, "2022-07-12")
    for case, name in ((open_, "李桂仙"), (gone, "普秀英"), (served, "刀玉兰")):
        named(case, name)
    elsewhere = july.case("xishan", "2022-07-11")
    named(elsewhere, "白秀珍")
    with july.world.acting("director") as by:
        for name in ("李桂仙", "刀玉兰"):
            with pytest.raises(DomainError, match="names") as told:
                months.month_submit(report_id=pk, by=by, explanation=f"{name}一户集中来访。")
            assert told.value.field == "explanation"
        months.month_submit(report_id=pk, by=by, explanation="普秀英、白秀珍不在本中心本月的案件中。")


def test_as_many_queries_for_two_cases_as_for_twenty(july: Records) -> None:  # noqa: F811
    counts = []
    for number in (2, 18):
        for _case in range(number):
            named(july.case("wuhua", "2022-07-11"), "和翠萍")
        with (
            july.world.acting("director") as by,
            CaptureQueriesContext(connection) as queries,
            pytest.raises(DomainError, match="names"),
        ):
            months.month_submit(report_id=report(july).pk, by=by, explanation="和翠萍来访。")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_county_as_somebodys_address_or_the_hotlines_number_names_nobody(july: Records) -> None:  # noqa: F811
    named(july.case("wuhua", "2022-07-11"), "和翠萍", phone="12338", address="五华区")
    said = SAID | {"explanation": "五华区12338宣传月，来电增多。"}
    assert client(july, "director").post(f"/reports/months/{report(july).pk}/submit/", said).status_code == 302


def test_one_letter_explains_nothing(july: Records) -> None:  # noqa: F811
    typed = SAID | {"explain_CASES": "x", "explanation": "无"}
    answer = client(july, "director").post(f"/reports/months/{report(july).pk}/submit/", typed)
    assert set(answer.context["submit_form"].errors) == {"explain_CASES", "explanation"}
    assert all("请勿填写姓名" in field.help_text for field in answer.context["submit_form"].fields.values())


def test_a_months_return_names_no_number(july: Records) -> None:  # noqa: F811
    pk = report(july).pk
    assert client(july, "director").post(f"/reports/months/{pk}/submit/", SAID).status_code == 302
    answer = client(july, "supervisor").post(f"/reports/months/{pk}/return/", {"reason": "请回电13800001234。"})
    assert answer.status_code == 422
    assert set(answer.context["return_form"].errors) == {"reason"}
    assert report(july).status == "submitted"


@pytest.mark.parametrize(
    "said",
    [
        Explanation(),
        Explanation({}, "七月集中走访。\n已核对。"),
        Explanation({"SERVICES": "走访。\n两次。", "CASES": "同上。"}),
        Explanation({"CASES": "走访。"}, "其余无。"),
    ],
)
def test_words_come_back_as_they_were_said(said: Explanation) -> None:
    assert Explanation.read(said.text) == said


def test_words_without_a_name_are_said_once_in_their_order() -> None:
    said = Explanation({"SERVICES": "集中走访。", "CASES": "已核对。", "ASSISTED": "已核对。"}, "其余无。")
    assert said.unnamed(["ASSISTED", "CASES", "SERVICES"]) == ["集中走访。", "已核对。", "其余无。"]
    assert said.in_words(["CASES"]) == "提供维权服务：集中走访。\n救助妇女儿童：已核对。\n已核对。\n其余无。"


def test_brackets_in_the_words_are_words() -> None:
    assert Explanation.read("[说明] 走访。").remark == "[说明] 走访。"


def test_every_way_to_the_records_names_the_centre(small: Records) -> None:
    """A director of two centres would otherwise be shown the records of the first one."""
    second = small.office("xishan")
    with as_owner():
        person = small.world.users["director"]
        RoleGrant.objects.create(user=person, role=Role.DIRECTOR, office=second, since="2022-01-01")
    browser = client(small, "director")
    dashboard = browser.get("/reports/", {"month": "2022-07", "office": str(second.pk)})
    assert dashboard.context["office"] == second
    ways = [unescape(way) for way in re.findall(r'href="(/reports/records/[^"]+)"', dashboard.content.decode())]
    ways += [check.url for check in checks(small, "director", "xishan") if check.url]
    assert len(ways) > 10
    for way in ways:
        assert browser.get(way).context["office"] == second, way
