"""Make the two system administrators with whom an installation begins: `CAREMGMT_DB_ROLE=owner manage.py first_administrators A B`.

Each one's name and first password are asked for; with an empty password one is made up and printed once.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from agencies.services.accounts import first_administrators
from caremgmt.management.two_people import first_password, refusals, typed


class Command(BaseCommand):
    help = "Make the first two system administrators; refused where there is one already (as owner)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Their user names."""
        parser.add_argument("usernames", nargs=2, metavar="USERNAME")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make both or none."""
        people, shown = [], {}
        for username in options["usernames"]:
            name = typed(f"Name of {username}: ", hidden=False)
            password, is_made_up = first_password()
            people.append((username, name, password))
            if is_made_up:
                shown[username] = password
        with refusals():
            users = first_administrators(people)
        for user in users:
            self.stdout.write(f"made: {user.username}")
            if user.username in shown:
                self.stdout.write(f"first password of {user.username}: {shown[user.username]}")
