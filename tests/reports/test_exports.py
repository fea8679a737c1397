"""Exports: who gets what, in which form, and what becomes of a job."""

from __future__ import annotations

import html
import json
import os
import re
import time
import zipfile
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.utils import translation

from agencies.models import RoleGrant
from core import clock
from core.crypto.errors import SealBroken
from core.errors import NotAllowed, NotFound
from core.identity import WORKER
from core.models import AccessLog
from core.models.job import Job
from reports.enums import MonthStatus
from reports.exports import files, job
from reports.indicators import INDICATORS, TABLE
from reports.services import months
from reports.standing import Standing
from tests.reports.conftest import Records
from tests.reports.test_months import report
from tests.reports.test_totals import july, period  # noqa: F401 - a fixture
from tests.roles import as_owner, as_role


def start(records: Records, who: str, file_format: str = "xlsx") -> UUID:
    with records.world.acting(who) as by:
        return job.export_start(by=by, period=period("2022-06", "2022-08"), file_format=file_format).pk


def run(job_id: UUID) -> bool:
    with as_role(WORKER):
        return job.run(job_id)


def row(job_id: UUID) -> Job:
    with as_owner():
        return Job.objects.get(pk=job_id)


def content(job_id: UUID, tmp_path: Path) -> Path:
    path = tmp_path / "plain"
    key = row(job_id).file_key
    assert key is not None
    path.write_bytes(b"".join(files.opened(key)))
    return path


def test_province_gets_a_workbook_with_cover_and_a_sheet_for_each_table(july: Records, tmp_path: Path) -> None:  # noqa: F811
    job_id = start(july, "province")
    assert run(job_id)
    done = row(job_id)
    assert (done.status, done.done, done.total) == ("done", 6, 6)
    with zipfile.ZipFile(content(job_id, tmp_path)) as book:
        pages = [name for name in book.namelist() if name.startswith("xl/worksheets/")]
        counties = book.read("xl/worksheets/sheet3.xml").decode()
    assert len(pages) == 6
    assert '<pane xSplit="3" ySplit="4"' in counties
    for merged in ("A3:A4", "F3:H3"):  # downwards where it stands alone, sideways over cases accepted, closed and open
        assert f'<mergeCell ref="{merged}"/>' in counties
    assert re.search(r'<c r="E5" s="\d+"><v>14</v></c>', counties)  # services of the whole, as a number


def words(job_id: UUID, tmp_path: Path) -> list[str]:
    """What stands as text on each sheet of the workbook, the cover first."""
    with zipfile.ZipFile(content(job_id, tmp_path)) as book:
        names = sorted(name for name in book.namelist() if name.startswith("xl/worksheets/"))
        return [re.sub(r"<[^>]+>", " ", book.read(name).decode()) for name in names]


def settle(records: Records, *, returned: bool = False) -> None:
    """Lock every centre's report of June and July; that of Wuhua of July may have been returned before."""
    if returned:
        pk = report(records).pk
        with records.world.acting("director") as by:
            months.month_submit(report_id=pk, by=by)
        with records.world.acting("supervisor") as by:
            months.month_return(report_id=pk, by=by, reason="请核对服务记录。")
    months.settle_range(period("2022-06").last, period("2022-07").last)


def exported(records: Records, who: str, last: str, language: str, file_format: str = "xlsx") -> UUID:
    with records.world.acting(who) as by, translation.override(language):
        made = job.export_start(by=by, period=period("2022-06", last), file_format=file_format)
    assert run(made.pk)
    return made.pk


@pytest.mark.parametrize(
    ("language", "states", "warning", "mark", "name"),
    [
        ("zh-hans", "待上报 0、", "未定稿：本期有1份中心月报尚未定稿（最早为2022-07），数据还可能变化", "（未定稿）", "统计_2022-06_2022-07_未定稿.xlsx"),
        ("en", "Computed 0, ", "Not final: 1 centre's monthly report of this period is not locked (2022-07).", " (not final)", "Statistics_2022-06_2022-07_not final.xlsx"),
    ],
)  # fmt: skip
def test_workbook_says_that_its_figures_are_not_final(
    july: Records,  # noqa: F811
    tmp_path: Path,
    language: str,
    states: str,
    warning: str,
    mark: str,
    name: str,
) -> None:
    settle(july, returned=True)
    job_id = exported(july, "province", "2022-07", language)
    cover, *tables = words(job_id, tmp_path)
    assert states in cover
    assert warning in html.unescape(cover)
    assert len(tables) == 5
    assert all(warning in html.unescape(table) and mark in table for table in tables)
    assert row(job_id).file_name == name


def test_workbook_of_locked_months_says_so_and_warns_of_nothing(july: Records, tmp_path: Path) -> None:  # noqa: F811
    settle(july)
    job_id = exported(july, "province", "2022-07", "zh-hans")
    pages = words(job_id, tmp_path)
    assert "2022-07各中心月报" in pages[0]
    assert re.search(r"待上报 0、已上报 0、已退回 0、已审核 0、已定稿 [1-9]", pages[0])
    assert not any("未定稿" in page for page in pages)
    assert row(job_id).file_name == "统计_2022-06_2022-07.xlsx"


def test_an_earlier_month_that_is_not_locked_is_warned_of_too(july: Records) -> None:  # noqa: F811
    settle(july)
    with july.world.acting("province") as by:
        july.compute("2022-05")
        standing = Standing.read(by, period("2022-05", "2022-07"))
        assert not standing.is_final
        assert standing.earliest == period("2022-05").last
        assert standing.counts[MonthStatus.LOCKED] == sum(standing.counts.values())
        assert Standing.read(by, period("2022-06", "2022-07")).is_final


def test_a_month_without_reports_is_not_final(july: Records) -> None:  # noqa: F811
    settle(july)
    with july.world.acting("province") as by, translation.override("zh-hans"):
        standing = Standing(period("2022-09").last, dict.fromkeys(MonthStatus, 0))
        assert (standing.is_final, standing.in_words) == (False, "尚无月报")
        assert standing.warning == "未定稿：2022-09尚无月报，数据还可能变化"
        assert Standing.read(by, period("2022-07", "2022-08")).in_words.startswith("进行中 ")


def test_state_of_reporting_is_that_of_the_centres_one_sees(july: Records) -> None:  # noqa: F811
    settle(july, returned=True)
    for who, returned, others in (("director", 1, False), ("xishan_manager", 0, True), ("province", 1, True)):
        with july.world.acting(who) as by:
            counts = Standing.read(by, period("2022-07")).counts
        assert (counts[MonthStatus.RETURNED], bool(counts[MonthStatus.LOCKED])) == (returned, others), who


def test_json_says_whether_it_is_final(july: Records, tmp_path: Path) -> None:  # noqa: F811
    settle(july, returned=True)
    reports = json.loads(content(exported(july, "director", "2022-07", "zh-hans", "json"), tmp_path).read_text())[
        "reports"
    ]
    assert reports["month"] == "2022-07"
    assert reports["states"]["returned"] == 1
    assert reports["final"] is False
    assert reports["warning"].startswith("未定稿")


def test_numbers_of_the_other_formats_are_the_same(july: Records, tmp_path: Path) -> None:  # noqa: F811
    job_id = start(july, "province", "json")
    assert run(job_id)
    tables = json.loads(content(job_id, tmp_path).read_text())["tables"]
    assert tables["county"]["rows"][0]["SERVICES"] == 14
    job_id = start(july, "province", "csv")
    assert run(job_id)
    with zipfile.ZipFile(content(job_id, tmp_path)) as archive:
        assert sorted(archive.namelist()) == ["category.csv", "centre.csv", "county.csv", "month.csv", "prefecture.csv"]


def test_export_runs_with_the_rights_of_the_moment(july: Records) -> None:  # noqa: F811
    job_id = start(july, "province")
    with as_owner():
        RoleGrant.objects.filter(user=july.world.users["province"]).delete()
    assert not run(job_id)
    assert (row(job_id).status, row(job_id).error) == ("failed", "no_export")


def test_file_of_former_rights_is_not_handed_out(july: Records) -> None:  # noqa: F811
    job_id = start(july, "province")
    assert run(job_id)
    assert job.may_open(row(job_id), july.world.identity("province"))
    with as_owner():
        RoleGrant.objects.filter(user=july.world.users["province"]).update(
            role="supervisor", region=july.world.regions["dali"]
        )
    assert not job.may_open(row(job_id), july.world.identity("province"))


def test_director_exports_the_own_centre_alone(july: Records, tmp_path: Path) -> None:  # noqa: F811
    job_id = start(july, "director", "json")
    assert run(job_id)
    tables = json.loads(content(job_id, tmp_path).read_text())["tables"]
    assert [entry["name"] for entry in tables["centre"]["rows"][1:]] == [july.office("wuhua").name]


@pytest.mark.parametrize("who", ["manager", "operator", "police_liaison", "auditor"])
def test_others_do_not_export(july: Records, who: str) -> None:  # noqa: F811
    with july.world.acting(who) as by, pytest.raises(NotAllowed):
        job.export_start(by=by, period=period("2022-07"), file_format="xlsx")


def test_running_twice_makes_one_file(july: Records) -> None:  # noqa: F811
    job_id = start(july, "province")
    assert run(job_id)
    first = row(job_id).file_key
    assert not run(job_id)
    assert row(job_id).file_key == first


def test_cancelled_export_is_not_carried_out(july: Records) -> None:  # noqa: F811
    job_id = start(july, "province")
    with july.world.acting("province") as by:
        job.export_cancel(job_id=job_id, by=by)
    assert not run(job_id)
    assert row(job_id).status == "cancelled"


def test_nobody_cancels_anothers_export(july: Records) -> None:  # noqa: F811
    job_id = start(july, "province")
    with july.world.acting("supervisor") as by, pytest.raises(NotFound):
        job.export_cancel(job_id=job_id, by=by)


def test_job_of_a_killed_worker_is_taken_up_by_another(july: Records) -> None:  # noqa: F811
    job_id = start(july, "province")
    with as_role(WORKER):
        assert job._claim(job_id) is not None  # and then it dies
        assert not job.run(job_id)  # somebody is on it, as far as one knows
        with clock.at(clock.now() + 2 * job.CLAIM):
            assert job.waiting() == [job_id]
            assert job.sweep() == 1
    assert row(job_id).status == "done"


def sweep() -> int:
    with as_role(WORKER):
        return job.sweep()


def test_an_old_file_is_taken_away_and_its_row_forgets_it(july: Records) -> None:  # noqa: F811
    job_id = start(july, "province")
    run(job_id)
    path = files.path_of(row(job_id).file_key)  # type: ignore[arg-type]
    with clock.at(clock.now() + job.KEPT):
        sweep()
        assert path.exists()
    with clock.at(clock.now() + job.KEPT + job.CLAIM):
        sweep()
    assert not path.exists()
    assert row(job_id).file_key is None


def test_a_file_that_could_not_be_taken_away_is_not_forgotten(july: Records) -> None:  # noqa: F811
    first, second = start(july, "province"), start(july, "province")
    assert [run(first), run(second)] == [True, True]
    stuck, free = (files.path_of(row(pk).file_key) for pk in (first, second))  # type: ignore[arg-type]
    stuck.unlink()
    stuck.mkdir()  # no file: it cannot be unlinked
    with clock.at(clock.now() + job.KEPT + job.CLAIM):
        sweep()
        assert row(first).file_key is not None
        assert (free.exists(), row(second).file_key) == (False, None)
        stuck.rmdir()
        sweep()  # the way a worker goes on that was killed after the unlinking
    assert row(first).file_key is None


def test_what_a_killed_worker_was_writing_is_taken_away(settings: Any, tmp_path: Path, db: None) -> None:
    settings.VAR_DIR = str(tmp_path)
    making = tmp_path / "files" / "making"
    for name in ("left", "written"):
        (making / name).mkdir(parents=True)
        (making / name / "export.xlsx").write_bytes(b"plain")
    long_ago = time.time() - job.LEFT.total_seconds() - 60
    for path in (making / "left" / "export.xlsx", making / "left", making / "written"):
        os.utime(path, (long_ago, long_ago))
    sweep()
    assert [path.name for path in making.iterdir()] == ["written"]  # a file in it is new


def test_the_cover_defines_what_the_sheets_hold_and_nothing_else(july: Records, tmp_path: Path) -> None:  # noqa: F811
    job_id = start(july, "province")
    assert run(job_id)
    cover = html.unescape(words(job_id, tmp_path)[0])
    with translation.override("zh-hans"):
        said = {item.code for item in INDICATORS if str(item.definition) in cover}
    assert said == {item.code for item in TABLE}


def test_file_lies_sealed(july: Records) -> None:  # noqa: F811
    job_id = start(july, "province", "json")
    run(job_id)
    key = row(job_id).file_key
    assert key is not None
    path = files.path_of(key)
    assert b"SERVICES" not in path.read_bytes()
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(SealBroken):
        list(files.opened(key))


def test_large_file_is_cut_into_chunks_and_no_chunk_can_be_dropped(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.write_bytes(bytes(range(256)) * 10_000)
    key = UUID(int=7)
    files.store(plain, key)
    assert b"".join(files.opened(key)) == plain.read_bytes()
    path = files.path_of(key)
    path.write_bytes(path.read_bytes()[: 1 + 2 + 2 * (files.CHUNK + files.OVERHEAD_BYTES)])
    with pytest.raises(SealBroken):
        list(files.opened(key))


def test_export_is_logged(july: Records) -> None:  # noqa: F811
    job_id = start(july, "province")
    run(job_id)
    with as_owner():
        entry = AccessLog.objects.get(action="export", object_id=job_id)
        assert entry.actor_id == july.world.users["province"].pk
        assert entry.count
