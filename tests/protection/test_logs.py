"""Audit and access log are only ever written at their end; what is changed or missing is found."""

from __future__ import annotations

import pytest
from django.db import connection

from cases.models import Case
from core import access, seal
from core.identity import acting_as, as_verb, worker_identity
from core.models import AccessLog, Audit, LogSeal
from tests.permissions.planted import Scene
from tests.protection.sql import NO_RIGHT, ask, refused
from tests.roles import as_owner, as_worker

APPEND_ONLY = "CM004"


def _notes(scene: Scene, count: int = 5) -> None:
    with scene.world.acting("manager") as by:
        trail = access.begin("cases:detail", "127.0.0.1")
        for _ in range(count):
            access.note(
                access.Action.VIEW,
                by=by,
                case_id=scene["accepted"].id,
                office_id=scene.world.offices["wuhua"].pk,
                sections=["header"],
            )
        access.flush(trail)


def _seal() -> int:
    with as_worker():
        return seal.seal_new_rows()


def _broken(scene: Scene) -> list[int]:
    with scene.world.acting("auditor"):
        return [number for verdict in seal.verify() for number in verdict.broken]


def test_web_writes_only_under_its_own_name(scene: Scene) -> None:
    statement = (
        "INSERT INTO core_accesslog (id, at, action, actor_id, actor_name, actor_role, actor_agency, route, object_type, office_id, sections, reason)"
        " VALUES (gen_random_uuid(), now(), 'view', %s, '', '', '', '', '', %s, '', '')"
    )
    office = scene.world.offices["wuhua"].pk
    for person in ("manager", "director", "auditor", "xishan_manager", "system"):
        with scene.world.acting(person):
            ask(statement, [scene.world.users[person].pk, office])
            refused(statement, [scene.world.users["operator"].pk, office])
            refused(statement, [None, office])


@pytest.mark.parametrize("table", ["core_accesslog", "core_audit", "core_logseal"])
@pytest.mark.parametrize("verb", ["UPDATE {0} SET office_id = NULL", "DELETE FROM {0}", "TRUNCATE {0} CASCADE"])
def test_nobody_changes_or_deletes_a_line(scene: Scene, table: str, verb: str) -> None:
    _notes(scene)
    assert _seal() >= 5
    with scene.world.acting("auditor"):
        refused(verb.format(table), code=NO_RIGHT)
    with as_worker(), acting_as(worker_identity("test")):
        refused(verb.format(table), code=NO_RIGHT)
    with as_owner():
        if not verb.startswith("TRUNCATE"):  # the owner may drop what is past its time, with a checkpoint
            refused(verb.format(table), code=APPEND_ONLY)


def test_the_worker_may_set_the_seal_and_nothing_else(scene: Scene) -> None:
    _notes(scene, 1)
    with as_worker(), acting_as(worker_identity("test")):
        refused("UPDATE core_accesslog SET actor_name = 'x'", code=NO_RIGHT)
        refused("UPDATE core_accesslog SET at = now()", code=NO_RIGHT)
        assert AccessLog.objects.filter(seal__isnull=True).exists()


def test_sealing_covers_each_row_once_and_verification_is_content(scene: Scene) -> None:
    _notes(scene)
    assert _seal() >= 5
    assert _seal() == 0
    _notes(scene, 3)
    assert _seal() == 3
    assert _broken(scene) == []
    _notes(scene, 2)
    with scene.world.acting("auditor"):
        mine = [v for v in seal.verify() if v.office_id == scene.world.offices["wuhua"].pk]
    assert (mine[0].links, mine[0].rows, mine[0].unsealed) == (2, 8, 2)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE core_accesslog SET actor_name = 'somebody else' WHERE id = (SELECT id FROM core_accesslog WHERE seal_id IS NOT NULL LIMIT 1)",
        "UPDATE core_accesslog SET at = at + interval '1 second' WHERE id = (SELECT id FROM core_accesslog WHERE seal_id IS NOT NULL LIMIT 1)",
        "UPDATE core_accesslog SET case_id = gen_random_uuid() WHERE id = (SELECT id FROM core_accesslog WHERE seal_id IS NOT NULL LIMIT 1)",
        "DELETE FROM core_accesslog WHERE id = (SELECT id FROM core_accesslog WHERE seal_id IS NOT NULL LIMIT 1)",
        "UPDATE core_logseal SET rows = rows - 1",
        "UPDATE core_logseal SET digest = sha256('x')",
        "DELETE FROM core_logseal WHERE number = 1",
    ],
)
def test_what_the_owner_himself_changes_is_found(scene: Scene, damage: str) -> None:
    _notes(scene)
    _seal()
    _notes(scene)
    _seal()
    assert _broken(scene) == []
    with as_owner(), connection.cursor() as cursor:
        for table in ("core_accesslog", "core_logseal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(damage)
        assert cursor.rowcount > 0
    assert _broken(scene) != []


def test_a_resealed_row_is_found_too(scene: Scene) -> None:
    """Who changes a row and computes the hash anew lacks the key of the signature."""
    _notes(scene)
    _seal()
    with as_owner(), connection.cursor() as cursor:
        for table in ("core_accesslog", "core_logseal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute("UPDATE core_accesslog SET actor_name = 'somebody else'")
        for link in LogSeal.objects.all():
            rows = list(AccessLog.objects.filter(seal=link).order_by("at", "id"))
            cursor.execute(
                "UPDATE core_logseal SET digest = %s WHERE id = %s", [seal._digest(rows, bytes(link.previous)), link.pk]
            )
    assert _broken(scene) != []


def test_logs_hold_no_word_of_a_case(scene: Scene) -> None:
    with as_owner():
        text = "\n".join(
            str(row)
            for table in ("core_audit", "core_accesslog", "core_outboxitem", "core_logseal")
            for row in ask(f"SELECT * FROM {table}")
        )
    assert {secret for secret in scene.everything() if secret in text} - {
        secret for case in scene.cases.values() for secret in case.secrets_of("header")
    } == set()


def test_who_sees_the_log_of_a_case(scene: Scene) -> None:
    _notes(scene)
    sees = {}
    for person in (
        "auditor",
        "director",
        "manager2",
        "xishan_manager",
        "justice_liaison",
        "operator",
        "province",
        "system",
        "supervisor",
    ):
        with scene.world.acting(person):
            sees[person] = AccessLog.objects.filter(case_id=scene["accepted"].id).exists()
    assert sees == dict.fromkeys(sees, False) | {"auditor": True, "director": True, "manager2": True}


def test_the_audit_of_a_verb_is_the_verbs_own(scene: Scene) -> None:
    case = scene["accepted"]
    with scene.world.acting("manager"):
        assert Audit.objects.filter(case_id=case.id, verb="case.assess").count() == 1
        with as_verb([scene["offered"].id]):
            assert not Audit.objects.filter(case_id=case.id).exists()
    with as_owner():
        assert Case._base_manager.count() == len(scene.cases)
