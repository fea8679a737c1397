"""Who may be given what of a conference, who signs its minutes, and what becomes of letters that nobody answered."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document

from agencies.models import RoleGrant
from cases.models import AccessGrant, Case, WorkItem
from cases.services import access
from core import clock
from core.errors import DomainError, NotAllowed
from core.identity import as_verb
from referrals.conferences import services
from referrals.conferences.models import Conference, Decision, Invitation, MinuteText, Seat
from referrals.conferences.services import Invitee
from tests.referrals.conference_scene import HOUR, accepted, convened, held, item_of, letter_of, present
from tests.roles import as_owner
from tests.world import SINCE, World, broken_promises

pytestmark = pytest.mark.django_db
Login = Callable[[str], Client]


def to(name: str, *args: object) -> str:
    return reverse(f"referrals:{name}", args=args)


def decided(world: World, conference: Conference, case: Case, **more: object) -> Decision:
    values = {
        "measure": "每周走访",
        "due_at": clock.now() + 48 * HOUR,
        "invitee": Invitee(world.units["police"]),
    } | more
    with world.acting("manager") as by:
        return services.decision_add(item_id=item_of(conference, case).pk, by=by, **values)


def invited(world: World, conference: Conference, case: Case, unit: str = "justice") -> Invitation:
    with world.acting("manager") as by:
        return services.invitation_send(item_id=item_of(conference, case).pk, by=by, invitee=Invitee(world.units[unit]))


def left(world: World, letter: Invitation, how: str) -> None:
    with world.acting("justice_liaison") as by:
        if how == "decline":
            services.invitation_decline(invitation_id=letter.pk, by=by, version=None, regret="conflict")
        else:
            services.invitation_recuse(invitation_id=letter.pk, by=by, version=None)


def minuted(world: World, conference: Conference) -> None:
    with world.acting("manager") as by:
        services.conference_minute(conference_id=conference.pk, by=by, version=None)


def signed(world: World, conference: Conference, who: str) -> None:
    with world.acting(who) as by:
        services.conference_sign(conference_id=conference.pk, by=by, version=None)


@pytest.mark.parametrize(
    ("field", "words"), [("measure", "陪刘桂芳就医"), ("measure", "拨打13800001234"), ("responsible", "刘桂芳")]
)
def test_a_measure_that_names_her_reaches_nobody(world: World, case: Case, field: str, words: str) -> None:
    conference = convened(world, case)
    held(world, conference)
    with pytest.raises(DomainError, match="names") as told:
        decided(world, conference, case, **{field: words})
    assert (told.value.field, words in str(told.value.message)) == (field, False)
    with as_owner():
        assert not Decision._base_manager.exists()


def test_what_the_centre_enters_for_a_unit_names_nobody(world: World, case: Case) -> None:
    conference = convened(world, case)
    held(world, conference)
    row = decided(world, conference, case)
    with world.acting("manager") as by:
        with pytest.raises(DomainError, match="names") as told:
            services.decision_finish(decision_id=row.pk, by=by, version=None, note="已陪刘桂芳就医")
        assert told.value.field == "note"
        services.decision_finish(decision_id=row.pk, by=by, version=None, note="已陪当事人就医")


@pytest.mark.parametrize("walled", ["unit", "liaison"])
def test_a_measure_goes_to_nobody_behind_a_wall(world: World, case: Case, walled: str) -> None:
    conference = convened(world, case)
    held(world, conference)
    unit, liaison = world.units["police"], world.users["police_liaison"]
    holder = {"group_id": unit.group_id} if walled == "unit" else {"user_id": liaison.pk}
    with world.acting("director"), as_verb([case.pk]):
        access.wall(case_id=case.pk, reason="kin", **holder)
    with pytest.raises(DomainError, match="walled") as told:
        decided(world, conference, case, invitee=Invitee(unit, liaison if walled == "liaison" else None))
    with pytest.raises(DomainError, match="walled") as elsewhere, world.acting("manager") as by:
        services.invitation_send(
            item_id=item_of(conference, case).pk, by=by, invitee=Invitee(unit, liaison if walled == "liaison" else None)
        )
    assert (told.value.field, str(told.value.message)) == ("owner", str(elsewhere.value.message))
    with as_owner():
        assert not Decision._base_manager.exists()


def test_a_body_that_called_off_and_is_invited_again_finds_its_chair_and_its_words(world: World, case: Case) -> None:
    conference = convened(world, case)
    letter = accepted(world, letter_of(conference, case, world))
    held(world, conference)
    with world.acting("justice_liaison") as by:
        opinion = MinuteText.objects.visible_to(by).get(seat__unit=world.units["justice"])
        services.minute_write(text_id=opinion.pk, by=by, version=None, text="可指派律师。")
    left(world, letter, "decline")
    again = accepted(world, invited(world, conference, case))
    assert again.pk != letter.pk
    with world.acting("justice_liaison") as by:
        assert Seat.objects.visible_to(by).filter(unit=world.units["justice"]).count() == 1
        assert MinuteText.objects.visible_to(by).get(seat__unit=world.units["justice"]).text == "可指派律师。"
        assert Case._base_manager.exists()
    present(world, item_of(conference, case), "justice")
    assert broken_promises() == []


def test_a_recused_body_is_not_asked_again_to_the_same_item(world: World, case: Case) -> None:
    conference = convened(world, case)
    left(world, accepted(world, letter_of(conference, case, world)), "recuse")
    with pytest.raises(DomainError, match="recused") as told:
        invited(world, conference, case)
    assert told.value.field == "units"
    with as_owner():
        assert Invitation._base_manager.filter(unit=world.units["justice"]).count() == 1


def test_what_nobody_answered_ends_when_the_minutes_go_out(world: World, case: Case) -> None:
    conference = convened(world, case, "justice", "police")
    accepted(world, letter_of(conference, case, world))
    silent = letter_of(conference, case, world, "police")
    held(world, conference)
    present(world, item_of(conference, case), "justice")
    minuted(world, conference)
    with as_owner():
        silent.refresh_from_db()
        assert silent.status == "withdrawn"
        owed = WorkItem._base_manager.filter(case=case, done_at__isnull=True)
        assert not owed.filter(source_id=silent.pk).exists()
        assert owed.filter(kind="conference.sign").exists()
        assert WorkItem._base_manager.get(kind="conference.answer", source_id=silent.pk).outcome == "cancelled"
        assert not AccessGrant._base_manager.filter(source_id=silent.pk, withdrawn_at__isnull=True).exists()
        assert letter_of(conference, case, world).status == "accepted"
    with world.acting("police_liaison"):
        assert not Invitation._base_manager.exists()
    assert broken_promises() == []


def test_the_chair_signs_and_of_the_others_the_director_alone(world: World, case: Case, login: Login) -> None:
    conference = convened(world, case)
    held(world, conference)
    minuted(world, conference)
    with pytest.raises(NotAllowed):
        signed(world, conference, "manager2")
    sign, room = to("conference-sign", conference.pk), to("conference", conference.pk)
    shown = {who: sign in login(who).get(room).content.decode() for who in ("manager", "manager2", "director")}
    assert shown == {"manager": True, "manager2": False, "director": True}
    assert login("manager2").post(sign).status_code == 403


@pytest.mark.parametrize("who", ["manager", "director"])
def test_the_paper_names_who_truly_signed(world: World, case: Case, login: Login, who: str) -> None:
    conference = convened(world, case)
    accepted(world, letter_of(conference, case, world))
    held(world, conference)
    minuted(world, conference)
    if who == "director":  # the chair has left the centre
        with as_owner():
            RoleGrant.objects.filter(user=world.users["manager"]).update(until=SINCE)
    signed(world, conference, who)
    word = login("justice_liaison").get(to("minutes-docx", item_of(conference, case).pk)).content
    lines = [paragraph.text for paragraph in Document(io.BytesIO(word)).paragraphs]
    line = next(text for text in lines if "签发" in text)
    assert world.users["manager"].name in line
    assert (world.users["director"].name in line) == (who == "director")
