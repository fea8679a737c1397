"""End a role: `CAREMGMT_DB_ROLE=owner manage.py role_end USERNAME ROLE --office|--unit|--region PLACE --by A --second B`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from agencies.enums import Role
from agencies.services.posts import role_end
from caremgmt.management.two_people import TwoPeopleCommand, account, add_place_arguments, day, place_of, refusals


class Command(TwoPeopleCommand):
    help = "End a role at once or with a last day; two system administrators (as owner)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which role, where, and its last day."""
        super().add_arguments(parser)
        parser.add_argument("role", choices=Role.values)
        add_place_arguments(parser)
        parser.add_argument("--last-day", type=day, help="2026-07-31; without it the role ends at once")

    def handle(self, *args: Any, **options: Any) -> None:
        """End it; what is owed by the post stays with its centre or unit."""
        user, place = account(options["username"]), place_of(options)
        with refusals():
            role_end(
                user=user, role=Role(options["role"]), place=place, last_day=options["last_day"], **self.two(options)
            )
        when = f"after {options['last_day']}" if options["last_day"] else "at once"
        self.stdout.write(f"ended {when}: {user.username} {options['role']} {place}")
