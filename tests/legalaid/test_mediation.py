"""Mediation is planned where nobody is in danger, and recorded."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from cases.models import Case, ServiceRecord, WorkItem
from cases.services import case as cases
from cases.services.records import service_record
from core import clock
from core.errors import DomainError
from legalaid import services
from legalaid.models import Mediation
from tests.referrals.conftest import open_case
from tests.world import World


def plan(world: World, case: Case, **more: Any) -> Mediation:
    values: dict[str, Any] = {
        "at": clock.now() + dt.timedelta(days=2), "mediator": "施调解员", "venue": "翠湖社区调解室", "she_is_safe": True, "she_knows": True,
        "source_hidden": True}  # fmt: skip
    with world.acting("manager") as by:
        return services.mediation_plan(case_id=case.pk, by=by, **(values | more))


def test_high_risk_blocks_mediation(world: World) -> None:
    case = open_case(world, category="A01", risk="high")
    with pytest.raises(DomainError) as refused:
        plan(world, case)
    assert refused.value.code == "high_risk"


def test_a_risk_that_has_become_high_blocks_what_was_planned(world: World, case: Case) -> None:
    row = plan(world, case)
    with world.acting("manager") as by:
        cases.case_reassess(case_id=case.pk, by=by, version=None, risk="high", reasons="扬言报复")
    with clock.at(row.at + dt.timedelta(hours=2)), world.acting("manager") as by:
        kept = Mediation.objects.get(pk=row.pk)
        assert kept.outcome == "cancelled"
        assert not WorkItem.objects.filter(kind="legalaid.mediate", source_id=row.pk, done_at__isnull=True).exists()
        with pytest.raises(DomainError):
            services.mediation_record(mediation_id=row.pk, by=by, version=kept.version, outcome="agreed", note="x")
        with pytest.raises(DomainError, match="high_risk"):
            service_record(case_id=case.pk, by=by, kind="mediation", happened_at=clock.now())
        assert not ServiceRecord.objects.filter(kind="mediation").exists()


@pytest.mark.parametrize("missing", ["she_is_safe", "she_knows", "source_hidden"])
def test_the_other_side_hears_nothing_before_she_is_safe_and_knows(world: World, case: Case, missing: str) -> None:
    with pytest.raises(DomainError) as refused:
        plan(world, case, **{missing: False})
    assert refused.value.field == missing


def test_planned_owed_recorded_counted(world: World, case: Case) -> None:
    row = plan(world, case)
    with world.acting("manager") as by:
        assert WorkItem.objects.owed_by(by).filter(kind="legalaid.mediate").count() == 1
        with pytest.raises(DomainError) as refused:
            services.mediation_record(mediation_id=row.pk, by=by, version=1, outcome="agreed", note="x", held_at=row.at)
        assert refused.value.code == "future"
    with clock.at(row.at + dt.timedelta(hours=2)), world.acting("manager") as by:
        services.mediation_record(mediation_id=row.pk, by=by, version=1, outcome="agreed", note="每月赡养费八百元")
        assert not WorkItem.objects.owed_by(by).filter(kind="legalaid.mediate").exists()
        assert ServiceRecord.objects.filter(kind="mediation").count() == 1
        with pytest.raises(DomainError):
            services.mediation_record(mediation_id=row.pk, by=by, version=2, outcome="failed", note="x")


def test_the_legal_section_hides_mediations_from_others(world: World, case: Case) -> None:
    plan(world, case)
    for who in ("xishan_manager", "operator", "keeper", "aid_officer"):
        with world.acting(who):
            assert not Mediation.objects.exists(), who
