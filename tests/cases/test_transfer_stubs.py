"""What the earlier centre keeps of a case that was taken over: its head, and nothing of where she went."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

from cases.enums import CaseStatus, Section
from cases.models import (
    BlindGram,
    Case,
    CaseOwned,
    PartyContact,
    TimelineEntry,
    Transfer,
)
from cases.services.search import search
from core import keys
from core.models import Audit
from core.models.accesslog import AccessLog
from tests.cases.handing import handed, taken
from tests.cases.test_merging import begun, give
from tests.protection.sql import ask
from tests.roles import as_owner
from tests.world import World


@pytest.mark.parametrize("who", ["manager", "manager2", "director"])
def test_the_stub_shows_its_head_and_never_where_she_went(world: World, who: str) -> None:
    case = begun(world, address="翠湖南路67号", region_id="530102")
    row = handed(world, case)
    new = taken(world, row)
    with world.acting(who) as by:
        stub = Case.objects.visible_to(by).get(pk=case.pk)
        assert (stub.status, stub.is_open, stub.next_due_at) == (CaseStatus.TRANSFERRED, False, None)
        assert stub.region_residence_id is None  # where she lives is where she has gone
        assert stub.closed_at
        entries = list(TimelineEntry.objects.visible_to(by).filter(case_id=case.pk))
        assert {entry.section for entry in entries} == {Section.HEADER}
        last = next(entry for entry in entries if entry.kind == "case.transferred")
        assert (last.actor_id, last.actor_name, last.actor_agency, last.object_id, last.data) == (
            None,
            "",
            "",
            None,
            {},
        )
        assert not Transfer.objects.visible_to(by).exists()
        assert not Case.objects.visible_to(by).filter(pk=new.pk).exists()
        assert search(by=by, text="刘桂芳").cases == []


def _rows(table: str, column: str, case: Case) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}" WHERE {column} = %s', [case.pk])
        return int(cursor.fetchone()[0])


def test_the_database_alone_keeps_the_stub_shut(world: World) -> None:
    """Without any scope of the application: the earlier centre reads the case's head, the receiving one nothing of the earlier case."""
    case = begun(world)
    give(world, case, ["incident"], "justice")
    with as_owner():
        held = {
            model._meta.db_table
            for model in apps.get_models()
            if issubclass(model, CaseOwned) and _rows(model._meta.db_table, "case_id", case)
        }
    assert {
        "cases_party",
        "cases_partyidentity",
        "cases_safecontact",
        "cases_sectiontext",
        "cases_riskassessment",
    } <= held
    new = taken(world, handed(world, case))
    tables = sorted(
        held | {"cases_transfer", "cases_accessgrant", "core_audit", "cases_workitem", "cases_historicalpartyidentity"}
    )
    for who in ("manager", "manager2", "director"):
        with world.acting(who):
            assert ask("SELECT status FROM cases_case WHERE id = %s", [case.pk]) == [("transferred",)]
            seen = ask("SELECT DISTINCT section FROM cases_timelineentry WHERE case_id = %s", [case.pk])
            assert seen == [("header",)]
            shown = {table for table in tables if table != "cases_timelineentry" and _rows(table, "case_id", case)}
            assert shown == set(), who
            assert _rows("cases_case", "predecessor_id", case) == 0
            assert _rows("cases_case", "id", new) == 0
            writers = ask(
                "SELECT history_user_id, status FROM cases_historicalcase WHERE id = %s AND status = 'transferred'",
                [case.pk],
            )
            assert writers == [(None, "transferred")]
    with world.acting("xishan_manager"):
        assert {
            table
            for table in tables
            if table not in ("cases_transfer", "core_audit", "cases_workitem") and _rows(table, "case_id", case)
        } == set()
        assert _rows("cases_case", "id", case) == 0
        assert _rows("cases_transfer", "case_id", case) == 1
    for who in ("justice_liaison", "operator", "police_liaison", "keeper", "expert"):
        with world.acting(who):
            assert {table for table in tables if table != "core_audit" and _rows(table, "case_id", case)} <= {
                "cases_accessgrant"
            }, who
            assert _rows("cases_case", "id", case) == 0


def test_the_log_of_the_earlier_centre_has_nobody_of_the_other_one(world: World) -> None:
    case = begun(world)
    row = handed(world, case)
    taken(world, row)
    with world.acting("director"):
        assert not Audit.objects.filter(case_id=case.pk).exists()
        assert not AccessLog.objects.filter(case_id=case.pk, actor_id=world.users["xishan_manager"].pk).exists()
    with world.acting("auditor"):
        verbs = set(Audit.objects.filter(case_id=case.pk).values_list("verb", flat=True))
        assert {"transfer.ask", "case.transfer"} <= verbs


def test_names_are_not_found_by_their_index_and_keys_stay_apart(world: World) -> None:
    case = begun(world)
    new = taken(world, handed(world, case))
    with world.acting("manager"):
        assert not BlindGram.objects.filter(case=case).exists()
        assert not PartyContact.objects.filter(case=case).exists()
    with world.acting("xishan_manager"):
        keys.forget()
        assert BlindGram.objects.filter(case=new).exists()
