"""The tables that ship with the product (caremgmt/data)."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data"
PROVINCE = "530000"


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True, slots=True)
class Division:
    """One administrative division."""

    code: str
    name: str
    level: str
    parent: str


@dataclass(frozen=True, slots=True)
class CentreRow:
    """One care centre: its county, the county's short name, the word for user names, when it opened."""

    region: str
    short: str
    slug: str
    opened_on: dt.date
    is_demonstration: bool


@cache
def divisions() -> dict[str, Division]:
    """All divisions of the province by code, parents before children."""
    rows = (Division(row["code"], row["name"], row["level"], row["parent"]) for row in _rows("regions.csv"))
    order = {"province": 0, "prefecture": 1, "county": 2, "township": 3}
    return {row.code: row for row in sorted(rows, key=lambda row: (order[row.level], row.code))}


@cache
def townships(county: str) -> tuple[Division, ...]:
    """Townships and subdistricts of a county; development zones, which have no residents' offices of their own, come last."""
    found = [row for row in divisions().values() if row.parent == county]
    return tuple(sorted(found, key=lambda row: (not row.name.endswith(("街道", "镇", "乡")), row.code)))


@cache
def centre_rows() -> tuple[CentreRow, ...]:
    """The centres of the province."""
    return tuple(
        CentreRow(
            row["region"],
            row["short"],
            row["slug"],
            dt.date.fromisoformat(row["opened_on"]),
            row["demonstration"] == "yes",
        )
        for row in _rows("centres.csv")
    )


def category_rows() -> list[dict[str, str]]:
    """The classification: code, zh, en."""
    return _rows("categories.csv")
