"""Turn the clock of a demo or a test: what would fall due next week falls due now. A real installation refuses."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.models import ClockOffset


class Command(BaseCommand):
    """Run as the owner: `CAREMGMT_DB_ROLE=owner manage.py turn_clock --hours 72` (0 sets it right again)."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--hours", type=float, required=True, help="hours ahead of the real time; negative for back"
        )

    def handle(self, *args: Any, hours: float, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("the clock of a real installation cannot be turned")
        ClockOffset.objects.update_or_create(id=1, defaults={"seconds": round(hours * 3600)})
        self.stdout.write(f"the clock stands {hours:g} hours from the real time")
