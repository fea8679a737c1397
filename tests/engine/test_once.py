"""A verb does its work once, whole or not at all, and says what somebody else has changed meanwhile."""

from __future__ import annotations

import threading
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import translation

from cases.enums import CaseStatus, Risk
from cases.models import Case, PartyIdentity, SectionText, ServiceRecord, TimelineEntry, WorkItem
from cases.services import case as cases
from cases.services.persons import identity_update
from cases.services.records import service_record
from core import clock, engine
from core.errors import DuplicateRequest, NotAllowed, NotFound, StaleVersion
from core.models import Audit, OutboxItem
from tests.engine.racing import committed_world, opened, together
from tests.roles import as_owner
from tests.world import World, broken_promises


def _record(world: World, case_id: UUID, key: UUID, person: str = "manager") -> list[ServiceRecord]:
    with world.acting(person) as by:
        return service_record(case_id=case_id, by=by, kind="legal_advice", happened_at=clock.now(), key=key)


def _counts() -> dict[str, int]:
    with as_owner():
        return {
            model.__name__: model._base_manager.count()
            for model in (Case, ServiceRecord, TimelineEntry, WorkItem, Audit, OutboxItem)
        }


def test_the_same_request_is_carried_out_once(world: World) -> None:
    case_id, key = opened(world), uuid4()
    _record(world, case_id, key)
    before = _counts()
    with pytest.raises(DuplicateRequest) as caught:
        _record(world, case_id, key)
    assert caught.value.object_id == case_id
    assert _counts() == before
    _record(world, case_id, uuid4())
    assert _counts()["ServiceRecord"] == before["ServiceRecord"] + 1


def test_opening_twice_with_one_key_opens_one_case(world: World) -> None:
    from cases.models import Category

    key = uuid4()

    def open_it() -> Case:
        with world.acting("manager") as by:
            new = cases.NewCase(
                office=world.offices["wuhua"], category=Category.objects.get(pk="A06"), channel="walk_in", persons=[]
            )
            return cases.case_open(by=by, new=new, key=key)

    made = open_it()
    with pytest.raises(DuplicateRequest) as caught:
        open_it()
    assert caught.value.object_id == made.pk
    assert _counts()["Case"] == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_request_twice_at_the_same_moment_is_carried_out_once() -> None:
    world = committed_world()
    case_id, key = opened(world), uuid4()

    def act(barrier: threading.Barrier) -> Any:
        with world.acting("manager") as by:
            barrier.wait()
            return service_record(case_id=case_id, by=by, kind="legal_advice", happened_at=clock.now(), key=key)

    results = together(act, act)
    assert sorted(type(result).__name__ for result in results) == ["DuplicateRequest", "list"]
    with as_owner():
        assert ServiceRecord._base_manager.count() == 1
        assert Audit.objects.filter(request_key=key).count() == 1
    assert broken_promises() == []


def _in_words(error: StaleVersion) -> dict[str, tuple[str, str]]:
    with translation.override("en"):
        return {str(change.label): (str(change.was), str(change.now)) for change in error.changes}


def test_a_stale_page_hears_what_changed(world: World) -> None:
    case_id = opened(world)
    with world.acting("manager") as by:
        row = PartyIdentity.objects.get(case_id=case_id)
        version, values = row.version, {"name": "刘桂芳", "gender": "female"}
        identity_update(party_id=row.party_id, by=by, version=version, values=values | {"name": "刘桂芬"})
    with world.acting("manager2") as by, pytest.raises(StaleVersion) as caught:
        identity_update(party_id=row.party_id, by=by, version=version, values=values | {"name": "刘贵芳"})
    changes = _in_words(caught.value)
    assert changes["Name"] == ("刘桂芳", "刘桂芬")
    assert "version" not in changes
    with world.acting("manager"):
        assert PartyIdentity.objects.get(case_id=case_id).name == "刘桂芬"


def test_a_stale_case_names_status_in_words(world: World) -> None:
    case_id = opened(world, assessed=False)
    with world.acting("manager") as by:
        version = Case.objects.get(pk=case_id).version
        cases.case_assess(case_id=case_id, by=by, version=version, risk="high", reasons="x")
    with world.acting("manager2") as by, pytest.raises(StaleVersion) as caught:
        cases.case_refuse(case_id=case_id, by=by, version=version, reason="duplicate", pointed_to="x")
    changes = _in_words(caught.value)
    assert changes["Status"] == (CaseStatus.RECEIVED.label, CaseStatus.ASSESSED.label)
    assert changes["Risk"] == (Risk.UNKNOWN.label, Risk.HIGH.label)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_change_the_same_version_one_is_told() -> None:
    world = committed_world()
    case_id = opened(world)
    with world.acting("manager"):
        version = Case.objects.get(pk=case_id).version

    def act(person: str) -> Any:
        def run(barrier: threading.Barrier) -> Any:
            with world.acting(person) as by:
                barrier.wait()
                return cases.case_reassess(case_id=case_id, by=by, version=version, risk="high", reasons=person)

        return run

    results = together(act("manager"), act("manager2"))
    assert sorted(type(result).__name__ for result in results) == ["Case", "StaleVersion"]


@pytest.fixture
def failing_effect() -> Any:
    """An effect that breaks after everything else was written."""

    def fail(act: Any) -> None:
        raise RuntimeError("an effect broke")

    engine.register_effect(fail)
    yield fail
    engine._effects.remove(fail)


def test_a_failing_effect_takes_everything_back(world: World, failing_effect: Any) -> None:
    engine._effects.remove(failing_effect)
    case_id = opened(world)
    engine._effects.append(failing_effect)
    before = _counts()
    with world.acting("manager") as by:
        version = Case.objects.get(pk=case_id).version
        with pytest.raises(RuntimeError, match="an effect broke"):
            cases.section_write(case_id=case_id, section="medical", by=by, version=None, text="伤情")
        with pytest.raises(RuntimeError):
            cases.case_reassess(case_id=case_id, by=by, version=version, risk="high", reasons="x")
        assert not SectionText.objects.filter(section="medical").exists()
        assert Case.objects.get(pk=case_id).risk == "low"
        assert Case.objects.get(pk=case_id).version == version
    assert _counts() == before


def test_the_audit_row_is_written_in_the_verbs_own_transaction(world: World) -> None:
    case_id, key = opened(world), uuid4()
    _record(world, case_id, key)
    with as_owner():
        row = Audit.objects.get(request_key=key)
        assert (row.verb, row.case_id, row.actor_id, row.actor_role) == (
            "service.record",
            case_id,
            world.users["manager"].pk,
            "manager",
        )
        (xmin_audit, xmin_entry) = (
            Audit.objects.filter(pk=row.pk).extra(select={"x": "xmin::text"}).values_list("x", flat=True)[0],
            TimelineEntry._base_manager.filter(kind="service.recorded")
            .extra(select={"x": "xmin::text"})
            .values_list("x", flat=True)[0],
        )
    assert xmin_audit == xmin_entry


def test_every_verb_leaves_its_audit_row(world: World) -> None:
    case_id = opened(world)
    with as_owner():
        verbs = list(Audit.objects.filter(case_id=case_id).order_by("at").values_list("verb", flat=True))
    assert verbs == ["case.open", "case.assess"]


def test_out_of_scope_and_missing_are_the_same_and_without_right_is_another(world: World) -> None:
    case_id = opened(world)
    with world.acting("xishan_manager") as by:
        with pytest.raises(NotFound):
            cases.case_reassess(case_id=case_id, by=by, version=None, risk="high", reasons="x")
        with pytest.raises(NotFound):
            cases.case_reassess(case_id=uuid4(), by=by, version=None, risk="high", reasons="x")
    from cases.services import access
    from core.identity import as_verb

    with world.acting("manager"), as_verb([case_id]):
        access.grant(
            case_id=case_id,
            sections=["risk"],
            source_kind="task",
            source_id=case_id,
            basis="duty",
            user_id=world.users["expert"].pk,
        )
    with world.acting("expert") as by, pytest.raises(NotAllowed):
        cases.case_reassess(case_id=case_id, by=by, version=None, risk="high", reasons="x")
