"""Accounts, posts and second factors are changed by two administrators' commands; a first password is good for choosing one's own."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.management import CommandError, call_command
from django.test import Client

from agencies.enums import Role
from agencies.models import Notification, RoleGrant, User
from core import clock
from core.models import Audit
from tests.cases.scenes import client_of, shown_factor
from tests.roles import as_owner
from tests.world import PASSWORD, SINCE, World

pytestmark = pytest.mark.django_db
FIRST, OWN = "given-at-the-counter", "what-the-river-said-in-may"


class Desk:
    """The owner's prompt."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._patch = monkeypatch

    def run(self, command: str, *arguments: str, typed: str = "", by: str = "system", second: str = "system2") -> str:
        """Run a command by these two; what it prints."""
        return self.alone(command, *arguments, "--by", by, "--second", second, typed=typed)

    def alone(self, command: str, *arguments: str, typed: str = "") -> str:
        """Run a command that names nobody."""
        out = io.StringIO()
        self._patch.setattr("sys.stdin", io.StringIO(typed))
        with as_owner():
            call_command(command, *arguments, stdout=out)
        return out.getvalue()

    def refused(self, code: str, command: str, *arguments: str, **options: str) -> None:
        """The command says no, with this word."""
        with pytest.raises(CommandError, match=re.escape(code)):
            self.run(command, *arguments, **options)


@pytest.fixture
def desk(world: World, monkeypatch: pytest.MonkeyPatch) -> Desk:
    world.person("system2", Role.SYSTEM, "yunnan")
    return Desk(monkeypatch)


def _login(username: str, password: str) -> tuple[Client, Any]:
    browser = Client()
    return browser, browser.post("/accounts/login/", {"login": username, "password": password})


def _choose(browser: Client, old: str, new: str) -> Any:
    return browser.post("/accounts/password/change/", {"oldpassword": old, "password1": new, "password2": new})


def _enrol(browser: Client, password: str) -> None:
    page = browser.get("/accounts/2fa/totp/activate/")
    if page.status_code == 302:  # the password was shown too long ago, or has changed since
        assert browser.post(page["Location"], {"password": password}).status_code == 302
        browser.get("/accounts/2fa/totp/activate/")
    secret = browser.session["mfa.totp.secret"]
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    assert browser.post("/accounts/2fa/totp/activate/", {"code": code}).status_code == 302


def _user(username: str) -> User:
    with as_owner():
        return User.objects.get(username=username)


def _audits(verb: str) -> list[Audit]:
    with as_owner():
        return list(Audit.objects.filter(verb=verb))


def test_a_new_account_chooses_its_password_enrols_a_factor_and_works(desk: Desk, world: World, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    shown = desk.run("account_make", "li.na", typed=f"李娜\n{FIRST}\n")
    assert FIRST not in shown
    desk.run("role_give", "li.na", "manager", "--office", world.offices["wuhua"].name)
    browser, answer = _login("li.na", FIRST)
    assert answer.status_code == 302
    for path in ("/", "/cases/", "/notifications/", "/accounts/2fa/totp/activate/"):
        assert browser.get(path)["Location"] == "/accounts/password/change/", path
    assert browser.get("/accounts/password/change/").status_code == 200
    assert _choose(browser, FIRST, FIRST).status_code in (200, 422)  # the given one is no choice
    assert _user("li.na").must_choose_password
    assert _choose(browser, FIRST, OWN)["Location"] == "/"
    assert browser.get("/")["Location"] == "/accounts/2fa/totp/activate/"
    assert browser.get("/accounts/password/change/")["Location"] == "/accounts/2fa/totp/activate/"
    _enrol(browser, OWN)
    assert browser.get("/cases/").status_code == 200
    assert _login("li.na", FIRST)[1].status_code == 200
    assert _login("li.na", OWN)[1]["Location"].startswith("/accounts/2fa/authenticate/")


def test_a_demo_asks_for_a_password_of_ones_own_as_well(desk: Desk, world: World) -> None:
    shown = desk.run("account_make", "li.na", typed="李娜\n\n")
    made_up = shown.strip().rpartition(" ")[2]
    browser, answer = _login("li.na", made_up)
    assert answer.status_code == 302
    assert browser.get("/")["Location"] == "/accounts/password/change/"
    assert "alert" not in browser.get("/accounts/password/change/").content.decode()
    _choose(browser, made_up, OWN)
    assert browser.get("/").status_code == 200
    assert browser.post("/accounts/logout/").status_code == 302


def test_an_account_is_audited_without_name_or_password(desk: Desk, world: World) -> None:
    desk.run("account_make", "li.na", typed=f"李娜\n{FIRST}\n")
    (row,) = _audits("account.make")
    assert (row.object_id, row.actor_id) == (_user("li.na").pk, world.users["system"].pk)
    assert row.detail == {"second": str(world.users["system2"].pk)}


def test_what_cannot_be_an_account_is_refused(desk: Desk) -> None:
    desk.refused("bad_username", "account_make", "Li Na", typed=f"李娜\n{FIRST}\n")
    desk.refused("username_taken", "account_make", "manager", typed=f"李娜\n{FIRST}\n")
    desk.refused("bad_name", "account_make", "li.na", typed=f" \n{FIRST}\n")
    desk.refused("weak_password", "account_make", "li.na", typed="李娜\nshort\n")
    desk.refused("weak_password", "account_make", "li.na.of.wuhua", typed="李娜\nli.na.of.wuhua\n")
    with as_owner():
        assert not User.objects.filter(username__startswith="li").exists()


@pytest.mark.parametrize(
    ("command", "more"),
    [
        ("account_suspend", ()), ("account_restore", ()), ("factor_reset", ()), ("password_reset", ()), ("account_make", ()),
        ("role_give", ("expert", "--office", "五华中心")), ("role_end", ("manager", "--office", "五华中心")),
    ],
)  # fmt: skip
def test_every_change_takes_two_administrators_and_is_about_a_third(
    desk: Desk, world: World, command: str, more: tuple[str, ...]
) -> None:
    about = "li.na" if command == "account_make" else "manager"
    if command == "account_restore":
        desk.run("account_suspend", "manager")
    if command == "factor_reset":
        with as_owner():
            Authenticator.objects.create(user=world.users["manager"], type=Authenticator.Type.TOTP, data={})
    typed = "李娜\n\n" if command == "account_make" else ""
    desk.refused("two_people", command, about, *more, second="system", typed=typed)
    desk.refused("not a system administrator", command, about, *more, second="director", typed=typed)
    desk.refused("no such account", command, about, *more, by="nobody", typed=typed)
    if command in ("account_suspend", "password_reset"):
        desk.refused("two_people", command, "system", *more, typed=typed)
    desk.run(command, about, *more, typed=typed)
    if command != "account_make":
        desk.refused("no such account", command, "nobody", *more, typed=typed)


def test_a_suspended_account_is_out_at_once_and_comes_back(desk: Desk, world: World) -> None:
    browser = client_of(world, "manager")
    assert browser.get("/cases/").status_code == 200
    desk.run("account_suspend", "manager")
    assert browser.get("/cases/").status_code == 302
    assert _login("manager", PASSWORD)[1].status_code != 302 or "inactive" in _login("manager", PASSWORD)[1]["Location"]
    desk.refused("suspended", "account_suspend", "manager")
    desk.refused("suspended", "role_give", "manager", "expert", "--office", "五华中心")
    desk.refused("no active account", "password_reset", "manager", typed="\n")
    desk.run("account_restore", "manager")
    desk.refused("active", "account_restore", "manager")
    assert _login("manager", PASSWORD)[1].status_code == 302
    assert [len(_audits(verb)) for verb in ("account.suspend", "account.restore")] == [1, 1]


def test_a_forgotten_password_is_replaced_by_a_first_one(desk: Desk, world: World) -> None:
    browser = client_of(world, "manager")
    desk.run("password_reset", "manager", typed=f"{FIRST}\n")
    assert browser.get("/cases/").status_code == 302  # who was logged in is not
    assert browser.get("/cases/")["Location"].startswith("/accounts/login/")
    assert _login("manager", PASSWORD)[1].status_code == 200
    fresh, _answer = _login("manager", FIRST)
    assert fresh.get("/cases/")["Location"] == "/accounts/password/change/"


def test_a_second_factor_is_taken_away_and_its_owner_is_told(desk: Desk, world: World, settings: Any) -> None:
    desk.refused("no_factor", "factor_reset", "manager")
    browser = client_of(world, "manager")
    shown_factor(browser, world.users["manager"], "mfa", 0)
    settings.SECOND_FACTOR_REQUIRED = True
    assert browser.get("/cases/").status_code == 200
    desk.run("factor_reset", "manager")
    assert browser.get("/cases/")["Location"] == "/accounts/2fa/totp/activate/"
    assert browser.get("/accounts/2fa/totp/activate/")["Location"].startswith("/accounts/reauthenticate/")
    settings.SECOND_FACTOR_REQUIRED = False
    with as_owner():
        assert Notification.objects.get(user=world.users["manager"]).kind == "factor"
    assert "双重验证" in browser.get("/notifications/").content.decode()
    assert len(_audits("account.factor")) == 1


def _grant(username: str, role: Role) -> RoleGrant:
    with as_owner():
        return RoleGrant.objects.get(user__username=username, role=role)


def test_a_role_is_given_for_its_days_and_ended(desk: Desk, world: World) -> None:
    desk.run("account_make", "li.na", typed=f"李娜\n{FIRST}\n")
    police, last = ("liaison", "--unit", world.units["police"].name), clock.today() + dt.timedelta(days=30)
    desk.run("role_give", "li.na", *police, "--until", last.isoformat(), "--designated")
    user = world.users["li.na"] = _user("li.na")
    assert world.identity("li.na").groups == {world.units["police"].group_id}
    assert user.groups.get() == world.units["police"].group
    assert _grant("li.na", Role.LIAISON).is_designated
    desk.refused("held", "role_give", "li.na", *police)
    desk.refused("designated_taken", "role_give", "manager", *police, "--designated")
    desk.refused("bad_days", "role_end", "li.na", *police, "--last-day", last.isoformat())
    desk.run("role_end", "li.na", *police, "--last-day", clock.today().isoformat())
    assert world.identity("li.na").has(Role.LIAISON)  # its last day is today
    desk.run("role_end", "li.na", *police)
    assert not world.identity("li.na").roles
    assert not user.groups.exists()
    desk.refused("not_held", "role_end", "li.na", *police)
    desk.run("role_give", "li.na", *police)  # comes back: the same post begins anew
    assert world.identity("li.na").has(Role.LIAISON)
    assert _grant("li.na", Role.LIAISON).until is None
    assert _audits("role.give")[0].detail["place"] == str(world.units["police"].pk)
    assert len(_audits("role.end")) == 2


def test_a_role_to_come_is_not_in_force_before(desk: Desk, world: World) -> None:
    tomorrow = clock.today() + dt.timedelta(days=1)
    desk.run("role_give", "expert", "manager", "--office", "五华中心", "--since", tomorrow.isoformat())
    assert not world.identity("expert").has(Role.MANAGER)
    yesterday = (clock.today() - dt.timedelta(days=1)).isoformat()
    desk.refused("bad_days", "role_give", "keeper", "manager", "--office", "五华中心", "--since", yesterday)
    desk.refused("bad_days", "role_give", "keeper", "manager", "--office", "五华中心", "--until", yesterday)


@pytest.mark.parametrize(
    ("role", "option", "place"),
    [
        ("manager", "--office", "昆明12338"), ("operator", "--office", "五华中心"), ("manager", "--region", "530102"),
        ("liaison", "--office", "五华中心"), ("aid_officer", "--unit", "五华区司法局"), ("system", "--region", "530102"),
        ("supervisor", "--unit", "五华区司法局"),
    ],
)  # fmt: skip
def test_a_role_fits_its_place(desk: Desk, world: World, role: str, option: str, place: str) -> None:
    with as_owner():
        found = [unit.name for unit in world.units.values() if unit.name.endswith(place)]
    desk.refused("wrong_place", "role_give", "expert", role, option, found[0] if found else place)


def test_an_unknown_or_closed_place_is_named(desk: Desk, world: World) -> None:
    desk.refused("no such office", "role_give", "expert", "manager", "--office", "无此中心")
    desk.refused("no such unit", "role_give", "expert", "liaison", "--unit", str(world.offices["wuhua"].pk))
    desk.refused("no such region", "role_give", "expert", "supervisor", "--region", "990000")
    desk.refused("not_designated", "role_give", "expert", "manager", "--office", "五华中心", "--designated")
    with as_owner():
        world.offices["xishan"].closed_on = SINCE
        world.offices["xishan"].save()
    desk.refused("closed_place", "role_give", "expert", "manager", "--office", str(world.offices["xishan"].pk))


def test_the_first_two_administrators_are_made_once_and_go_on_by_themselves(desk: Desk, world: World) -> None:
    names = ("first_administrators", "first.one", "first.two")
    typed = f"钟云\n{FIRST}\n段立\n\n"
    with pytest.raises(CommandError, match="not_first"):
        desk.alone(*names, typed=typed)
    with as_owner():
        RoleGrant.objects.filter(role=Role.SYSTEM).update(until=SINCE)
    for wrong in (("first_administrators", "first.one", "first.one"), ("first_administrators", "first.one", "manager")):
        with pytest.raises(CommandError):
            desk.alone(*wrong, typed=typed)
    assert not User.objects.filter(username__startswith="first.").exists()
    shown = desk.alone(*names, typed=typed)
    assert FIRST not in shown
    assert shown.count("first password of") == 1
    assert len(_audits("account.first")) == 2
    with pytest.raises(CommandError, match="not_first"):
        desk.alone(*names, typed=typed)
    desk.run("account_make", "third", typed=f"王三\n{FIRST}\n", by="first.one", second="first.two")
    desk.run("role_give", "third", "system", "--region", "530000", by="first.one", second="first.two")
    world.users["third"] = _user("third")
    assert world.identity("third").has(Role.SYSTEM)
    browser, _answer = _login("first.one", FIRST)
    assert browser.get("/")["Location"] == "/accounts/password/change/"
