"""Bind an account to the human behind it: `CAREMGMT_DB_ROLE=owner manage.py bind_identity USERNAME --by A --second B`.

The ID number and the phone are typed at the prompt (or piped, one a line), never given as arguments: those stand in the shell's history.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError

from agencies.models import IdentityBinding
from agencies.services.two_people import carry_out
from caremgmt.management.two_people import TwoPeopleCommand, active, refusals, typed
from core import clock, idnumber, phone
from core.blindindex import fingerprint
from core.crypto import key_ring


class Command(TwoPeopleCommand):
    help = "Bind an account to the verified ID number and phone of its human; two system administrators who have seen the card (as owner)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Keyed fingerprints only are kept; walls and seals that follow from them are set at once."""
        user = active(options["username"])
        two = self.two(options, about=user)
        try:
            number = idnumber.IdNumber.parse(typed("ID number: "), today=clock.today()).number
            telephone = phone.normalise(typed("Phone: "))
        except (idnumber.IdNumberError, phone.PhoneError) as error:
            raise CommandError(f"not valid: {type(error).__name__}") from None  # the value itself is not repeated
        key = key_ring().derive("blind")
        prints = {
            "id_fingerprint": fingerprint(key, "id_number", number),
            "phone_fingerprint": fingerprint(key, "phone", telephone),
        }
        if IdentityBinding.objects.filter(id_fingerprint=prints["id_fingerprint"]).exclude(user=user).exists():
            raise CommandError("this ID number is bound to another account: one human, one account")

        def write() -> None:
            IdentityBinding.objects.update_or_create(user=user, defaults=prints)

        with refusals():
            carry_out("identity.bind", about=user, write=write, **two)
        self.stdout.write(f"bound: {user.username}")
