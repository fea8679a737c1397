"""The pages of absences, and where a letter says who stands in."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from referrals import services
from referrals.absences import standing
from referrals.absences.models import Absence
from tests.referrals.absence_scene import (
    AWAY,
    DAY,
    STANDS_IN,
    Login,
    away,
    holder,
    named,
    poll,
    queries,
)
from tests.referrals.conftest import open_case
from tests.roles import as_owner, as_worker
from tests.world import World, broken_promises

pytestmark = pytest.mark.django_db


def test_pages_say_who_stands_in_until_when(world: World, login: Login) -> None:
    row, absence = named(world), away(world)
    poll()
    name, substitute = world.users[AWAY].name, world.users[STANDS_IN].name
    until = f"{absence.last_day:%Y-%m-%d}"
    for who in (STANDS_IN, "manager"):
        text = login(who).get(reverse("referrals:detail", args=[row.pk])).content.decode()
        assert f"{substitute}代{name}办理，至{until}" in text
    for who, box in ((STANDS_IN, "received"), ("manager", "sent")):
        assert until in login(who).get(reverse("referrals:inbox"), {"box": box}).content.decode(), who
    assert f"{name}于" not in login("justice_liaison").get(reverse("referrals:absences-now")).content.decode()
    assert until in login(AWAY).get(reverse("referrals:absences-now")).content.decode()
    assert row.number not in login(AWAY).get(reverse("referrals:inbox")).content.decode()
    assert f"{name}" in login(STANDS_IN).get("/").content.decode()
    assert reverse("referrals:absences") in login(AWAY).get("/").content.decode()


def test_the_page_enters_and_ends_one_and_keeps_what_was_typed(world: World, login: Login) -> None:
    browser, url = login(AWAY), reverse("referrals:absence-new")
    today = clock.today()
    form = {
        "person": world.users[AWAY].pk,
        "substitute": world.users[STANDS_IN].pk,
        "first_day": f"{today}",
        "last_day": f"{today - DAY}",
    }
    answer = browser.post(url, form)
    assert answer.status_code == 422
    assert f"{today - DAY}" in answer.content.decode()
    assert browser.post(url, form | {"last_day": f"{today + DAY}"}).status_code == 302
    with as_owner():
        row = Absence.objects.get()
    page = browser.get(reverse("referrals:absences")).content.decode()
    assert world.users[STANDS_IN].name in page
    assert reverse("referrals:absence-end", args=[row.pk]) in page
    assert (
        reverse("referrals:absence-end", args=[row.pk])
        not in login(STANDS_IN).get(reverse("referrals:absences")).content.decode()
    )
    assert browser.post(reverse("referrals:absence-end", args=[row.pk])).status_code == 302
    assert (
        reverse("referrals:absence-end", args=[row.pk])
        not in browser.get(reverse("referrals:absences")).content.decode()
    )
    assert login("justice_liaison").get(url, {"unit": str(world.units["police"].pk)}).status_code == 404


def test_the_sending_page_shows_who_is_away(world: World, login: Login) -> None:
    absence, case = away(world), open_case(world, category="A01", risk="high")
    page = login("manager").get(reverse("referrals:liaisons", args=[case.pk]), {"unit": str(world.units["police"].pk)})
    assert (
        f"{world.users[AWAY].name}（{absence.last_day:%Y-%m-%d}前请假，由{world.users[STANDS_IN].name}代办）"
        in page.content.decode()
    )


def test_the_list_takes_the_same_queries_for_2_and_20(world: World, login: Login) -> None:
    for number in range(2):
        away(world, after=number * 5, days=2)
    browser, url = login(AWAY), reverse("referrals:absences")
    queries(browser, url)
    few = queries(browser, url)
    for number in range(2, 20):
        away(world, after=number * 5, days=2)
    assert queries(browser, url) == few


def test_the_clock_looks_with_the_same_queries_for_2_and_20_letters(world: World) -> None:
    case = open_case(world, category="A01", risk="high")
    for ask in ("protect", "investigate"):
        named(world, case, ask=ask)
    away(world)
    with as_worker(), CaptureQueriesContext(connection) as few:
        assert len(standing.due()) == 2
    for _ in range(9):
        other = open_case(world, category="A01", risk="high")
        for ask in ("protect", "investigate"):
            named(world, other, who=STANDS_IN, ask=ask)
    with as_worker(), CaptureQueriesContext(connection) as many:
        assert len(standing.due()) == 2
    assert len(many) == len(few)
    assert broken_promises() == []


def test_what_begins_or_ends_today_moves_in_the_same_request(
    world: World, login: Login, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    row, rung = named(world), []
    monkeypatch.setattr("core.outbox.ring", lambda task, *arguments: rung.append(task.name))
    browser, url, today = login(AWAY), reverse("referrals:absence-new"), clock.today()
    form = {"person": world.users[AWAY].pk, "substitute": world.users[STANDS_IN].pk}
    with django_capture_on_commit_callbacks(execute=True):
        later = form | {"first_day": f"{today + 9 * DAY}", "last_day": f"{today + 9 * DAY}"}
        assert "首日起" in browser.post(url, later, follow=True).content.decode()
    assert "referrals.tasks.absences_poll" not in rung
    with django_capture_on_commit_callbacks(execute=True):
        said = browser.post(url, form | {"first_day": f"{today}", "last_day": f"{today}"}, follow=True)
    assert "一分钟内" in said.content.decode()
    assert rung.count("referrals.tasks.absences_poll") == 1
    poll()
    assert holder(world, row) == STANDS_IN
    with as_owner():
        absence = Absence.objects.get(first_day=today)
    with django_capture_on_commit_callbacks(execute=True):
        ended = browser.post(reverse("referrals:absence-end", args=[absence.pk]), follow=True).content.decode()
    assert "一分钟内" in ended
    assert rung.count("referrals.tasks.absences_poll") == 2
    assert "历次请假" in ended
    assert "已结束" in ended
    assert "历任人员" not in ended
    assert "已到期" not in ended


def test_the_list_shows_who_handles_it_now(world: World, login: Login) -> None:
    row = named(world)
    with world.acting(AWAY) as by:
        services.referral_accept(referral_id=row.pk, by=by, version=None)
    away(world)
    poll()
    for who, box in ((STANDS_IN, "received"), ("manager", "sent")):
        shown = login(who).get(reverse("referrals:inbox"), {"box": box}).context["rows"]
        assert [each.in_hands.name for each in shown] == [world.users[STANDS_IN].name]
        assert (
            f'<span class="quiet">{world.users[AWAY].name}</span>'
            not in login(who).get(reverse("referrals:inbox"), {"box": box}).content.decode()
        )


def test_all_that_is_wrong_with_an_absence_is_said_at_once(world: World, login: Login) -> None:
    today = clock.today()
    days = {"person": world.users[AWAY].pk, "first_day": f"{today}", "last_day": f"{today - DAY}"}
    for substitute in ("", world.users[AWAY].pk):
        answer = login(AWAY).post(reverse("referrals:absence-new"), days | {"substitute": substitute})
        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == {"substitute", "last_day"}
