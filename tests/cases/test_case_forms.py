"""The forms that move a case: assessed, planned, called back, handed to a colleague, closed, refused."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest
from django.urls import reverse

from cases.models import (
    Case,
    FollowUp,
    Party,
)
from cases.services import case as cases
from cases.services import followups
from core import clock
from core.models.audit import Audit
from tests.cases.forms import NO_TO_ALL, keyed, typed, url_of
from tests.cases.scenes import as_it_is, assessed, client_of, opened
from tests.roles import as_owner, as_worker
from tests.world import World


def test_a_case_is_assessed_by_the_screening(world: World) -> None:
    case = opened(world)
    browser = client_of(world, "manager")
    form = keyed(
        version="1",
        instrument="general",
        risk="",
        reasons="独居，儿子不履行赡养义务",
        manager=str(world.users["manager2"].pk),
        category="A06",
    )
    preview = browser.post(url_of(case, "assess/preview/"), form | NO_TO_ALL | {"item_self_harm": "yes"})
    assert preview.status_code == 200
    answer = browser.post(url_of(case, "assess/"), form | NO_TO_ALL)
    assert answer.status_code == 302, answer.content.decode()
    now = as_it_is(case)
    assert (now.status, now.risk, now.manager_id) == ("assessed", "low", world.users["manager2"].pk)
    again = browser.post(url_of(case, "assess/"), form | NO_TO_ALL)  # the same POST once more
    assert again.status_code == 302
    with as_owner():
        assert Audit.objects.filter(verb="case.assess", object_id=case.pk).count() == 1


def test_an_alarm_cannot_be_talked_down(world: World) -> None:
    case = opened(world)
    browser = client_of(world, "manager")
    form = keyed(
        version="1",
        instrument="general",
        risk="low",
        reasons="她说没事，暂不处理也可以",
        manager=str(world.users["manager"].pk),
        category="A06",
    )
    answer = browser.post(url_of(case, "assess/"), form | NO_TO_ALL | {"item_self_harm": "yes"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "她说没事" in text
    assert "出现警报项：不论得分，按高风险处理" in text  # the result of what was answered stands there still
    assert "作答时这里会显示结果" not in text
    assert "作答时这里会显示结果" in browser.get(url_of(case, "assess/")).content.decode()
    assert as_it_is(case).status == "received"


def test_an_alarm_of_the_last_time_is_not_taken_back_without_a_word(world: World) -> None:
    case = opened(world)
    browser = client_of(world, "manager")
    first = keyed(version="1", instrument="general", risk="", reasons="", manager=str(world.users["manager"].pk), category="A06")  # fmt: skip
    assert browser.post(url_of(case, "assess/"), first | NO_TO_ALL | {"item_self_harm": "yes"}).status_code == 302
    assert as_it_is(case).risk == "high"
    url = url_of(case, "reassess/")
    page = browser.get(f"{url}?instrument=general").content.decode()
    assert page.count("上次：是") == 1
    assert page.count("上次：否") == len(NO_TO_ALL) - 1
    again = keyed(version=str(as_it_is(case).version), instrument="general", risk="", reasons="没有了")
    answer = browser.post(url, again | NO_TO_ALL)
    assert answer.status_code == 422
    assert "reasons" in answer.context["form"].errors
    assert "上次回答为“是”" in answer.content.decode()
    assert as_it_is(case).risk == "high"
    said = again | NO_TO_ALL | {"reasons": "已与女儿同住，心理老师评估无自伤想法"}
    assert browser.post(url, said).status_code == 302
    assert as_it_is(case).risk == "low"


def test_a_lower_risk_needs_reasons(world: World) -> None:
    case = opened(world)
    form = keyed(
        version="1",
        instrument="general",
        risk="low",
        reasons="",
        manager=str(world.users["manager"].pk),
        category="A06",
    )
    answer = client_of(world, "manager").post(
        url_of(case, "assess/"), form | NO_TO_ALL | {"item_threat": "yes", "item_home": "yes"}
    )
    assert answer.status_code == 422
    assert "reasons" in answer.context["form"].errors


def test_somebody_was_faster_and_what_was_typed_stays(world: World) -> None:
    case = assessed(world)
    browser = client_of(world, "manager")
    with world.acting("manager2") as by:
        cases.case_reassess(case_id=case.pk, by=by, version=as_it_is(case).version, risk="high", reasons="昨夜持刀威胁")
    due = typed(clock.now() + dt.timedelta(days=2))
    answer = browser.post(url_of(case, "plan/"), keyed(version=str(case.version), text="联系社区上门走访", due_at=due))
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "联系社区上门走访" in text
    assert 'class="stale"' in text
    with as_owner():
        now = Case._base_manager.get(pk=case.pk)
    assert f'name="version" value="{now.version}"' in text
    answer = browser.post(url_of(case, "plan/"), keyed(version=str(now.version), text="联系社区上门走访", due_at=due))
    assert answer.status_code == 302
    assert as_it_is(case).status == "in_progress"


@pytest.mark.parametrize(
    ("form", "values", "kept"),
    [
        ("plan", {"text": "联系社区", "due_at": "2020-01-01T10:00"}, "联系社区"),
        ("refuse", {"reason": "other_body", "pointed_to": ""}, ""),
        ("services/add", {"kind": "mediation", "happened_at": "2099-01-01T10:00", "note": "母子坐下来谈"}, "母子坐下来谈"),
        ("people/add", {"role": "child", "name": "小刘", "gender": "female", "phone": "12"}, "小刘"),
        ("people/add", {"role": "respondent", "name": "某某", "gender": "male", "is_guardian": "on"}, "某某"),
        ("orders/add", {"kind": "protection_order", "document_number": "（2026）云0102民保令1号", "issuer": "五华区人民法院", "issued_on": "2026-01-10"}, "民保令1号"),
        ("orders/add", {"kind": "protection_order", "document_number": "（2026）云0102民保令1号", "issuer": "法院", "issued_on": "2026-01-10", "valid_until": "2026-09-10"}, "民保令1号"),
    ],
)  # fmt: skip
def test_a_form_with_an_error_keeps_what_was_typed(world: World, form: str, values: dict[str, str], kept: str) -> None:
    case = opened(world) if form == "refuse" else assessed(world)
    answer = client_of(world, "manager").post(url_of(case, f"{form}/"), keyed(version=str(case.version), **values))
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert kept in answer.content.decode()


def test_a_callback_outside_safe_hours_is_refused_beside_the_field(world: World) -> None:
    case = assessed(world, safe_from=dt.time(9), safe_until=dt.time(11))
    browser = client_of(world, "manager")
    tomorrow = clock.local(clock.now()).replace(hour=15, minute=0) + dt.timedelta(days=1)
    answer = browser.post(url_of(case, "callback/"), keyed(due_at=typed(tomorrow), by_desk="desk"))
    assert answer.status_code == 422
    assert "due_at" in answer.context["form"].errors
    form = keyed(due_at=typed(tomorrow.replace(hour=10)), by_desk="manager")
    for _again in range(2):
        assert browser.post(url_of(case, "callback/"), form).status_code == 302
    with as_owner():
        assert FollowUp._base_manager.filter(case=case, reason="in_follow_up", desk_group__isnull=True).count() == 1


def test_closing_says_what_is_open_and_closes_when_nothing_is(world: World) -> None:
    case = assessed(world)
    browser = client_of(world, "manager")
    page = browser.get(url_of(case, "close/"))
    assert page.context["matters"]
    answer = browser.post(
        url_of(case, "close/"), keyed(version=str(as_it_is(case).version), reason="resolved", note="已达成赡养协议")
    )
    assert answer.status_code == 422
    assert "已达成赡养协议" in answer.content.decode()
    assert as_it_is(case).status == "assessed"


def test_a_minors_case_is_closed_once_by_one_to_whom_it_is_shut_then(world: World) -> None:
    case = assessed(world, client_birth_year=clock.today().year - 9)
    with world.acting("manager") as by:
        case = cases.case_assign(case_id=case.pk, by=by, version=case.version, manager=world.users["manager2"])
        at = clock.now() + dt.timedelta(days=1)
        planned = followups.follow_up_plan(case_id=case.pk, by=by, due_at=at, by_desk=False)
    with clock.at(at + dt.timedelta(minutes=1)):
        with as_worker():
            assert followups.make_due(planned.pk)
        with world.acting("manager") as by:
            followups.attempt_record(
                follow_up_id=planned.pk, by=by, version=None, outcome="reached", note="平安", satisfaction="satisfied"
            )
        browser = client_of(world, "manager")
        form = keyed(version=str(as_it_is(case).version), reason="resolved", note="已妥善安置")
        for _press in range(2):
            answer = browser.post(url_of(case, "close/"), form)
            assert (answer.status_code, answer.headers.get("Location")) == (302, "/")
        assert as_it_is(case).status == "closed"
        other = keyed(version=form["version"], reason="resolved", note="已妥善安置")
        assert browser.post(url_of(case, "close/"), other).status_code == 404  # nothing is told to another press


def test_a_minors_case_is_refused_once_by_one_to_whom_it_is_shut_then(world: World) -> None:
    case = opened(world, client_birth_year=clock.today().year - 9)
    browser = client_of(world, "manager")
    assert f'href="{url_of(case)}"' in browser.get(url_of(case, "refuse/")).content.decode()  # the way back to the case
    form = keyed(version="1", reason="other_body", pointed_to="五华区司法局，已告知电话")
    for _press in range(2):
        answer = browser.post(url_of(case, "refuse/"), form)
        assert (answer.status_code, answer.headers.get("Location")) == (302, "/")
    assert as_it_is(case).status == "not_accepted"
    for strange in (keyed(**{**form, "request_key": str(uuid4())}), {**form, "request_key": "x"}):
        assert browser.post(url_of(case, "refuse/"), strange).status_code == 404  # nothing is told to another press
    director = client_of(world, "director")
    assert director.get(url_of(case)).status_code == 200


def test_refused_and_closed_cases_offer_no_change(world: World) -> None:
    case = opened(world)
    browser = client_of(world, "manager")
    assert (
        browser.post(
            url_of(case, "refuse/"), keyed(version="1", reason="other_body", pointed_to="五华区司法局，已告知电话")
        ).status_code
        == 302
    )
    text = browser.get(url_of(case)).content.decode()
    assert "people/add" not in text
    answer = browser.post(url_of(case, "people/add/"), keyed(role="child", name="小刘", gender="female"))
    assert answer.status_code == 422
    with as_owner():
        assert Party.objects.filter(case=case).count() == 1


def test_another_manager_takes_over(world: World) -> None:
    case = assessed(world)
    browser = client_of(world, "manager")
    strange = browser.post(
        url_of(case, "assign/"), keyed(version=str(case.version), manager=str(world.users["xishan_manager"].pk))
    )
    assert strange.status_code == 422
    assert (
        browser.post(
            url_of(case, "assign/"), keyed(version=str(as_it_is(case).version), manager=str(world.users["manager2"].pk))
        ).status_code
        == 302
    )
    assert as_it_is(case).manager_id == world.users["manager2"].pk
    assert browser.get(url_of(case, "sections/counselling/")).status_code == 404


CHANGING = (
    "assess", "reassess", "plan", "callback", "assign", "follow-up", "resume", "close", "refuse", "merge", "transfer-ask", "joint-ask",
    "person-add", "service-add", "order-add", "paper-add",
)  # fmt: skip


@pytest.mark.parametrize("route", CHANGING)
def test_the_form_of_a_locked_case_says_so_before_anybody_types(world: World, route: str) -> None:
    case = opened(world)
    with world.acting("manager") as by:
        case = cases.case_refuse(
            case_id=case.pk, by=by, version=case.version, reason="other_body", pointed_to="街道社区"
        )
    browser = client_of(world, "manager")
    answer = browser.get(reverse(f"cases:{route}", args=[case.pk]))
    assert answer.status_code == 422
    assert "案件已办结并锁定" in answer.content.decode()
    for left_open in ("reopen", "walls", "detail"):
        assert browser.get(reverse(f"cases:{left_open}", args=[case.pk])).status_code == 200, left_open


def test_a_refused_page_leads_back_to_where_one_came_from(world: World) -> None:
    case = opened(world)
    with world.acting("manager") as by:
        case = cases.case_refuse(
            case_id=case.pk, by=by, version=case.version, reason="other_body", pointed_to="街道社区"
        )
    browser = client_of(world, "manager")
    form, page = url_of(case, "plan/"), f"http://testserver{url_of(case)}"
    back = f'href="{page}"'
    assert back in browser.get(form, headers={"referer": page}).content.decode()
    assert back not in browser.get(form).content.decode()
    elsewhere = browser.get(form, headers={"referer": "http://elsewhere.example/cases/"})
    assert "elsewhere" not in elsewhere.content.decode()
    # after a POST the browser's own way back keeps what was typed
    sent = browser.post(form, keyed(version=str(case.version)), headers={"referer": page})
    assert back not in sent.content.decode()
