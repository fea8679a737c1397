"""Make an account: `CAREMGMT_DB_ROLE=owner manage.py account_make USERNAME --by A --second B`.

The person's name and the first password are asked for; with an empty password one is made up and printed once.
"""

from __future__ import annotations

from typing import Any

from agencies.services.accounts import account_make
from caremgmt.management.two_people import TwoPeopleCommand, first_password, refusals, typed


class Command(TwoPeopleCommand):
    help = "Make an account without a role; its owner chooses a password at the first login; two system administrators (as owner)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it; what it may do comes with `role_give`."""
        two = self.two(options)
        name = typed("Name of the person: ", hidden=False)
        password, is_made_up = first_password()
        with refusals():
            user = account_make(username=options["username"], name=name, password=password, **two)
        self.stdout.write(f"made: {user.username}")
        self.tell_password(user.username, password, is_made_up=is_made_up)
