"""The callback page."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest
from django.utils import translation

from cases.models import FollowUp, FollowUpAttempt, SafeContact, WorkItem
from cases.services import followups
from core import clock
from core.models.accesslog import AccessLog
from tests.cases.scenes import client_of, due_callback
from tests.roles import as_owner, as_worker
from tests.world import World

HOURS = (dt.time(9), dt.time(11))


def _form(row: FollowUp, **values: str) -> dict[str, str]:
    return {
        "outcome": "reached",
        "satisfaction": "satisfied",
        "note": "情况稳定",
        "version": "2",
        "request_key": str(uuid4()),
    } | values


def test_desk_records_an_attempt_and_its_access_ends(world: World) -> None:
    _case, row, moment = due_callback(world, hours=HOURS)
    browser = client_of(world, "operator")
    with clock.at(moment):
        text = browser.get(f"/followups/{row.pk}/").content.decode()
        assert "买两斤土豆" in text
        assert "13800001234" not in text
        assert "138****1234" in text
        answer = browser.post(f"/followups/{row.pk}/", _form(row))
        assert answer.status_code == 302, answer.content.decode()
        assert browser.get(f"/followups/{row.pk}/").status_code == 404
    with as_owner():
        assert FollowUpAttempt.objects.filter(follow_up=row, outcome="reached").count() == 1
        assert FollowUp._base_manager.get(pk=row.pk).status == "reached"


def test_number_is_shown_for_a_reason_and_logged(world: World) -> None:
    case, row, moment = due_callback(world, hours=HOURS)
    browser = client_of(world, "operator")
    with clock.at(moment):
        assert browser.post(f"/followups/{row.pk}/number/", {}).status_code == 422
        shown_page = browser.post(f"/followups/{row.pk}/number/", {"reason": "callback"}).content.decode()
        assert "13800001234" in shown_page
        assert f'action="/followups/{row.pk}/" class="form"' in shown_page  # what is recorded here goes to the callback
    with as_owner():
        shown = AccessLog.objects.get(action="reveal")
        assert (shown.case_id, shown.sections, shown.reason) == (case.pk, "safe_contact", "callback")
        assert AccessLog.objects.filter(action="view", object_type="cases.followup", case_id=case.pk).exists()


def test_outside_her_safe_hours_there_is_no_form_no_number_and_no_attempt(world: World) -> None:
    _case, row, moment = due_callback(world, hours=HOURS)
    browser = client_of(world, "operator")
    with clock.at(moment + dt.timedelta(hours=3)):
        text = browser.get(f"/followups/{row.pk}/").content.decode()
        assert 'name="outcome"' not in text
        assert browser.post(f"/followups/{row.pk}/", _form(row)).status_code == 422
        answer = browser.post(f"/followups/{row.pk}/number/", {"reason": "callback"})
        assert answer.status_code == 422
        assert "13800001234" not in answer.content.decode()
    with as_owner():
        assert not FollowUpAttempt.objects.exists()


def test_a_stale_attempt_is_told_and_nothing_typed_is_lost(world: World) -> None:
    _case, row, moment = due_callback(world, hours=HOURS)
    with clock.at(moment):
        answer = client_of(world, "operator").post(f"/followups/{row.pk}/", _form(row, version="1"))
    assert answer.status_code == 409
    assert "情况稳定" in answer.content.decode()


def test_the_same_post_counts_once(world: World) -> None:
    _case, row, moment = due_callback(world, hours=HOURS)
    browser, form = client_of(world, "operator"), _form(row, outcome="no_answer", satisfaction="")
    with clock.at(moment):
        assert browser.post(f"/followups/{row.pk}/", form).status_code == 302
        assert browser.post(f"/followups/{row.pk}/", form).status_code == 302
    with as_owner():
        assert FollowUpAttempt.objects.count() == 1


def test_reached_needs_an_answer_to_how_she_found_it(world: World) -> None:
    _case, row, moment = due_callback(world, hours=HOURS)
    with clock.at(moment):
        answer = client_of(world, "operator").post(f"/followups/{row.pk}/", _form(row, satisfaction=""))
    assert answer.status_code == 422
    assert answer.context["form"].errors["satisfaction"]


def test_not_reached_goes_to_the_manager_who_says_what_is_done_instead(world: World) -> None:
    _case, row, moment = due_callback(world, hours=HOURS)
    with clock.at(moment):
        assert (
            client_of(world, "operator").post(f"/followups/{row.pk}/", _form(row, outcome="wrong_number")).status_code
            == 302
        )
        browser = client_of(world, "manager")
        assert 'name="note"' in browser.get(f"/followups/{row.pk}/").content.decode()
        assert browser.post(f"/followups/{row.pk}/failure/", {"note": ""}).status_code == 422
        answer = browser.post(f"/followups/{row.pk}/failure/", {"note": "请村妇联上门探访"})
        assert answer.status_code == 302
        with world.acting("manager") as by:
            assert not WorkItem.objects.owed_by(by).filter(kind="followup.failed").exists()


def test_high_risk_failure_is_the_directors(world: World) -> None:
    _case, row, moment = due_callback(world, hours=HOURS, risk="high")
    with clock.at(moment):
        client_of(world, "operator").post(f"/followups/{row.pk}/", _form(row, outcome="wrong_number"))
        assert client_of(world, "manager").post(f"/followups/{row.pk}/failure/", {"note": "x"}).status_code == 403
        assert (
            client_of(world, "director").post(f"/followups/{row.pk}/failure/", {"note": "请民警走访"}).status_code
            == 302
        )


def test_others_do_not_learn_that_it_exists(world: World) -> None:
    _case, row, moment = due_callback(world, hours=HOURS)
    with clock.at(moment):
        assert client_of(world, "xishan_manager").get(f"/followups/{row.pk}/").status_code == 404
        assert client_of(world, "police_liaison").get(f"/followups/{row.pk}/").status_code == 403


def test_one_call_answers_every_callback_that_is_due(world: World) -> None:
    case, row, moment = due_callback(world, risk="high")
    with clock.at(moment):
        with world.acting("manager") as by:
            other = followups.follow_up_plan(case_id=case.pk, by=by, due_at=moment, by_desk=True)
        with clock.at(moment + dt.timedelta(minutes=1)):
            with as_worker():
                assert followups.make_due(other.pk)
            assert client_of(world, "operator").post(f"/followups/{row.pk}/", _form(row)).status_code == 302
            assert client_of(world, "operator").get(f"/followups/{other.pk}/").status_code == 404
    with as_owner():
        rows = {r.pk: (r.status, r.satisfaction) for r in FollowUp._base_manager.filter(pk__in=[row.pk, other.pk])}
        assert rows == {row.pk: ("reached", "satisfied"), other.pk: ("reached", "not_asked")}
        assert not WorkItem._base_manager.filter(kind="followup.call", case=case, done_at__isnull=True).exists()


def test_the_callback_is_due_when_its_work_item_is_on_every_page(world: World) -> None:
    case, row, moment = due_callback(world, risk="high")
    with world.acting("manager"):
        item = WorkItem.objects.get(kind="followup.call", source_id=row.pk)
    assert item.due_at != row.due_at
    with clock.at(moment):
        shown = f'datetime="{item.due_at.isoformat()}"'
        assert shown in client_of(world, "operator").get("/").content.decode()
        assert shown in client_of(world, "operator").get(f"/followups/{row.pk}/").content.decode()
        assert shown in client_of(world, "manager").get(f"/cases/{case.pk}/panels/followups/").content.decode()


def test_a_planned_callback_stands_in_the_head_of_the_case_until_it_is_due(world: World) -> None:
    case, _row, moment = due_callback(world)
    later = moment.replace(second=0, microsecond=0) + dt.timedelta(days=1)
    shown = f'datetime="{later.astimezone(dt.UTC).isoformat()}"'

    def head() -> str:
        text = client_of(world, "manager").get(f"/cases/{case.pk}/").content.decode()
        return text.partition('<header class="page-head')[2].partition("</header>")[0]

    assert shown not in head()
    with as_owner():
        FollowUp._base_manager.create(case_id=case.pk, office_id=case.office_id, reason="in_follow_up", due_at=later)
    assert shown in head()


@pytest.mark.parametrize(
    ("begin", "end", "said"),
    [(dt.time(9), dt.time(11), "09:00–11:00"), (dt.time(20), dt.time(9), "20:00至次日09:00"), (None, None, "")],
)
def test_hours_over_midnight_are_said_as_such(begin: dt.time | None, end: dt.time | None, said: str) -> None:
    with translation.override("zh-hans"):
        assert followups.window(SafeContact(hour_from=begin, hour_until=end)) == said
