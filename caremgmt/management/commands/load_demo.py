"""Load the demo province: `CAREMGMT_DB_ROLE=owner manage.py load_demo`. Does nothing when it is loaded."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Load the demo province with invented people (as owner, in a demo only)."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Load it once; each stage is one transaction, so that an interrupted run goes on where it stopped."""
        if not settings.DEMO:
            raise CommandError("The demo province is never loaded into a real installation.")
        from caremgmt.demo.loader import load

        began = time.monotonic()
        if load(lambda line: self.stdout.write(f"demo: {line} ({time.monotonic() - began:.0f} s)")):
            self.stdout.write(f"demo: loaded in {time.monotonic() - began:.0f} s")
