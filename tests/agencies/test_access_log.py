"""The access log: told apart by case, filtered, exported, and its chain verified."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.views import accesslog
from cases.services import walls
from core import access, clock, seal
from core.casecode import case_code
from core.models.accesslog import AccessLog
from tests.cases.scenes import client_of, opened
from tests.roles import as_owner, as_worker
from tests.world import World

LOG, EXPORT, VERIFY = "/access-log/", "/access-log/export.csv", "/access-log/verify/"


def _two_cases(world: World) -> tuple[Any, Any]:
    """Two cases of one centre, each looked at by itself and once in a list."""
    cases = opened(world), opened(world, name="王小花", phone="13800005678")
    browser = client_of(world, "manager")
    browser.get("/cases/")
    for case in cases:
        browser.get(f"/cases/{case.pk}/")
    return cases


def _of(answer: Any) -> set[UUID]:
    """The cases that rows of a page name by themselves."""
    return {one["row"].case_id for one in answer.context["rows"] if one["row"].case_id}


def _lines(answer: Any) -> list[dict[str, str]]:
    assert answer["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_auditor_tells_two_cases_apart_and_reads_the_log_of_one(world: World) -> None:
    one, other = _two_cases(world)
    auditor = client_of(world, "auditor")
    text = auditor.get(LOG).content.decode()
    assert case_code(one.pk) in text
    assert case_code(other.pk) in text
    assert f"?case={one.pk}" in text
    found = auditor.get(LOG, {"case": one.pk})
    assert _of(found) == {one.pk}
    assert found.context["of_case"] == case_code(one.pk)
    lists = [row for row in (shown["row"] for shown in found.context["rows"]) if row.case_ids]
    assert lists
    assert all(one.pk in row.case_ids for row in lists)
    assert case_code(other.pk) not in found.content.decode()
    assert one.number not in found.content.decode()


def test_a_case_is_combined_with_the_other_filters(world: World) -> None:
    one, _other = _two_cases(world)
    auditor = client_of(world, "auditor")
    today, yesterday = clock.today(), clock.today() - dt.timedelta(days=1)
    asked = {"case": one.pk, "action": "view", "who": world.users["manager"].pk, "office": world.offices["wuhua"].pk}
    shown = auditor.get(LOG, asked | {"day": today})
    assert shown.context["rows"]
    assert f"case={one.pk}" in shown.content.decode()  # the form keeps it
    for other in (
        {"action": "export"},
        {"who": world.users["director"].pk},
        {"day": yesterday},
        {"office": world.offices["xishan"].pk},
    ):
        assert auditor.get(LOG, asked | other).context["rows"] == [], other
    answer = auditor.get(LOG, {"case": "nonsense", "who": "", "day": "nonsense"})
    assert answer.status_code == 200
    assert answer.context["of_case"] == ""


def test_a_director_filters_by_a_number_that_is_shown(world: World) -> None:
    one, other = _two_cases(world)
    found = client_of(world, "director").get(LOG, {"case": one.pk})
    assert _of(found) == {one.pk}
    assert any(shown["row"].case_ids for shown in found.context["rows"])
    assert found.context["of_case"] == one.number
    assert other.number not in found.content.decode()


def test_a_walled_case_is_like_one_that_was_never_there(world: World) -> None:
    one, other = _two_cases(world)
    with world.acting("manager") as by:
        walls.wall_set(case_id=one.pk, by=by, person=world.users["director"], reason="kin")
    director = client_of(world, "director")
    for case_id in (one.pk, uuid4()):
        found = director.get(LOG, {"case": case_id})
        assert found.context["rows"] == []
        assert found.context["of_case"] == case_code(case_id)
    assert _of(director.get(LOG)) == {other.pk}
    assert one.pk in _of(client_of(world, "auditor").get(LOG, {"case": one.pk}))
    with world.acting("director"), connection.cursor() as cursor:
        cursor.execute("SELECT caremgmt_lists_of(%s, 100), caremgmt_lists_of(%s, 100)", [one.pk, one.pk])
        assert cursor.fetchall() == []
    with world.acting("xishan_manager"), connection.cursor() as cursor:
        cursor.execute("SELECT caremgmt_lists_of(%s, 100)", [other.pk])
        assert cursor.fetchall() == []


def test_lists_of_a_case_are_found_by_their_index(world: World) -> None:
    """Under row-level security an operator that is not leakproof reads every row; the owner's function does not."""
    one, _other = _two_cases(world)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT id FROM core_accesslog WHERE case_ids @> ARRAY[%s]", [one.pk])
        assert "accesslog_listed" in str(cursor.fetchall())
    with world.acting("auditor"):
        rows = AccessLog.objects.of_case(one.pk)
        assert rows.filter(case_ids__isnull=False).count() == 1
        assert not AccessLog.objects.of_case(one.pk, lists_at_most=0).filter(case_ids__isnull=False).exists()


def test_the_queries_of_the_log_are_the_same_for_few_and_many(world: World) -> None:
    one, _other = _two_cases(world)
    auditor = client_of(world, "auditor")
    asked = {"case": one.pk}
    auditor.get(LOG, asked)
    with CaptureQueriesContext(connection) as few:
        auditor.get(LOG, asked)
    browser = client_of(world, "manager")
    for _ in range(12):
        browser.get(f"/cases/{one.pk}/")
    with CaptureQueriesContext(connection) as many:
        assert len(auditor.get(LOG, asked).context["rows"]) > 12
    assert len(few) == len(many)


def test_the_auditor_exports_what_the_filter_shows(world: World) -> None:
    one, other = _two_cases(world)
    auditor = client_of(world, "auditor")
    assert f'href="{EXPORT}?case={one.pk}"' in auditor.get(LOG, {"case": one.pk}).content.decode()
    lines = _lines(auditor.get(EXPORT, {"case": one.pk}))
    shown = auditor.get(LOG, {"case": one.pk}).context["rows"]
    assert len(lines) == len(shown)
    assert {line["案件"] for line in lines} == {case_code(one.pk)}
    assert [line["时间"] for line in lines] == sorted((line["时间"] for line in lines), reverse=True)
    assert world.users["manager"].name in {line["人员"] for line in lines}
    everything = auditor.get(EXPORT).content.decode()
    assert case_code(other.pk) in everything
    for word in (one.number, other.number, str(one.pk), "刘桂芳", "王小花", "13800001234"):
        assert word not in everything
    with as_owner():
        first, last = AccessLog.objects.filter(action="export", object_type="core.accesslog").order_by("at")
    assert (first.object_id, first.count, first.case_id) == (one.pk, len(lines), None)
    assert last.object_id is None


def test_only_the_auditor_exports_the_log(world: World) -> None:
    for name in ("director", "manager", "system", "province"):
        answer = client_of(world, name).get(EXPORT)
        assert answer.status_code == 403, name
    assert "export.csv" not in client_of(world, "director").get(LOG).content.decode()


def test_an_export_of_a_filter_that_cannot_be_read_is_refused(world: World) -> None:
    auditor = client_of(world, "auditor")
    for asked in ({"day": "nonsense"}, {"case": "nonsense"}, {"office": str(uuid4())}):
        assert auditor.get(EXPORT, asked).status_code == 400, asked


def test_an_export_is_bounded_and_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    one, _other = _two_cases(world)
    auditor = client_of(world, "auditor")
    every = _lines(auditor.get(EXPORT, {"case": one.pk}))
    monkeypatch.setattr(accesslog, "EXPORT_AT_MOST", 1)
    first, said = _lines(auditor.get(EXPORT, {"case": one.pk}))
    assert first == every[0]
    assert "只含最近 1 条" in said["时间"]


def test_no_cell_of_an_export_is_a_formula(world: World) -> None:
    with world.acting("manager") as by:
        trail = access.begin("=cmd()", "127.0.0.1")
        access.note(access.Action.VIEW, by=by, object_type="@sum")
        access.flush(trail)
    lines = _lines(client_of(world, "auditor").get(EXPORT, {"action": "view"}))
    assert "'@sum" in {line["对象"] for line in lines}


def test_the_queries_of_an_export_are_the_same_for_few_and_many(world: World) -> None:
    _two_cases(world)
    auditor = client_of(world, "auditor")
    auditor.get(EXPORT)
    with CaptureQueriesContext(connection) as few:
        auditor.get(EXPORT)
    _two_cases(world)
    with CaptureQueriesContext(connection) as many:
        auditor.get(EXPORT)
    assert len(few) == len(many)


# --- the chain ---------------------------------------------------------------------------------------------------------


def _sealed(world: World) -> None:
    client_of(world, "manager").get("/todo/00000000-0000-4000-8000-000000000000/")
    with as_worker():
        assert seal.seal_new_rows()


def test_chain_is_verified_by_the_auditor_alone(world: World) -> None:
    _sealed(world)
    answer = client_of(world, "auditor").post(VERIFY)
    assert answer.context["broken"] == 0
    assert client_of(world, "director").post(VERIFY).status_code == 403


def test_the_page_opens_with_the_last_month_in_the_box(world: World) -> None:
    first = clock.today() - accesslog.CHECKED_AT_FIRST
    assert f'value="{first:%Y-%m-%d}"' in client_of(world, "auditor").get(VERIFY).content.decode()


def test_a_day_to_come_is_refused_beside_the_field(world: World) -> None:
    _sealed(world)
    auditor = client_of(world, "auditor")
    answer = auditor.post(VERIFY, {"since": clock.today() + dt.timedelta(days=1)})
    assert answer.status_code == 422
    assert "since" in answer.context["form"].errors
    assert "alert-ok" not in answer.content.decode()
    assert auditor.post(VERIFY, {"since": clock.today()}).context["links"] > 0


def test_the_verdict_says_since_when_and_how_much_was_checked(world: World) -> None:
    _sealed(world)
    auditor = client_of(world, "auditor")
    whole = auditor.post(VERIFY)
    links, entries = whole.context["links"], whole.context["entries"]
    assert links
    assert entries >= links
    text = whole.content.decode()
    assert "alert-ok" in text
    assert "首条记录" in text
    assert f"{links} 环" in text
    assert f"{entries} 条" in text
    text = auditor.post(VERIFY, {"since": clock.today()}).content.decode()
    assert f"{clock.today():%Y-%m-%d}" in text.partition("alert-ok")[2]


def test_nothing_is_called_whole_where_nothing_was_checked(world: World) -> None:
    auditor = client_of(world, "auditor")
    assert "alert-ok" not in auditor.post(VERIFY).content.decode()  # entries, but no link yet
    _sealed(world)
    with clock.at(clock.now() + dt.timedelta(days=2)):
        later = client_of(world, "auditor").post(VERIFY, {"since": clock.today()})
        assert later.context["links"] == 0
        text = later.content.decode()
    assert "alert-ok" not in text
    assert "chip-ok" not in text
    assert "未作校验" in text
