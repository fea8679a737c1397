"""Known by what she says: one word, five times, nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import PartyIdentity
from core.models import AccessLog
from hotline.models import Contact
from hotline.services.contact import contact_begin, contact_log
from tests.hotline.test_owed import known_case
from tests.roles import as_owner
from tests.world import World

AsUser = Callable[[str], Client]


@pytest.fixture
def earlier(world: World) -> Contact:
    with world.acting("operator2") as by:
        contact = contact_begin(by=by, office=world.offices["desk"])
        values = {
            "disposition": "advice",
            "caller_name": "刘桂芳",
            "client_birth_year": 1962,
            "caller_phone": "13800001234",
            "code_word": "买 菜",
        }
        return contact_log(contact_id=contact.pk, by=by, values=values)


def asked(client: Client, draft: Contact, **said: str) -> str:
    page = client.post(
        reverse("hotline:known", args=[draft.pk]),
        {f"known-{k}": v for k, v in said.items()},
        headers={"HX-Request": "true"},
    )
    return str(page.context["answer"]) if page.status_code == 200 else str(page.status_code)


@pytest.mark.parametrize(("said", "answer"), [
    ({"name": "刘桂芳", "birth_year": "1962"}, "match"), ({"name": "刘桂芳", "code_word": "买菜"}, "match"), ({"phone": "138-0000-1234"}, "number"),
    ({"name": "刘桂芳", "birth_year": "1963"}, "none"), ({"name": "刘桂芳", "code_word": "打水"}, "none"), ({"phone": "13900001234"}, "none"),
    ({"name": "刘桂芳", "phone": "13900001234"}, "none"), ({"name": "刘桂芳", "phone": "13800001234"}, "match"),
    ({"name": "刘桂芳", "phone": "13800001234", "code_word": "打水"}, "number"), ({"name": "刘桂兰", "phone": "13800001234"}, "number"),
    ({"name": "刘桂芳", "phone": "13800001234", "birth_year": "1963"}, "number"), ({"phone": "13800001234", "code_word": "打水"}, "number"),
    ({"name": "刘桂芳", "phone": "13800001234", "birth_year": "1962", "code_word": "买菜"}, "match"), ({"name": "刘桂芳"}, "422"), ({"code_word": "买菜"}, "422"),
])  # fmt: skip
def test_what_she_says_matches_or_not(
    world: World, as_user: AsUser, earlier: Contact, draft: Contact, said: dict[str, str], answer: str
) -> None:
    assert asked(as_user("operator"), draft, **said) == answer


def test_it_is_logged_and_ends_after_five_times(world: World, as_user: AsUser, draft: Contact) -> None:
    client = as_user("operator")
    for _try in range(5):
        assert asked(client, draft, phone="13900001234") == "none"
    assert asked(client, draft, phone="13900001234") == "422"
    with as_owner():
        assert AccessLog.objects.filter(object_id=draft.pk, action="search", reason="match.none").count() == 5


def test_of_the_cases_it_was_compared_with_nobody_has_seen_one(world: World, as_user: AsUser) -> None:
    known_case(world, "client")
    with as_owner():
        PartyIdentity._base_manager.filter(party__is_primary=True).update(birth_year=1962)
    with world.acting("manager") as by:
        visit = contact_begin(by=by, office=world.offices["wuhua"], channel="walk_in")
    assert asked(as_user("manager"), visit, name="刘桂芳", birth_year="1962") == "match"
    with as_owner():
        rows = AccessLog.objects.filter(actor_id=world.users["manager"].pk)
        assert list(rows.filter(action="search").values_list("reason", flat=True)) == ["match.match"]
        assert not rows.filter(object_type="search_hits").exists()


def test_a_number_of_a_case_in_the_region_matches_and_a_respondents_warns(
    world: World, as_user: AsUser, draft: Contact
) -> None:
    known_case(world, "client")
    page = as_user("operator").post(
        reverse("hotline:known", args=[draft.pk]), {"known-phone": "13800005678"}, headers={"HX-Request": "true"}
    )
    assert page.context["answer"] == "number"
    assert "刘桂芳" not in page.content.decode()
    said = {"phone": "13800005678", "name": "刘桂芳"}
    assert asked(as_user("operator"), draft, **said, code_word="错误的暗语") == "number"


def test_a_respondents_number_warns(world: World, as_user: AsUser, draft: Contact) -> None:
    known_case(world, "respondent")
    assert asked(as_user("operator"), draft, phone="13800005678") == "respondent"


def test_nobody_asks_with_anothers_call(world: World, as_user: AsUser, draft: Contact, earlier: Contact) -> None:
    assert asked(as_user("operator2"), draft, phone="13800001234") == "404"
    assert asked(as_user("operator2"), earlier, phone="13800001234") == "404"
