"""Times at the size of a province (docs/scale.md): `make bench`, `make bench SIZE=full`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from bench import databases, report

SIZES = {"tiny": (100, 200), "small": (10_000, 100_000), "full": (10_000, 1_000_000)}
PASSES = {"tiny": 1, "small": 2, "full": 3}
ROUNDS = {"tiny": 1, "small": 10, "full": 16}


class Command(BaseCommand):
    help = "Measure the product against hand-written floors at two sizes, as the web role under row-level security."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Which sizes, and where the rows go."""
        parser.add_argument("--size", choices=sorted(SIZES), default="small")
        parser.add_argument("--out", default=str(settings.BASE_DIR / "bench" / "latest.json"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Make what is missing, measure both sizes in turn, print and keep the table."""
        if not settings.DEMO:
            raise CommandError("The benchmark makes databases of invented cases: never in a real installation.")
        size = options["size"]
        addresses = {cases: databases.ready(cases, self.stdout.write) for cases in SIZES[size]}
        runs: dict[tuple[int, str], list[dict[str, Any]]] = {}
        for _pass in range(PASSES[size]):
            for cases, address in addresses.items():
                for role in ("web", "worker"):
                    runs.setdefault((cases, role), []).append(self._measure(address, role, ROUNDS[size]))
        rows: list[report.Row] = []
        small, large = SIZES[size]
        pages = {cases: report.merged(runs[cases, "web"]) for cases in SIZES[size]}
        months = {cases: report.merged(runs[cases, "worker"])[0] for cases in SIZES[size]}
        for cases in SIZES[size]:
            rows += [report.row_of(sample, cases) for sample in [*pages[cases][0].values(), *months[cases].values()]]
        rows += report.growth_rows(pages[small][0], pages[large][0], (small, large))
        rows += [
            report.memory_row(pages[small][1], small, None),
            report.memory_row(pages[large][1], large, pages[small][1]),
        ]
        rows.sort(key=lambda row: (row.id, row.size))
        report.write(rows, Path(options["out"]), rounds=PASSES[size] * ROUNDS[size])
        self.stdout.write(report.table(rows))

    def _measure(self, address: str, role: str, rounds: int) -> dict[str, Any]:
        environment = {
            **os.environ,
            "DATABASE_URL": address,
            "BENCH_OWNER_URL": address,
            "CAREMGMT_DB_ROLE": role,
            "DJANGO_SETTINGS_MODULE": "caremgmt.settings",
        }
        done = subprocess.run(
            [sys.executable, "-m", "bench.process", role, str(rounds)],
            cwd=settings.BASE_DIR,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise CommandError(f"{done.stdout[-1000:]}\n{done.stderr[-4000:]}")
        return json.loads(done.stdout.strip().splitlines()[-1])  # type: ignore[no-any-return]
