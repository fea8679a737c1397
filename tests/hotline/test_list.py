"""The list, its file, a contact's page and the panel of a case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.fixtures import Settings

from cases.models import PartyContact
from core import clock
from core.models import AccessLog
from hotline.models import Contact
from hotline.services.contact import contact_begin, contact_draft, contact_log
from tests.cases.scenes import VALUES, shown_factor
from tests.roles import as_owner
from tests.world import World

AsUser = Callable[[str], Client]


def many(world: World, count: int, **more: object) -> list[Contact]:
    made = []
    with world.acting("operator") as by:
        for number in range(count):
            values = {
                "disposition": "advice",
                "caller_name": f"=刘{number}",
                "caller_phone": "13800001234",
                "narrative": "n",
                "category_id": "A06",
            }
            contact = contact_begin(by=by, office=world.offices["desk"])
            made.append(contact_log(contact_id=contact.pk, by=by, values=values | more))
    return made


def queries(client: Client) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(reverse("hotline:list")).status_code == 200
    return len(caught)


def test_the_list_asks_the_same_number_of_questions_at_2_and_at_20_rows(world: World, as_user: AsUser) -> None:
    client = as_user("operator")
    many(world, 2)
    client.get(reverse("hotline:list"))
    few = queries(client)
    many(world, 18)
    assert queries(client) == few


def test_filters_and_pages(world: World, as_user: AsUser) -> None:
    many(world, 31)
    many(world, 1, disposition="silent", channel="walk_in")
    client = as_user("operator")
    first = client.get(reverse("hotline:list"))
    assert len(first.context["contacts"]) == 30
    second = client.get(reverse("hotline:list"), {"after": first.context["slice"].next})
    assert len(second.context["contacts"]) == 2
    assert (
        len(client.get(reverse("hotline:list"), {"disposition": "silent", "channel": "walk_in"}).context["contacts"])
        == 1
    )
    assert len(as_user("operator2").get(reverse("hotline:list"), {"show": "mine"}).context["contacts"]) == 0
    assert (
        len(client.get(reverse("hotline:list"), {"since": "2000-01-01", "until": "2001-01-01"}).context["contacts"])
        == 0
    )
    assert (
        client.get(reverse("hotline:list"), {"since": "nonsense", "after": "nonsense", "channel": "x"}).status_code
        == 200
    )


def test_the_file_is_what_is_shown_masked_harmless_and_logged(world: World, as_user: AsUser) -> None:
    many(world, 2)
    text = as_user("operator").get(reverse("hotline:export")).content.decode("utf-8-sig")
    assert text.count("\n") == 3
    assert "138****1234" in text
    assert "13800001234" not in text
    assert ",'=刘0," in text
    with as_owner():
        assert AccessLog.objects.get(action="export").count == 2


def test_who_wishes_to_stay_anonymous_is_named_nowhere(world: World, as_user: AsUser) -> None:
    soon = clock.now() + dt.timedelta(hours=5)
    many(world, 1, caller_name="刘桂芳", client_name="刘桂芳", is_anonymous=True, callback_at=soon)
    with world.acting("operator") as by:
        draft = contact_begin(by=by, office=world.offices["desk"])
        contact_draft(contact_id=draft.pk, by=by, values={"caller_name": "刘桂芳", "is_anonymous": True})
    operator = as_user("operator")
    for url in (reverse("hotline:list"), reverse("hotline:export"), "/"):
        shown = operator.get(url).content.decode("utf-8-sig")
        assert "刘桂芳" not in shown, url
        assert "138****1234" not in shown, url
        assert "匿名" in shown, url


@pytest.mark.parametrize("name", ["manager", "director", "xishan_manager"])
def test_a_centre_sees_no_calls_of_the_desk(world: World, as_user: AsUser, name: str) -> None:
    [contact] = many(world, 1)
    client = as_user(name)
    assert client.get(reverse("hotline:list")).context["contacts"] == []
    assert client.get(reverse("hotline:contact", args=[contact.pk])).status_code == 404
    assert client.post(reverse("hotline:reveal", args=[contact.pk]), {"reason": "check"}).status_code == 404


def test_numbers_are_opened_with_a_reason_and_logged(world: World, as_user: AsUser) -> None:
    [contact] = many(world, 1)
    client = as_user("operator")
    assert "13800001234" not in client.get(reverse("hotline:contact", args=[contact.pk])).content.decode()
    assert client.post(reverse("hotline:reveal", args=[contact.pk]), {"reason": ""}).status_code == 422
    assert (
        "13800001234"
        in client.post(reverse("hotline:reveal", args=[contact.pk]), {"reason": "callback"}).content.decode()
    )
    with as_owner():
        assert AccessLog.objects.get(action="reveal").reason == "callback"


def test_where_she_was_is_shown_for_a_reason_and_goes_on_with_the_case(world: World, as_user: AsUser) -> None:
    with world.acting("operator") as by:
        contact = contact_begin(by=by, office=world.offices["desk"])
        values = VALUES | {"whereabouts": "华山西路88号3栋2单元", "danger": "yes"}
        contact = contact_log(contact_id=contact.pk, by=by, values=values, centre=world.offices["wuhua"])
    client = as_user("operator")
    page = client.get(reverse("hotline:contact", args=[contact.pk])).content.decode()
    assert "华山西路" not in page
    answer = client.post(reverse("hotline:reveal", args=[contact.pk]), {"reason": "callback"}).content.decode()
    assert "华山西路88号3栋2单元" in answer
    with world.acting("manager"):
        assert (
            "华山西路88号3栋2单元"
            in PartyContact._base_manager.get(case_id=contact.case_id, party__is_primary=True).address
        )


def test_numbers_ask_for_the_second_factor_again(world: World, as_user: AsUser, settings: Settings) -> None:
    [contact] = many(world, 1)
    client, url = as_user("operator"), reverse("hotline:reveal", args=[contact.pk])
    settings.SECOND_FACTOR_REQUIRED = True
    shown_factor(client, world.users["operator"], "mfa", 31)
    answer = client.post(url, {"reason": "callback"}, headers={"HX-Request": "true"}).content.decode()
    assert "13800001234" not in answer
    assert reverse("mfa_reauthenticate") in answer
    with as_owner():
        assert not AccessLog.objects.filter(action="reveal").exists()


def test_the_panel_shows_the_contacts_of_a_case_to_those_who_may_see_it(world: World, as_user: AsUser) -> None:
    with world.acting("operator") as by:
        contact = contact_begin(by=by, office=world.offices["desk"])
        contact = contact_log(
            contact_id=contact.pk, by=by, values={"disposition": "case_opened"}, centre=world.offices["wuhua"]
        )
    url = reverse("hotline:panel", args=[contact.case_id])
    assert len(as_user("manager").get(url).context["contacts"]) == 1
    assert as_user("xishan_manager").get(url).status_code == 404
    assert as_user("police_liaison").get(url).status_code == 404
