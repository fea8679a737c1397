"""The promise, asked of a running product's database."""

from __future__ import annotations

import psycopg2

QUESTION = """
    SELECT (SELECT count(*) FROM cases_case c WHERE c.status IN ('received', 'assessed', 'in_progress', 'follow_up')
            AND NOT EXISTS (SELECT 1 FROM cases_workitem w WHERE w.case_id = c.id AND w.done_at IS NULL))
         + (SELECT count(*) FROM hotline_contact k WHERE k.status = 'open'
            AND NOT EXISTS (SELECT 1 FROM cases_workitem w WHERE w.contact_id = k.id AND w.done_at IS NULL))
"""


def broken_promises_of(env: dict[str, str]) -> int:
    """How many open cases and contacts have no next step; asked as the owner."""
    connection = psycopg2.connect(env["DATABASE_URL"])
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(QUESTION)
            return int(cursor.fetchone()[0])
    finally:
        connection.close()
