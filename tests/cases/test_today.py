"""The home page."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases import registry, worklist
from cases.models import WorkItem
from cases.services import access
from cases.services import case as cases
from cases.services.consents import Given
from core import clock
from core.identity import as_verb
from core.models.accesslog import AccessLog
from hotline.services.contact import contact_begin, contact_log
from referrals import services as referrals
from tests.cases.scenes import assessed, client_of, opened
from tests.roles import as_owner
from tests.world import ROLES_AT, World


def _queries(world: World, name: str, url: str = "/") -> int:
    browser = client_of(world, name)
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(url).status_code == 200
    return len(seen)


def test_queries_do_not_grow_with_the_worklist(world: World) -> None:
    for number in range(2):
        opened(world, phone=f"1380000{number:04d}")
    mine, centre = _queries(world, "manager"), _queries(world, "director", "/?view=centre")
    for number in range(2, 20):
        opened(world, phone=f"1380000{number:04d}")
    assert _queries(world, "manager") == mine
    assert _queries(world, "director", "/?view=centre") == centre


AT_MOST = 20  # the questions of any Today, whatever kinds of work stand in it; the savepoints of the test's own transaction aside


def _asked(world: World, name: str, url: str = "/") -> int:
    browser = client_of(world, name)
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(url).status_code == 200
    return sum("SAVEPOINT" not in query["sql"] for query in seen.captured_queries)


@pytest.mark.parametrize("name", ["manager", "director"])
def test_queries_do_not_grow_with_the_kinds_of_work(world: World, name: str) -> None:
    case = opened(world, client_birth_year=None, narrative="")
    owner = {"manager": {"owner_user": world.users["manager"]}, "director": {"owner_role": "director"}}[name]
    now = clock.now()
    with as_owner():
        WorkItem.objects.filter(case=case).delete()
        WorkItem.objects.bulk_create(
            WorkItem(office=world.offices["wuhua"], case=case, kind=kind, source_id=case.pk if kind == "case.missing" else uuid4(),
                     opened_at=now, due_at=now, **owner)
            for kind in registry.work_kinds.names()
        )  # fmt: skip
    page = client_of(world, name).get("/")
    assert {row.item.kind for row in page.context["rows"]} == set(registry.work_kinds.names())
    assert _asked(world, name) <= AT_MOST
    assert _asked(world, name, "/?view=centre") <= AT_MOST


@pytest.mark.parametrize("name", sorted(ROLES_AT))
def test_nobodys_today_asks_much(world: World, name: str) -> None:
    opened(world)
    assert _asked(world, name) <= AT_MOST - 4


@pytest.mark.parametrize("name", sorted(ROLES_AT))
def test_everyone_has_a_home(world: World, name: str) -> None:
    opened(world)
    page = client_of(world, name).get("/")
    assert page.status_code == 200
    text = page.content.decode()
    assert 'class="worklist' in text or 'class="empty"' in text or 'class="list' in text


def test_an_expert_finds_the_cases_that_were_opened_to_her_and_no_other(world: World) -> None:
    case, other = opened(world), opened(world, name="赵丽", phone="13800005678")
    with world.acting("manager"), as_verb([case.pk]):
        access.grant(
            case_id=case.pk, sections=["identity"], source_kind="care_team", source_id=uuid4(), basis="consent",
            user_id=world.users["expert"].pk,
        )  # fmt: skip
    text = client_of(world, "expert").get("/").content.decode()
    assert case.number in text
    assert "刘桂芳" in text
    assert other.number not in text
    assert "赵丽" not in text
    with as_owner():  # the case's own log tells that her name stood there
        seen = AccessLog.objects.get(object_type="case_list", actor_id=world.users["expert"].pk)
    assert (seen.case_ids, seen.office_id, seen.count) == ([case.pk], case.office_id, 1)


def test_manager_sees_number_and_name_and_the_one_button(world: World) -> None:
    case = opened(world)
    text = client_of(world, "manager").get("/").content.decode()
    assert case.number in text
    assert "刘桂芳" in text
    assert f"/cases/{case.pk}/" in text


def test_other_centre_sees_nothing_of_it(world: World) -> None:
    case = opened(world)
    for url in ("/", "/?view=centre"):
        text = client_of(world, "xishan_manager").get(url).content.decode()
        assert case.number not in text
        assert "刘桂芳" not in text


def test_liaison_sees_the_letter_only_until_it_is_accepted(world: World) -> None:
    case = opened(world)
    with world.acting("manager") as by:
        cases.case_assess(case_id=case.pk, by=by, version=1, risk="low", reasons="x")
        letter = referrals.referral_send(
            case_id=case.pk,
            by=by,
            unit=world.units["justice"],
            ask="legal_aid",
            ask_note="",
            sections=["identity"],
            basis="consent",
            consent=Given("当面同意"),
        )
    text = client_of(world, "justice_liaison").get("/").content.decode()
    assert letter.number in text
    assert case.number not in text
    assert "刘桂芳" not in text
    with world.acting("justice_liaison") as by:
        referrals.referral_accept(referral_id=letter.pk, by=by, version=letter.version)
    text = client_of(world, "justice_liaison").get("/").content.decode()
    assert case.number in text
    assert "刘桂芳" in text


def test_late_work_comes_first_and_can_be_chosen(world: World) -> None:
    opened(world)
    page = client_of(world, "manager").get("/", {"view": "late"})
    assert "parts" in page.context
    assert page.context["parts"] == []
    assert client_of(world, "manager").get("/", {"kind": "case.triage"}).context["rows"]
    assert client_of(world, "manager").get("/", {"kind": "no.such", "view": "no such"}).status_code == 200


def test_on_a_phone_the_kinds_are_one_list_that_keeps_the_tab(world: World) -> None:
    opened(world)
    assessed(world, phone="13800000007")
    text = client_of(world, "manager").get("/", {"view": "next", "kind": "case.triage"}).content.decode()
    form = text.partition('class="filters kinds-pick"')[2].partition("</form>")[0]
    assert '<input type="hidden" name="view" value="next">' in form
    assert '<option value="case.triage" selected>' in form
    assert form.count("<option") == len(client_of(world, "manager").get("/", {"view": "next"}).context["tallies"]) + 1


def test_in_each_part_what_presses_comes_first_and_then_what_falls_due_first(world: World) -> None:
    routine = [assessed(world, phone=f"1380000{number:04d}") for number in range(2)]
    high = assessed(world, risk="high", phone="13800000007")
    new = opened(world, phone="13800000008")
    due = clock.now() + dt.timedelta(days=30)
    hours = {routine[0].pk: 1, new.pk: 2, routine[1].pk: 3, high.pk: 4}
    with as_owner():
        WorkItem.objects.filter(kind="case.missing").delete()
        for case_id, hour in hours.items():
            WorkItem.objects.filter(case_id=case_id).update(due_at=due + dt.timedelta(hours=hour), is_urgent=False)
    expected = [high.pk, routine[0].pk, new.pk, routine[1].pk]

    def shown() -> dict[str, list[object]]:
        parts = client_of(world, "manager").get("/").context["parts"]
        return {part["code"]: list(dict.fromkeys(row.item.case_id for row in part["rows"])) for part in parts}

    assert shown() == {"next": expected}
    with as_owner():
        WorkItem.objects.update(due_at=F("due_at") - dt.timedelta(days=60))
    assert shown() == {"late": expected}
    with as_owner():
        WorkItem.objects.filter(case_id=routine[1].pk).update(is_urgent=True)
    assert shown() == {"urgent": [routine[1].pk], "late": [high.pk, routine[0].pk, new.pk]}
    with as_owner():
        WorkItem.objects.filter(case_id=routine[1].pk).update(due_at=clock.now() + dt.timedelta(hours=1))
    assert list(shown()) == ["urgent", "late"]  # she is in danger now: not behind what is merely late
    with as_owner():
        WorkItem.objects.filter(case_id=routine[1].pk).update(due_at=clock.now() + dt.timedelta(days=2))
    assert list(shown()) == ["late", "next"]


def test_work_leads_to_where_it_is_done_and_is_not_found_by_others(world: World) -> None:
    case = opened(world)
    with world.acting("manager") as by:
        item = WorkItem.objects.owed_by(by).get(kind="case.triage")
    answer = client_of(world, "manager").get(f"/todo/{item.pk}/")
    assert answer.status_code == 302
    assert str(case.pk) in answer["Location"]
    assert client_of(world, "xishan_manager").get(f"/todo/{item.pk}/").status_code == 404
    with world.acting("manager") as by:
        cases.case_assess(case_id=case.pk, by=by, version=1, risk="low", reasons="x")
    answer = client_of(world, "manager").get(f"/todo/{item.pk}/")
    assert answer["Location"] == f"/cases/{case.pk}/"


def test_anonymous_is_sent_to_the_login_page(world: World) -> None:
    answer = Client().get("/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_operator_finds_her_open_drafts_and_whom_a_promised_callback_is_for(world: World) -> None:
    with world.acting("operator") as by:
        draft = contact_begin(by=by, office=world.offices["desk"])
        promised = contact_begin(by=by, office=world.offices["desk"])
        values = {"client_name": "刘桂芳", "disposition": "advice", "callback_at": clock.now() + dt.timedelta(hours=5)}
        promised = contact_log(contact_id=promised.pk, by=by, values=values)
    text = client_of(world, "operator").get("/").content.decode()
    assert f"/contacts/{draft.pk}/" in text
    assert str(promised.number) in text
    assert "刘桂芳" in text
    assert f"/contacts/{draft.pk}/" not in client_of(world, "operator2").get("/").content.decode()


def test_kinds_counted_from_the_rows_are_those_that_the_database_counts(world: World) -> None:
    for number in range(3):
        opened(world, phone=f"1380000{number:04d}")
    case = assessed(world, risk="high", phone="13800000007")
    with as_owner():
        WorkItem.objects.filter(case_id=case.pk).update(due_at=clock.now() - dt.timedelta(hours=3))
    with world.acting("manager") as by:
        items = WorkItem.objects.owed_by(by)
        counted = worklist.by_kind(items)
        assert len(counted) > 1
        assert {tally.key: tally for tally in worklist.kinds_of(worklist.rows(items, by))} == {
            tally.key: tally for tally in counted
        }
