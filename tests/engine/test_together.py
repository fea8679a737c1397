"""What a verb writes goes together where nobody waits for the answer; the order and the ticket stay as they were."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from cases.enums import PartyRole
from cases.models import Case, Fingerprint, Party, PartyIdentity, Person
from cases.services import case as cases
from cases.services.people import PersonData, party_add
from core.identity import as_verb
from tests.engine.racing import opened
from tests.roles import as_owner
from tests.world import World


def _role() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])


def test_a_person_is_written_in_one_round_trip_with_the_history_behind(world: World) -> None:
    case_id, person_id = opened(world), uuid4()
    her = PersonData(PartyRole.RELATIVE, name="刘桂芳", phone="13800001234", person_id=person_id)
    with world.acting("manager"):
        case = Case.objects.get(pk=case_id)
        with as_verb([case_id, person_id]), CaptureQueriesContext(connection) as asked:
            party = party_add(case, her)
    mine = [
        query["sql"]
        for query in asked
        if "cases_party" in query["sql"] and "INSERT" in query["sql"] and "historical" not in query["sql"]
    ]
    assert len(mine) == 1
    assert all(
        f'"cases_{table}"' in mine[0]
        for table in ("person", "party", "partyidentity", "partycontact", "blindgram", "fingerprint")
    )
    with as_owner():
        identity = PartyIdentity._base_manager.get(party=party)
        assert PartyIdentity.history.filter(id=identity.pk, history_type="+").count() == 1
        assert {row.kind for row in Fingerprint.objects.filter(person_id=person_id)} == {"phone", "name"}


def test_the_same_person_twice_stays_one(world: World) -> None:
    case_id, person_id = opened(world), uuid4()
    with world.acting("manager"):
        case = Case.objects.get(pk=case_id)
        with as_verb([case_id, person_id]):
            for role in (PartyRole.RELATIVE, PartyRole.GUARDIAN):
                party_add(case, PersonData(role, name="刘桂芳", person_id=person_id))
    with as_owner():
        assert Person.objects.filter(pk=person_id).count() == 1
        assert Party._base_manager.filter(person_id=person_id).count() == 2


def test_history_holds_each_state_with_the_one_who_made_it(world: World) -> None:
    case_id = opened(world)
    with world.acting("manager") as by:
        version = Case.objects.get(pk=case_id).version
        cases.case_reassess(case_id=case_id, by=by, version=version, risk="high", reasons="刀")
    with as_owner():
        rows = list(Case.history.filter(id=case_id).order_by("version"))
    assert [row.history_type for row in rows][:1] == ["+"]
    assert (rows[-1].risk, rows[-1].version) == ("high", version + 1)
    assert rows[-1].history_user_id == world.users["manager"].pk


def test_a_ticket_that_stands_is_not_sent_again(world: World) -> None:
    case_id = opened(world)
    with world.acting("manager"), as_verb([case_id]):
        with CaptureQueriesContext(connection) as asked, as_verb([case_id]):
            pass
        assert len(asked) == 0
        assert _role() == "caremgmt_verb"
        with CaptureQueriesContext(connection) as asked, as_verb([uuid4()]):
            pass
        assert len(asked) == 2  # another ticket, and back


def test_last_statements_run_under_the_ticket_and_a_failing_one_leaves_the_role_behind(world: World) -> None:
    case_id = opened(world)
    with world.acting("manager"):
        with as_verb([case_id]) as last:
            last.append(("UPDATE cases_case SET touched_at = touched_at WHERE id = %s", [case_id]))
        assert _role() == "caremgmt_web"
        with pytest.raises(DatabaseError, match="division by zero"), transaction.atomic(), as_verb([case_id]) as last:
            last.append(("SELECT 1 / 0", []))
        assert _role() == "caremgmt_web"
        assert Case.objects.filter(pk=case_id).exists()
