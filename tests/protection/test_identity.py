"""The identity: unset, forged, stolen and replayed ones are worth nothing."""

from __future__ import annotations

import json

import psycopg2
import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from caremgmt.settings import database_password
from cases.models import Case
from core.identity import ANONYMOUS, acting_as
from tests.permissions.planted import Scene
from tests.protection.sql import NO_RIGHT, NOT_SET, NOT_VALID, ask, refused

READS = ("cases_case", "cases_partyidentity", "hotline_contact", "referrals_referral", "cases_workitem", "core_audit")


def _bound() -> tuple[str, str]:
    return ask("SELECT current_setting('app.identity'), current_setting('app.identity_mac')")[0]  # type: ignore[return-value]


def _bind(text: str, mac: str) -> None:
    ask("SELECT set_config('app.identity', %s, true), set_config('app.identity_mac', %s, true)", [text, mac])


@pytest.mark.parametrize("table", READS)
def test_reading_without_an_identity_is_an_error_and_not_an_empty_list(scene: Scene, table: str) -> None:
    refused(f"SELECT count(*) FROM {table}", code=NOT_SET)


def test_the_anonymous_see_no_row(scene: Scene) -> None:
    with acting_as(ANONYMOUS):
        for table in READS:
            if table != "core_accesslog":  # failed logins without a name may be noted by anybody
                assert ask(f"SELECT count(*) FROM {table}") == [(0,)], table


def test_an_identity_ends_with_its_block(scene: Scene) -> None:
    with scene.world.acting("manager"):
        assert Case.objects.exists()
    refused("SELECT count(*) FROM cases_case", code=NOT_SET)


@pytest.mark.parametrize("claim", ["u", "co", "do", "di", "g", "rg", "f", "k", "t", "now"])
def test_a_changed_claim_is_refused(scene: Scene, claim: str) -> None:
    with scene.world.acting("xishan_manager"), transaction.atomic():
        text, mac = _bound()
        claims = json.loads(text)
        claims[claim] = {"k": "worker", "now": 2_000_000_000, "u": str(scene.world.users["manager"].pk)}.get(
            claim, [str(scene.world.offices["wuhua"].pk)]
        )
        _bind(json.dumps(claims), mac)
        refused("SELECT count(*) FROM cases_case", code=NOT_VALID)
        transaction.set_rollback(True)


def test_an_unsigned_identity_is_refused(scene: Scene) -> None:
    with scene.world.acting("manager"), transaction.atomic():
        text, _mac = _bound()
        for mac in ("", "0" * 64):
            _bind(text, mac)
            refused("SELECT count(*) FROM cases_case", code=NOT_VALID)
        transaction.set_rollback(True)


def _as_login(role: str) -> psycopg2.extensions.connection:
    """A connection of the production login itself."""
    database = settings.DATABASES["default"]
    return psycopg2.connect(
        host=database["HOST"],
        port=database["PORT"],
        dbname=database["NAME"],
        user=f"caremgmt_{role}",
        password=database_password(role),
    )


def test_an_identity_read_from_another_session_is_refused(scene: Scene) -> None:
    with scene.world.acting("manager"):
        text, mac = _bound()
    other = _as_login("web")
    try:
        cursor = other.cursor()
        cursor.execute(
            "SELECT set_config('app.identity', %s, true), set_config('app.identity_mac', %s, true)", [text, mac]
        )
        with pytest.raises(psycopg2.Error) as caught:
            cursor.execute("SELECT caremgmt_identity()")
        assert caught.value.pgcode == NOT_VALID
    finally:
        other.close()


def test_an_identity_of_an_earlier_transaction_is_refused() -> None:
    """Same backend, replayed one transaction later."""
    from core.identity import Identity, _sign

    other = _as_login("web")
    try:
        cursor = other.cursor()
        cursor.execute("SELECT pg_backend_pid(), extract(epoch FROM now())::text")
        pid, began = cursor.fetchone()
        text = json.dumps(Identity(kind="worker").claims() | {"pid": pid, "tx": began, "off": 0})
        mac = _sign(text)
        cursor.execute(
            "SELECT set_config('app.identity', %s, false), set_config('app.identity_mac', %s, false)", [text, mac]
        )
        cursor.execute("SELECT caremgmt_identity() IS NOT NULL")
        assert cursor.fetchone() == (True,)  # the very same words are good in the transaction that they were made for
        other.commit()
        with pytest.raises(psycopg2.Error) as caught:
            cursor.execute("SELECT caremgmt_identity()")
        assert caught.value.pgcode == NOT_VALID
    finally:
        other.close()


def test_the_key_of_identities_is_nobodys_to_read(scene: Scene) -> None:
    with scene.world.acting("system"):
        for role in ("caremgmt_web", "caremgmt_verb"):
            with transaction.atomic():
                ask("SELECT set_config('role', %s, true)", [role])
                refused("SELECT inner_pad FROM core_identitykey", code=NO_RIGHT)
                refused("UPDATE core_identitykey SET inner_pad = '', outer_pad = ''", code=NO_RIGHT)
                refused(
                    "SELECT wrapped FROM core_datakey LIMIT 1"
                    if role == "caremgmt_web"
                    else "DELETE FROM core_datakey",
                    code=NO_RIGHT,
                )
                transaction.set_rollback(True)


def test_a_connection_carries_nothing_over(scene: Scene) -> None:
    with pytest.raises(DatabaseError), scene.world.acting("manager"):
        ask("SELECT 1 / 0")
    refused("SELECT count(*) FROM cases_case", code=NOT_SET)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("caremgmt_web",)
