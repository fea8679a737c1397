"""From samples to rows: medians, ratios, targets, and whether they hold."""

from __future__ import annotations

import datetime as dt
import json
import platform
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

LIMITS = {"P1": (1.5, 10), "P2": (1.5, 10), "P4": (2.0, None), "P5": (1.5, None), "P7": (3.0, 30)}
GROWTH = 1.3
GROWING = ("P1", "P2")


@dataclass
class Row:
    """One line of the table."""

    id: str
    what: str
    size: int
    ours_ms: float | None = None
    floor_ms: float | None = None
    ratio: float | None = None
    target: str = ""
    queries: int | None = None
    holds: bool = True
    database_ms: float | None = None
    peak_mb: float | None = None


def merged(runs: list[dict[str, Any]]) -> tuple[dict[str, dict[str, Any]], float]:
    """The samples of several processes on one size, together; the highest peak of memory."""
    found: dict[str, dict[str, Any]] = {}
    for run in runs:
        for sample in run["samples"]:
            kept = found.setdefault(sample["id"], {**sample, "ours": [], "floor": [], "database": []})
            for name in ("ours", "floor", "database"):
                kept[name] += sample[name]
    return found, max(run["peak_mb"] for run in runs)


def row_of(sample: dict[str, Any], size: int) -> Row:
    """Ours against the floor, by medians; the number of queries where it is limited."""
    most, queries = LIMITS[sample["id"].split()[0]]
    ours, floor = median(sample["ours"]), median(sample["floor"])
    ratio = ours / floor
    target = f"<= {most} x floor" + (f", <= {queries} queries" if queries else "")
    holds = ratio <= most and (queries is None or sample["queries"] <= queries)
    return Row(
        sample["id"], sample["what"], size, round(ours, 2), round(floor, 2), round(ratio, 2), target, sample["queries"], holds,
        database_ms=round(median(sample["database"]), 2),
    )  # fmt: skip


def growth_rows(small: dict[str, Any], large: dict[str, Any], sizes: tuple[int, int]) -> list[Row]:
    """The same page on the larger province against the smaller one."""
    rows = []
    for id_ in GROWING:
        before, after = median(small[id_]["ours"]), median(large[id_]["ours"])
        rows.append(Row(
            f"{id_} growth", f"{small[id_]['what']}, {sizes[1]} against {sizes[0]} cases", sizes[1], round(after, 2), round(before, 2),
            round(after / before, 2), f"<= {GROWTH} x its time at {sizes[0]}", holds=after / before <= GROWTH,
        ))  # fmt: skip
    return rows


def memory_row(peak: float, size: int, before: float | None) -> Row:
    """The peak memory of the web process."""
    ratio = round(peak / before, 2) if before else None
    return Row("memory", "peak of the web process", size, ratio=ratio, target="the same at every size (within 20 %)" if before else "",
               holds=ratio is None or ratio <= 1.2, peak_mb=round(peak, 1))  # fmt: skip


def table(rows: list[Row]) -> str:
    """The rows for a terminal."""
    head = f"{'id':<16}{'cases':>9}{'ours ms':>10}{'floor ms':>10}{'ratio':>7}{'queries':>9}  {'holds':<6}{'target':<34}what"
    lines = [head, "-" * len(head)]
    for row in rows:
        ours = f"{row.peak_mb:.0f} MB" if row.peak_mb is not None else f"{row.ours_ms:.1f}"
        floor = "" if row.floor_ms is None else f"{row.floor_ms:.1f}"
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        lines.append(
            f"{row.id:<16}{row.size:>9}{ours:>10}{floor:>10}{ratio:>7}{row.queries if row.queries is not None else '':>9}"
            f"  {'yes' if row.holds else 'NO':<6}{row.target:<34}{row.what}"
        )
    return "\n".join(lines)


def write(rows: list[Row], path: Path, *, rounds: int) -> None:
    """The rows as JSON, with the machine and the day."""
    found = {
        "taken_on": dt.datetime.now(dt.UTC).date().isoformat(), "python": platform.python_version(), "machine": platform.machine(),
        "rounds": rounds, "rows": [asdict(row) for row in rows],
    }  # fmt: skip
    path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
