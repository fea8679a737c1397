"""`manage.py messages extract|compile|check [room …]`: the Chinese catalogues of the rooms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.ui.catalogues import ROOMS, Catalogues


class Command(BaseCommand):
    help = "Extract, compile or check the message catalogues."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=("extract", "compile", "check"))
        parser.add_argument("rooms", nargs="*", metavar="room", help="core, agencies, …; all when none is named")

    def handle(self, *args: Any, action: str, rooms: list[str], **options: Any) -> None:
        unknown = set(rooms) - set(ROOMS)
        if unknown:
            raise CommandError(f"no such room: {', '.join(sorted(unknown))}")
        catalogues = Catalogues(Path(settings.BASE_DIR))
        chosen = rooms or list(ROOMS)
        if action == "extract":
            memory = catalogues.memory()
            for room in chosen:
                if (catalogues.base / room).is_dir():
                    self.stdout.write(f"{room}: {catalogues.extract(room, memory)} to translate")
        elif action == "compile":
            done = [room for room in chosen if catalogues.compile(room)]
            self.stdout.write(f"compiled {', '.join(done) or 'nothing'}")
        else:
            problems = [line for room in chosen for line in catalogues.problems(room)]
            problems += [] if rooms else catalogues.disagreements()
            if problems:
                raise CommandError("\n".join([*problems, f"{len(problems)} messages need work"]))
            self.stdout.write("every message is translated")
