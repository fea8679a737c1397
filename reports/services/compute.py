# ruff: noqa: S608 -- fixed text; months, times and the key travel as parameters
"""Facts made for any months and all offices, in one statement per table: what is new is added, what no longer holds is taken back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection

from core import clock
from core.crypto.aead import derive_key
from core.crypto.keyring import key_ring
from core.identity import WORKER, acting_as, worker_identity
from core.months import shift
from reports.enums import MonthStatus
from reports.indicators import INDICATORS, SOURCES, Adds, Source, of_source, wanted_sql
from reports.periods import Period, first_of, starts

_LOCK = 0x63617265_0001  # one computation at a time in this database
_OPEN = f"('{MonthStatus.SUBMITTED.value}', '{MonthStatus.ACCEPTED.value}')"
_LOCKED = f"'{MonthStatus.LOCKED.value}'"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one computation did."""

    ran: bool
    added: int = 0
    taken_back: int = 0
    revisions: int = 0


def compute(period: Period, *, wait: bool = True) -> Outcome:
    """Bring the facts of these months up to date, as the worker. Without `wait`, a computation that is already running is left alone.

    Months that are submitted or accepted stay as they are; a locked month gets late facts and a revision with the difference.
    """
    # The web process may not become the worker; only tests, whose login may be everybody, reach this with another role.
    role = WORKER if settings.DB_ROLE == "web" else None
    with acting_as(worker_identity("months"), role=role), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)" if wait else "SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not wait and not cursor.fetchone()[0]:
            return Outcome(False)
        now = clock.now()
        values: dict[str, Any] = {
            "since": starts(period.first), "until": min(starts(shift(period.last, 1)), now), "now": now,
            "key": derive_key(key_ring().derive("blind"), b"caremgmt/v1/pseudonym"),
        }  # fmt: skip
        if values["until"] <= values["since"]:
            return Outcome(True)
        months = {
            "first": period.first,
            "last": first_of(clock.local(now).date()) if period.last > clock.today() else period.last,
        }
        _make_reports(cursor, months | {"now": now})
        _hold_reports(cursor, months)
        added = taken = 0
        for source in SOURCES.values():
            plus, minus = _bring_up(cursor, source, values | months)
            added, taken = added + plus, taken + minus
        revisions = _write_revisions(
            cursor, months | {"now": now, "people": [item.code for item in INDICATORS if item.adds == Adds.PEOPLE]}
        )
        _finish_reports(cursor, months | {"now": now})
        return Outcome(True, added, taken, revisions)


def _make_reports(cursor: Any, values: dict[str, Any]) -> None:
    """A report for every office that was open in the month: a month without events is reported as zero."""
    cursor.execute(
        """
        INSERT INTO reports_monthreport (id, office_id, region_code, month, status, revision, is_zero, computed_at, version)
        SELECT gen_random_uuid(), o.id, o.region_id, m::date, 'computed', 0, true, %(now)s, 1
        FROM generate_series(%(first)s::date, %(last)s::date, interval '1 month') AS m
        JOIN agencies_office o ON o.opened_on < (m + interval '1 month')::date AND (o.closed_on IS NULL OR o.closed_on > m::date)
        ON CONFLICT (office_id, month) DO NOTHING""",
        values,
    )


def _hold_reports(cursor: Any, values: dict[str, Any]) -> None:
    """The months that are brought up cannot be submitted meanwhile: whoever submits has seen all of what is kept."""
    cursor.execute(
        f"SELECT id FROM reports_monthreport WHERE month BETWEEN %(first)s AND %(last)s AND status NOT IN {_OPEN} AND status <> {_LOCKED}"
        " ORDER BY id FOR UPDATE",
        values,
    )


def _bring_up(cursor: Any, source: Source, values: dict[str, Any]) -> tuple[int, int]:
    codes = ", ".join(f"'{item.code}'" for item in of_source(source))
    cursor.execute(
        f"""
        WITH wanted AS ({wanted_sql(source)}),
        held AS (
            SELECT month, indicator, office_id, region_code, record_id, person, anonymous, dimensions FROM reports_fact
            WHERE indicator IN ({codes}) AND month BETWEEN %(first)s AND %(last)s
            GROUP BY month, indicator, office_id, region_code, record_id, person, anonymous, dimensions HAVING sum(value) > 0
        ),
        changed AS (
            SELECT w.month AS w_month, w.office_id AS w_office, w.region_code AS w_region, w.person AS w_person, w.anonymous AS w_anonymous,
                w.dimensions AS w_dimensions, h.month AS h_month, h.office_id AS h_office, h.region_code AS h_region, h.person AS h_person,
                h.anonymous AS h_anonymous, h.dimensions AS h_dimensions, indicator, record_id,
                coalesce(r.status = {_LOCKED}, false) AS is_late, coalesce(r.revision, 0) + 1 AS revision
            FROM wanted w FULL JOIN held h USING (indicator, record_id, month)
            LEFT JOIN reports_monthreport r ON r.month = coalesce(w.month, h.month) AND r.office_id = coalesce(w.office_id, h.office_id)
            WHERE (w.record_id IS NULL OR h.record_id IS NULL OR w.office_id <> h.office_id OR w.person IS DISTINCT FROM h.person
                    OR w.anonymous <> h.anonymous OR (w.dimensions <> h.dimensions AND r.status IS DISTINCT FROM {_LOCKED}))
                AND (r.status IS NULL OR r.status NOT IN {_OPEN})
        ),
        made AS (
            INSERT INTO reports_fact (month, indicator, office_id, region_code, record_id, person, anonymous, dimensions, value, revision,
                is_late, booked_at)
            SELECT month, indicator, office_id, region_code, record_id, person, anonymous, dimensions, value, revision, is_late, %(now)s
            FROM (
                SELECT h_month AS month, indicator, h_office AS office_id, h_region AS region_code, record_id, h_person AS person,
                    h_anonymous AS anonymous, h_dimensions AS dimensions, -1 AS value, revision, is_late
                FROM changed WHERE h_month IS NOT NULL
                UNION ALL
                SELECT w_month, indicator, w_office, w_region, record_id, w_person, w_anonymous, w_dimensions, 1, revision, is_late
                FROM changed WHERE w_month IS NOT NULL
            ) AS rows
            RETURNING value
        )
        SELECT count(*) FILTER (WHERE value = 1), count(*) FILTER (WHERE value = -1) FROM made""",
        values,
    )
    plus, minus = cursor.fetchone()
    return plus, minus


def _write_revisions(cursor: Any, values: dict[str, Any]) -> int:
    """For each locked figure that has changed: the difference, and the latest verb on the records behind it with the person who
    carried it out; a job's own steps (a reminder, say) only where no person did anything."""
    cursor.execute(
        """
        WITH found AS (
            SELECT f.month, f.office_id, f.region_code, f.indicator, f.revision, sum(f.value) AS rows, array_agg(DISTINCT f.record_id) AS records
            FROM reports_fact f JOIN reports_monthreport r ON r.office_id = f.office_id AND r.month = f.month AND f.revision = r.revision + 1
            WHERE f.is_late AND f.month BETWEEN %(first)s AND %(last)s
            GROUP BY f.month, f.office_id, f.region_code, f.indicator, f.revision
        ),
        late AS (
            SELECT n.*, CASE WHEN n.indicator = ANY (%(people)s) THEN (
                SELECT count(*) FILTER (WHERE p.after > 0) - count(*) FILTER (WHERE p.before > 0) FROM (
                    SELECT sum(f.value) AS after, sum(f.value) FILTER (WHERE f.revision < n.revision) AS before FROM reports_fact f
                    WHERE f.office_id = n.office_id AND f.month = n.month AND f.indicator = n.indicator AND f.revision <= n.revision
                    GROUP BY f.person) AS p)
                ELSE n.rows END AS difference
            FROM found n
        )
        INSERT INTO reports_revision (id, month, office_id, region_code, indicator, revision, difference, reason, actor_id, actor_name, at)
        SELECT gen_random_uuid(), l.month, l.office_id, l.region_code, l.indicator, l.revision, l.difference, coalesce(a.verb, 'recomputed'),
            a.actor_id, coalesce(a.actor_name, ''), %(now)s
        FROM late l LEFT JOIN LATERAL (
            SELECT verb, actor_id, actor_name FROM core_audit
            WHERE case_id IN (
                SELECT x FROM unnest(l.records) AS x
                UNION SELECT s.case_id FROM cases_servicerecord s WHERE s.id = ANY (l.records) AND s.case_id IS NOT NULL
                UNION SELECT d.case_id FROM cases_order d WHERE d.id = ANY (l.records) AND d.case_id IS NOT NULL)
            ORDER BY actor_id IS NULL, at DESC LIMIT 1) AS a ON true
        WHERE l.difference <> 0
        ON CONFLICT DO NOTHING""",
        values,
    )
    return int(cursor.rowcount)


def _finish_reports(cursor: Any, values: dict[str, Any]) -> None:
    cursor.execute(
        f"""
        UPDATE reports_monthreport r SET computed_at = %(now)s, revision = r.revision + (n.changed)::int, is_zero = NOT n.has_events
        FROM (
            SELECT q.id, EXISTS (SELECT 1 FROM reports_fact f WHERE f.office_id = q.office_id AND f.month = q.month
                    AND f.revision = q.revision + 1) AS changed,
                coalesce((SELECT sum(f.value) FROM reports_fact f WHERE f.office_id = q.office_id AND f.month = q.month
                    AND f.indicator <> 'CENTRES' AND NOT f.is_late), 0) > 0 AS has_events
            FROM reports_monthreport q WHERE q.month BETWEEN %(first)s AND %(last)s AND q.status NOT IN {_OPEN}
        ) AS n WHERE n.id = r.id""",
        values,
    )


def compute_months(first: dt.date, last: dt.date) -> Outcome:
    """As `compute`, from the month of one day to the month of another."""
    return compute(Period(first_of(first), first_of(last)))
