"""The pages of referrals, in a browser without scripts: what is shown, what is refused, what happens twice."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.models import Unit
from cases.models import Case, Category, FollowUp, WorkItem
from core import clock
from core.models import AccessLog
from referrals import services
from referrals.models import Referral, ReferralNote
from tests.referrals.conftest import NARRATIVE, open_case, send_letter
from tests.roles import as_owner
from tests.world import World

Login = Callable[[str], Client]


def at(name: str, row: Referral) -> str:
    return reverse(f"referrals:{name}", args=[row.pk])


def current(row: Referral) -> Referral:
    with as_owner():
        return Referral._base_manager.get(pk=row.pk)


def test_the_letter_is_read_logged_and_tells_nothing_of_the_case(
    world: World, case: Case, letter: Referral, login: Login
) -> None:
    browser = login("justice_liaison")
    for route in ("detail", "letter"):
        answer = browser.get(at(route, letter))
        assert answer.status_code == 200
        page = answer.content.decode()
        assert letter.number in page
        assert "请上门提供法律援助" in page
        assert case.number not in page
        assert "刘桂芳" not in page
        assert NARRATIVE not in page
        assert "13800001234" not in page
        assert "买菜" not in page
    with as_owner():
        logged = AccessLog.objects.filter(object_id=letter.pk, actor_id=world.users["justice_liaison"].pk)
        assert {row.action for row in logged} == {"view", "export"}
        assert {(row.sections, row.case_id) for row in logged} == {("letter", case.pk)}


def test_strangers_get_404(world: World, letter: Referral, login: Login) -> None:
    for who in ("police_liaison", "xishan_manager", "aid_officer"):
        browser = login(who)
        assert browser.get(at("detail", letter)).status_code == 404
        assert browser.get(at("letter", letter)).status_code == 404
        assert browser.post(at("accept", letter), {"version": 1}).status_code == 404
    for who in ("operator", "shift", "supervisor", "auditor"):
        assert login(who).get(at("detail", letter)).status_code == 404, who
        assert login(who).get(at("letter", letter)).status_code == 404, who
    assert login("operator").get(reverse("referrals:inbox")).status_code == 403


def test_a_named_letter_is_in_nobody_elses_inbox(world: World, login: Login) -> None:
    case = open_case(world, category="A01", risk="high")
    row = send_letter(world, case, "police", ask="protect", basis="danger", named_liaison=world.users["police_liaison"])
    assert row.number in login("police_liaison").get(reverse("referrals:inbox")).content.decode()
    colleague = login("police_liaison2")
    page = colleague.get(reverse("referrals:inbox")).content.decode()
    assert row.number not in page
    assert 'nav-count">1' not in page
    assert colleague.get(at("detail", row)).status_code == 404


def test_accepting_twice_with_one_key_does_the_work_once(world: World, letter: Referral, login: Login) -> None:
    browser, form = login("justice_liaison"), {"version": letter.version, "request_key": str(uuid.uuid4())}
    for _ in range(2):
        answer = browser.post(at("accept", letter), form)
        assert (answer.status_code, answer["Location"]) == (302, at("detail", letter))
    with as_owner():
        assert WorkItem.objects.filter(kind="referral.respond", source_id=letter.pk).count() == 1
    assert current(letter).version == letter.version + 1


def test_declining_twice_with_one_key_does_the_work_once(world: World, letter: Referral, login: Login) -> None:
    browser = login("justice_liaison")
    form = {"version": letter.version, "request_key": str(uuid.uuid4()), "reason": "other_area", "text": "不属本辖区"}
    for _ in range(2):
        answer = browser.post(at("decline", letter), form)
        assert (answer.status_code, answer["Location"]) == (302, reverse("referrals:inbox"))
    with as_owner():
        assert ReferralNote._base_manager.filter(referral=letter).count() == 1
    assert browser.get(at("detail", letter)).status_code == 404


def test_who_comes_second_is_told_who_was_first(world: World, login: Login) -> None:
    row = send_letter(world, open_case(world), "police", ask="visit")
    assert login("police_liaison").post(at("accept", row), {"version": row.version}).status_code == 302
    answer = login("police_liaison2").post(at("accept", row), {"version": row.version})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert world.users["police_liaison"].name in page
    assert row.number in page
    assert current(row).accepted_by_id == world.users["police_liaison"].pk


def test_a_late_answer_keeps_what_was_typed(world: World, login: Login) -> None:
    row = send_letter(world, open_case(world), "police", ask="visit")
    first, second = login("police_liaison"), login("police_liaison2")
    first.post(at("accept", row), {"version": row.version})
    version = current(row).version
    first.post(at("respond", row), {"version": version, "result": "done", "text": "已走访"})
    answer = second.post(at("respond", row), {"version": version, "result": "partly", "text": "我写了很久的一段话"})
    assert answer.status_code == 409
    assert "我写了很久的一段话" in answer.content.decode()
    assert current(row).result == "done"


def test_who_is_second_to_a_refusal_is_told_without_an_error_page(world: World, login: Login) -> None:
    row = send_letter(world, open_case(world), "police", ask="visit")
    with world.acting("police_liaison") as by:
        services.referral_decline(referral_id=row.pk, by=by, version=row.version, reason="already", text="已立案")
    assert login("police_liaison2").post(at("accept", row), {"version": row.version}).status_code == 404


@pytest.mark.parametrize(
    ("verb", "form"),
    [
        ("decline", {"text": "x"}),
        ("decline", {"reason": "conflict", "text": " "}),
        ("respond", {"result": "done"}),
        ("progress", {}),
        ("return", {}),
    ],
)
def test_what_is_missing_stands_beside_its_field(
    world: World, letter: Referral, login: Login, verb: str, form: dict[str, str]
) -> None:
    browser = login("justice_liaison")
    if verb != "decline":
        browser.post(at("accept", letter), {"version": letter.version})
    before = current(letter)
    answer = browser.post(at(verb, letter), {"version": before.version, **form})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'aria-invalid="true"' in page
    assert f"{verb}-" in page
    assert current(letter).status == before.status


def test_the_way_of_a_referral_through_the_pages(world: World, case: Case, login: Login) -> None:
    manager, liaison = login("manager"), login("justice_liaison")
    form = {
        "unit": str(world.units["justice"].pk), "kin": "no", "ask": "legal_aid", "ask_note": "请上门", "sections": ["incident"], "basis": "consent",
        "consent_note": "当面同意，已签字", "request_key": str(uuid.uuid4()), "answer_due_at": "",
    }  # fmt: skip
    url = reverse("referrals:send", args=[case.pk])
    assert manager.get(url).status_code == 200
    assert manager.post(url, form).status_code == 302
    assert manager.post(url, form).status_code == 302
    with as_owner():
        row = Referral._base_manager.get()
    assert liaison.post(at("accept", row), {"version": row.version}).status_code == 302
    assert liaison.post(at("progress", row), {"text": "已电话约好"}).status_code == 302
    assert (
        liaison.post(
            at("respond", row), {"version": current(row).version, "result": "partly", "text": "只提供了咨询"}
        ).status_code
        == 302
    )
    assert "只提供了咨询" in manager.get(at("detail", row)).content.decode()
    assert (
        manager.post(at("reopen", row), {"version": current(row).version, "missing": "援助申请未办理"}).status_code
        == 302
    )
    assert "援助申请未办理" in liaison.get(at("detail", row)).content.decode()
    assert (
        liaison.post(
            at("respond", row), {"version": current(row).version, "result": "done", "text": "已办理"}
        ).status_code
        == 302
    )
    assert manager.post(at("close", row), {"version": current(row).version}).status_code == 302
    with as_owner():
        assert current(row).status == "closed"
        assert FollowUp._base_manager.filter(case=case, reason="answered").count() == 1
    panel = manager.get(reverse("referrals:panel", args=[case.pk])).content.decode()
    assert "五华区司法局" in panel
    assert at("detail", row) in panel


def test_the_sender_enters_an_answer_given_by_telephone(world: World, letter: Referral, login: Login) -> None:
    manager = login("manager")
    answer = manager.post(
        at("enter", letter), {"version": letter.version, "result": "done", "text": "李科长电话：已办"}
    )
    assert answer.status_code == 302
    assert current(letter).status == "responded"
    assert (
        manager.post(at("reopen", letter), {"version": current(letter).version, "missing": "无书面材料"}).status_code
        == 302
    )
    assert current(letter).status == "sent"  # nobody has accepted it, so nothing is open yet
    with world.acting("justice_liaison"):
        assert not Case.objects.exists()


def send_form(world: World, **more: object) -> dict[str, object]:
    return {
        "unit": str(world.units["police"].pk),
        "kin": "no",
        "ask": "protect",
        "basis": "danger",
        "sections": [],
        "ask_note": "写了很久",
        **more,
    }


@pytest.mark.parametrize(
    ("change", "field"),
    [({"unit": ""}, "unit"), ({"kin": "yes"}, "kin"), ({"ask": ""}, "ask"), ({"basis": "consent"}, "consent_note"), ({"named_liaison": ""}, "named_liaison"),
     ({"answer_due_at": "2020-01-01T10:00"}, "answer_due_at"), ({"kin": ""}, "kin")],
)  # fmt: skip
def test_sending_says_what_is_wrong_and_keeps_what_was_typed(
    world: World, login: Login, change: dict[str, str], field: str
) -> None:
    case = open_case(world, category="A01", risk="high")
    form = send_form(world, named_liaison=str(world.users["police_liaison"].pk)) | change
    answer = login("manager").post(reverse("referrals:send", args=[case.pk]), form)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "写了很久" in answer.content.decode()
    with as_owner():
        assert not Referral._base_manager.exists()


def test_the_form_proposes_the_fitting_units_first(world: World, case: Case, login: Login) -> None:
    form = login("manager").get(reverse("referrals:send", args=[case.pk])).context["form"]
    first = [str(pk) for pk, _ in list(form.fields["unit"].choices)[1][1]]
    with as_owner():
        kinds = [Unit.objects.get(pk=pk).kind for pk in first]
        assert kinds == [kind for kind in Category.objects.get(pk=case.category_id).proposes if kind in kinds]
        assert len(kinds) >= 2
    with as_owner():
        type(world.units["court"]).objects.filter(pk=world.units["court"].pk).update(is_active=False)
    page = login("manager").get(reverse("referrals:send", args=[case.pk])).content.decode()
    assert "测试五华区人民法院" not in page


def test_liaisons_follow_the_unit(world: World, case: Case, login: Login) -> None:
    page = (
        login("manager")
        .get(reverse("referrals:liaisons", args=[case.pk]), {"unit": str(world.units["police"].pk)})
        .content.decode()
    )
    assert world.users["police_liaison"].name in page
    assert world.users["justice_liaison"].name not in page


def test_only_the_centres_managers_send(world: World, case: Case, letter: Referral, login: Login) -> None:
    url = reverse("referrals:send", args=[case.pk])
    assert login("justice_liaison").get(url).status_code == 403
    assert login("xishan_manager").get(url).status_code == 404
    assert login("xishan_manager").get(reverse("referrals:panel", args=[case.pk])).status_code == 404


def test_the_managers_list_shows_who_is_late(world: World, case: Case, letter: Referral, login: Login) -> None:
    with clock.at(letter.accept_due_at + (letter.accept_due_at - letter.sent_at)):
        page = login("manager").get(reverse("referrals:inbox"), {"part": "late"}).content.decode()
    assert letter.number in page
    assert case.number in page
    assert "五华区司法局" in page
    assert letter.number not in login("xishan_manager").get(reverse("referrals:inbox")).content.decode()


def queries(browser: Client, **query: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert browser.get(reverse("referrals:inbox"), query).status_code == 200
    # Inside a test the request is nested: its savepoints, and the identity that is taken off again, are none of the product's queries.
    nested = ("SAVEPOINT", "set_config('app.identity', ''")
    return sum(not any(text in query["sql"] for text in nested) for query in found.captured_queries)


@pytest.mark.parametrize("who", ["justice_liaison", "manager"])
def test_the_inbox_takes_the_same_few_queries_for_2_and_20_letters(world: World, login: Login, who: str) -> None:
    for _ in range(2):
        send_letter(world, open_case(world))
    browser = login(who)
    queries(browser)  # caches of content types and permissions
    few = queries(browser)
    for _ in range(18):
        send_letter(world, open_case(world))
    assert queries(browser) == few
    assert few <= 10 + (who == "manager")  # the filter by unit asks for its choices


def test_pages_of_the_inbox_join_without_gap_or_double(
    world: World, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("referrals.inbox.PAGE", 3)
    sent = {send_letter(world, open_case(world)).number for _ in range(7)}
    browser, seen, query = login("justice_liaison"), [], {"part": "todo"}
    for _ in range(3):
        answer = browser.get(reverse("referrals:inbox"), query)
        seen += [row.number for row in answer.context["rows"]]
        query = {"part": "todo", "after": answer.context["page"].next}
    assert len(seen) == 7
    assert set(seen) == sent
    assert not answer.context["page"].next
    assert answer.context["page"].prev


def test_after_a_refusal_the_way_on_is_another_unit(world: World, letter: Referral, login: Login) -> None:
    with world.acting("justice_liaison") as by:
        services.referral_decline(
            referral_id=letter.pk, by=by, version=letter.version, reason="other_area", text="不属本辖区"
        )
    page = login("manager").get(at("detail", letter)).content.decode()
    assert "知悉并办结" in page
    assert "满意，办结" not in page
    assert reverse("referrals:send", args=[letter.case_id]) in page


def test_sending_says_at_once_that_a_named_liaison_is_needed(world: World, login: Login) -> None:
    case = open_case(world, category="A01", risk="high")
    url, browser = reverse("referrals:send", args=[case.pk]), login("manager")
    assert browser.get(url).context["form"].fields["named_liaison"].required
    form = send_form(world, unit="", kin="", basis="consent", named_liaison="")
    errors = browser.post(url, form).context["form"].errors
    assert {"unit", "kin", "named_liaison", "consent_note"} <= set(errors)
    assert all(len(said) == 1 for said in errors.values())
    plain = open_case(world)
    assert not browser.get(reverse("referrals:send", args=[plain.pk])).context["form"].fields["named_liaison"].required
