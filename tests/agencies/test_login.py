"""Logging in, the password and the second factor, all with the rights of the web role."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from core.models.accesslog import AccessLog
from tests.cases.scenes import client_of
from tests.roles import as_owner
from tests.world import PASSWORD, World


def _login(browser: Client, name: str, password: str = PASSWORD) -> object:
    return browser.post("/accounts/login/", {"login": name, "password": password})


def test_login_logout_are_logged(world: World) -> None:
    browser = Client()
    assert browser.get("/accounts/login/").status_code == 200
    assert _login(browser, "manager").status_code == 302  # type: ignore[attr-defined]
    assert browser.get("/").status_code == 200
    assert browser.post("/accounts/logout/").status_code == 302
    assert browser.get("/").status_code == 302
    with as_owner():
        assert list(
            AccessLog.objects.filter(actor_id=world.users["manager"].pk, action__in=["login", "logout"])
            .order_by("at")
            .values_list("action", flat=True)
        ) == ["login", "logout"]


def test_wrong_password_is_said_and_logged(world: World) -> None:
    answer = _login(Client(), "manager", "wrong")
    assert answer.status_code in (200, 422)  # type: ignore[attr-defined]
    assert "alert" in answer.content.decode()  # type: ignore[attr-defined]
    with as_owner():
        assert AccessLog.objects.filter(action="login_failed").count() == 1


def test_many_wrong_passwords_are_slowed_down_but_others_come_in(world: World) -> None:
    for _ in range(6):
        answer = _login(Client(), "manager", "wrong")
    assert answer.status_code in (200, 429)  # type: ignore[attr-defined]
    assert _login(Client(), "director").status_code == 302  # type: ignore[attr-defined]


def test_own_password_is_changed(world: World) -> None:
    browser = Client()
    _login(browser, "manager")
    new = "another-quite-long-password"
    assert browser.get("/accounts/password/change/").status_code == 200
    answer = browser.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert answer.status_code == 302, answer.content.decode()
    fresh = Client()
    assert _login(fresh, "manager").status_code == 200  # type: ignore[attr-defined]
    assert _login(fresh, "manager", new).status_code == 302  # type: ignore[attr-defined]


def test_second_factor_is_enrolled_and_then_asked_for(world: World) -> None:
    browser = Client()
    _login(browser, "manager")
    assert browser.get("/accounts/2fa/").status_code == 200
    page = browser.get("/accounts/2fa/totp/activate/")
    assert page["Location"].startswith(
        "/accounts/reauthenticate/"
    )  # who sits at an open screen cannot enrol her own phone
    assert browser.get(page["Location"]).status_code == 200
    assert browser.post(page["Location"], {"password": PASSWORD}).status_code == 302
    page = browser.get("/accounts/2fa/totp/activate/")
    assert page.status_code == 200
    secret = browser.session["mfa.totp.secret"]
    answer = browser.post("/accounts/2fa/totp/activate/", {"code": _code(secret)})
    assert answer.status_code == 302, answer.content.decode()
    with as_owner():
        row = Authenticator.objects.get(user=world.users["manager"], type="totp")
    assert secret not in str(row.data)  # sealed
    fresh = Client()
    answer = _login(fresh, "manager")
    assert "/2fa/authenticate/" in answer["Location"]  # type: ignore[index]
    assert fresh.get("/").status_code == 302
    assert fresh.get("/accounts/2fa/authenticate/").status_code == 200


def _code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def test_screen_lock_holds_at_the_server(world: World) -> None:
    browser = client_of(world, "manager")
    assert browser.post("/session/lock/").status_code == 204
    assert browser.get("/notifications/count/", headers={"HX-Request": "true"}).status_code == 423
    assert "unlock" in browser.get("/").content.decode()
    assert browser.post("/session/unlock/", {"password": "wrong"}).status_code == 422
    assert browser.post("/session/unlock/", {"password": PASSWORD}).status_code == 204
    assert browser.get("/notifications/").status_code == 200


@pytest.mark.parametrize("path", ["/accounts/login/"])
def test_pages_before_login_ask_nothing_of_the_shell(world: World, path: str) -> None:
    assert Client().get(path).status_code == 200
