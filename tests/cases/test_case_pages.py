"""The case page, its panels and its forms."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import (
    BlindGram,
    Case,
    FollowUp,
    Order,
    Party,
    PartyContact,
    PartyIdentity,
    SectionText,
    ServiceRecord,
    TimelineEntry,
)
from cases.services import case as cases
from cases.services.consents import Given
from core import clock
from core.models.accesslog import AccessLog
from core.models.audit import Audit
from referrals import services as referrals
from tests.cases.scenes import client_of, due_callback, opened
from tests.roles import as_owner
from tests.world import World

OWN_PANELS = ("owed", "people", "texts", "risk", "services", "followups", "orders", "sharing")
NO_TO_ALL = {
    f"item_{code}": "no"
    for code in ("threat", "violence", "self_harm", "home", "health", "means", "dependants", "deadline", "alone")
}


def _url(case: Case, rest: str = "") -> str:
    return f"/cases/{case.pk}/{rest}"


def _key(**values: Any) -> dict[str, Any]:
    return {"request_key": str(uuid4())} | values


def _moment(at: dt.datetime) -> str:
    return clock.local(at).strftime("%Y-%m-%dT%H:%M")


def assessed(world: World, risk: str = "low", **values: Any) -> Case:
    """A case of the manager's."""
    case = opened(world, **values)
    with world.acting("manager") as by:
        return cases.case_assess(case_id=case.pk, by=by, version=1, risk=risk, reasons="无即时危险")


def shared(world: World, sections: list[str], **values: Any) -> Case:
    """A case that the justice bureau has accepted."""
    case = assessed(world, **values)
    with world.acting("manager") as by:
        sent = referrals.referral_send(
            case_id=case.pk, by=by, unit=world.units["justice"], ask="legal_aid", ask_note="请提供法律援助", sections=sections, basis="consent", consent=Given("当面同意"))  # fmt: skip
    with world.acting("justice_liaison") as by:
        referrals.referral_accept(referral_id=sent.pk, by=by, version=sent.version)
    return case


def _party(case: Case) -> UUID:
    with as_owner():
        return Party.objects.get(case=case, is_primary=True).pk


def _now(case: Case) -> Case:
    with as_owner():
        return Case._base_manager.get(pk=case.pk)


# --- who sees what ----------------------------------------------------------------------------------------------------
def test_unknown_and_foreign_cases_are_the_same_404(world: World) -> None:
    case = opened(world)
    for name in ("xishan_manager", "police_liaison", "expert", "keeper"):
        browser = client_of(world, name)
        foreign, unknown = browser.get(_url(case)), browser.get(f"/cases/{uuid4()}/")
        assert (foreign.status_code, unknown.status_code) == (404, 404)
        assert case.number not in foreign.content.decode()


def test_a_manager_sees_the_whole_page(world: World) -> None:
    case = assessed(world, code_word="买两斤土豆", region_registration_id="530112")
    browser = client_of(world, "manager")
    text = browser.get(_url(case)).content.decode()
    for wanted in (case.number, "刘桂芳", "买两斤土豆", "138****1234", "panel-referrals", "西山区"):
        assert wanted in text
    assert "13800001234" not in text
    assert "<title>刘桂芳" not in text
    for panel in OWN_PANELS:
        answer = browser.get(_url(case, f"panels/{panel}/"))
        assert answer.status_code == 200, panel
        assert "13800001234" not in answer.content.decode()
    assert "独居" in browser.get(_url(case, "panels/texts/")).content.decode()
    assert browser.get(_url(case, "panels/log/")).status_code == 200
    assert client_of(world, "director").get(_url(case, "panels/log/")).status_code == 200


def test_a_desk_sees_the_header_alone_and_how_to_call_while_a_callback_is_due(world: World) -> None:
    case, row, moment = due_callback(world)
    browser = client_of(world, "operator")
    with clock.at(moment):
        text = browser.get(_url(case)).content.decode()
        assert case.number in text
        assert "买两斤土豆" in text
        assert "独居" not in text
        assert "timeline" not in text
        assert "panels/" not in text  # of the panels only her desk's own calls
        assert f"/followups/{row.pk}/" in text  # what the desk can do now
        assert reverse("hotline:new") in text
        for panel in OWN_PANELS:
            assert browser.get(_url(case, f"panels/{panel}/")).status_code == 404, panel


def test_a_desk_that_took_the_call_sees_no_safe_contact(world: World) -> None:
    case = opened(world, code_word="买两斤土豆")
    text = client_of(world, "operator").get(_url(case)).content.decode()
    assert case.number in text
    assert "买两斤土豆" not in text
    assert "独居" not in text


def test_a_liaison_sees_nothing_before_acceptance_and_only_what_is_shared_after(world: World) -> None:
    case = assessed(world)
    with world.acting("manager") as by:
        cases.section_write(case_id=case.pk, section="medical", by=by, version=0, text="左臂骨折")
        sent = referrals.referral_send(
            case_id=case.pk, by=by, unit=world.units["justice"], ask="legal_aid", ask_note="请提供法律援助", sections=["incident"], basis="consent", consent=Given("当面同意"))  # fmt: skip
    browser = client_of(world, "justice_liaison")
    assert browser.get(_url(case)).status_code == 404
    with world.acting("justice_liaison") as by:
        referrals.referral_accept(referral_id=sent.pk, by=by, version=sent.version)
    page = browser.get(_url(case))
    assert page.status_code == 200
    text = page.content.decode()
    assert "刘桂芳" not in text
    assert "panel-people" not in text
    assert "panel-sharing" not in text
    assert "btn-primary" not in text.split("page-head")[1].split("</header>")[0]
    texts = browser.get(_url(case, "panels/texts/")).content.decode()
    assert "独居" in texts
    assert "骨折" not in texts
    for panel in ("people", "risk", "orders", "sharing", "work", "log"):
        assert browser.get(_url(case, f"panels/{panel}/")).status_code in (403, 404), panel
    for form in ("assess", "plan", "close", "people/add", "services/add", "orders/add", "sections/incident"):
        assert browser.get(_url(case, f"{form}/")).status_code == 403, form
        assert browser.post(_url(case, f"{form}/"), _key()).status_code == 403, form


def test_counselling_notes_are_the_managers_alone(world: World) -> None:
    case = assessed(world)
    assert client_of(world, "manager").get(_url(case, "sections/counselling/")).status_code == 200
    assert client_of(world, "manager2").get(_url(case, "sections/counselling/")).status_code == 404
    assert "sections/counselling" not in client_of(world, "manager2").get(_url(case)).content.decode()


# --- how much it costs --------------------------------------------------------------------------------------------------
def _entries(case: Case, count: int) -> None:
    with as_owner():
        TimelineEntry._base_manager.bulk_create(
            TimelineEntry(
                case_id=case.pk,
                office_id=case.office_id,
                kind="case.planned",
                at=clock.now() - dt.timedelta(minutes=n),
                actor_name="甲",
            )
            for n in range(count)
        )


def _count(browser: Client, url: str) -> list[str]:
    with CaptureQueriesContext(connection) as caught:
        assert browser.get(url).status_code == 200
    return [query["sql"] for query in caught]


def test_the_page_takes_the_same_few_queries_at_20_and_2000_entries(world: World) -> None:
    case = assessed(world)
    browser = client_of(world, "manager")
    _entries(case, 20)
    browser.get(_url(case))
    few = _count(browser, _url(case))
    _entries(case, 1980)
    many = _count(browser, _url(case))
    assert len(many) == len(few)
    own = [sql for sql in many if 'FROM "cases_' in sql or "caremgmt_keys" in sql or "core_accesslog" in sql]
    assert len(own) <= 10
    # All told, with session, user, roles, identity and the shell; a test's own savepoint and its end come on top.
    said = [
        sql
        for sql in many
        if not sql.startswith(("SAVEPOINT", "RELEASE SAVEPOINT", "SELECT set_config('app.identity', ''"))
    ]
    assert len(said) <= 15, said


def test_earlier_entries_come_by_keyset(world: World) -> None:
    case = assessed(world)
    _entries(case, 120)
    browser = client_of(world, "manager")
    page = browser.get(_url(case))
    seen = [shown.entry.pk for shown in page.context["entries"]]
    token = page.context["earlier"]
    while token:
        answer = browser.get(_url(case, "timeline/"), {"after": token})
        seen += [shown.entry.pk for shown in answer.context["entries"]]
        token = answer.context["earlier"]
    with as_owner():
        assert len(seen) == len(set(seen)) == TimelineEntry._base_manager.filter(case=case).count()


# --- what is logged -----------------------------------------------------------------------------------------------------
def test_every_view_is_logged_with_its_sections(world: World) -> None:
    case = assessed(world)
    client_of(world, "manager").get(_url(case))
    with as_owner():
        seen = AccessLog.objects.get(action="view", object_type="case", case_id=case.pk)
    assert seen.office_id == case.office_id
    assert {"header", "identity", "safe_contact"} <= set(seen.sections.split(","))


@pytest.mark.parametrize("what", ["phone", "safe"])
def test_a_number_is_revealed_for_a_reason_and_logged(world: World, what: str) -> None:
    case = assessed(world)
    url = _url(case, f"people/{_party(case)}/reveal/{what}/")
    browser = client_of(world, "manager")
    assert "13800001234" not in browser.get(url).content.decode()
    refused = browser.post(url, {})
    assert refused.status_code == 422
    assert "13800001234" not in refused.content.decode()
    assert "13800001234" in browser.post(url, {"reason": "call"}).content.decode()
    with as_owner():
        logged = AccessLog.objects.get(action="reveal")
        assert (logged.object_type, logged.reason, logged.case_id) == (what, "call", case.pk)


def test_who_asks_for_a_number_at_an_unsafe_hour_is_warned(world: World) -> None:
    case = assessed(world, safe_from=dt.time(9), safe_until=dt.time(11))
    url = _url(case, f"people/{_party(case)}/reveal/safe/")
    browser = client_of(world, "manager")
    day = clock.local(clock.now()) + dt.timedelta(days=1)
    with clock.at(day.replace(hour=10)):
        assert browser.get(url).context["warning"] == ""
    with clock.at(day.replace(hour=15)):
        assert browser.get(url).context["warning"]


def test_nobody_reveals_what_is_not_open(world: World) -> None:
    case = shared(world, ["incident"])
    party = _party(case)
    liaison = client_of(world, "justice_liaison")
    for what in ("phone", "address", "id"):
        assert liaison.post(_url(case, f"people/{party}/reveal/{what}/"), {"reason": "call"}).status_code == 404
    assert (
        client_of(world, "xishan_manager")
        .post(_url(case, f"people/{party}/reveal/phone/"), {"reason": "call"})
        .status_code
        == 404
    )
    with as_owner():
        assert not AccessLog.objects.filter(action="reveal").exists()


# --- forms --------------------------------------------------------------------------------------------------------------
def test_a_case_is_assessed_by_the_screening(world: World) -> None:
    case = opened(world)
    browser = client_of(world, "manager")
    form = _key(
        version="1",
        instrument="general",
        risk="",
        reasons="独居，儿子不履行赡养义务",
        manager=str(world.users["manager2"].pk),
        category="A06",
    )
    preview = browser.post(_url(case, "assess/preview/"), form | NO_TO_ALL | {"item_self_harm": "yes"})
    assert preview.status_code == 200
    answer = browser.post(_url(case, "assess/"), form | NO_TO_ALL)
    assert answer.status_code == 302, answer.content.decode()
    now = _now(case)
    assert (now.status, now.risk, now.manager_id) == ("assessed", "low", world.users["manager2"].pk)
    again = browser.post(_url(case, "assess/"), form | NO_TO_ALL)  # the same POST once more
    assert again.status_code == 302
    with as_owner():
        assert Audit.objects.filter(verb="case.assess", object_id=case.pk).count() == 1


def test_an_alarm_cannot_be_talked_down(world: World) -> None:
    case = opened(world)
    browser = client_of(world, "manager")
    form = _key(
        version="1",
        instrument="general",
        risk="low",
        reasons="她说没事，暂不处理也可以",
        manager=str(world.users["manager"].pk),
        category="A06",
    )
    answer = browser.post(_url(case, "assess/"), form | NO_TO_ALL | {"item_self_harm": "yes"})
    assert answer.status_code == 422
    assert "她说没事" in answer.content.decode()
    assert _now(case).status == "received"


def test_a_lower_risk_needs_reasons(world: World) -> None:
    case = opened(world)
    form = _key(
        version="1",
        instrument="general",
        risk="low",
        reasons="",
        manager=str(world.users["manager"].pk),
        category="A06",
    )
    answer = client_of(world, "manager").post(
        _url(case, "assess/"), form | NO_TO_ALL | {"item_threat": "yes", "item_home": "yes"}
    )
    assert answer.status_code == 422
    assert "reasons" in answer.context["form"].errors


def test_somebody_was_faster_and_what_was_typed_stays(world: World) -> None:
    case = assessed(world)
    browser = client_of(world, "manager")
    with world.acting("manager2") as by:
        cases.case_reassess(case_id=case.pk, by=by, version=_now(case).version, risk="high", reasons="昨夜持刀威胁")
    due = _moment(clock.now() + dt.timedelta(days=2))
    answer = browser.post(_url(case, "plan/"), _key(version=str(case.version), text="联系社区上门走访", due_at=due))
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "联系社区上门走访" in text
    assert 'class="stale"' in text
    with as_owner():
        now = Case._base_manager.get(pk=case.pk)
    assert f'name="version" value="{now.version}"' in text
    answer = browser.post(_url(case, "plan/"), _key(version=str(now.version), text="联系社区上门走访", due_at=due))
    assert answer.status_code == 302
    assert _now(case).status == "in_progress"


def test_two_who_write_the_same_section_lose_nothing(world: World) -> None:
    case = assessed(world)
    browser = client_of(world, "manager")
    url = _url(case, "sections/medical/")
    with world.acting("manager2") as by:
        cases.section_write(case_id=case.pk, section="medical", by=by, version=0, text="左臂骨折，已就诊")
    answer = browser.post(url, _key(version="0", text="她说头晕"))  # began when nothing stood there
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "左臂骨折" in text
    assert "她说头晕" in text
    answer = browser.post(url, _key(version="1", text="左臂骨折，已就诊；头晕"))
    assert answer.status_code == 302
    answer = browser.post(url, _key(version="1", text="第三个人的话"))
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "左臂骨折，已就诊；头晕" in text
    with world.acting("manager"):
        assert SectionText.objects.get(case=case, section="medical").text.endswith("头晕")


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
    answer = client_of(world, "manager").post(_url(case, f"{form}/"), _key(version=str(case.version), **values))
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert kept in answer.content.decode()


def test_a_callback_outside_safe_hours_is_refused_beside_the_field(world: World) -> None:
    case = assessed(world, safe_from=dt.time(9), safe_until=dt.time(11))
    browser = client_of(world, "manager")
    tomorrow = clock.local(clock.now()).replace(hour=15, minute=0) + dt.timedelta(days=1)
    answer = browser.post(_url(case, "callback/"), _key(due_at=_moment(tomorrow), by_desk="desk"))
    assert answer.status_code == 422
    assert "due_at" in answer.context["form"].errors
    form = _key(due_at=_moment(tomorrow.replace(hour=10)), by_desk="manager")
    for _again in range(2):
        assert browser.post(_url(case, "callback/"), form).status_code == 302
    with as_owner():
        assert FollowUp._base_manager.filter(case=case, reason="in_follow_up", desk_group__isnull=True).count() == 1


def test_a_person_is_added_once_found_and_corrected(world: World) -> None:
    case = assessed(world)
    browser = client_of(world, "manager")
    form = _key(role="respondent", name="刘强", gender="male", relation="儿子", phone="0871-63112345", id_number="")
    for _again in range(2):
        assert browser.post(_url(case, "people/add/"), form).status_code == 302
    with as_owner():
        party = Party.objects.get(case=case, role="respondent")
        assert party.may_not_be_contacted
        grams = set(BlindGram._base_manager.filter(party=party).values_list("gram", flat=True))
    panel = browser.get(_url(case, "panels/people/")).content.decode()
    assert "刘强" in panel
    assert "63112345" not in panel
    edit = _url(case, f"people/{party.pk}/identity/")
    answer = browser.post(edit, _key(version="1", name="刘小强", gender="male"))
    assert answer.status_code == 302, answer.content.decode()
    assert browser.post(edit, _key(version="1", name="刘大强", gender="male")).status_code == 409
    with as_owner():
        assert PartyIdentity._base_manager.get(party=party).version == 2
        now = set(BlindGram._base_manager.filter(party=party).values_list("gram", flat=True))
    assert now - grams, "the new name is in the index"
    assert grams & now, "and the phone still is"


def test_contact_and_safe_contact_are_corrected(world: World) -> None:
    case = assessed(world)
    browser = client_of(world, "manager")
    party = _party(case)
    url = _url(case, f"people/{party}/contact/")
    assert (
        browser.post(url, _key(version="1", phone="13911112222", address="翠湖南路1号", region="530102")).status_code
        == 302
    )
    with as_owner():
        row = PartyContact._base_manager.get(party_id=party)
    with world.acting("manager"):
        assert (PartyContact.objects.get(party_id=party).phone, row.version) == ("+8613911112222", 2)
    safe = _url(case, f"people/{party}/safe-contact/")
    answer = browser.post(safe, _key(version="1", safe_number="13911112222", hour_from="09:00", never_text="on"))
    assert answer.status_code == 422
    assert "hour_until" in answer.context["form"].errors
    assert (
        browser.post(safe, _key(version="1", hour_from="09:00", hour_until="11:00", never_text="on")).status_code == 302
    )
    assert "09:00–11:00" in browser.get(_url(case)).content.decode()


def test_services_and_orders_are_recorded_once(world: World) -> None:
    case = assessed(world)
    browser = client_of(world, "manager")
    form = _key(
        kind="legal_advice",
        happened_at=_moment(clock.now() - dt.timedelta(hours=1)),
        minutes="40",
        note="告知赡养费请求权",
    )
    for _again in range(2):
        assert browser.post(_url(case, "services/add/"), form).status_code == 302
    assert _now(case).status == "in_progress"
    day = clock.today().isoformat()
    order = {
        "kind": "written_warning",
        "document_number": "云公（翠湖）家暴告字〔2026〕1号",
        "issuer": "翠湖派出所",
        "issued_on": day,
    }
    first = _key(**order)
    for _again in range(2):
        assert browser.post(_url(case, "orders/add/"), first).status_code == 302
    again = browser.post(_url(case, "orders/add/"), _key(**order))
    assert again.status_code == 422
    assert "document_number" in again.context["form"].errors
    with as_owner():
        assert ServiceRecord._base_manager.filter(case=case).count() == 1
        assert Order._base_manager.filter(case=case).count() == 1
    assert "告知赡养费请求权" in browser.get(_url(case, "panels/services/")).content.decode()
    assert "家暴告字" in browser.get(_url(case, "panels/orders/")).content.decode()


def test_an_order_of_another_centre_is_not_told(world: World) -> None:
    here, there = assessed(world), opened(world, office=world.offices["xishan"], name="外区人")
    order = {
        "kind": "written_warning",
        "document_number": "云公（西山）家暴告字〔2026〕9号",
        "issuer": "派出所",
        "issued_on": clock.today().isoformat(),
    }
    assert client_of(world, "xishan_manager").post(_url(there, "orders/add/"), _key(**order)).status_code == 302
    answer = client_of(world, "manager").post(_url(here, "orders/add/"), _key(**order))
    assert answer.status_code == 422
    assert "document_number" in answer.context["form"].errors
    assert "西山中心" not in answer.content.decode()
    own = client_of(world, "xishan_manager").post(_url(there, "orders/add/"), _key(**order))
    assert str(own.context["form"].errors["document_number"]) != str(answer.context["form"].errors["document_number"])


def test_closing_says_what_is_open_and_closes_when_nothing_is(world: World) -> None:
    case = assessed(world)
    browser = client_of(world, "manager")
    page = browser.get(_url(case, "close/"))
    assert page.context["obstacles"]
    answer = browser.post(
        _url(case, "close/"), _key(version=str(_now(case).version), reason="resolved", note="已达成赡养协议")
    )
    assert answer.status_code == 422
    assert "已达成赡养协议" in answer.content.decode()
    assert _now(case).status == "assessed"


def test_refused_and_closed_cases_offer_no_change(world: World) -> None:
    case = opened(world)
    browser = client_of(world, "manager")
    assert (
        browser.post(
            _url(case, "refuse/"), _key(version="1", reason="other_body", pointed_to="五华区司法局，已告知电话")
        ).status_code
        == 302
    )
    text = browser.get(_url(case)).content.decode()
    assert "people/add" not in text
    answer = browser.post(_url(case, "people/add/"), _key(role="child", name="小刘", gender="female"))
    assert answer.status_code == 422
    with as_owner():
        assert Party.objects.filter(case=case).count() == 1


def test_another_manager_takes_over(world: World) -> None:
    case = assessed(world)
    browser = client_of(world, "manager")
    strange = browser.post(
        _url(case, "assign/"), _key(version=str(case.version), manager=str(world.users["xishan_manager"].pk))
    )
    assert strange.status_code == 422
    assert (
        browser.post(
            _url(case, "assign/"), _key(version=str(_now(case).version), manager=str(world.users["manager2"].pk))
        ).status_code
        == 302
    )
    assert _now(case).manager_id == world.users["manager2"].pk
    assert browser.get(_url(case, "sections/counselling/")).status_code == 404


def test_the_director_sees_who_has_looked_and_everybody_of_the_centre_who_may(world: World) -> None:
    case = shared(world, ["incident"])
    client_of(world, "justice_liaison").get(_url(case))
    log = client_of(world, "director").get(_url(case, "panels/log/")).content.decode()
    assert world.users["justice_liaison"].name in log
    sharing = client_of(world, "manager").get(_url(case, "panels/sharing/")).content.decode()
    assert "五华区司法局" in sharing
