"""The benchmark end to end at a tiny size: that it runs, what its rows say, how many queries there are; never how long anything took."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest

from caremgmt.local.environment import PROJECT
from tests.products import fresh_database_env

SIZES = (100, 200)
# What each piece of work takes today. Fewer is welcome; more is a row too many in every request.
QUERIES = {
    "P1": 8,
    "P2": 11,
    "P4 name": 10,
    "P4 initials": 10,
    "P4 phone": 10,
    "P4 case number": 9,
    "P7": 42,
}  # one of them so that no letter names anybody


@pytest.mark.slow
def test_the_benchmark_runs_and_says_what_it_measured(tmp_path: Path) -> None:
    out = tmp_path / "rows.json"
    with fresh_database_env() as env:
        try:
            done = subprocess.run(
                [sys.executable, "manage.py", "bench", "--size", "tiny", "--out", str(out)],
                cwd=PROJECT,
                env=env,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        finally:
            _drop(env["DATABASE_URL"])
    rows = {(row["id"], row["size"]): row for row in json.loads(out.read_text())["rows"]}
    for size in SIZES:
        for id_, most in QUERIES.items():
            row = rows[id_, size]
            assert row["ours_ms"] > 0
            assert row["floor_ms"] > 0
            assert row["ratio"] > 0
            assert row["target"]
            assert isinstance(row["holds"], bool)
            assert 0 < row["queries"] <= most, f"{id_} at {size} cases: {row['queries']} queries"
        assert rows["P5", size]["ratio"] > 0
        assert rows["memory", size]["peak_mb"] > 10
    for id_ in QUERIES:  # a list that asked again for each of its rows would ask more of the larger province
        assert rows[id_, SIZES[0]]["queries"] == rows[id_, SIZES[1]]["queries"], id_
    assert ("P1 growth", SIZES[1]) in rows
    assert "P7" in done.stdout


def _drop(address: str) -> None:
    connection = psycopg2.connect(address)
    connection.autocommit = True
    with connection.cursor() as cursor:
        for size in SIZES:
            cursor.execute(f"DROP DATABASE IF EXISTS bench_{size} WITH (FORCE)")
        cursor.execute("DROP DATABASE IF EXISTS bench_base WITH (FORCE)")
    connection.close()
