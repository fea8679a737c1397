"""Switch an account on again: `CAREMGMT_DB_ROLE=owner manage.py account_restore USERNAME --by A --second B`."""

from __future__ import annotations

from typing import Any

from agencies.services.accounts import account_restore
from caremgmt.management.two_people import TwoPeopleCommand, account, refusals


class Command(TwoPeopleCommand):
    help = "Switch an account on again; two system administrators (as owner)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Password, second factor and posts are those of before."""
        with refusals():
            account_restore(user=account(options["username"]), **self.two(options))
        self.stdout.write(f"switched on: {options['username']}")
