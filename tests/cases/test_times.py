"""Times that people choose: a next step is neither over nor out of everybody's sight, and a mistyped date is no error of ours."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from cases.forms.fields import IdNumberField
from cases.models import Case, ServiceRecord
from cases.services import case as cases
from cases.services import followups, orders
from core import clock
from core.errors import DomainError
from hotline.models import Contact
from hotline.services.contact import contact_begin, contact_draft, contact_log
from legalaid import services as legalaid
from tests.cases.joint_scene import report, together
from tests.cases.scenes import VALUES, client_of
from tests.cases.test_walls import assessed
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("years", "code"), [(-1, "past"), (2, "too_far"), (180, "too_far")])
def test_a_next_step_is_not_planned_where_nobody_looks(world: World, years: int, code: str) -> None:
    """2206 for 2026: the case would keep its promise for 180 years."""
    case = assessed(world)
    moment = clock.now() + dt.timedelta(days=365 * years)
    with world.acting("manager") as by:
        version = Case.objects.get(pk=case.pk).version
        with pytest.raises(DomainError, match=code) as refusal:
            cases.case_plan(case_id=case.pk, by=by, version=version, text="等待开庭", due_at=moment)
        assert refusal.value.field == "due_at"
        with pytest.raises(DomainError, match=code):
            followups.follow_up_plan(case_id=case.pk, by=by, due_at=moment, by_desk=False)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_lists_take_every_day_that_a_date_can_name(world: World, day: str) -> None:
    assert client_of(world, "director").get(reverse("agencies:access-log"), {"day": day}).status_code == 200
    for name in ("since", "until"):
        assert client_of(world, "operator").get(reverse("hotline:list"), {name: day}).status_code == 200
    page = client_of(world, "system").post(
        reverse("agencies:key-new"), {"unit": "", "system": "系统", "valid_until": day}
    )
    assert page.status_code == 422


YEAR_ONE = dt.datetime(1, 1, 1, tzinfo=clock.SHANGHAI)


@pytest.mark.parametrize("typed", ["0001-01-01T00:00", "1026-11-02T10:00"])
def test_a_call_of_another_age_is_refused_and_breaks_no_list(world: World, typed: str) -> None:
    browser = client_of(world, "operator")
    for choice in ({"disposition": "advice"}, {"disposition": "case_opened", "centre": str(world.offices["wuhua"].pk)}):
        with world.acting("operator") as by:
            contact = contact_begin(by=by, office=world.offices["desk"])
        url = reverse("hotline:contact", args=[contact.pk])
        page = browser.post(url, {"occurred_at": typed, "narrative": "来信补录", **choice})
        assert page.status_code == 422
        assert "距今超过十年" in page.content.decode()
        draft = {"occurred_at": typed, "callback_at": typed, "narrative": "来信补录"}
        assert browser.post(reverse("hotline:draft", args=[contact.pk]), draft).status_code == 204
        with world.acting("operator"):
            kept = Contact.objects.get(pk=contact.pk)
            assert (kept.narrative, kept.occurred_at, kept.callback_at) == ("来信补录", contact.occurred_at, None)
    for name in ("hotline:list", "cases:today"):
        assert browser.get(reverse(name)).status_code == 200


def test_the_services_refuse_it_whoever_asks(world: World) -> None:
    with world.acting("operator") as by:
        contact = contact_begin(by=by, office=world.offices["desk"])
        with pytest.raises(DomainError, match="out_of_reach"):
            contact_draft(contact_id=contact.pk, by=by, values={"occurred_at": YEAR_ONE})
        with pytest.raises(DomainError, match="out_of_reach"):
            contact_log(
                contact_id=contact.pk, by=by, values=VALUES | {"disposition": "advice", "occurred_at": YEAR_ONE}
            )
    case, row = together(world)
    with pytest.raises(DomainError, match="out_of_reach"):
        report(world, row, happened_at=YEAR_ONE)
    with world.acting("manager") as by:
        held = legalaid.mediation_plan(
            case_id=case.pk, by=by, at=clock.now() + dt.timedelta(days=2), mediator="施调解员", venue="翠湖社区调解室", she_is_safe=True,
            she_knows=True, source_hidden=True,
        )  # fmt: skip
        with pytest.raises(DomainError, match="out_of_reach"):
            legalaid.mediation_record(
                mediation_id=held.pk, by=by, version=held.version, outcome="agreed", note="x", held_at=YEAR_ONE
            )
        with pytest.raises(DomainError, match="too_far"):
            legalaid.mediation_plan(
                case_id=case.pk, by=by, at=dt.datetime(9999, 12, 31, 23, 59, tzinfo=clock.SHANGHAI), mediator="施调解员",
                venue="翠湖社区调解室", she_is_safe=True, she_knows=True, source_hidden=True,
            )  # fmt: skip
        for issued_on in (dt.date(1, 1, 1), dt.date(1026, 5, 6)):
            with pytest.raises(DomainError, match="out_of_reach"):
                orders.order_record(
                    case_id=case.pk,
                    by=by,
                    kind="written_warning",
                    document_number="告诫1号",
                    issuer="五华分局",
                    issued_on=issued_on,
                )
        assert not ServiceRecord.objects.filter(kind="mediation").exists()


def test_what_happened_years_ago_is_still_entered_later(world: World) -> None:
    with world.acting("operator") as by:
        contact = contact_begin(by=by, office=world.offices["desk"])
        moment = clock.now() - dt.timedelta(days=9 * 365)
        saved = contact_log(
            contact_id=contact.pk, by=by, values=VALUES | {"disposition": "advice", "occurred_at": moment}
        )
        assert saved.occurred_at == moment


def test_nobody_who_comes_was_born_before_1900() -> None:
    with pytest.raises(ValidationError):
        IdNumberField().clean("440524188001010014")
