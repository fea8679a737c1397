"""Asking for more time: who asks, who decides, what moves, what is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from agencies.enums import Role
from agencies.identities import identity_of_user
from cases.models import TimelineEntry, WorkItem
from core import clock
from core.errors import DomainError, NotAllowed, NotFound, StaleVersion
from core.identity import acting_as
from core.models.outbox import OutboxItem
from referrals import services
from referrals.models import Referral, ReferralNote
from tests.referrals.conftest import open_case, send_letter
from tests.roles import as_owner
from tests.world import SINCE, World

WEEK = dt.timedelta(days=7)


@pytest.fixture
def accepted(world: World, letter: Referral) -> Referral:
    with world.acting("justice_liaison") as by:
        return services.referral_accept(referral_id=letter.pk, by=by, version=letter.version)


def ask(world: World, row: Referral, text: str = "等待当事人提供户籍材料") -> Referral:
    with world.acting("justice_liaison") as by:
        return services.referral_ask_time(
            referral_id=row.pk, by=by, version=row.version, until=row.answer_due_at + WEEK, text=text
        )


def owed(kind: str, row: Referral) -> list[WorkItem]:
    with as_owner():
        return list(WorkItem.objects.filter(kind=kind, source_id=row.pk, done_at__isnull=True))


def test_an_ask_is_owed_by_the_cases_manager_and_moves_nothing_yet(world: World, accepted: Referral) -> None:
    row = ask(world, accepted)
    assert (row.status, row.due_at) == ("accepted", accepted.answer_due_at)
    (item,) = owed("referral.time", row)
    assert item.owner_user_id == world.users["manager"].pk
    with world.acting("manager") as by:
        assert ReferralNote.objects.visible_to(by).get(kind="asked").text == "等待当事人提供户籍材料"
        assert TimelineEntry.objects.filter(kind="referral.time_asked", section="coordination").exists()


def test_time_that_is_given_moves_what_is_owed_and_rings(world: World, accepted: Referral) -> None:
    row, until = ask(world, accepted), accepted.answer_due_at + WEEK
    with as_owner():
        WorkItem.objects.filter(kind="referral.respond", source_id=row.pk).update(reminders=2)
        rung = OutboxItem.objects.count()
    with world.acting("manager") as by:
        row = services.referral_grant_time(referral_id=row.pk, by=by, version=row.version)
    assert (row.answer_due_at, row.due_at, row.time_asked_until) == (until, until, None)
    (item,) = owed("referral.respond", row)
    assert (item.due_at, item.reminders) == (until, 0)
    assert not owed("referral.time", row)
    with as_owner():
        assert OutboxItem.objects.count() == rung + 1


def test_time_that_is_refused_leaves_the_old_time_and_says_why(world: World, accepted: Referral) -> None:
    row = ask(world, accepted)
    with world.acting("manager") as by, pytest.raises(DomainError) as bare:
        services.referral_refuse_time(referral_id=row.pk, by=by, version=row.version, text=" ")
    assert bare.value.field == "text"
    with world.acting("manager") as by:
        row = services.referral_refuse_time(referral_id=row.pk, by=by, version=row.version, text="当事人急需答复")
    assert (row.due_at, row.time_asked_until) == (accepted.answer_due_at, None)
    assert not owed("referral.time", row)
    with world.acting("justice_liaison") as by:
        assert ReferralNote.objects.visible_to(by).get(kind="refused").text == "当事人急需答复"
    assert ask(world, row).time_asked_until  # another reason may be heard


def test_asked_once_until_decided_and_only_for_later(world: World, accepted: Referral) -> None:
    with world.acting("justice_liaison") as by, pytest.raises(DomainError) as early:
        services.referral_ask_time(
            referral_id=accepted.pk, by=by, version=None, until=accepted.answer_due_at, text="忙"
        )
    assert (early.value.code, early.value.field) == ("not_later", "until")
    row = ask(world, accepted)
    with pytest.raises(DomainError) as twice:
        ask(world, row)
    assert twice.value.code == "asked_already"
    with pytest.raises(StaleVersion):
        ask(world, accepted)


def test_before_acceptance_and_by_strangers_nothing_is_asked(world: World, letter: Referral) -> None:
    with pytest.raises(DomainError) as early:
        ask(world, letter)
    assert early.value.code == "wrong_status"
    for who, refused in (("manager", NotAllowed), ("police_liaison", NotFound)):
        with world.acting(who) as by, pytest.raises(refused):
            services.referral_ask_time(
                referral_id=letter.pk, by=by, version=None, until=letter.answer_due_at + WEEK, text="忙"
            )


def test_the_unit_does_not_decide_and_nobody_her_own_ask(world: World, accepted: Referral) -> None:
    row = ask(world, accepted)
    with world.acting("justice_liaison") as by, pytest.raises(NotAllowed):
        services.referral_grant_time(referral_id=row.pk, by=by, version=row.version)
    with as_owner():  # in a small county the liaison is a manager too
        both = world.users["justice_liaison"]
        both.role_grants.create(role=Role.MANAGER, office=world.offices["wuhua"], since=SINCE)
    with acting_as(identity_of_user(both)) as _, pytest.raises(NotAllowed) as own:
        services.referral_grant_time(referral_id=row.pk, by=identity_of_user(both), version=row.version)
    assert own.value.code == "own_act"


@pytest.mark.parametrize("how", ["respond", "return", "recall", "enter"])
def test_an_ask_ends_with_the_units_turn(world: World, accepted: Referral, how: str) -> None:
    row = ask(world, accepted)
    who = "justice_liaison" if how in ("respond", "return") else "manager"
    words = {
        "respond": {"result": "done", "text": "已办"},
        "enter": {"result": "done", "text": "已办"},
        "return": {"text": "管辖变更"},
    }
    with world.acting(who) as by:
        row = getattr(services, f"referral_{how}")(referral_id=row.pk, by=by, version=row.version, **words.get(how, {}))
    assert row.time_asked_until is None
    assert not owed("referral.time", row)


def test_the_way_through_the_pages(world: World, accepted: Referral, login: Callable[[str], Client]) -> None:
    liaison, manager = login("justice_liaison"), login("manager")

    def url(verb: str) -> str:
        return reverse(f"referrals:{verb}", args=[accepted.pk])

    bad = liaison.post(url("ask_time"), {"version": accepted.version, "until": "2020-01-01T10:00", "text": "写了很久"})
    assert bad.status_code == 422
    assert "写了很久" in bad.content.decode()
    until = (accepted.answer_due_at + WEEK).strftime("%Y-%m-%dT%H:%M")
    assert (
        liaison.post(url("ask_time"), {"version": accepted.version, "until": until, "text": "等材料"}).status_code
        == 302
    )
    page = manager.get(url("detail")).content.decode()
    assert "等材料" in page
    assert url("grant_time") in page
    assert url("ask_time") not in page
    assert url("grant_time") not in liaison.get(url("detail")).content.decode()
    assert manager.post(url("grant_time"), {"version": accepted.version + 1}).status_code == 302
    assert "同意延期" in liaison.get(url("detail")).content.decode()


def test_a_named_letter_is_asked_for_by_its_liaison_alone(world: World) -> None:
    row = send_letter(world, open_case(world), "police", named_liaison=world.users["police_liaison"])
    with world.acting("police_liaison") as by:
        row = services.referral_accept(referral_id=row.pk, by=by, version=row.version)
    with world.acting("police_liaison2") as by, pytest.raises(NotFound):
        services.referral_ask_time(
            referral_id=row.pk, by=by, version=row.version, until=row.answer_due_at + WEEK, text="忙"
        )


def test_a_time_that_has_passed_meanwhile_is_not_given(
    world: World, accepted: Referral, login: Callable[[str], Client]
) -> None:
    """The centre decided too late: an answer cannot be owed by yesterday. The refusal, with its reason, remains."""
    row = ask(world, accepted)
    url, words = reverse("referrals:grant_time", args=[row.pk]), "我们同意，请抓紧办理"
    with clock.at(accepted.answer_due_at + WEEK):
        with world.acting("manager") as by, pytest.raises(DomainError) as past:
            services.referral_grant_time(referral_id=row.pk, by=by, version=row.version)
        assert (past.value.code, past.value.field) == ("past", "text")
        answer = login("manager").post(url, {"version": row.version, "text": words})
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert "申请的时间已过" in answer.content.decode()
        assert owed("referral.time", row)
        with world.acting("manager") as by:
            row = services.referral_refuse_time(referral_id=row.pk, by=by, version=row.version, text="请重新申请")
    assert row.due_at == accepted.answer_due_at


def test_time_that_was_given_stays_given_when_the_answer_is_sent_back(world: World, accepted: Referral) -> None:
    row, until = ask(world, accepted), accepted.answer_due_at + 2 * WEEK
    with as_owner():
        Referral._base_manager.filter(pk=row.pk).update(time_asked_until=until)
    with world.acting("manager") as by:
        row = services.referral_grant_time(referral_id=row.pk, by=by, version=row.version)
    with world.acting("justice_liaison") as by:
        row = services.referral_respond(
            referral_id=row.pk, by=by, version=row.version, result="done", text="已受理申请"
        )
    with world.acting("manager") as by:
        row = services.referral_reopen(referral_id=row.pk, by=by, version=row.version, missing="请补充受理文号")
    assert (row.answer_due_at, row.due_at) == (until, until)
    browser = Client()
    browser.force_login(world.users["justice_liaison"], backend="agencies.backends.StaffBackend")
    page = browser.get(reverse("referrals:detail", args=[row.pk]))
    assert page.context["sent_back"].text == "请补充受理文号"
    browser.force_login(world.users["manager2"], backend="agencies.backends.StaffBackend")
    late = browser.post(reverse("referrals:close", args=[row.pk]), {"version": row.version - 1})
    assert late.status_code == 409
    assert "补充" in late.context["told"]


def test_the_address_of_a_form_opened_by_itself_leads_back(world: World, accepted: Referral) -> None:
    browser = Client(headers={"accept-language": "zh-hans"})
    browser.force_login(world.users["justice_liaison"], backend="agencies.backends.StaffBackend")
    answer = browser.get(reverse("referrals:ask_time", args=[accepted.pk]))
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "该地址只接收表单提交" in answer.content.decode()
