"""Accounts: made with a first password, suspended and restored, a password set again, a second factor taken away."""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Sequence

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.enums import Level, Role
from agencies.identities import in_force
from agencies.models import Region, RoleGrant, User
from agencies.services.notifications import notify
from agencies.services.two_people import audit, carry_out
from core import clock
from core.errors import DomainError

# The login compares user names without regard to case: small letters only, and no two are taken for one another.
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,47}")


def account_make(*, username: str, name: str, password: str, by: User, second: User) -> User:
    """A new account without a role; its password is good for choosing another. Raises DomainError, NotAllowed."""
    user = _prepared(username, name, password)
    carry_out("account.make", about=user, by=by, second=second, write=lambda: user.save(force_insert=True))
    return user


def first_administrators(people: Sequence[tuple[str, str, str]]) -> list[User]:
    """The two with whom an installation begins: user name, name, first password. Raises DomainError.

    Refused where there is a system administrator already: from then on two of them make each other one.
    """
    if in_force(RoleGrant.objects.filter(role=Role.SYSTEM, user__is_active=True)).exists():
        raise DomainError(
            "not_first", _("There is a system administrator already; further ones are made by two of them.")
        )
    if len({username for username, _name, _password in people}) != 2 or len({name for _u, name, _p in people}) != 2:
        raise DomainError("two_people", _("Two different people, each with an account of their own."))
    province = Region.objects.filter(level=Level.PROVINCE).first()
    if province is None:
        raise DomainError("no_directory", _("Load the directory first."))
    users = [_prepared(*person) for person in people]
    with transaction.atomic():
        for user, other in (users, users[::-1]):
            user.save(force_insert=True)
            RoleGrant.objects.create(user=user, role=Role.SYSTEM, region=province, since=clock.today())
            audit("account.first", about=user, by=None, detail={"second": str(other.pk)})
    return users


def password_reset(*, user: User, password: str, by: User, second: User) -> None:
    """Another first password, for somebody who has forgotten the own one; open sessions end. Raises DomainError, NotAllowed."""
    _check_password(password, user)

    def write() -> None:
        user.set_first_password(password)
        user.save(update_fields=["password"])

    carry_out("account.password", about=user, by=by, second=second, write=write)


def account_suspend(*, user: User, by: User, second: User) -> None:
    """Nobody comes in by this account from the next request on; its posts stay. Raises DomainError, NotAllowed."""
    if not user.is_active:
        raise DomainError("suspended", _("This account is switched off already."))
    _switch(user, "account.suspend", by=by, second=second, is_active=False)


def account_restore(*, user: User, by: User, second: User) -> None:
    """Switched on again, with the password and the second factor of before. Raises DomainError, NotAllowed."""
    if user.is_active:
        raise DomainError("active", _("This account is not switched off."))
    _switch(user, "account.restore", by=by, second=second, is_active=True)


def _switch(user: User, verb: str, *, by: User, second: User, is_active: bool) -> None:
    def write() -> None:
        user.is_active = is_active
        user.save(update_fields=["is_active"])

    carry_out(verb, about=user, by=by, second=second, write=write)


def factor_reset(*, user: User, by: User, second: User) -> None:
    """Take the second factor and its recovery codes away: another is enrolled before any page. Its owner is told.

    Raises DomainError, NotAllowed.
    """
    held = Authenticator.objects.filter(user=user)
    if not held.exists():
        raise DomainError("no_factor", _("This account has no second factor."))

    def write() -> None:
        held.delete()
        notify([user.pk], kind="factor", url=reverse("agencies:profile"), key=f"factor:{uuid.uuid4()}")

    carry_out("account.factor", about=user, by=by, second=second, write=write)


def _prepared(username: str, name: str, password: str) -> User:
    """The account, not saved yet. Raises DomainError for what cannot stand in it."""
    if not _USERNAME.fullmatch(username):
        message = _("A user name has 3 to 48 small letters, digits, dots, hyphens or underscores.")
        raise DomainError("bad_username", message, field="username")
    if User.objects.filter(username=username).exists():
        raise DomainError("username_taken", _("There is an account with this user name already."), field="username")
    name = " ".join(name.split())
    if not 0 < len(name) <= 32 or any(unicodedata.category(sign).startswith("C") for sign in name):
        raise DomainError("bad_name", _("A name has 1 to 32 characters."), field="name")
    user = User(username=username, name=name)
    _check_password(password, user)
    user.set_first_password(password)
    return user


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise DomainError("weak_password", " ".join(error.messages), field="password") from None
