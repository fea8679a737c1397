"""Load what an installation begins with: `CAREMGMT_DB_ROLE=owner manage.py load_directory`. Quick when there is nothing to do."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from caremgmt.directory.offices import load_offices
from caremgmt.directory.reference import load_installation, load_reference


class Command(BaseCommand):
    help = "Load divisions, classification, deadlines, calendar, centres, desks and bodies; in a demo also the demo accounts (as owner)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """A real province keeps its own list of centres; the one that ships is the demo's."""
        parser.add_argument(
            "--offices",
            action="store_true",
            help="also load the centres and bodies of caremgmt/data in a real installation",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Add what is missing; nothing that is there is changed."""
        with transaction.atomic():
            load_installation()
            added = load_reference()
            if settings.DEMO or options["offices"]:
                added += load_offices()
            if settings.DEMO:
                from caremgmt.demo.accounts import load_accounts

                added += load_accounts()
        if added:
            self.stdout.write(f"directory: {added} rows added")
