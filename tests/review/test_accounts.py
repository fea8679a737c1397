"""Accounts have no e-mail: nobody can give herself one and have a password sent to it."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from tests.cases.scenes import client_of
from tests.world import World


def test_nobody_gives_herself_an_address_and_no_password_goes_out(world: World, mailoutbox: list[object]) -> None:
    browser = client_of(world, "manager")
    assert browser.get("/accounts/email/").status_code == 404
    assert browser.post("/accounts/email/", {"action_add": "", "email": "someone@example.com"}).status_code == 404
    with world.acting("manager"):
        assert not EmailAddress.objects.exists()
    assert Client().post("/accounts/password/reset/", {"email": "someone@example.com"}).status_code == 404
    assert mailoutbox == []


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/password/change/"])
def test_the_ways_that_are_used_stay_open(world: World, path: str) -> None:
    browser = Client() if "login" in path else client_of(world, "manager")
    assert browser.get(path).status_code == 200


def test_locked_screen_answers_no_program(world: World) -> None:
    browser = client_of(world, "manager")
    assert browser.get("/api/v1/statistics/?from=2022-01&to=2022-02").status_code == 200
    assert browser.post("/session/lock/").status_code == 204
    assert browser.get("/api/v1/statistics/?from=2022-01&to=2022-02").status_code == 423
