# ruff: noqa: S608 -- fixed text; every value travels as a parameter
"""P5: the month of the whole province, as the worker, against one hand-written grouped scan per table."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from bench.floor import Floor
from bench.rounds import Samples, compare
from core import clock
from core.crypto.aead import derive_key
from core.crypto.keyring import key_ring
from core.months import shift
from reports.periods import Period, first_of, starts
from reports.services.compute import compute

_AGE = """CASE WHEN {year} - i.birth_year < 14 THEN '0-13' WHEN {year} - i.birth_year < 18 THEN '14-17' WHEN {year} - i.birth_year < 35 THEN '18-34'
    WHEN {year} - i.birth_year < 60 THEN '35-59' ELSE '60+' END"""
_PERSON = "sha256(%(key)s || coalesce(f.digest, decode(replace({person}::text, '-', ''), 'hex')))"
# The same figures with the same dimensions, straight from each table: nothing is kept, nothing can be opened afterwards.
SCANS = {
    "services": f"""
        SELECT s.office_id, s.kind, i.gender, {_AGE.format(year="extract(year FROM s.happened_at)")} AS age, c.category_id, c.channel, c.risk,
            c.region_residence_id, count(*), count(DISTINCT {_PERSON.format(person="s.person_id")})
        FROM cases_servicerecord s LEFT JOIN cases_case c ON c.id = s.case_id
        LEFT JOIN cases_party p ON p.case_id = s.case_id AND p.person_id = s.person_id LEFT JOIN cases_partyidentity i ON i.party_id = p.id
        LEFT JOIN cases_fingerprint f ON f.person_id = s.person_id AND f.kind = 'id'
        WHERE s.happened_at >= %(since)s AND s.happened_at < %(until)s GROUP BY 1, 2, 3, 4, 5, 6, 7, 8""",
    "cases": f"""
        SELECT c.office_id, i.gender, {_AGE.format(year="extract(year FROM c.accepted_at)")} AS age, c.category_id, c.channel, c.risk,
            c.region_residence_id, count(*) FILTER (WHERE c.accepted_at >= %(since)s AND c.accepted_at < %(until)s),
            count(*) FILTER (WHERE c.closed_at >= %(since)s AND c.closed_at < %(until)s)
        FROM cases_case c LEFT JOIN cases_party p ON p.case_id = c.id AND p.is_primary LEFT JOIN cases_partyidentity i ON i.party_id = p.id
        WHERE (c.accepted_at >= %(since)s AND c.accepted_at < %(until)s) OR (c.closed_at >= %(since)s AND c.closed_at < %(until)s)
        GROUP BY 1, 2, 3, 4, 5, 6, 7""",
    "orders": """
        SELECT o.office_id, o.kind, o.region_id, c.category_id, c.channel, c.risk, count(*) FROM cases_order o LEFT JOIN cases_case c ON c.id = o.case_id
        WHERE o.issued_on >= %(since)s::date AND o.issued_on < %(until)s::date GROUP BY 1, 2, 3, 4, 5, 6""",
    "contacts": """
        SELECT office_id, disposition, client_gender, category_id, channel, region_residence_id, count(*) FROM hotline_contact
        WHERE status <> 'draft' AND occurred_at >= %(since)s AND occurred_at < %(until)s GROUP BY 1, 2, 3, 4, 5, 6""",
    "callbacks": """
        SELECT office_id, count(*), count(*) FILTER (WHERE status = 'reached'), count(*) FILTER (WHERE satisfaction = 'satisfied')
        FROM cases_followup WHERE status <> 'cancelled' AND due_at >= %(since)s AND due_at < %(until)s GROUP BY 1""",
    "referrals": """
        SELECT r.office_id, u.kind, r.category_id, r.risk, count(*), count(r.accepted_at), count(r.responded_at)
        FROM referrals_referral r JOIN agencies_unit u ON u.id = r.unit_id WHERE r.sent_at >= %(since)s AND r.sent_at < %(until)s GROUP BY 1, 2, 3, 4""",
    "centres": """
        SELECT region_id, is_demonstration, count(*) FROM agencies_office
        WHERE kind = 'centre' AND opened_on < %(until)s::date AND (closed_on IS NULL OR closed_on >= %(until)s::date) GROUP BY 1, 2""",
}  # fmt: skip


def month() -> dt.date:
    """A month in the middle of the years that were made, complete and never computed."""
    return shift(first_of(clock.today()), -14)


def run(rounds: int) -> list[Samples]:
    """The facts of the month, made from nothing and taken back by a rollback."""
    floor, day = Floor(), month()
    values: dict[str, Any] = {
        "since": starts(day),
        "until": starts(shift(day, 1)),
        "key": derive_key(key_ring().derive("blind"), b"caremgmt/v1/pseudonym"),
    }

    def scans() -> None:
        for sql in SCANS.values():
            floor.ask(sql, values)
        floor.end()

    def fresh() -> None:
        with transaction.atomic():
            compute(Period(day, day))
            transaction.set_rollback(True)

    return [compare("P5", "month of the whole province", fresh, scans, rounds=rounds, warm=2)]
