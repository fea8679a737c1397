"""The pages of legal aid and mediation, as the web role."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import Case
from core import clock
from legalaid.models import Application, Mediation
from tests.cases.scenes import client_of
from tests.legalaid.conftest import send
from tests.referrals.conftest import open_case
from tests.roles import as_owner
from tests.world import World


def _moment(value: dt.datetime) -> str:
    return f"{clock.local(value):%Y-%m-%dT%H:%M}"


def test_the_manager_applies_from_the_case(world: World, case: Case) -> None:
    browser = client_of(world, "manager")
    url = reverse("legalaid:apply", args=[case.pk])
    assert browser.get(url).status_code == 200
    form = {
        "unit": str(world.units["legal_aid"].pk), "kin": "yes", "matter": "support", "means": "examined", "consent_note": "当面签字",
        "request_key": str(uuid.uuid4())}  # fmt: skip
    answer = browser.post(url, form)
    assert answer.status_code == 422
    assert "不要发往该处" in answer.content.decode()
    assert browser.post(url, form | {"kin": "no"}).status_code == 302
    assert "赡养" in browser.get(reverse("legalaid:panel", args=[case.pk])).content.decode()
    assert client_of(world, "xishan_manager").get(url).status_code == 404
    assert client_of(world, "operator").get(url).status_code == 403


def test_the_officer_decides_and_assigns_and_the_manager_tells_and_closes(
    world: World, application: Application
) -> None:
    officer, manager = client_of(world, "aid_officer"), client_of(world, "manager")
    detail = reverse("legalaid:detail", args=[application.pk])
    text = officer.get(detail).content.decode()
    assert "刘桂芳" in text
    assert "刘建国" in text
    assert "刘桂芳" in officer.get(reverse("legalaid:list")).content.decode()
    assert manager.post(reverse("legalaid:grant", args=[application.pk]), {"version": 1}).status_code == 403
    assert officer.post(reverse("legalaid:grant", args=[application.pk]), {"version": 9}).status_code == 409
    assert officer.post(reverse("legalaid:grant", args=[application.pk]), {"version": 1}).status_code == 302
    assign = reverse("legalaid:assign", args=[application.pk])
    assert officer.get(assign).status_code == 200
    assert officer.post(assign, {"lawyer_name": "", "version": 2}).status_code == 422
    assert (
        officer.post(assign, {"lawyer_name": "董律师", "lawyer_agency": "云岭律师事务所", "version": 2}).status_code
        == 302
    )
    assert "董律师" in manager.get(detail).content.decode()
    assert manager.post(reverse("legalaid:tell", args=[application.pk]), {"version": 3}).status_code == 302
    close = reverse("legalaid:close", args=[application.pk])
    assert manager.get(close).status_code == 200
    assert manager.post(close, {"reason": "concluded", "version": 4}).status_code == 302
    assert "刘桂芳" not in officer.get(detail).content.decode()
    assert "刘桂芳" not in officer.get(reverse("legalaid:list"), {"part": "closed"}).content.decode()


def test_a_refusal_page_asks_for_reasons(world: World, application: Application) -> None:
    officer = client_of(world, "aid_officer")
    url = reverse("legalaid:refuse", args=[application.pk])
    assert officer.get(url).status_code == 200
    assert officer.post(url, {"version": 1, "reason": "means", "note": ""}).status_code == 422
    assert officer.post(url, {"version": 1, "reason": "means", "note": "超过标准"}).status_code == 302
    assert (
        "超过标准"
        in client_of(world, "manager").get(reverse("legalaid:detail", args=[application.pk])).content.decode()
    )


def test_lists_say_when_they_are_empty(world: World) -> None:
    for who in ("aid_officer", "manager", "director"):
        for part in ("", "decided", "closed"):
            assert client_of(world, who).get(reverse("legalaid:list"), {"part": part}).status_code == 200
    assert client_of(world, "police_liaison").get(reverse("legalaid:list")).status_code == 403


def test_a_mediation_is_planned_and_recorded(world: World, case: Case) -> None:
    browser = client_of(world, "manager")
    url = reverse("legalaid:mediation-plan", args=[case.pk])
    assert browser.get(url).status_code == 200
    form = {
        "at": _moment(clock.now() + dt.timedelta(days=1)),
        "venue": "调解室",
        "mediator": "施调解员",
        "she_is_safe": "on",
        "she_knows": "on",
    }
    assert browser.post(url, form).status_code == 422
    assert browser.post(url, form | {"source_hidden": "on"}).status_code == 302
    with as_owner():
        row = Mediation._base_manager.get()
    page = reverse("legalaid:mediation", args=[row.pk])
    assert browser.get(page).status_code == 200
    with clock.at(clock.now() + dt.timedelta(days=1, hours=3)):
        browser = client_of(world, "manager")
        assert browser.post(page, {"version": 1, "outcome": "agreed", "note": "每月八百元"}).status_code == 302
        assert "每月八百元" in browser.get(page).content.decode()
    assert client_of(world, "xishan_manager").get(page).status_code == 404


def test_the_page_of_a_high_risk_case_offers_no_mediation(world: World) -> None:
    case = open_case(world, category="A01", risk="high")
    browser = client_of(world, "manager")
    url = reverse("legalaid:mediation-plan", args=[case.pk])
    assert 'name="mediator"' not in browser.get(url).content.decode()
    form = {
        "at": _moment(clock.now() + dt.timedelta(days=1)),
        "venue": "x",
        "mediator": "x",
        "she_is_safe": "on",
        "she_knows": "on",
        "source_hidden": "on",
    }
    assert browser.post(url, form).status_code == 422
    assert (
        reverse("legalaid:mediation-plan", args=[case.pk])
        not in browser.get(reverse("legalaid:panel", args=[case.pk])).content.decode()
    )


def test_the_list_asks_the_same_number_of_queries_for_many(world: World) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as found:
            assert browser.get(reverse("legalaid:list")).status_code == 200
        return len(found.captured_queries)

    browser = client_of(world, "aid_officer")
    send(world, open_case(world))
    browser.get(reverse("legalaid:list"))
    few = count()
    for _ in range(5):
        send(world, open_case(world))
    assert count() == few
