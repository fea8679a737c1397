"""The table of sessions lies open to the web role: what is read from it, or copied within it, opens nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from core.sessions import SessionStore, stored_key
from tests.protection.sql import ask
from tests.world import World


def _logged_in(world: World) -> Client:
    client = Client()
    client.force_login(world.users["director"], backend="agencies.backends.StaffBackend")
    return client


def _enters(cookie: str) -> bool:
    client = Client()
    client.cookies["sessionid"] = cookie
    return bool(client.get(reverse("cases:today")).status_code == 200)


def test_a_key_that_was_read_is_no_cookie(world: World) -> None:
    cookie = _logged_in(world).cookies["sessionid"].value
    rows: list[Any] = list(Session.objects.values_list("session_key", flat=True))
    assert _enters(cookie)
    assert rows == [stored_key(cookie)]
    assert cookie not in str(ask("SELECT * FROM django_session"))
    assert not _enters(rows[0])


@pytest.mark.parametrize("statement", [
    "INSERT INTO django_session SELECT %s, session_data, expire_date FROM django_session",
    "UPDATE django_session SET session_key = %s",
])  # fmt: skip
def test_a_copied_row_is_no_session(world: World, statement: str) -> None:
    _logged_in(world)
    mine = "attackers0own0cookie0of0thirty0two0chars"
    ask(statement, [stored_key(mine)])
    assert Session.objects.filter(session_key=stored_key(mine)).exists()
    assert not _enters(mine)


def test_leaving_forgets_the_row_and_a_new_login_has_a_new_one(world: World) -> None:
    client = _logged_in(world)
    cookie = client.cookies["sessionid"].value
    client.post(reverse("account_logout"))
    assert not Session.objects.filter(session_key=stored_key(cookie)).exists()
    assert not _enters(cookie)
    store = SessionStore()
    store["a"] = 1
    store.save()
    before = store.session_key
    store.cycle_key()
    assert before != store.session_key
    assert SessionStore(before).load() == {}
    assert SessionStore(store.session_key).load() == {"a": 1}
