"""Bind an account to the human behind it: `CAREMGMT_DB_ROLE=owner manage.py bind_identity USERNAME --by A --second B`.

The ID number and the phone are typed at the prompt (or piped, one a line), never given as arguments: those stand in the shell's history.
"""

from __future__ import annotations

import sys
from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from agencies.enums import Role
from agencies.identities import in_force
from agencies.models import IdentityBinding, RoleGrant, User
from core import clock, idnumber, phone
from core.blindindex import fingerprint
from core.crypto import key_ring
from core.models import Audit


def _active(username: str) -> User:
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise CommandError(f"no active account: {username}")
    return user


def _administrator(username: str) -> User:
    user = _active(username)
    if not in_force(RoleGrant.objects.filter(user=user, role=Role.SYSTEM)).exists():
        raise CommandError(f"not a system administrator: {username}")
    return user


def _typed(prompt: str) -> str:
    return (getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline()).strip()


class Command(BaseCommand):
    help = "Bind an account to the verified ID number and phone of its human; two system administrators (as owner)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose account, and the two who have seen the identity card."""
        parser.add_argument("username")
        parser.add_argument("--by", required=True, help="the system administrator who types")
        parser.add_argument("--second", required=True, help="another one, who has seen the card as well")

    def handle(self, *args: Any, **options: Any) -> None:
        """Keyed fingerprints only are kept; walls and seals that follow from them are set at once."""
        user, by, second = (
            _active(options["username"]), _administrator(options["by"]), _administrator(options["second"]),
        )  # fmt: skip
        if len({user.pk, by.pk, second.pk}) < 3:
            raise CommandError("three people: whom it is about, and two others who have seen the card")
        try:
            number = idnumber.IdNumber.parse(_typed("ID number: "), today=clock.today()).number
            telephone = phone.normalise(_typed("Phone: "))
        except (idnumber.IdNumberError, phone.PhoneError) as error:
            raise CommandError(f"not valid: {type(error).__name__}") from None  # the value itself is not repeated
        key = key_ring().derive("blind")
        prints = {
            "id_fingerprint": fingerprint(key, "id_number", number),
            "phone_fingerprint": fingerprint(key, "phone", telephone),
        }
        if IdentityBinding.objects.filter(id_fingerprint=prints["id_fingerprint"]).exclude(user=user).exists():
            raise CommandError("this ID number is bound to another account: one human, one account")
        with transaction.atomic():
            IdentityBinding.objects.update_or_create(user=user, defaults=prints)
            Audit.objects.create(
                at=clock.now(), verb="identity.bind", actor_id=by.pk, actor_name=by.name, actor_role=Role.SYSTEM, object_type="agencies.user",
                object_id=user.pk, subject=user.pk, detail={"second": str(second.pk)},
            )  # fmt: skip
        self.stdout.write(f"bound: {user.username}")
