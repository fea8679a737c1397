"""The login library's table of second factors lies open to the web role: what is read there is sealed, what is written is one's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client

from core.identity import ANONYMOUS, acting_as, as_verb
from tests.protection.sql import NOT_SET, ask, count_changed, refused
from tests.roles import as_owner
from tests.world import PASSWORD, World

OWN = "CM040"
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def victim(world: World) -> Any:
    """The director, who has enrolled her telephone and has recovery codes."""
    user = world.users["director"]
    with world.acting("director"):
        TOTP.activate(user, SECRET)
        RecoveryCodes.activate(user)
    return user


def _rows() -> list[tuple[Any, ...]]:
    with as_owner():
        return ask("SELECT id, user_id, type, data::text, created_at FROM mfa_authenticator ORDER BY id")


def _code() -> str:
    return format_hotp_value(hotp_value(SECRET, next(iter(yield_hotp_counters_from_time()))))


def _half_way(code: str) -> int:
    """Log in as the director with this second factor; the status of the page behind the login."""
    browser = Client()
    answer = browser.post("/accounts/login/", {"login": "director", "password": PASSWORD})
    assert "/2fa/authenticate/" in answer["Location"]
    assert browser.get("/").status_code == 302
    browser.post("/accounts/2fa/authenticate/", {"code": code})
    return browser.get("/").status_code


def test_the_owner_comes_in_with_the_telephone_and_with_each_code_once(victim: Any) -> None:
    """The use is marked before anybody is known: with the rights that the web has then."""
    cache.clear()
    assert _half_way("000000") == 302
    assert _half_way(_code()) == 200
    with as_owner():
        assert Authenticator.objects.get(user=victim, type="totp").last_used_at is not None
        codes = RecoveryCodes(Authenticator.objects.get(user=victim, type="recovery_codes")).get_unused_codes()
    assert len(codes) > 2
    assert _half_way(codes[0]) == 200
    assert _half_way(codes[0]) == 302
    assert _half_way(codes[1]) == 200


ATTACKS = {
    "a factor of the attacker's for her": "INSERT INTO mfa_authenticator (user_id, type, data, created_at) VALUES (%(her)s, 'webauthn', '{}', now())",
    "another secret": "UPDATE mfa_authenticator SET data = '{\"secret\": \"mine\"}' WHERE user_id = %(her)s AND type = 'totp'",
    "the attacker's secret": "UPDATE mfa_authenticator SET data = (SELECT data FROM mfa_authenticator WHERE user_id = %(me)s AND type = 'totp')"
                             " WHERE user_id = %(her)s AND type = 'totp'",
    "another seed": "UPDATE mfa_authenticator SET data = data || '{\"seed\": \"mine\"}' WHERE user_id = %(her)s AND type = 'recovery_codes'",
    "a used code": "UPDATE mfa_authenticator SET data = data || '{\"used_mask\": 2}' WHERE user_id = %(her)s AND type = 'recovery_codes'",
    "no mask": "UPDATE mfa_authenticator SET data = data - 'used_mask' WHERE user_id = %(her)s AND type = 'recovery_codes'",
    "another kind": "UPDATE mfa_authenticator SET type = 'webauthn' WHERE user_id = %(her)s AND type = 'totp'",
    "moved to her": "UPDATE mfa_authenticator SET user_id = %(her)s, type = 'webauthn' WHERE user_id = %(me)s AND type = 'totp'",
    "moved away": "UPDATE mfa_authenticator SET user_id = %(me)s, type = 'webauthn' WHERE user_id = %(her)s AND type = 'totp'",
    "removed": "DELETE FROM mfa_authenticator WHERE user_id = %(her)s AND type = 'totp'",
    "all removed": "DELETE FROM mfa_authenticator",
}  # fmt: skip


@contextmanager
def _as(world: World, who: str) -> Iterator[None]:
    if who == "nobody":
        with acting_as(ANONYMOUS):
            yield
    elif who == "verb":
        with world.acting("manager"), transaction.atomic(), as_verb([world.users["director"].pk]):
            yield
    else:
        with world.acting(who):
            yield


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("who", ["manager", "system", "nobody"])
def test_nobody_else_touches_it(world: World, victim: Any, who: str, attack: str) -> None:
    """Another person, the system administrator, somebody who only knows her password so far."""
    me = world.users["system" if who == "system" else "manager"]
    with world.acting(me.username):
        TOTP.activate(me, SECRET)
    with as_owner():
        Authenticator.objects.filter(user=victim, type="recovery_codes").update(data={"seed": "x", "used_mask": 5})
    before = _rows()
    with _as(world, who):
        refused(ATTACKS[attack], {"her": victim.pk, "me": me.pk}, code=OWN)
    assert _rows() == before


def test_without_an_identity_nothing_is_changed(victim: Any) -> None:
    refused("DELETE FROM mfa_authenticator", code=NOT_SET)


@pytest.mark.parametrize("statement", list(ATTACKS.values())[:2])
def test_a_verb_has_no_right_there(world: World, victim: Any, statement: str) -> None:
    with world.acting("director"), as_verb([victim.pk]):
        refused(statement, {"her": victim.pk, "me": victim.pk})


def test_the_owner_takes_hers_away_and_the_databases_owner_helps_who_has_lost_it(world: World, victim: Any) -> None:
    with world.acting("director"):
        assert count_changed("DELETE FROM mfa_authenticator WHERE user_id = %s AND type = 'totp'", [victim.pk]) == 1
    with as_owner():
        assert count_changed("DELETE FROM mfa_authenticator WHERE user_id = %s", [victim.pk]) == 1


def test_what_is_read_is_sealed(victim: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM mfa_authenticator")
        said = str(cursor.fetchall())
    assert SECRET not in said
    with as_owner():
        codes = RecoveryCodes(Authenticator.objects.get(user=victim, type="recovery_codes")).generate_codes()
    assert not [code for code in codes if code in said]


def test_a_password_is_changed_by_its_owner_alone(world: World, victim: Any) -> None:
    statement = "UPDATE agencies_user SET password = 'x' WHERE id = %s"
    for who, changed in (("manager", 0), ("system", 0), ("nobody", 0), ("director", 1)):
        with _as(world, who), transaction.atomic():
            assert count_changed(statement, [victim.pk]) == changed, who
            transaction.set_rollback(True)


def test_a_login_survives_a_stronger_hash(world: World, settings: Any) -> None:
    """After an upgrade the library would write the password anew while nobody is known yet; the web role may not."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher", *settings.PASSWORD_HASHERS]
    browser = Client()
    assert browser.post("/accounts/login/", {"login": "manager", "password": PASSWORD}).status_code == 302
    assert browser.get("/").status_code == 200
