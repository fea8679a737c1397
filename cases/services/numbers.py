"""Numbers that people speak: from a permutation of their region, so that gaps tell nothing."""

from __future__ import annotations

from django.db import connection

from agencies.models import Office
from core import clock
from core.crypto import key_ring
from core.numbers import case_number, paper_number, permuted_code


def _next_code(kind: str, office: Office, year: int) -> str:
    # A number names the region and no office: a desk and a centre of one county count together, or two would meet.
    scope = f"{kind}:{office.region_id}:{year}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT caremgmt_next(%s)", [scope])
        ordinal = cursor.fetchone()[0]
    return permuted_code(key_ring().derive("number"), scope, ordinal - 1)


def next_case_number(office: Office) -> str:
    """The next case number of a centre: 530102-2026-7K3F. Inside a verb."""
    year = clock.local(clock.now()).year
    return case_number(office.region_id, year, _next_code("case", office, year))


def next_paper_number(kind_zh: str, office: Office) -> str:
    """The next document number of a kind of paper: 转办〔2026〕530102-7K3F号. Inside a verb."""
    year = clock.local(clock.now()).year
    return paper_number(kind_zh, year, office.region_id, _next_code(kind_zh, office, year))
