"""The page of who can see what, her consent's form and her own list in print."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.enums import Role
from agencies.models import RoleGrant
from cases.services import access
from core import clock
from core.identity import as_verb
from core.models.accesslog import AccessLog
from tests.cases.scenes import client_of
from tests.cases.sharing_scene import (
    accepted,
    child,
    consent_of,
    grants,
    sees,
)
from tests.referrals.conftest import open_case
from tests.roles import as_owner
from tests.world import SINCE, World

pytestmark = pytest.mark.django_db


def test_the_page_says_who_why_and_until_when(world: World) -> None:
    case = open_case(world)
    accepted(world, case)
    row = consent_of(world, case)
    browser = client_of(world, "manager")
    url = reverse("cases:sharing", args=[case.pk])
    shown = browser.get(url).content.decode()
    assert world.units["justice"].name in shown
    assert "当面说明后同意" in shown
    assert url in browser.get(reverse("cases:panel-sharing", args=[case.pk])).content.decode()
    answer = browser.post(reverse("cases:consent-withdraw", args=[case.pk, row.pk]), {"request_key": str(uuid.uuid4())})
    assert (answer.status_code, answer["Location"]) == (302, url)
    again = browser.post(reverse("cases:consent-withdraw", args=[case.pk, row.pk]), {"request_key": str(uuid.uuid4())})
    assert again.status_code == 302
    decide = reverse("cases:consent-decide", args=[case.pk, row.pk])
    assert decide in browser.get(url).content.decode()
    assert browser.post(decide, {"text": ""}).status_code == 422
    assert browser.post(decide, {"text": "撤回转办"}).status_code == 302
    assert sees(world, "justice_liaison") == set()


def test_the_consent_form_tells_errors_beside_their_fields(world: World) -> None:
    case, row, guardian = child(world, clock.today().year - 10)
    browser = client_of(world, "manager")
    url = reverse("cases:consent", args=[case.pk, row.pk])
    assert "王外婆" in browser.get(url).content.decode()
    said = {"how": "signed", "given_by": "guardian", "guardian": str(guardian.pk), "wish": "", "until": ""}
    answer = browser.post(url, said)
    assert answer.status_code == 422
    assert "wish" in answer.context["form"].errors
    assert browser.post(url, said | {"wish": "想跟外婆住"}).status_code == 302


def test_the_pages_are_the_own_centres(world: World) -> None:
    case = open_case(world)
    accepted(world, case)
    row = consent_of(world, case)
    gets = [reverse(f"cases:{name}", args=[case.pk]) for name in ("sharing", "sharing-print")]
    gets += [reverse(f"cases:{name}", args=[case.pk, row.pk]) for name in ("consent", "consent-decide")]
    posts = [reverse("cases:sharing-end", args=[case.pk]), reverse("cases:consent-withdraw", args=[case.pk, row.pk])]
    for who, status in (("xishan_manager", 404), ("justice_liaison", 403), ("operator", 403), ("director", 200)):
        browser = client_of(world, who)
        assert {browser.get(url).status_code for url in gets} == {status}, who
        if status != 200:
            assert {browser.post(url, {}).status_code for url in posts} == {status}, who
    elsewhere = open_case(world)
    assert client_of(world, "manager").get(reverse("cases:consent", args=[elsewhere.pk, row.pk])).status_code == 404


def test_her_list_names_bodies_only_and_is_logged_as_an_export(world: World) -> None:
    case = open_case(world)
    accepted(world, case)
    accepted(
        world, case, "police", "police_liaison", ask="protect", basis="danger", consent_note="",
        named_liaison=world.users["police_liaison"],
    )  # fmt: skip
    with world.acting("manager"), as_verb([case.pk]):
        access.grant(
            case_id=case.pk, sections=["shelter"], source_kind="stay", source_id=uuid.uuid4(), basis="duty",
            user_id=world.users["keeper"].pk,
        )  # fmt: skip
    answer = client_of(world, "manager").get(reverse("cases:sharing-print", args=[case.pk]))
    shown = answer.content.decode()
    assert {line["body"] for line in answer.context["lines"]} == {
        world.units["justice"].name,
        world.units["police"].name,
    }
    for name in ("police_liaison", "justice_liaison", "keeper", "manager"):
        assert world.users[name].name not in shown, name
    assert "刘桂芳" not in shown
    with as_owner():
        assert AccessLog.objects.filter(action="export", case_id=case.pk, reason="own_list").count() == 1


@pytest.mark.parametrize("name", ["sharing", "sharing-print", "panel-sharing"])
def test_the_queries_are_the_same_at_2_and_20_grants(world: World, name: str) -> None:
    case = open_case(world)
    browser, url = client_of(world, "manager"), reverse(f"cases:{name}", args=[case.pk])
    grants(world, case, 2)
    browser.get(url)
    with CaptureQueriesContext(connection) as few:
        assert browser.get(url).status_code == 200
    grants(world, case, 18)
    with CaptureQueriesContext(connection) as many:
        assert browser.get(url).status_code == 200
    assert len(many) == len(few)


def test_a_person_stands_under_the_unit_as_whose_member_it_was_shared(world: World) -> None:
    """She holds a post at the centre too; her client's list names the bureau that was asked."""
    two = world.person("two", Role.EXPERT, "xishan")
    with as_owner():
        RoleGrant.objects.create(user=two, role=Role.LIAISON, unit=world.units["justice"], since=SINCE)
    case = open_case(world)
    accepted(world, case, who="two", named_liaison=two)
    page = client_of(world, "manager").get(reverse("cases:sharing-print", args=[case.pk])).content.decode()
    assert world.units["justice"].name in page
    assert world.offices["xishan"].name not in page
