"""A case turns out to be a minor's after its letters went out: they say so, and what lies with a whole unit gets a name or is recalled."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from agencies.models import Unit
from cases.models import AccessGrant, Case, JointHandling, PartyIdentity, Transfer, WorkItem
from cases.services import access, transfers
from cases.services.people import PersonData
from cases.services.persons import identity_update, person_add
from core import clock
from core.errors import DomainError, NotAllowed
from core.identity import as_verb
from referrals import services
from referrals.conferences import services as conferences
from referrals.conferences.models import Invitation
from referrals.models import Referral
from referrals.services.passing import receivers
from tests.cases import joint_scene
from tests.cases.scenes import as_it_is, party_of
from tests.cases.test_merging import begun, merge
from tests.protection.sql import refused, verb_undone
from tests.referrals import conference_scene
from tests.referrals.conftest import open_case, send_letter
from tests.roles import as_owner
from tests.world import World, broken_promises

pytestmark = pytest.mark.django_db
Login = Callable[[str], Client]


def is_a_child(world: World, case: Case) -> None:
    """The manager corrects the client's year of birth."""
    party = party_of(case)
    with world.acting("manager") as by:
        identity_update(party_id=party, by=by, version=None, values={"birth_year": clock.today().year - 12})


def letter_to_police(world: World, *, accepted: bool = False, **more: object) -> Referral:
    """A letter to the whole unit, which has two liaisons."""
    row = send_letter(world, open_case(world), "police", ask="visit", **more)
    if accepted:
        with world.acting("police_liaison") as by:
            services.referral_accept(referral_id=row.pk, by=by, version=None)
    return row


def named(world: World, row: Referral, liaison: str = "police_liaison2", who: str = "manager") -> Referral:
    with world.acting(who) as by:
        return services.referral_name(referral_id=row.pk, by=by, version=None, named_liaison=world.users[liaison])


def owed(row: Referral | Invitation, kind: str = "referral.name") -> list[WorkItem]:
    with as_owner():
        return list(WorkItem._base_manager.filter(kind=kind, source_id=row.pk, done_at__isnull=True))


def test_everything_that_was_sent_out_says_so(world: World) -> None:
    case = open_case(world)
    open_letter, finished = send_letter(world, case, "police", ask="visit"), send_letter(world, case)
    with world.acting("manager") as by:
        services.referral_recall(referral_id=finished.pk, by=by, version=None)
    conference = conference_scene.convened(world, case, "justice")
    invitation = conference_scene.letter_of(conference, case, world)
    joint = joint_scene.asked(world, case)
    is_a_child(world, case)
    assert as_it_is(case).concerns_minor
    with as_owner():
        assert all(Referral._base_manager.get(pk=row.pk).concerns_minor for row in (open_letter, finished))
        assert Invitation._base_manager.get(pk=invitation.pk).concerns_minor
        assert JointHandling._base_manager.get(pk=joint.pk).concerns_minor
    assert [item.owner_user_id for item in owed(open_letter)] == [world.users["manager"].pk]
    assert not owed(finished)
    assert owed(invitation, "conference.name")
    with world.acting("manager") as by:
        conferences.invitation_withdraw(invitation_id=invitation.pk, by=by, version=None)
    assert not owed(invitation, "conference.name")
    assert broken_promises() == []


def test_a_transfer_that_waits_says_so(world: World) -> None:
    case = begun(world)
    with world.acting("manager") as by:
        row = transfers.transfer_ask(
            case_id=case.pk, by=by, version=None, to_office=world.offices["xishan"], reason="moved", message="已迁居", summary="请接续办理")  # fmt: skip
    is_a_child(world, case)
    with as_owner():
        assert Transfer._base_manager.get(pk=row.pk).concerns_minor


def test_a_child_who_is_added_and_a_minors_case_that_is_merged_say_so_too(world: World) -> None:
    added = begun(world)
    letter = send_letter(world, added, "police", ask="visit")
    with world.acting("manager") as by:
        child = PersonData(role="client", name="小明", birth_year=clock.today().year - 9)
        person_add(case_id=added.pk, by=by, data=child)
    assert owed(letter)
    kept, case = begun(world), begun(world, birth_year=clock.today().year - 9)
    letter = send_letter(world, kept, "police", ask="visit")
    merge(world, case, kept)
    assert owed(letter)
    with as_owner():
        assert Referral._base_manager.get(pk=letter.pk).concerns_minor


def test_from_then_on_the_unit_passes_it_on_to_a_person_only_and_that_settles_it(world: World, station: Unit) -> None:
    row = letter_to_police(world)
    is_a_child(world, as_case(row))
    with world.acting("police_liaison") as by:
        seen = Referral.objects.visible_to(by).get()
        assert str(station.pk) not in [code for code, _label in receivers(seen, by)]
        with pytest.raises(DomainError, match="named_liaison"):
            services.referral_pass_on(referral_id=row.pk, by=by, version=None, to=str(station.pk), text="属地办理")
        services.referral_accept(referral_id=row.pk, by=by, version=None)
    assert owed(row)  # whoever of the unit has accepted it, all of it read it
    with world.acting("police_liaison") as by:
        to = f"{row.unit_id}:{world.users['police_liaison2'].pk}"
        services.referral_pass_on(referral_id=row.pk, by=by, version=None, to=to, text="由专人办理")
    assert not owed(row)


def as_case(row: Referral) -> Case:
    with as_owner():
        return Case._base_manager.get(pk=row.case_id)


def test_who_is_named_has_it_alone_with_what_was_open_and_owed(world: World) -> None:
    row = letter_to_police(world, accepted=True)
    is_a_child(world, as_case(row))
    with as_owner():
        due = WorkItem._base_manager.get(kind="referral.respond", source_id=row.pk).due_at
    named(world, row)
    assert not owed(row)
    with world.acting("police_liaison2") as by:
        assert Referral.objects.visible_to(by).get().named_liaison_id == by.user_id
        assert PartyIdentity._base_manager.exists()
        item = WorkItem.objects.owed_by(by).get(kind="referral.respond")
        assert (item.due_at, item.owner_user_id) == (due, by.user_id)
    with world.acting("police_liaison"):
        assert not any(model._base_manager.exists() for model in (Referral, Case, PartyIdentity))
    with world.acting("police_liaison2") as by:
        services.referral_respond(referral_id=row.pk, by=by, version=None, result="done", text="已走访")
        assert broken_promises() == []


def test_before_acceptance_nothing_opens_by_it_and_what_was_open_at_once_to_another_ends(world: World) -> None:
    case = open_case(world, risk="high")
    row = send_letter(world, case, "police", ask="protect", basis="danger", opens_to=world.users["police_liaison"])
    is_a_child(world, case)
    assert owed(row)[0].is_urgent
    assert named(world, row).opened_to_id is None
    with world.acting("police_liaison"):
        assert not Referral._base_manager.exists()
        assert not AccessGrant._base_manager.filter(withdrawn_at=None).exists()
    with world.acting("police_liaison2") as by:
        assert Referral.objects.visible_to(by).get() == row
        assert not Case._base_manager.exists()
        services.referral_accept(referral_id=row.pk, by=by, version=None)
        assert Case._base_manager.exists()


def test_only_the_centre_names_only_a_liaison_of_the_unit_for_whom_the_case_exists(world: World) -> None:
    row = letter_to_police(world)
    with pytest.raises(DomainError, match="wrong_status"):  # nothing waits for a name yet
        named(world, row)
    is_a_child(world, as_case(row))
    with pytest.raises(NotAllowed):
        named(world, row, who="police_liaison")
    with pytest.raises(DomainError, match="named_liaison"):
        named(world, row, "justice_liaison")
    with world.acting("manager"), as_verb([row.case_id]):
        access.wall(case_id=row.case_id, reason="kin", user_id=world.users["police_liaison2"].pk)
    with pytest.raises(DomainError, match="named_liaison"):
        named(world, row)
    assert named(world, row, "police_liaison").named_liaison_id == world.users["police_liaison"].pk
    with pytest.raises(DomainError, match="wrong_status"):
        named(world, row, "police_liaison")


@pytest.mark.parametrize("who", ["police_liaison", "xishan_manager", "justice_liaison"])
def test_the_database_lets_nobody_else_give_it_to_a_person(world: World, who: str) -> None:
    row = letter_to_police(world)
    me = world.users[who].pk
    statement = "SELECT caremgmt_name_holder(%s, %s, %s)"
    with world.acting(who), verb_undone(row.case_id):
        refused(statement, [row.pk, row.group_id, me], code="CM021")
    with world.acting("manager"):
        refused(statement, [row.pk, row.group_id, me], code="CM021")  # no verb is being carried out


def test_a_recalled_letter_owes_no_name_and_one_that_is_asked_again_does(world: World) -> None:
    row = letter_to_police(world, accepted=True)
    with world.acting("police_liaison") as by:
        services.referral_respond(referral_id=row.pk, by=by, version=None, result="done", text="已走访")
    is_a_child(world, as_case(row))
    assert not owed(row)  # the unit owes nothing
    with world.acting("manager") as by:
        services.referral_reopen(referral_id=row.pk, by=by, version=None, missing="请补充走访记录")
    assert owed(row)
    with world.acting("manager") as by:
        services.referral_recall(referral_id=row.pk, by=by, version=None)
    assert not owed(row)


def test_the_page_leads_from_the_work_item_to_the_name(world: World, login: Login) -> None:
    row = letter_to_police(world)
    browser, url = login("manager"), reverse("referrals:name", args=[row.pk])
    page = reverse("referrals:detail", args=[row.pk])
    assert url not in browser.get(page).content.decode()
    is_a_child(world, as_case(row))
    item = owed(row)[0]
    assert browser.get(reverse("cases:work", args=[item.pk])).headers["Location"].startswith(page)
    shown = browser.get(page).content.decode()
    assert url in shown
    assert world.users["police_liaison2"].name in shown
    with as_owner():
        version = Referral._base_manager.get(pk=row.pk).version
    form = {"version": version, "request_key": str(uuid4())}
    assert browser.post(url, form).status_code == 422
    other = browser.post(url, form | {"named_liaison": str(world.users["justice_liaison"].pk)})
    assert other.status_code == 422
    for _press in range(2):
        answer = browser.post(url, form | {"named_liaison": str(world.users["police_liaison2"].pk)})
        assert (answer.status_code, answer.headers["Location"]) == (302, page)
    assert url not in browser.get(page).content.decode()
    assert not owed(row)
