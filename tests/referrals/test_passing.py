"""A letter is passed on inside the agency: access, what is owed and its term go along, and nothing goes further than that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from agencies.enums import Role
from agencies.models import RoleGrant, Unit
from cases.models import Case, PartyIdentity, SafeContact, WorkItem
from cases.services import access
from core.errors import DomainError, NotAllowed, NotFound
from core.identity import as_verb
from referrals import services
from referrals.models import Referral, ReferralNote
from referrals.services.passing import receivers
from tests.referrals.conftest import open_case, send_letter
from tests.roles import as_owner
from tests.world import SINCE, World, broken_promises

pytestmark = pytest.mark.django_db
Login = Callable[[str], Client]


def to(world: World, unit: str, person: str | None = None) -> str:
    return f"{world.units[unit].pk}:{world.users[person].pk}" if person else str(world.units[unit].pk)


def pass_on(world: World, row: Referral, who: str, receiver: str) -> Referral:
    with world.acting(who) as by:
        return services.referral_pass_on(referral_id=row.pk, by=by, version=None, to=receiver, text="由属地派出所办理")


def test_what_is_open_and_owed_goes_along_and_is_open_to_nobody_else(world: World, station: Unit) -> None:
    row = send_letter(world, open_case(world), "police", ask="visit")
    with world.acting("police_liaison") as by:
        services.referral_accept(referral_id=row.pk, by=by, version=row.version)
    with as_owner():
        due = WorkItem._base_manager.get(kind="referral.respond", source_id=row.pk).due_at
    pass_on(world, row, "police_liaison", to(world, "station"))
    with world.acting("station_liaison") as by:
        assert Referral.objects.visible_to(by).get().unit == station
        assert PartyIdentity._base_manager.exists()
        item = WorkItem.objects.owed_by(by).get(kind="referral.respond")
        assert (item.due_at, item.owner_group_id) == (due, station.group_id)
        assert "由属地派出所办理" in ReferralNote.objects.get(kind="passed").text
    for who in ("police_liaison", "police_liaison2", "justice_liaison"):
        with world.acting(who):
            assert not any(model._base_manager.exists() for model in (Referral, Case, PartyIdentity, SafeContact))
            assert not WorkItem._base_manager.filter(done_at__isnull=True).exists()
    with world.acting("station_liaison") as by:
        services.referral_respond(referral_id=row.pk, by=by, version=None, result="done", text="已走访")
    assert broken_promises() == []


def test_before_acceptance_the_colleague_sees_the_letter_and_nothing_else(world: World) -> None:
    case = open_case(world, category="A01", risk="high")
    row = send_letter(world, case, "police", ask="protect", basis="danger", named_liaison=world.users["police_liaison"])
    pass_on(world, row, "police_liaison", to(world, "police", "police_liaison2"))
    with world.acting("police_liaison2") as by:
        assert Referral.objects.visible_to(by).get().named_liaison_id == by.user_id
        assert not Case._base_manager.exists()
        assert WorkItem.objects.owed_by(by).get(kind="referral.accept").owner_user_id == by.user_id
        services.referral_accept(referral_id=row.pk, by=by, version=None)
        assert Case._base_manager.exists()
    with world.acting("police_liaison"):
        assert not Referral._base_manager.exists()


def test_what_was_open_at_once_stays_with_its_taker_only_while_the_letter_stays_in_the_unit(
    world: World, station: Unit
) -> None:
    case = open_case(world, risk="high")
    row = send_letter(world, case, "police", ask="protect", basis="danger", opens_to=world.users["police_liaison"])
    pass_on(world, row, "police_liaison2", to(world, "police", "police_liaison2"))
    with world.acting("police_liaison"):
        assert SafeContact._base_manager.exists()
    pass_on(world, row, "police_liaison2", to(world, "station", "station_liaison"))
    for who in ("police_liaison", "police_liaison2", "station_liaison"):
        with world.acting(who):
            assert not SafeContact._base_manager.exists()
    with as_owner():
        assert Referral._base_manager.get().opened_to_id is None


@pytest.mark.parametrize("within", [True, False])
def test_what_was_open_to_the_named_holder_at_once_goes_along_with_the_letter(
    world: World, station: Unit, within: bool
) -> None:
    taker, place = ("police_liaison2", "police") if within else ("station_liaison", "station")
    holder = world.users["police_liaison"]
    case = open_case(world, category="A01", risk="high")
    row = send_letter(world, case, "police", ask="protect", basis="danger", named_liaison=holder, opens_to=holder)
    pass_on(world, row, "police_liaison", to(world, place, taker))
    with world.acting("police_liaison"):
        assert not SafeContact._base_manager.exists()
    with world.acting(taker):
        assert SafeContact._base_manager.exists()
    with as_owner():
        assert Referral._base_manager.get().opened_to_id == world.users[taker].pk


def test_who_left_and_came_back_is_offered_and_who_left_for_good_is_not(world: World, station: Unit) -> None:
    row = send_letter(world, open_case(world), "police", ask="visit")
    world.person("gone", Role.LIAISON, "police")
    with as_owner():
        ended = dt.date(2021, 1, 1)
        RoleGrant.objects.create(
            user=world.users["police_liaison2"],
            role=Role.LIAISON,
            unit=world.units["justice"],
            since=SINCE,
            until=ended,
        )
        RoleGrant.objects.filter(user=world.users["gone"]).update(until=ended)
        RoleGrant.objects.create(user=world.users["gone"], role=Role.LIAISON, unit=world.units["justice"], since=SINCE)
    with world.acting("police_liaison") as by:
        offered = [value for value, _label in receivers(row, by)]
    assert to(world, "police", "police_liaison2") in offered
    assert to(world, "police", "gone") not in offered


@pytest.mark.parametrize(
    "receiver", ["other_agency", "whole_unit_of_violence", "walled", "no_liaison", "herself", "nonsense"]
)
def test_it_goes_nowhere_else(world: World, station: Unit, receiver: str) -> None:
    case = open_case(world, category="A01", risk="high")
    row = send_letter(world, case, "police", ask="protect", basis="danger", named_liaison=world.users["police_liaison"])
    with world.acting("director"), as_verb([case.pk]):
        access.wall(case_id=case.pk, reason="kin", user_id=world.users["police_liaison2"].pk)
    wanted = {
        "other_agency": to(world, "justice", "justice_liaison"), "whole_unit_of_violence": to(world, "station"),
        "walled": to(world, "police", "police_liaison2"), "no_liaison": to(world, "station", "manager"),
        "herself": to(world, "police", "police_liaison"), "nonsense": "x:y",
    }[receiver]  # fmt: skip
    with pytest.raises(DomainError) as refused:
        pass_on(world, row, "police_liaison", wanted)
    assert refused.value.field == "to"
    with as_owner():
        assert Referral._base_manager.get().named_liaison_id == world.users["police_liaison"].pk


def test_only_the_holder_passes_it_on(world: World, station: Unit) -> None:
    row = send_letter(world, open_case(world), "police", ask="visit")
    for who, error in (("manager", NotAllowed), ("justice_liaison", NotFound), ("station_liaison", NotFound)):
        with pytest.raises(error):
            pass_on(world, row, who, to(world, "station"))
    for who in ("manager", "justice_liaison", "station_liaison"):
        with pytest.raises(DatabaseError), world.acting(who), as_verb([row.case_id]):
            access.pass_on(source_id=row.pk, group_id=station.group_id, user_id=None)
    with pytest.raises(DatabaseError), world.acting("police_liaison"):
        access.pass_on(source_id=row.pk, group_id=station.group_id, user_id=None)  # no verb is being carried out


def test_the_page_offers_colleagues_and_keeps_what_was_typed(world: World, station: Unit, login: Login) -> None:
    row = send_letter(world, open_case(world), "police", ask="visit")
    browser, url = login("police_liaison"), reverse("referrals:pass_on", args=[row.pk])
    page = browser.get(reverse("referrals:detail", args=[row.pk])).content.decode()
    assert world.users["station_liaison"].name in page
    assert world.users["justice_liaison"].name not in page
    answer = browser.post(url, {"version": row.version, "to": "", "text": "写了很久"})
    assert answer.status_code == 422
    assert "写了很久" in answer.content.decode()
    form = {"version": row.version, "to": to(world, "station"), "text": "属地管辖"}
    assert browser.post(url, form)["Location"] == reverse("referrals:inbox")
    assert login("station_liaison").get(reverse("referrals:detail", args=[row.pk])).status_code == 200
    assert browser.get(reverse("referrals:detail", args=[row.pk])).status_code == 404


@pytest.mark.parametrize(
    "bases", [{}, {"identity": "duty"}, {"identity": "duty", "incident": "duty"}], ids=["all", "some", "letter"]
)
@pytest.mark.parametrize("receiver", ["station", "station_liaison"])
def test_her_consent_holds_for_the_body_that_it_names(
    world: World, station: Unit, bases: dict[str, str], receiver: str
) -> None:
    """A consent names one body: a colleague there goes on under it, another unit does not, whatever the agency."""
    row = send_letter(
        world, open_case(world), "police", ask="visit", basis="consent", bases=bases, consent_note="同意请公安分局走访"
    )
    with world.acting("police_liaison") as by:
        row = services.referral_accept(referral_id=row.pk, by=by, version=row.version)
        offered = receivers(row, by)
        assert {code.split(":")[0] for code, _label in offered} == {str(world.units["police"].pk)}
    wanted = to(world, "station") if receiver == "station" else to(world, "station", "station_liaison")
    with pytest.raises(DomainError) as refused:
        pass_on(world, row, "police_liaison", wanted)
    assert (refused.value.code, refused.value.field) == ("consent", "to")
    with world.acting("station_liaison"):
        assert not any(model._base_manager.exists() for model in (Referral, Case, PartyIdentity, SafeContact))
    row = pass_on(world, row, "police_liaison", to(world, "police", "police_liaison2"))
    with world.acting("police_liaison2") as by:
        assert Referral.objects.visible_to(by).get().named_liaison_id == by.user_id
        assert PartyIdentity._base_manager.exists()


def test_the_database_keeps_a_consent_with_its_body(world: World, station: Unit) -> None:
    row = send_letter(
        world, open_case(world), "police", ask="visit", basis="consent", consent_note="同意请公安分局走访"
    )
    with world.acting("police_liaison"), as_verb([row.case_id]):
        for user in (None, world.users["station_liaison"].pk):
            assert access.pass_on(source_id=row.pk, group_id=station.group_id, user_id=user) is False
        colleague = world.users["police_liaison2"].pk
        assert access.pass_on(source_id=row.pk, group_id=world.units["police"].group_id, user_id=colleague)


def test_the_page_says_what_to_do_where_her_consent_names_this_body(world: World, station: Unit, login: Login) -> None:
    row = send_letter(
        world, open_case(world), "police", ask="visit", basis="consent", consent_note="同意请公安分局走访"
    )
    browser = login("police_liaison")
    page = browser.get(reverse("referrals:detail", args=[row.pk])).content.decode()
    assert world.users["police_liaison2"].name in page
    assert world.users["station_liaison"].name not in page
    form = {"version": row.version, "to": to(world, "station"), "text": "属地管辖"}
    answer = browser.post(reverse("referrals:pass_on", args=[row.pk]), form)
    assert answer.status_code == 422
    assert "属地管辖" in answer.content.decode()
