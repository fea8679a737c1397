"""Take a second factor away: `CAREMGMT_DB_ROLE=owner manage.py factor_reset USERNAME --by A --second B`."""

from __future__ import annotations

from typing import Any

from agencies.services.accounts import factor_reset
from caremgmt.management.two_people import TwoPeopleCommand, active, refusals


class Command(TwoPeopleCommand):
    help = "Take somebody's second factor and recovery codes away, after a lost telephone; two system administrators (as owner)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Another is enrolled, with the password, before any page; the bell tells its owner."""
        with refusals():
            factor_reset(user=active(options["username"]), **self.two(options))
        self.stdout.write(f"second factor taken away: {options['username']}")
