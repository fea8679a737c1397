"""Make the database's roles: `CAREMGMT_DB_ROLE=owner manage.py db_roles`.

Roles belong to the whole cluster, so a command makes them and not a migration. What each role may do to a table is declared
beside its model and granted by migrations (core/protection.py). Running it again brings passwords up to date and changes nothing else.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from psycopg2 import sql
from psycopg2.extensions import encrypt_password

from core.identity import VERB, WEB, WORKER

LOGINS = {WEB: "web", WORKER: "worker"}
# (group, member): nobody has these rights by being a member, they must be asked for with SET ROLE.
MEMBERSHIPS = [(VERB, WEB), (VERB, WORKER), (WEB, WORKER)]


class Command(BaseCommand):
    help = "Create the database roles web, worker and verb, their passwords and memberships (as owner)."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Create what is missing; refuse roles that could step over row-level security."""
        with transaction.atomic(), connection.cursor() as cursor:
            # Two databases of one cluster may be prepared at the same moment, and roles are shared.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('caremgmt-db-roles'))")
            for role in (VERB, WEB, WORKER):
                self._ensure_role(cursor, role)
            for group, member in MEMBERSHIPS:
                cursor.execute(_sql("GRANT {} TO {} WITH INHERIT FALSE, SET TRUE", group, member))
            cursor.execute(
                "SELECT current_database(), pg_get_userbyid(datdba) = current_user FROM pg_database WHERE datname = current_database()"
            )
            database, is_owner = cursor.fetchone()
            if is_owner:
                self._grant_entry(cursor, database)

    def _ensure_role(self, cursor: Any, role: str) -> None:
        cursor.execute(
            "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb FROM pg_roles WHERE rolname = %s", [role]
        )
        found = cursor.fetchone()
        if found is None:
            cursor.execute(_sql("CREATE ROLE {} NOLOGIN NOINHERIT", role))
        elif found[0]:
            raise CommandError(
                f"The role {role} has rights that would void row-level security; take them from it first."
            )
        if role in LOGINS:
            # The server gets a verifier, never the password, so that it cannot stand in any log.
            verifier = encrypt_password(_password(LOGINS[role]), role, connection.connection, "scram-sha-256")
            cursor.execute(_sql("ALTER ROLE {} LOGIN PASSWORD ", role) + sql.Literal(verifier))

    def _grant_entry(self, cursor: Any, database: str) -> None:
        cursor.execute(_sql("REVOKE ALL ON DATABASE {} FROM PUBLIC", database))
        cursor.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        for role in LOGINS:
            cursor.execute(_sql("GRANT CONNECT ON DATABASE {} TO {}", database, role))
        for role in (VERB, *LOGINS):
            cursor.execute(_sql("GRANT USAGE ON SCHEMA public TO {}", role))


def _sql(text: str, *names: str) -> sql.Composed:
    return sql.SQL(text).format(*map(sql.Identifier, names))


def _password(role: str) -> str:
    """As the settings of web and worker compute it: given by the environment, else derived from SECRET_KEY."""
    given = os.environ.get(f"CAREMGMT_DB_{role.upper()}_PASSWORD")
    return (
        given or hmac.new(settings.SECRET_KEY.encode(), f"caremgmt-db-{role}".encode(), hashlib.sha256).hexdigest()[:32]
    )
