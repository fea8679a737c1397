"""Her safe hours change: what is owed outside them moves into them, and it is said."""

from __future__ import annotations

import datetime as dt

from django.test import Client

from cases.models import Case, FollowUp, FollowUpRule, SafeContact, TimelineEntry, WorkItem
from cases.services import followups, lateness
from cases.worklist import Row
from core import clock
from core.identity import as_verb
from core.models.outbox import OutboxItem
from tests.cases.forms import keyed, url_of
from tests.cases.scenes import assessed, client_of, due_callback, party_of
from tests.roles import as_owner
from tests.world import World


def _at(hour: int, days: int = 1) -> dt.datetime:
    then = clock.local(clock.now()) + dt.timedelta(days=days)
    return then.replace(hour=hour, minute=0, second=0, microsecond=0)


def _agree(browser: Client, case: Case, begin: str, end: str, version: int = 1) -> str:
    url = url_of(case, f"people/{party_of(case)}/safe-contact/")
    answer = browser.post(url, keyed(version=str(version), hour_from=begin, hour_until=end), follow=True)
    assert answer.status_code == 200
    return str(next(iter(answer.context["messages"])))


def _planned(case: Case) -> list[dt.datetime]:
    with as_owner():
        rows = FollowUp._base_manager.filter(case=case, status="planned")
        return list(rows.order_by("due_at").values_list("due_at", flat=True))


def _plan(world: World, case: Case, due_at: dt.datetime) -> FollowUp:
    with world.acting("manager") as by:
        return followups.follow_up_plan(case_id=case.pk, by=by, due_at=due_at, by_desk=True)


def test_a_planned_callback_moves_into_the_new_hours_and_it_is_said(world: World) -> None:
    case, browser = assessed(world), client_of(world, "manager")
    row = _plan(world, case, _at(15))
    said = _agree(browser, case, "19:00", "21:00")
    assert _planned(case) == [_at(19)]
    was, now = f"{_at(15):%Y-%m-%d %H:%M}", f"{_at(19):%Y-%m-%d %H:%M}"
    assert f"{was}改为{now}" in said
    with as_owner():
        assert FollowUp._base_manager.get(pk=row.pk).version == row.version + 1
        entry = TimelineEntry._base_manager.get(case=case, kind="followup.moved")
    assert entry.section == "callback"
    assert f"{was}改为{now}" in browser.get(url_of(case)).content.decode()


def test_what_lies_in_the_new_hours_stays_and_nothing_is_said(world: World) -> None:
    case, browser = assessed(world), client_of(world, "manager")
    _plan(world, case, _at(15))
    assert _agree(browser, case, "14:00", "21:00") == "已保存。"
    assert _planned(case) == [_at(15)]
    with as_owner():
        assert not TimelineEntry._base_manager.filter(case=case, kind="followup.moved").exists()


def test_two_callbacks_for_one_reason_that_meet_become_one(world: World) -> None:
    case, browser = assessed(world, risk="high"), client_of(world, "manager")
    before = _planned(case)
    for hour in (11, 15):
        _plan(world, case, _at(hour, days=9))
    said = _agree(browser, case, "19:00", "21:00")
    assert _planned(case).count(_at(19, days=9)) == 1
    assert len(_planned(case)) == len(before) + 1
    assert "同一时间已有回访" in said
    again = _agree(browser, case, "09:00", "11:00", version=2)  # back to a time at which one was given up
    assert len(_planned(case)) == len(before) + 1
    assert "改为" in again


def test_a_callback_that_is_due_is_owed_within_the_new_hours(world: World) -> None:
    case, row, moment = due_callback(world, hours=(dt.time(9), dt.time(11)))
    browser = client_of(world, "manager")
    with clock.at(moment):
        _agree(browser, case, "19:00", "21:00")
        with as_owner():
            item = WorkItem._base_manager.get(source_id=row.pk, kind="followup.call", done_at__isnull=True)
        assert clock.local(item.due_at).time() == dt.time(
            21
        )  # at 19:00 she may be called, not before: it is not late then
    with clock.at(_at(19)):
        assert [row.late for row in _rows(world, "operator") if row.item.pk == item.pk] == [False]
    with clock.at(moment + dt.timedelta(days=2)):
        _agree(browser, case, "07:00", "08:00", version=2)  # late stays late
        with as_owner():
            again = WorkItem._base_manager.get(source_id=row.pk, kind="followup.call", done_at__isnull=True)
        assert again.due_at == item.due_at


def test_a_callback_is_owed_before_her_hours_end_and_says_from_when(world: World) -> None:
    case, row, moment = due_callback(world, hours=(dt.time(9), dt.time(11)))
    with clock.at(moment):
        with as_owner():
            item = WorkItem._base_manager.get(source_id=row.pk, kind="followup.call")
        assert clock.local(item.due_at).time() == dt.time(11)  # not 13:30, when nobody may ring any more
        rows = client_of(world, "operator").get("/").context["rows"]
    assert [str(each.words) for each in rows if each.item.pk == item.pk] == ["可回访时间：今天 09:30起"]
    assert case.number in {each.number for each in rows}


def _rows(world: World, name: str) -> list[Row]:
    return [row for row in client_of(world, name).get("/").context["rows"] if row.item.kind == "followup.call"]


def test_an_attempt_is_owed_anew_from_her_next_hours_until_they_end(world: World) -> None:
    _case, row, moment = due_callback(world, hours=(dt.time(9), dt.time(11)))
    opens = moment.replace(hour=9, minute=0) + dt.timedelta(days=1)
    with clock.at(moment), world.acting("operator") as by:
        followups.attempt_record(follow_up_id=row.pk, by=by, version=None, outcome="no_answer", note="无人接听")
    with clock.at(opens + dt.timedelta(seconds=1)):
        assert [(each.late, str(each.words)) for each in _rows(world, "operator")] == [
            (False, "可回访时间：今天 09:00起")
        ]
        assert not lateness.late()
        with as_owner():
            item = WorkItem._base_manager.get(source_id=row.pk, done_at__isnull=True)
            bell = OutboxItem.objects.get(key=f"work-item:{item.pk}")
        assert (item.due_at, bell.available_at) == (opens.replace(hour=11), opens)  # it rings when she may be called
    with clock.at(opens.replace(hour=11, minute=1)):
        assert [each.late for each in _rows(world, "operator")] == [True]


def test_new_hours_that_hold_the_last_moment_put_nothing_off() -> None:
    at = clock.local(clock.now()).replace(hour=11, minute=0, second=0, microsecond=0)
    for begin, end in ((8, 11), (8, 20)):
        assert followups.put_off_to(at, SafeContact(hour_from=dt.time(begin), hour_until=dt.time(end))) == at
    assert followups.put_off_to(at, SafeContact(hour_from=dt.time(11), hour_until=dt.time(20))) == at.replace(hour=15)


def test_without_agreed_hours_or_over_midnight_four_hours_are_given() -> None:
    at = clock.local(clock.now()).replace(hour=23, minute=0, second=0, microsecond=0)
    assert followups.call_by(at, None) == at + dt.timedelta(hours=4)
    assert followups.call_by(at, SafeContact(hour_from=dt.time(22), hour_until=dt.time(6))) == at + dt.timedelta(
        hours=4
    )
    late = SafeContact(hour_from=dt.time(22), hour_until=dt.time(1))
    assert followups.call_by(at, late) == at + dt.timedelta(hours=2)


def test_two_letters_closed_together_give_one_callback(world: World) -> None:
    """At high risk each closed letter owes one; she is not rung up twice within the hour."""
    case = assessed(world, risk="high")
    with world.acting("manager"), as_verb([case.pk]):
        now = clock.now()
        assert len(followups.plan(case, FollowUpRule.Event.ANSWERED, now + dt.timedelta(hours=40))) == 1
        assert followups.plan(case, FollowUpRule.Event.ANSWERED, now + dt.timedelta(hours=41)) == []
        assert len(followups.plan(case, FollowUpRule.Event.ANSWERED, now + dt.timedelta(hours=60))) == 1
