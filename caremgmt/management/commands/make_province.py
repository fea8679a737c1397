"""Make a province of any size: `CAREMGMT_DB_ROLE=owner manage.py make_province --cases 100000 --seed 1`."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = (
        "Fill a database that has the directory and no cases with invented cases, by COPY (as owner, in a demo only)."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """How many, and from which seed."""
        parser.add_argument("--cases", type=int, default=10_000)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it once; a database that has cases is left alone."""
        if not settings.DEMO:
            raise CommandError("Invented cases are never put into a real installation.")
        from bench.province import Province
        from cases.models import Case

        if Case._base_manager.exists():
            raise CommandError("This database has cases already.")
        began = time.monotonic()
        rows = Province(options["cases"], options["seed"]).make(self.stdout.write)
        self.stdout.write(f"province: {options['cases']} cases, {rows} rows in {time.monotonic() - began:.0f} s")
