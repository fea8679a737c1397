"""The loaded province: the article's totals in the tables, life in every list, and no open case without a next step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest

from tests import products
from tests.conftest import manage

TO_NOVEMBER = "'2022-12-01 00:00+08'"
ASSISTANCE = "('mediation', 'legal_advice', 'legal_aid', 'counselling', 'interview', 'care', 'shelter')"


class Province:
    """A loaded demo, asked in SQL as its owner."""

    def __init__(self, env: dict[str, str]) -> None:
        self.env = env

    def rows(self, sql: str) -> list[Any]:
        with psycopg2.connect(self.env["DATABASE_URL"]) as connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    def one(self, sql: str) -> Any:
        return self.rows(sql)[0][0]


@pytest.fixture(scope="module")
def province() -> Iterator[Province]:
    with products.fresh_database_env(demo=True) as env:
        yield Province(env)


def test_the_articles_totals_are_counted_from_records(province: Province) -> None:
    assert (
        province.one(
            "SELECT count(*) FROM agencies_office WHERE kind = 'centre' AND opened_on <= '2022-11-30' AND closed_on IS NULL"
        )
        == 74
    )
    assert (
        province.one(f"SELECT count(*) FROM cases_case WHERE accepted_at < {TO_NOVEMBER} AND status <> 'merged'") == 788
    )
    assert province.one(f"SELECT count(*) FROM cases_servicerecord WHERE happened_at < {TO_NOVEMBER}") == 2985
    assert (
        province.one(
            f"SELECT count(*) FROM cases_servicerecord WHERE kind = 'interview' AND happened_at < {TO_NOVEMBER}"
        )
        == 273
    )
    assert (
        province.one("SELECT count(*) FROM cases_order WHERE kind = 'supervision_order' AND issued_on <= '2022-11-30'")
        == 292
    )


def test_people_assisted_are_counted_once_however_often_they_came(province: Province) -> None:
    sql = f"""
        SELECT count(DISTINCT coalesce(encode(f.digest, 'hex'), s.person_id::text)) FROM cases_servicerecord s
        JOIN cases_party p ON p.case_id = s.case_id AND p.person_id = s.person_id
        JOIN cases_partyidentity i ON i.party_id = p.id JOIN cases_case c ON c.id = s.case_id
        LEFT JOIN LATERAL (SELECT digest FROM cases_fingerprint WHERE person_id = s.person_id AND kind = 'id' LIMIT 1) f ON true
        WHERE s.happened_at < {TO_NOVEMBER} AND s.kind IN {ASSISTANCE} AND NOT i.is_anonymous AND NOT c.is_anonymous
        AND (i.gender = 'female' OR extract(year FROM s.happened_at) - i.birth_year < 18)"""
    assert province.one(sql) == 945


def test_the_old_cases_are_closed_and_no_open_case_lacks_a_next_step(province: Province) -> None:
    assert (
        province.one(f"SELECT count(*) FROM cases_case WHERE accepted_at < {TO_NOVEMBER} AND status <> 'closed'") == 0
    )
    broken = """SELECT count(*) FROM cases_case c WHERE status IN ('received', 'assessed', 'in_progress', 'follow_up')
        AND NOT EXISTS (SELECT 1 FROM cases_workitem w WHERE w.case_id = c.id AND w.done_at IS NULL)"""
    assert province.one(broken) == 0


def test_every_list_is_alive(province: Province) -> None:
    statuses = {status for (status,) in province.rows("SELECT DISTINCT status FROM cases_case")}
    assert {"received", "assessed", "in_progress", "follow_up", "closed", "not_accepted"} <= statuses
    letters = {status for (status,) in province.rows("SELECT DISTINCT status FROM referrals_referral")}
    assert {"sent", "accepted", "declined", "responded", "returned", "recalled", "closed"} <= letters
    dispositions = {code for (code,) in province.rows("SELECT DISTINCT disposition FROM hotline_contact")}
    assert {
        "",
        "advice",
        "service",
        "case_opened",
        "silent",
        "dropped",
        "wrong_number",
        "abusive",
        "whereabouts",
    } <= dispositions
    kinds = {kind for (kind,) in province.rows("SELECT DISTINCT kind FROM cases_workitem WHERE done_at IS NULL")}
    assert {
        "case.triage",
        "case.plan",
        "case.review",
        "followup.call",
        "referral.accept",
        "referral.respond",
        "referral.review",
    } <= kinds
    assert province.one("SELECT count(*) FROM cases_workitem WHERE done_at IS NULL AND due_at < now()") > 0
    channels = {
        channel
        for (channel,) in province.rows(
            "SELECT DISTINCT channel FROM hotline_contact WHERE occurred_at > now() - interval '60 days'"
        )
    }
    assert len(channels) >= 12


def test_bells_of_today_ring_and_old_ones_are_quiet(province: Province) -> None:
    waiting = "SELECT count(*) FROM agencies_notification n JOIN agencies_user u ON u.id = n.user_id WHERE n.read_at IS NULL AND u.username = '%s'"
    for username in ("zhuren.wuhua", "anjian.wuhua", "jiexian.wuhua"):
        assert 0 < province.one(waiting % username) < 30
    assert (
        province.one(
            "SELECT count(*) FROM core_outboxitem WHERE done_at IS NULL AND available_at < now() - interval '1 day'"
        )
        == 0
    )


def test_the_husband_of_the_night_call_is_walled_off(province: Province) -> None:
    sql = """SELECT count(*) FROM cases_wall w JOIN agencies_user u ON u.id = w.user_id JOIN hotline_contact c ON c.case_id = w.case_id
        WHERE u.username = 'fujing.wuhua' AND w.lifted_at IS NULL AND c.whisper"""
    assert province.one(sql) == 1


def test_loading_again_does_nothing(province: Province) -> None:
    written = "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables"
    before = province.one(written)
    assert manage(province.env, "load_demo") == ""
    assert manage(province.env, "load_directory") == ""
    assert province.one(written) == before
