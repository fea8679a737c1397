"""What the centre writes on a letter that nobody has accepted yet names nobody; which way a letter goes is decided by the locked row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agencies.enums import Role
from agencies.models import RoleGrant, User
from core import clock, engine
from core.errors import DomainError
from referrals import services
from referrals.models import Referral, ReferralChase, ReferralNote
from referrals.views.verbs import VERBS
from tests.referrals.test_chasing import late_by, poll
from tests.roles import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db
WHO = ("刘桂芳来电", "请拨 138-0000-1234", "530102196001011234 的案件")


def accept(world: World, row: Referral, who: str = "justice_liaison") -> None:
    with world.acting(who) as by:
        services.referral_accept(referral_id=row.pk, by=by, version=None)


def entered(world: World, row: Referral, text: str = "李科长电话：已办") -> None:
    with world.acting("manager") as by:
        services.referral_enter(referral_id=row.pk, by=by, version=None, result="done", text=text)


def reopened(world: World, row: Referral, text: str) -> Referral:
    with world.acting("manager") as by:
        return services.referral_reopen(referral_id=row.pk, by=by, version=None, missing=text)


@pytest.mark.parametrize("text", WHO)
def test_nothing_that_tells_who_she_is_reaches_the_unit_before_acceptance(
    world: World, letter: Referral, text: str
) -> None:
    for days in (0, 4):
        poll(late_by(letter, days))
    now = late_by(letter, 4)
    with clock.at(now):
        with world.acting("director") as by, pytest.raises(DomainError, match="names") as told:
            services.referral_supervise(referral_id=letter.pk, by=by, version=None, text=text)
        assert (told.value.field, text in str(told.value.message)) == ("text", False)
        with world.acting("manager") as by, pytest.raises(DomainError, match="names") as told:
            services.referral_convene(
                referral_id=letter.pk, by=by, version=None, on=now + dt.timedelta(days=7), text=text
            )
        assert told.value.field == "text"
        with pytest.raises(DomainError, match="names") as told:
            entered(world, letter, text)
        assert told.value.field == "text"
        entered(world, letter)
        with pytest.raises(DomainError, match="names") as told:
            reopened(world, letter, text)
        assert told.value.field == "missing"
    with world.acting("manager"):
        written = [row.text for model in (ReferralNote, ReferralChase) for row in model._base_manager.all()]
    assert written
    assert not any(text in words for words in written)


def test_after_acceptance_words_may_name_her_but_a_paper_never_does(world: World, letter: Referral) -> None:
    accept(world, letter)
    with as_owner():
        letter.refresh_from_db()
    now = late_by(letter, 4)
    poll(now)
    with clock.at(now):
        with world.acting("director") as by, pytest.raises(DomainError, match="names"):
            services.referral_supervise(referral_id=letter.pk, by=by, version=None, text="刘桂芳一案")
        with world.acting("manager") as by:
            services.referral_convene(
                referral_id=letter.pk, by=by, version=None, on=now + dt.timedelta(days=7), text="刘桂芳一案"
            )
        entered(world, letter, "已为刘桂芳办理")
        assert reopened(world, letter, "刘桂芳的委托书").status == "accepted"


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, Any]], None]:
    """Changes of the letter that another verb makes between the look at it and the lock on it."""

    def arrange(changes: dict[str, Any]) -> None:
        def other(_subjects: object) -> None:
            Referral._base_manager.update(**changes)

        monkeypatch.setattr(engine, "_locks", [other, *engine._locks])

    return arrange


def test_a_refusal_at_a_risk_that_has_just_become_high_stays_the_managers(
    world: World, letter: Referral, meanwhile: Callable[[dict[str, Any]], None]
) -> None:
    meanwhile({"risk": "high"})
    with world.acting("justice_liaison") as by:
        row = services.referral_decline(referral_id=letter.pk, by=by, version=None, reason="already", text="已立案")
    assert (row.status, row.closed_at) == ("declined", None)


def test_what_is_missing_goes_to_who_has_accepted_meanwhile(
    world: World, letter: Referral, meanwhile: Callable[[dict[str, Any]], None]
) -> None:
    entered(world, letter)
    meanwhile({"accepted_at": clock.now()})
    assert reopened(world, letter, "缺委托书").status == "accepted"


def test_a_director_who_is_of_the_late_unit_is_offered_no_paper_against_it(
    world: World, letter: Referral, login: Callable[[str], Client]
) -> None:
    url = reverse("referrals:detail", args=[letter.pk])
    supervise = reverse("referrals:supervise", args=[letter.pk])
    poll(late_by(letter, 0))
    with clock.at(late_by(letter, 0)):
        assert supervise in login("director").get(url).content.decode()
        with as_owner():
            unit, director = world.units["justice"], world.users["director"]
            RoleGrant.objects.create(user=director, role=Role.LIAISON, unit=unit, since=dt.date(2020, 1, 1))
            User.groups.through.objects.create(user=director, group=unit.group)
        assert supervise not in login("director").get(url).content.decode()
        by = world.identity("director")
        assert not VERBS["report"].open_to(letter, by, late=True)
