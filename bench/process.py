"""One measuring process: `python -m bench.process web ROUNDS` or `… worker ROUNDS`; the samples as JSON on its output.

A process of its own for each login: the web role cannot become the worker, and the peak memory is that of a web process alone.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from dataclasses import asdict

import django


def main(role: str, rounds: int) -> None:
    """Measure and print."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caremgmt.settings")
    django.setup()
    from bench import calls, months, pages
    from bench.rounds import Samples

    found: list[Samples] = (
        [*pages.run(rounds), calls.run(max(rounds // 2, 3))] if role == "web" else months.run(max(rounds // 4, 3))
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"samples": [asdict(sample) for sample in found], "peak_mb": peak}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
