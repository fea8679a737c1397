"""Enter the State Council's notice of a year's holidays: `CAREMGMT_DB_ROLE=owner manage.py load_workdays YEAR [--file CSV]`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.calendar import CalendarError, is_published, known_days, read_days, replace_year
from core.workdays import seed_is_published


class Command(BaseCommand):
    help = "Enter a year's holidays and make-up working days, from the package or a file with day,kind (as owner)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Which year, and from where."""
        parser.add_argument("year", type=int)
        parser.add_argument("--file", type=Path, help="CSV: day,kind and perhaps name; kind is holiday or workday")
        parser.add_argument("--correct", action="store_true", help="replace a notice that has been entered already")

    def handle(self, *args: Any, **options: Any) -> None:
        """Replace what was computed before the notice; counted from then on, due times that stand are not moved."""
        year, file = options["year"], options["file"]
        if is_published(year) and not options["correct"]:
            raise CommandError(f"the notice of {year} has been entered already; --correct replaces it")
        if file is None and not seed_is_published(year):
            raise CommandError(f"the package does not know the notice of {year} yet; give it with --file")
        try:
            days = known_days(year) if file is None else read_days(year, file.read_text("utf-8-sig").splitlines())
        except OSError as error:
            raise CommandError(f"the file cannot be read: {error.strerror}") from None
        except UnicodeDecodeError:
            raise CommandError("the file is not UTF-8: save it as CSV UTF-8") from None
        except CalendarError as error:
            raise CommandError(str(error)) from None
        written = replace_year(year, days, published=True)
        self.stdout.write(f"working days of {year}: {written} days entered")
