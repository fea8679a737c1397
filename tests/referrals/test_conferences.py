"""A conference from the first thought to the last measure done, and who sees what of it on the way."""

from __future__ import annotations

import datetime as dt

import pytest

from agencies.enums import Role
from cases.models import Booking, Case, PartyContact, PartyIdentity, SafeContact, SectionText, WorkItem
from cases.permissions import open_sections
from cases.services import access
from cases.services import case as cases
from core import clock
from core.errors import DomainError, NotAllowed, NotFound, StaleVersion
from core.identity import as_verb
from referrals.conferences import services
from referrals.conferences.models import AgendaItem, Conference, Decision, Invitation, MinuteText, Seat
from referrals.conferences.services import Invitee
from tests.referrals.conference_scene import (
    HOUR,
    accepted,
    convened,
    facts_of,
    held,
    item_of,
    letter_of,
    matter,
    meeting,
    present,
    room_of,
)
from tests.referrals.conftest import open_case
from tests.roles import as_owner
from tests.world import World

TABLES = (Conference, AgendaItem, Invitation, Seat, MinuteText, Decision)


def sees(world: World, who: str) -> dict[str, int]:
    """How many rows of each table `who` gets by row-level security alone; the scopes must say the same."""
    with world.acting(who) as by:
        found = {model.__name__: model._base_manager.count() for model in TABLES}
        for model in TABLES:
            assert model.objects.visible_to(by).count() == found[model.__name__], model
        return found


def owed(kind: str, source: object) -> WorkItem | None:
    with as_owner():
        return WorkItem._base_manager.filter(kind=kind, source_id=source, done_at__isnull=True).first()


NOTHING = dict.fromkeys(("Conference", "AgendaItem", "Invitation", "Seat", "MinuteText", "Decision"), 0)


def test_before_acceptance_a_body_sees_its_letter_and_no_case(world: World, case: Case) -> None:
    conference = convened(world, case)
    assert sees(world, "justice_liaison") == NOTHING | {"Conference": 1, "Invitation": 1}
    assert sees(world, "police_liaison") == NOTHING
    assert sees(world, "xishan_manager") == NOTHING
    with world.acting("justice_liaison"):
        assert Case._base_manager.count() == 0
        assert SectionText._base_manager.count() == 0
    letter = letter_of(conference, case, world)
    assert owed("conference.answer", letter.pk).owner_group_id == world.units["justice"].group_id  # type: ignore[union-attr]
    assert owed("conference.hold", item_of(conference, case).pk).owner_user_id == world.users["manager"].pk  # type: ignore[union-attr]


def test_accepting_needs_the_pledge_and_opens_the_shared_sections(world: World, case: Case) -> None:
    letter = letter_of(convened(world, case), case, world)
    with world.acting("justice_liaison") as by, pytest.raises(DomainError, match="pledge"):
        services.invitation_accept(invitation_id=letter.pk, by=by, version=None, pledge=False)
    accepted(world, letter)
    with world.acting("justice_liaison") as by:
        assert {row.section for row in SectionText.objects.visible_to(by)} == {"incident"}
        assert Case.objects.visible_to(by).get().pk == case.pk
    assert sees(world, "justice_liaison") == NOTHING | {
        "Conference": 1, "Invitation": 1, "AgendaItem": 1, "Seat": 2, "MinuteText": 3,
    }  # fmt: skip


def test_a_body_of_one_item_learns_nothing_of_the_other(world: World, case: Case) -> None:
    """Not the case, not the item, not the bodies at it, not even that there is one."""
    other = open_case(world)
    conference = convened(world, case, "justice")
    with world.acting("manager") as by:
        services.item_add(conference_id=conference.pk, case_id=other.pk, by=by, matter=matter(world, "police"))
    accepted(world, letter_of(conference, case, world))
    accepted(world, letter_of(conference, other, world, "police"), "police_liaison")
    for who, mine in (("justice_liaison", case), ("police_liaison", other)):
        with world.acting(who) as by:
            assert {row.case_id for row in AgendaItem._base_manager.all()} == {mine.pk}
            assert {row.case_id for row in Seat._base_manager.all()} == {mine.pk}
            assert {row.case_id for row in Invitation._base_manager.all()} == {mine.pk}
            assert {row.case_id for row in MinuteText._base_manager.all()} == {mine.pk}
            assert [row.pk for row in Case.objects.visible_to(by)] == [mine.pk]


@pytest.mark.parametrize("how", ["decline", "recuse", "withdraw", "cancel", "close"])
def test_access_ends_at_once(world: World, case: Case, how: str) -> None:
    conference = convened(world, case)
    letter = accepted(world, letter_of(conference, case, world))
    if how in ("decline", "recuse"):
        with world.acting("justice_liaison") as by:
            more = {"regret": "conflict"} if how == "decline" else {}
            verb = services.invitation_decline if how == "decline" else services.invitation_recuse
            verb(invitation_id=letter.pk, by=by, version=None, **more)
    elif how == "close":
        held(world, conference)
        with world.acting("manager") as by:
            services.conference_minute(conference_id=conference.pk, by=by, version=None)
            services.conference_sign(conference_id=conference.pk, by=by, version=None)
            services.conference_close(conference_id=conference.pk, by=by, version=None)
    else:
        with world.acting("manager") as by:
            if how == "withdraw":
                services.invitation_withdraw(invitation_id=letter.pk, by=by, version=None)
            else:
                services.conference_cancel(conference_id=conference.pk, by=by, version=None, text="已和解")
    with world.acting("justice_liaison"):
        assert Case._base_manager.count() == 0
        assert SectionText._base_manager.count() == 0
    if how == "close":  # the minutes are its own paper
        assert sees(world, "justice_liaison")["MinuteText"] == 3
    else:
        assert sees(world, "justice_liaison") == NOTHING


def test_staff_behind_a_wall_does_not_see_the_conference(world: World, case: Case) -> None:
    conference = convened(world, case)
    with world.acting("director"), as_verb([case.pk]):
        access.wall(case_id=case.pk, reason="kin", user_id=world.users["manager2"].pk)
    assert sees(world, "manager2") == NOTHING
    assert sees(world, "director")["Conference"] == 1
    with world.acting("manager2") as by, pytest.raises(NotFound):
        services.conference_cancel(conference_id=conference.pk, by=by, version=None, text="x")


def test_a_walled_unit_cannot_be_invited(world: World, case: Case) -> None:
    with world.acting("director"), as_verb([case.pk]):
        access.wall(case_id=case.pk, reason="kin", group_id=world.units["justice"].group_id)
    with pytest.raises(DomainError, match="walled") as told:
        convened(world, case)
    assert told.value.field == "units"


def test_violence_goes_to_a_named_liaison_alone(world: World) -> None:
    case = open_case(world, category="A01", risk="high")
    with pytest.raises(DomainError, match="named_liaison"):
        convened(world, case, "police")
    with world.acting("manager") as by:
        named = matter(
            world,
            invitees=[Invitee(world.units["police"], world.users["police_liaison"])],
            sections=["identity", "evidence"],
        )
        services.conference_convene(case_id=case.pk, by=by, meeting=meeting(world), matter=named)
    assert sees(world, "police_liaison")["Invitation"] == 1
    assert sees(world, "police_liaison2") == NOTHING


def test_a_named_liaison_who_has_left_the_unit_keeps_neither_letter_nor_case(world: World) -> None:
    case = open_case(world, category="A01", risk="high")
    with world.acting("manager") as by:
        named = matter(
            world, invitees=[Invitee(world.units["police"], world.users["police_liaison"])], sections=["identity", "contact"]
        )  # fmt: skip
        conference = services.conference_convene(case_id=case.pk, by=by, meeting=meeting(world), matter=named)
    accepted(world, letter_of(conference, case, world, "police"), "police_liaison")
    with world.acting("police_liaison") as by:
        assert open_sections(by, case) == {"header", "letter", "identity", "contact", "safe_contact"}
        assert SafeContact._base_manager.exists()
    world.moves("police_liaison", Role.LIAISON, "court")
    assert sees(world, "police_liaison") == NOTHING
    with world.acting("police_liaison") as by:
        assert open_sections(by, case) == frozenset()
        assert not Case.objects.visible_to(by).exists()
        for model in (Case, PartyIdentity, PartyContact, SafeContact):
            assert not model._base_manager.exists(), model


def test_a_liaison_who_owes_a_measure_and_leaves_the_unit_holds_nothing_of_it(world: World, case: Case) -> None:
    conference = convened(world, case)
    held(world, conference)
    with world.acting("manager") as by:
        services.decision_add(
            item_id=item_of(conference, case).pk, by=by, measure="每周走访", due_at=clock.now() + 48 * HOUR,
            invitee=Invitee(world.units["police"], world.users["police_liaison"]),
        )  # fmt: skip
    assert sees(world, "police_liaison2") == NOTHING
    assert sees(world, "police_liaison") == NOTHING | {"Decision": 1}
    world.moves("police_liaison", Role.LIAISON, "court")
    assert sees(world, "police_liaison") == NOTHING
    with world.acting("police_liaison") as by:
        assert open_sections(by, case) == frozenset()


def test_evidence_is_offered_to_investigators_only(world: World, case: Case) -> None:
    with world.acting("manager") as by:
        conference = services.conference_convene(
            case_id=case.pk,
            by=by,
            meeting=meeting(world),
            matter=matter(world, "police", "justice", sections=["identity", "evidence"]),
        )
    assert letter_of(conference, case, world, "police").sections == ["identity", "evidence"]
    assert letter_of(conference, case, world, "justice").sections == ["identity"]


def test_a_room_and_a_chair_are_nobodys_twice(world: World, case: Case) -> None:
    convened(world, case)
    other = open_case(world)
    with pytest.raises(DomainError, match="room_taken") as told:
        convened(world, other, chair=world.users["director"], after=2.5)
    assert told.value.field == "room"
    with pytest.raises(DomainError, match="person_taken") as told:
        convened(world, other, room=room_of(world, "接待室"), after=2.5)
    assert told.value.field == "chair"
    convened(world, other, after=3)  # one ends as the other begins
    with as_owner():
        assert Booking._base_manager.filter(freed_at__isnull=True).count() == 4


def test_a_cancelled_conference_sets_its_room_free(world: World, case: Case) -> None:
    conference = convened(world, case)
    with world.acting("manager") as by:
        services.conference_cancel(conference_id=conference.pk, by=by, version=None, text="改为电话会商")
    convened(world, case)


def test_the_second_writer_is_told_and_loses_nothing(world: World, case: Case) -> None:
    conference = convened(world, case)
    accepted(world, letter_of(conference, case, world))
    held(world, conference)
    facts = facts_of(item_of(conference, case))
    with world.acting("manager") as by:
        services.minute_write(text_id=facts.pk, by=by, version=facts.version, text="当事人独居。")
    with world.acting("manager2") as by, pytest.raises(StaleVersion):
        services.minute_write(text_id=facts.pk, by=by, version=facts.version, text="当事人行动不便。")
    with world.acting("manager2") as by:
        now = MinuteText.objects.visible_to(by).get(pk=facts.pk)
        assert now.text == "当事人独居。"
        services.minute_write(text_id=facts.pk, by=by, version=now.version, text=now.text + "当事人行动不便。")
    with world.acting("manager"):
        assert MinuteText.objects.get(pk=facts.pk).text == "当事人独居。当事人行动不便。"


def test_a_body_writes_its_own_opinion_and_nothing_else(world: World, case: Case) -> None:
    conference = convened(world, case, "justice", "police")
    accepted(world, letter_of(conference, case, world))
    accepted(world, letter_of(conference, case, world, "police"), "police_liaison")
    held(world, conference)
    with world.acting("justice_liaison") as by:
        mine = MinuteText.objects.visible_to(by).get(seat__unit=world.units["justice"])
        services.minute_write(text_id=mine.pk, by=by, version=mine.version, text="可提供法律援助。")
        theirs = MinuteText.objects.visible_to(by).get(seat__unit=world.units["police"])
        with pytest.raises(NotAllowed):
            services.minute_write(text_id=theirs.pk, by=by, version=theirs.version, text="……")
        with pytest.raises(NotAllowed):
            services.minute_write(text_id=facts_of(item_of(conference, case)).pk, by=by, version=1, text="……")


def test_the_whole_way(world: World, case: Case) -> None:
    """Convene, accept, hold, decide, confirm, object, mend, sign, do, close: owed by somebody at every step."""
    conference = convened(world, case)
    letter, item = accepted(world, letter_of(conference, case, world)), item_of(conference, case)
    held(world, conference)
    assert owed("conference.minutes", item.pk)
    present(world, item, "justice")
    with world.acting("manager") as by:
        decision = services.decision_add(
            item_id=item.pk, by=by, measure="上门提供法律咨询", responsible="李律师", due_at=clock.now() + 48 * HOUR,
            invitee=Invitee(world.units["justice"]),
        )  # fmt: skip
        services.conference_minute(conference_id=conference.pk, by=by, version=None)
        with pytest.raises(DomainError, match="waiting"):
            services.conference_sign(conference_id=conference.pk, by=by, version=None)
    assert owed("conference.action", decision.pk)
    assert owed("conference.confirm", letter.pk)
    with world.acting("justice_liaison") as by:
        services.minutes_object(invitation_id=letter.pk, by=by, version=None, text="措施期限有误")
    assert owed("conference.objection", letter.pk)
    with world.acting("manager") as by:
        services.conference_reopen(conference_id=conference.pk, by=by, version=None)
        services.conference_minute(conference_id=conference.pk, by=by, version=None)
    with world.acting("justice_liaison") as by:
        services.minutes_confirm(invitation_id=letter.pk, by=by, version=None)
        with pytest.raises(DomainError, match="wrong_status"):
            services.minutes_object(invitation_id=letter.pk, by=by, version=None, text="又想起")
    with world.acting("manager") as by:
        services.conference_sign(conference_id=conference.pk, by=by, version=None)
        with pytest.raises(DomainError, match="open_decisions"):
            services.conference_close(conference_id=conference.pk, by=by, version=None)
        assert AgendaItem.objects.get(pk=item.pk).paper_number.startswith("会商纪要")
    assert owed("conference.close", item.pk) is None
    with world.acting("justice_liaison") as by:
        services.decision_finish(decision_id=decision.pk, by=by, version=None, note="已上门，签了委托书")
    assert owed("conference.action", decision.pk) is None
    assert owed("conference.close", item.pk)
    with world.acting("manager") as by:
        services.conference_close(conference_id=conference.pk, by=by, version=None)
    with as_owner():
        kinds = set(WorkItem._base_manager.filter(case=case, done_at__isnull=True).values_list("kind", flat=True))
    assert kinds == {"case.review"}


def test_a_case_with_a_running_conference_cannot_be_closed(world: World, case: Case) -> None:
    conference = convened(world, case)
    with world.acting("manager") as by, pytest.raises(DomainError) as told:
        cases.case_close(case_id=case.pk, by=by, version=None, reason="resolved", note="x")
    assert conference.number in str(told.value.message) or told.value.code == "wrong_status"


def test_a_unit_that_was_not_invited_sees_its_measure_and_nothing_of_the_case(world: World, case: Case) -> None:
    conference = convened(world, case)
    held(world, conference)
    with world.acting("manager") as by:
        decision = services.decision_add(
            item_id=item_of(conference, case).pk, by=by, measure="每周走访", due_at=clock.now() + 48 * HOUR,
            invitee=Invitee(world.units["police"]),
        )  # fmt: skip
    assert sees(world, "police_liaison") == NOTHING | {"Decision": 1}
    with world.acting("police_liaison") as by:
        assert Decision.objects.visible_to(by).get().measure == "每周走访"
        assert Case._base_manager.count() == 0
        services.decision_finish(decision_id=decision.pk, by=by, version=None, note="已走访")
    with world.acting("justice_liaison") as by, pytest.raises(NotFound):
        services.decision_finish(decision_id=decision.pk, by=by, version=None, note="不是我的")


def test_minutes_that_name_her_do_not_leave(world: World, case: Case) -> None:
    conference = convened(world, case)
    held(world, conference)
    facts = facts_of(item_of(conference, case))
    with world.acting("manager") as by:
        # The bodies read what the centre writes at once: it is refused while it is written …
        with pytest.raises(DomainError, match="names") as told:
            services.minute_write(text_id=facts.pk, by=by, version=None, text="刘桂芳独居，行动不便。")
        assert "刘桂芳" not in str(told.value.message)
    with as_owner():
        row = MinuteText._base_manager.get(pk=facts.pk)
        row.text = "刘桂芳独居，行动不便。"
        row.save()
    with world.acting("manager") as by:
        # … and whatever stands there, looked over once more before it goes out.
        with pytest.raises(DomainError, match="names") as told:
            services.conference_minute(conference_id=conference.pk, by=by, version=None)
        assert "刘桂芳" not in str(told.value.message)


def test_it_opens_at_its_time_and_not_without_a_case(world: World, case: Case) -> None:
    conference = convened(world, case, after=30)
    with world.acting("manager") as by, pytest.raises(DomainError, match="too_early"):
        services.conference_hold(conference_id=conference.pk, by=by, version=None)
    with world.acting("director") as by:
        standing = services.conference_plan(
            office=world.offices["wuhua"], by=by, meeting=meeting(world, chair=world.users["director"], after=0.2)
        )
        with pytest.raises(DomainError, match="empty"):
            services.conference_hold(conference_id=standing.pk, by=by, version=None)
    with world.acting("xishan_manager") as by, pytest.raises(NotAllowed):
        services.conference_plan(office=world.offices["wuhua"], by=by, meeting=meeting(world, after=50))


def test_silence_past_its_time_does_not_stop_the_minutes(world: World, case: Case) -> None:
    conference = convened(world, case)
    accepted(world, letter_of(conference, case, world))
    held(world, conference)
    present(world, item_of(conference, case), "justice")
    with world.acting("manager") as by:
        services.conference_minute(conference_id=conference.pk, by=by, version=None)
    with clock.at(clock.now() + dt.timedelta(days=20)), world.acting("manager") as by:
        services.conference_sign(conference_id=conference.pk, by=by, version=None)
