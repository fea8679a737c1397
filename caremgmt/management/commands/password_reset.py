"""Give another first password: `CAREMGMT_DB_ROLE=owner manage.py password_reset USERNAME --by A --second B`.

It is asked for; left empty, one is made up and printed once.
"""

from __future__ import annotations

from typing import Any

from agencies.services.accounts import password_reset
from caremgmt.management.two_people import TwoPeopleCommand, active, first_password, refusals


class Command(TwoPeopleCommand):
    help = "Give a first password to who has forgotten the own one; two system administrators (as owner)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Open sessions end; the second factor stays."""
        user = active(options["username"])
        two = self.two(options, about=user)
        password, is_made_up = first_password()
        with refusals():
            password_reset(user=user, password=password, **two)
        self.stdout.write(f"password set: {user.username}")
        self.tell_password(user.username, password, is_made_up=is_made_up)
