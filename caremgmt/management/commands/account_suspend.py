"""Switch an account off: `CAREMGMT_DB_ROLE=owner manage.py account_suspend USERNAME --by A --second B`."""

from __future__ import annotations

from typing import Any

from agencies.services.accounts import account_suspend
from caremgmt.management.two_people import TwoPeopleCommand, account, refusals


class Command(TwoPeopleCommand):
    help = "Switch an account off from its next request on; two system administrators (as owner)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Posts stay as they are: end them with `role_end` when somebody leaves."""
        with refusals():
            account_suspend(user=account(options["username"]), **self.two(options))
        self.stdout.write(f"switched off: {options['username']}")
