"""The article's province as a plan: the same for the same seed, with exactly the article's totals, and nothing before its time."""

from __future__ import annotations

import datetime as dt

import pytest

from caremgmt.demo.loader import SEED
from caremgmt.demo.plan import ARTICLE, Plan, counts_as_assisted, identity_key, make_plan, usual
from core.clock import SHANGHAI

ASSISTANCE = {"mediation", "legal_advice", "legal_aid", "counselling", "interview", "care", "shelter"}


@pytest.fixture(scope="module")
def plan() -> Plan:
    return make_plan(ARTICLE, SEED)


def test_the_same_seed_gives_the_same_plan(plan: Plan) -> None:
    assert make_plan(ARTICLE, SEED) == plan
    assert make_plan(ARTICLE, SEED + 1) != plan


def test_totals_are_the_articles(plan: Plan) -> None:
    services = [service for case in plan.cases for service in case.services]
    assert len(plan.cases) == 788
    assert len(services) + len(plan.advice) == 2985
    assert sum(service.kind == "interview" for service in services) == 273
    assert len({order.id for order in plan.orders}) == 292
    helped = {
        identity_key(service.human)
        for service in services
        if service.kind in ASSISTANCE and counts_as_assisted(service.human)
    }
    assert len(helped) == 945


def test_no_minors_case_ends_because_somebody_does_not_wish_to_continue(plan: Plan) -> None:
    declined = [case.concerns_minor for case in plan.cases if case.close_reason == "declined"]
    assert declined
    assert not any(declined)


def test_nothing_happens_before_the_centre_opened_or_after_the_period(plan: Plan) -> None:
    end = dt.datetime.combine(ARTICLE.end, dt.time(), SHANGHAI)
    for case in plan.cases:
        assert case.received_at.date() >= case.centre.opened_on
        assert case.received_at <= case.accepted_at < end
        assert case.accepted_at <= case.closed_at
        assert all(case.accepted_at <= service.at < end for service in case.services)
    assert all(advice.at < end for advice in plan.advice)
    assert all(order.issued_on < ARTICLE.end for order in plan.orders)


def test_children_are_children_at_every_service(plan: Plan) -> None:
    for case in plan.cases:
        for service in case.services:
            is_child = service.human in case.children or (case.concerns_minor and service.human == case.client)
            assert not is_child or service.at.year - service.human.birth_year < 18


def test_a_period_until_today_ends_with_closed_cases() -> None:
    totals = usual(dt.date(2025, 9, 1), dt.date(2026, 11, 24), 40, until_now=True)
    plan = make_plan(totals, SEED)
    end = dt.datetime.combine(totals.end, dt.time(), SHANGHAI)
    assert max(case.closed_at for case in plan.cases) < end + dt.timedelta(hours=30)
    assert len(plan.cases) == totals.cases
