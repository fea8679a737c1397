"""What the owner of the database cuts off at the newest end breaks no link: the signed file outside misses it."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from django.db import connection
from django.urls import reverse
from pytest_django.fixtures import Settings

from core import clock, heads, seal
from core.heads import Kept
from core.models import LogSeal
from tests.cases.scenes import client_of
from tests.permissions.planted import Scene
from tests.protection.test_logs import _notes, _seal
from tests.roles import as_owner, as_worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path: Path, settings: Settings) -> Path:
    """Where the heads are kept in this test."""
    settings.LOG_HEADS = str(tmp_path / "heads" / "log-heads.jsonl")
    return Path(settings.LOG_HEADS)


def _keep(hours: int) -> bool:
    with clock.at(clock.now() + dt.timedelta(hours=hours)), as_worker():
        return heads.keep()


def _sealed(scene: Scene, hours: int) -> None:
    with clock.at(clock.now() + dt.timedelta(hours=hours)):
        _notes(scene)
        _seal()


def _compared(scene: Scene) -> Kept:
    with scene.world.acting("auditor"):
        return heads.compare()


def _two_lines(scene: Scene) -> None:
    for hour in (1, 2):
        _sealed(scene, hour)
        assert _keep(hour)


def _damaged(*statements: str) -> None:
    """As somebody who owns the database and steps over its triggers."""
    with as_owner(), connection.cursor() as cursor:
        for table in ("core_accesslog", "core_logseal", "core_audit"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)


NEWEST = "(SELECT id FROM core_logseal WHERE office_id IS NOT NULL ORDER BY number DESC LIMIT 1)"


def test_each_hour_one_signed_line_and_no_name(scene: Scene, file: Path) -> None:
    assert _compared(scene) == Kept(0, None)
    _two_lines(scene)
    found = _compared(scene)
    assert (found.lines, found.is_whole) == (2, True)
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert sum(line["audit"][0] for line in lines) > 20
    assert {name for line in lines for name in line} == {"at", "until", "heads", "audit", "signature"}
    assert not _keep(0)  # the clock has not moved on


def test_links_cut_off_at_the_newest_end_are_missed(scene: Scene, file: Path) -> None:
    _two_lines(scene)
    _damaged(f"DELETE FROM core_accesslog WHERE seal_id = {NEWEST}", f"DELETE FROM core_logseal WHERE id = {NEWEST}")
    with scene.world.acting("auditor"):
        assert [number for verdict in seal.verify() for number in verdict.broken] == []  # the chain alone is content
    assert len(_compared(scene).shortened) == 1


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM core_audit WHERE id = (SELECT id FROM core_audit ORDER BY at DESC LIMIT 1)",
        "UPDATE core_audit SET actor_name = 'somebody else' WHERE id = (SELECT id FROM core_audit ORDER BY at LIMIT 1)",
    ],
)
def test_a_changed_audit_is_missed(scene: Scene, file: Path, damage: str) -> None:
    _two_lines(scene)
    _damaged(damage)
    assert _compared(scene).audit_gaps != ()


@pytest.mark.parametrize("damage", ["changed", "first removed", "no line at all"])
def test_a_changed_file_is_seen(scene: Scene, file: Path, damage: str) -> None:
    _two_lines(scene)
    first, second = file.read_text(encoding="utf-8").splitlines()
    cut = {
        "changed": [first.replace('"audit": [', '"audit": [1'), second],
        "first removed": [second],
        "no line at all": [first, "?"],
    }
    file.write_text("\n".join(cut[damage]) + "\n", encoding="utf-8")
    assert _compared(scene).broken_lines != ()


def test_only_what_has_grown_is_written_again(scene: Scene, file: Path) -> None:
    _two_lines(scene)
    assert _keep(40)  # what was sealed just before the last line is written once more
    assert _keep(41)  # nothing was logged since
    assert [len(json.loads(line)["heads"]) > 0 for line in file.read_text(encoding="utf-8").splitlines()] == [
        True,
        True,
        True,
        False,
    ]
    assert _compared(scene).is_whole


def test_a_check_of_the_last_days_leaves_older_damage_to_a_check_of_everything(scene: Scene, file: Path) -> None:
    _two_lines(scene)
    first = json.loads(file.read_text(encoding="utf-8").splitlines()[0])
    since = dt.datetime.fromisoformat(first["at"]) + dt.timedelta(seconds=1)
    _damaged("DELETE FROM core_audit WHERE id = (SELECT id FROM core_audit ORDER BY at LIMIT 1)")
    with scene.world.acting("auditor"):
        assert (heads.compare().audit_gaps, heads.compare(since).audit_gaps) == ((1,), ())
        assert (heads.compare().lines, heads.compare(since).lines) == (2, 1)


def test_a_chain_of_many_batches_is_read_to_its_end(scene: Scene, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seal, "LINKS_AT_ONCE", 2)
    monkeypatch.setattr(heads, "LINES_AT_ONCE", 2)
    monkeypatch.setattr(heads, "TAIL", 64)
    for hour in range(1, 6):
        _sealed(scene, hour)
        assert _keep(hour)
    office = scene.world.offices["wuhua"].pk
    with scene.world.acting("auditor"):
        whole = next(verdict for verdict in seal.verify() if verdict.office_id == office)
        last = LogSeal.objects.filter(office_id=office).latest("number")
        young = next(verdict for verdict in seal.verify(last.at) if verdict.office_id == office)
        assert (whole.links, whole.broken, heads.compare().is_whole) == (5, (), True)
        assert (young.links, young.broken) == (1, ())
    _damaged(
        f"DELETE FROM core_accesslog WHERE id = (SELECT id FROM core_accesslog WHERE seal_id = '{last.pk}' LIMIT 1)"
    )
    with scene.world.acting("auditor"):
        assert [verdict.broken for verdict in seal.verify(last.at) if verdict.office_id == office] == [(5,)]


def test_the_auditors_page_says_what_is_missing(scene: Scene, file: Path) -> None:
    page, url = client_of(scene.world, "auditor"), reverse("agencies:verify")
    assert page.post(url).context["kept"].lines == 0
    _two_lines(scene)
    assert page.post(url).context["kept"].is_whole
    _damaged(f"DELETE FROM core_accesslog WHERE seal_id = {NEWEST}", f"DELETE FROM core_logseal WHERE id = {NEWEST}")
    answer = page.post(url)
    assert len(answer.context["shortened"]) == 1
    assert answer.context["shortened"][0] in answer.content.decode()
