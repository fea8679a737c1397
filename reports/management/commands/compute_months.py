"""Compute the facts of a range of months for all offices."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import clock
from core.errors import DomainError
from reports.periods import parse_month
from reports.services.compute import compute_months


class Command(BaseCommand):
    """Safe to run again: only what has changed is written."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", dest="first", default="2019-01", help="first month, as 2019-01")
        parser.add_argument("--to", dest="last", default="", help="last month (default: the running one)")

    def handle(self, *args: Any, first: str, last: str, **options: Any) -> None:
        try:
            begin = parse_month(first, "from")
            end = parse_month(last, "to") if last else clock.today()
        except DomainError as error:
            raise CommandError(str(error.message)) from error
        began = time.monotonic()
        outcome = compute_months(begin, end)
        self.stdout.write(
            f"{outcome.added} facts added, {outcome.taken_back} taken back, {outcome.revisions} revisions, {time.monotonic() - began:.1f} s"
        )
