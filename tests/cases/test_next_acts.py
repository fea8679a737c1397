"""What comes next on a case: one primary act, each open matter named once with its act, and a callback that replaces another."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlsplit
from uuid import UUID

from django.test import Client
from django.urls import reverse

from cases.models import Case, FollowUp, TimelineEntry, WorkItem
from cases.services import case as cases
from cases.services import followups, records, transfers, walls
from cases.services.consents import Given
from cases.views import steps
from core import clock
from referrals import services as referrals
from referrals.models import Referral
from tests.cases.forms import keyed, typed, url_of
from tests.cases.scenes import as_it_is, assessed, client_of, due_callback
from tests.cases.test_walls import settle, wall
from tests.roles import as_owner
from tests.world import World


def _sent(world: World, case: Case, unit: str = "justice") -> Referral:
    with world.acting("manager") as by:
        return referrals.referral_send(
            case_id=case.pk, by=by, unit=world.units[unit], ask="legal_aid", ask_note="请提供法律援助", sections=["incident"],
            basis="consent", consent=Given("当面同意"),
        )  # fmt: skip


def _primary(browser: Client, case: Case) -> tuple[str, str] | None:
    action = browser.get(url_of(case)).context["primary"]
    return action and (str(action.label), urlsplit(action.url).path)


def _texts(page: object) -> list[str]:
    return [str(one.text) for one in page.context["matters"]]  # type: ignore[attr-defined]


def test_the_head_names_what_is_due_before_the_own_step_as_the_list_does(world: World) -> None:
    case, browser = assessed(world), client_of(world, "manager")
    waiting = _sent(world, case, "police")
    assert browser.get(url_of(case)).context["sooner"] is None  # the soonest is what is shown
    with clock.at(clock.now() + dt.timedelta(days=7)):
        declined = _sent(world, case)
        with world.acting("justice_liaison") as by:
            referrals.referral_decline(
                referral_id=declined.pk, by=by, version=declined.version, reason="not_competent", text="不属我单位职责"
            )
    page = browser.get(url_of(case))
    assert page.context["step"].item.source_id == declined.pk
    assert page.context["sooner"].item.source_id == waiting.pk
    assert browser.get(reverse("cases:list")).context["rows"][0].step.item.source_id == waiting.pk


def test_while_a_letter_waits_the_page_leads_to_it_and_not_to_the_end_of_the_work(world: World) -> None:
    case, browser = assessed(world), client_of(world, "manager")
    sent = _sent(world, case)
    letter = reverse("referrals:detail", args=[sent.pk])
    assert as_it_is(case).status == "in_progress"
    assert _primary(browser, case) == ("查看转办单", letter)
    assert url_of(case, "follow-up/") in browser.get(url_of(case)).content.decode()  # in the menu, as before
    with world.acting("justice_liaison") as by:
        taken = referrals.referral_accept(referral_id=sent.pk, by=by, version=sent.version)
        answered = referrals.referral_respond(
            referral_id=sent.pk, by=by, version=taken.version, result="done", text="已指派律师"
        )
    assert _primary(browser, case) == ("审核反馈", letter)
    other = _sent(world, case, "legal_aid")  # due sooner or later, but not the centre's to do
    assert _primary(browser, case) == ("审核反馈", letter)
    assert browser.get(url_of(case)).context["step"].url == letter
    with world.acting("manager") as by:
        referrals.referral_recall(referral_id=other.pk, by=by, version=other.version)
    with world.acting("manager") as by:
        referrals.referral_close(referral_id=sent.pk, by=by, version=answered.version)
    assert _primary(browser, case) == ("转入回访", url_of(case, "follow-up/"))


def test_an_assessed_case_is_dispatched_first(world: World) -> None:
    case = assessed(world)
    assert _primary(client_of(world, "manager"), case) == ("转办给部门", reverse("referrals:send", args=[case.pk]))


def test_a_case_in_follow_up_is_closed_only_when_no_callback_is_to_come(world: World) -> None:
    case, browser = assessed(world), client_of(world, "manager")
    with world.acting("manager") as by:
        cases.case_plan(
            case_id=case.pk, by=by, version=case.version, text="沟通", due_at=clock.now() + dt.timedelta(days=1)
        )
        cases.case_follow_up(case_id=case.pk, by=by, version=as_it_is(case).version)
    assert _primary(browser, case) is None
    with as_owner():
        FollowUp._base_manager.filter(case=case).update(status="due")
        FollowUp._base_manager.filter(case=case).update(
            status="reached", finished_at=clock.now(), satisfaction="satisfied"
        )
    assert _primary(browser, case) == ("办结", url_of(case, "close/"))


def test_at_high_risk_the_rules_callbacks_wait_for_another_assessment(world: World) -> None:
    case, browser = assessed(world, risk="high"), client_of(world, "manager")
    page = browser.get(url_of(case, "close/"))
    [waits] = [one for one in page.context["matters"] if one.url == url_of(case, "reassess/")]
    assert "高风险" in str(waits.text)


def test_what_the_keeper_owes_is_no_button_of_the_manager(world: World) -> None:
    case = assessed(world)
    item = WorkItem(
        case=case,
        office_id=case.office_id,
        kind="stay.check_in",
        source_id=case.pk,
        owner_role="keeper",
        due_at=clock.now(),
    )
    for who, mine in (("manager", False), ("director", False), ("keeper", True)):
        with world.acting(who) as by:
            assert steps.is_mine(item, by) is mine, who


def test_a_callback_of_the_desk_that_is_due_is_what_the_manager_looks_at(world: World) -> None:
    case, row, moment = due_callback(world)
    with world.acting("manager") as by:
        cases.case_plan(
            case_id=case.pk,
            by=by,
            version=as_it_is(case).version,
            text="沟通",
            due_at=clock.now() + dt.timedelta(days=2),
        )
    with clock.at(moment):
        assert _primary(client_of(world, "manager"), case) == ("查看回访", reverse("cases:followup", args=[row.pk]))


def test_closing_and_transfer_name_each_open_matter_once_with_the_place_of_its_act(world: World) -> None:
    case, row, moment = due_callback(world)
    sent = _sent(world, case)
    letter, call = reverse("referrals:detail", args=[sent.pk]), reverse("cases:followup", args=[row.pk])
    with clock.at(moment):
        browser = client_of(world, "manager")
        for page in (browser.get(url_of(case, "close/")), browser.get(url_of(case, "transfer/"))):
            links = [urlsplit(one.url).path for one in page.context["matters"]]
            assert links.count(letter) == 1
            assert len(links) == len(set(links)) == len(set(_texts(page)))
            for link in links:
                assert f'href="{link}' in page.content.decode()
                assert browser.get(link).status_code == 200
        assert {call, letter} == {
            urlsplit(one.url).path for one in browser.get(url_of(case, "close/")).context["matters"]
        }
        assert (
            browser.post(
                url_of(case, "close/"), keyed(version=str(as_it_is(case).version), reason="resolved", note="完")
            )
            .content.decode()
            .count("尚未办结")
            == 2
        )  # beside the form and in the list, once in each


def test_a_planned_callback_leads_to_the_form_on_which_it_is_moved(world: World) -> None:
    case = assessed(world)
    matters = client_of(world, "manager").get(url_of(case, "close/")).context["matters"]
    assert [one.url for one in matters] == [url_of(case, "callback/")]


def test_a_transfer_that_is_asked_stands_once_among_what_is_open(world: World) -> None:
    case, browser = assessed(world), client_of(world, "manager")
    with world.acting("manager") as by:
        cases.case_plan(
            case_id=case.pk, by=by, version=case.version, text="沟通", due_at=clock.now() + dt.timedelta(days=1)
        )
        row = transfers.transfer_ask(
            case_id=case.pk, by=by, version=as_it_is(case).version, to_office=world.offices["xishan"], reason="moved",
            message="请接续", summary="已研判",
        )  # fmt: skip
    links = [one.url for one in browser.get(url_of(case, "close/")).context["matters"]]
    assert links.count(reverse("cases:transfer", args=[row.pk])) == 1
    assert _primary(browser, case) is None  # nothing ends here while another centre is asked to go on


def _tomorrow(hour: int) -> dt.datetime:
    return clock.local(clock.now()).replace(hour=hour, minute=0, second=0, microsecond=0) + dt.timedelta(days=1)


def _planned(case: Case) -> list[UUID]:
    with as_owner():
        return list(FollowUp._base_manager.filter(case=case, status="planned").values_list("pk", flat=True))


def test_a_callback_by_hand_says_before_and_after_which_one_it_replaces(world: World) -> None:
    case, browser = assessed(world), client_of(world, "manager")
    with world.acting("manager") as by:
        first = followups.follow_up_plan(case_id=case.pk, by=by, due_at=_tomorrow(9), by_desk=True)
    was = f"{_tomorrow(9):%Y-%m-%d %H:%M}"
    assert f"取代原定{was}的回访" in browser.get(url_of(case, "callback/")).content.decode()
    answer = browser.post(url_of(case, "callback/"), keyed(due_at=typed(_tomorrow(10)), by_desk="manager"), follow=True)
    text = answer.content.decode()
    assert f"原定{was}的回访已取消" in text
    assert f"原定{was}的回访取消" in text.split("timeline", 1)[1]
    assert first.pk not in _planned(case)
    with as_owner():
        last = TimelineEntry._base_manager.filter(case=case, kind="followup.planned").latest("at")
    assert [dt.datetime.fromisoformat(moment) for moment in last.data["replaced"]] == [first.due_at]


def test_where_the_risk_is_high_nothing_is_replaced_and_nothing_said(world: World) -> None:
    case, browser = assessed(world, risk="high"), client_of(world, "manager")
    before = _planned(case)
    assert "取代原定" not in browser.get(url_of(case, "callback/")).content.decode()
    answer = browser.post(url_of(case, "callback/"), keyed(due_at=typed(_tomorrow(10)), by_desk="manager"), follow=True)
    assert "已取消" not in answer.content.decode()
    assert set(before) < set(_planned(case))


def test_the_same_time_once_more_replaces_nothing(world: World) -> None:
    case = assessed(world)
    with world.acting("manager") as by:
        row = followups.follow_up_plan(case_id=case.pk, by=by, due_at=_tomorrow(10), by_desk=False)
    answer = client_of(world, "manager").post(
        url_of(case, "callback/"), keyed(due_at=typed(_tomorrow(10)), by_desk="manager"), follow=True
    )
    assert "已取消" not in answer.content.decode()
    assert _planned(case) == [row.pk]


def test_what_somebody_who_stands_aside_has_left_is_answered_by_the_next_plan(world: World) -> None:
    case = assessed(world)
    wall(world, case, person="manager")
    assert settle() == 1
    with as_owner():
        item = WorkItem._base_manager.get(case=case, kind="wall.left", done_at__isnull=True)
    browser = client_of(world, "director")
    assert browser.get(reverse("cases:work", args=[item.pk]))["Location"] == url_of(case, "assign/")
    with world.acting("director") as by:
        now = as_it_is(case)
        cases.case_assign(case_id=case.pk, by=by, version=now.version, manager=world.users["manager2"])
        cases.case_plan(
            case_id=case.pk,
            by=by,
            version=as_it_is(case).version,
            text="转办单已撤回",
            due_at=clock.now() + dt.timedelta(days=1),
        )
    with as_owner():
        assert not WorkItem._base_manager.filter(case=case, kind="wall.left", done_at__isnull=True).exists()


def test_a_reopened_case_is_assessed_again_before_it_is_planned(world: World) -> None:
    case = assessed(world)
    with as_owner():
        Case._base_manager.filter(pk=case.pk).update(
            status="closed", closed_at=clock.now(), close_reason="resolved", next_due_at=None
        )
        WorkItem._base_manager.filter(case=case, done_at=None).update(done_at=clock.now(), outcome="done")
    with world.acting("manager") as by:
        cases.case_reopen(case_id=case.pk, by=by, version=None, reason="再次受到威胁")
    assert as_it_is(case).risk == "unknown"  # the low risk of the time before says nothing of today
    browser = client_of(world, "manager")
    assert _primary(browser, case) == ("重新评估", reverse("cases:reassess", args=[case.pk]))
    with world.acting("manager") as by:
        cases.case_reassess(case_id=case.pk, by=by, version=None, risk="medium", reasons="对方再次上门")
        kinds = set(WorkItem.objects.open().filter(case=case).values_list("kind", flat=True))
    assert "case.reassess" not in kinds
    assert "case.plan" in kinds


def test_while_she_is_in_danger_and_all_is_planned_the_end_of_the_work_is_not_proposed(world: World) -> None:
    found = {}
    for risk in ("low", "high"):
        case = assessed(world, risk=risk)
        with world.acting("manager") as by:
            cases.case_plan(
                case_id=case.pk, by=by, version=None, text="联系派出所", due_at=clock.now() + dt.timedelta(days=1)
            )
            records.service_record(case_id=case.pk, by=by, kind="counselling", happened_at=clock.now())
        assert as_it_is(case).status == "in_progress"
        found[risk] = _primary(client_of(world, "manager"), case)
    assert found["low"] is not None
    assert found["low"][0] == "转入回访"
    assert found["high"] is None


def test_who_asked_for_the_lifting_of_a_wall_is_not_led_to_agree_to_it(world: World) -> None:
    case = assessed(world)
    row = wall(world, case, unit="court")
    with world.acting("director") as by:
        assert walls.wall_lift(wall_id=row.pk, by=by) == "asked"
    to_walls = url_of(case, "walls/")
    primary = {name: _primary(client_of(world, name), case) for name in ("director", "manager")}
    assert primary["manager"] is not None
    assert primary["manager"][1] == to_walls
    assert primary["director"] is None or primary["director"][1] != to_walls
