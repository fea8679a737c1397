"""Give a role: `CAREMGMT_DB_ROLE=owner manage.py role_give USERNAME ROLE --office|--unit|--region PLACE --by A --second B`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from agencies.enums import Role
from agencies.services.posts import role_give
from caremgmt.management.two_people import TwoPeopleCommand, account, add_place_arguments, day, place_of, refusals


class Command(TwoPeopleCommand):
    help = (
        "Give a role at a centre, desk, unit or region, from a day to a last day; two system administrators (as owner)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Which role, where, from when to when."""
        super().add_arguments(parser)
        parser.add_argument("role", choices=Role.values)
        add_place_arguments(parser)
        parser.add_argument("--since", type=day, help="the first day, 2026-07-01; today when it is left out")
        parser.add_argument("--until", type=day, help="the last day; without it the role is held until it is ended")
        parser.add_argument("--designated", action="store_true", help="the unit's one designated member")

    def handle(self, *args: Any, **options: Any) -> None:
        """Give it; it is in force from the first request of its first day."""
        user, place = account(options["username"]), place_of(options)
        with refusals():
            grant = role_give(
                user=user, role=Role(options["role"]), place=place, since=options["since"], until=options["until"],
                is_designated=options["designated"], **self.two(options),
            )  # fmt: skip
        until = f" until {grant.until}" if grant.until else ""
        self.stdout.write(f"given: {user.username} {grant.role} {place} from {grant.since}{until}")
