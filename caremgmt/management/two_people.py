"""What the owner's commands about accounts have in common: whose account, and the two system administrators who vouch for the change.

Names and passwords are typed at the prompt (or piped, one a line), never given as arguments: those stand in the shell's history.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from getpass import getpass
from typing import Any, TypedDict, TypeVar
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet

from agencies.models import Office, Region, Unit, User
from agencies.passwords import made_up
from agencies.services.posts import Place
from agencies.services.two_people import check_two, is_administrator
from core.errors import DomainError

P = TypeVar("P", Office, Unit, Region)
N = TypeVar("N", Office, Unit)


class Two(TypedDict):
    """The two, as services take them."""

    by: User
    second: User


def typed(prompt: str, *, hidden: bool = True) -> str:
    """A line from the prompt, or of what is piped in."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    return (getpass(prompt) if hidden else input(prompt)).strip()


def first_password() -> tuple[str, bool]:
    """The first password, and whether it was made up here and has to be printed: nobody else knows it then."""
    given = typed("First password (empty: one is made up): ")
    return (given, False) if given else (made_up(), True)


def account(username: str) -> User:
    """An account, switched off or not. Raises CommandError."""
    user = User.objects.filter(username=username).first()
    if user is None:
        raise CommandError(f"no such account: {username}")
    return user


def active(username: str) -> User:
    """An account that is not switched off. Raises CommandError."""
    user = account(username)
    if not user.is_active:
        raise CommandError(f"no active account: {username}")
    return user


def administrator(username: str) -> User:
    """A system administrator. Raises CommandError."""
    user = active(username)
    if not is_administrator(user):
        raise CommandError(f"not a system administrator: {username}")
    return user


@contextmanager
def refusals() -> Iterator[None]:
    """What a service refuses ends the command with its words and its code."""
    try:
        yield
    except DomainError as error:
        raise CommandError(f"{error.message} ({error.code})") from None


class TwoPeopleCommand(BaseCommand):
    """`USERNAME --by A --second B`."""

    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose account, and the two."""
        parser.add_argument("username")
        parser.add_argument("--by", required=True, help="the system administrator who types")
        parser.add_argument("--second", required=True, help="another one, who vouches for it as well")

    def two(self, options: dict[str, Any], *, about: User | None = None) -> Two:
        """Both by name; with `about` checked before anything is typed. Raises CommandError."""
        two = Two(by=administrator(options["by"]), second=administrator(options["second"]))
        if about is not None:
            with refusals():
                check_two(about=about, **two)
        return two

    def tell_password(self, username: str, password: str, *, is_made_up: bool) -> None:
        """Print a password that was made up, once; it is kept nowhere."""
        if is_made_up:
            self.stdout.write(f"first password of {username}: {password}")


def add_place_arguments(parser: CommandParser) -> None:
    """Where a role is held."""
    place = parser.add_mutually_exclusive_group(required=True)
    place.add_argument("--office", help="a centre or desk: its full or short name, or its id")
    place.add_argument("--unit", help="an agency's unit: its full name, or its id where several have that name")
    place.add_argument("--region", help="the code of a province, prefecture or county")


def place_of(options: dict[str, Any]) -> Place:
    """The place that is named. Raises CommandError."""
    if options["region"]:
        return _the_only("region", options["region"], Region.objects.filter(code=options["region"]))
    if options["office"]:
        return _the_only("office", options["office"], _named(Office.objects.all(), options["office"]))
    return _the_only("unit", options["unit"], _named(Unit.objects.all(), options["unit"]))


def _named(places: QuerySet[N], said: str) -> QuerySet[N]:
    """Those with this id; else of this name, else of this short name."""
    if (key := _id(said)) is not None:
        return places.filter(pk=key)
    named = places.filter(name=said)
    return named if named.exists() else places.filter(short_name=said)


def _the_only(kind: str, said: str, places: QuerySet[P]) -> P:
    found = list(places[:20])
    if not found:
        raise CommandError(f"no such {kind}: {said}")
    if len(found) > 1:
        ids = ", ".join(f"{one.pk} ({getattr(one, 'region', '')})" for one in found)
        raise CommandError(f"several are called {said}; give the id of one: {ids}")
    return found[0]


def _id(said: str) -> UUID | None:
    try:
        return UUID(said)
    except ValueError:
        return None


def day(said: str) -> dt.date:
    """A day of a command line: 2026-07-01."""
    return dt.date.fromisoformat(said)
