"""How a change of accounts is carried out: by two system administrators, neither of whom it is about, and audited with it.

Not through the engine: neither web nor its verbs may write accounts and posts (their protection), the owner's commands alone do.
Whoever calls this vouches for the two; a page would confirm each of them by a login of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.enums import Role
from agencies.identities import in_force
from agencies.models import RoleGrant, User
from core import clock
from core.errors import DomainError, NotAllowed
from core.models import Audit

R = TypeVar("R")


def is_administrator(user: User) -> bool:
    """Whether this is an active account that holds the role in force."""
    return user.is_active and in_force(RoleGrant.objects.filter(user=user, role=Role.SYSTEM)).exists()


def check_two(*, about: User, by: User, second: User) -> None:
    """Three people. Raises DomainError, NotAllowed."""
    if not (is_administrator(by) and is_administrator(second)):
        raise NotAllowed("not_administrator", _("Both must be system administrators."))
    if len({about.pk, by.pk, second.pk}) < 3:
        raise DomainError("two_people", _("It takes two system administrators, and neither of them for themselves."))


def carry_out(
    verb: str, *, about: User, by: User, second: User, write: Callable[[], R], detail: dict[str, str] | None = None
) -> R:
    """Run `write` and audit it in one transaction. `detail` holds codes and ids only. Raises DomainError, NotAllowed."""
    check_two(about=about, by=by, second=second)
    with transaction.atomic():
        result = write()
        audit(verb, about=about, by=by, detail={"second": str(second.pk)} | (detail or {}))
    return result


def audit(verb: str, *, about: User, by: User | None, detail: dict[str, str]) -> None:
    """One row; nobody is named where an installation has nobody yet."""
    actor = {"actor_id": by.pk, "actor_name": by.name, "actor_role": Role.SYSTEM} if by else {}
    Audit.objects.create(
        at=clock.now(),
        verb=verb,
        object_type="agencies.user",
        object_id=about.pk,
        subject=about.pk,
        detail=detail,
        **actor,
    )
