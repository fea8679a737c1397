"""Who sees what of a referred case, before and after each step: by the scopes, and by row-level security alone."""

from __future__ import annotations

import datetime as dt

import pytest
from guardian.shortcuts import get_objects_for_user

from agencies.enums import Role
from cases.models import Case, Consent, PartyContact, PartyIdentity, SafeContact, SectionText, TimelineEntry, WorkItem
from cases.services import access, walls
from cases.services import case as cases
from cases.tasks import walls_poll
from core import clock
from core.errors import DomainError, NotAllowed, NotFound
from core.identity import as_verb
from referrals import services
from referrals.models import Referral, ReferralNote
from referrals.services.common import is_addressee
from tests.referrals.conftest import open_case, send_letter
from tests.roles import as_owner, as_worker
from tests.world import World, broken_promises

SEALED = (PartyContact, PartyIdentity, SafeContact, SectionText, Case)


def sees(world: World, who: str) -> dict[str, int]:
    """How many rows of each table `who` gets: without any scope, so by row-level security alone."""
    with world.acting(who) as by:
        found = {model.__name__: model._base_manager.count() for model in SEALED}
        for model in SEALED:
            assert model.objects.visible_to(by).count() == found[model.__name__], model
        return found


def test_before_acceptance_the_unit_sees_the_letter_and_nothing_else(world: World, letter: Referral) -> None:
    assert set(sees(world, "justice_liaison").values()) == {0}
    with world.acting("justice_liaison") as by:
        seen = Referral.objects.visible_to(by).get()
        assert seen.ask_note == "请上门提供法律援助"
        with pytest.raises(Case.DoesNotExist):
            seen.case  # noqa: B018


def test_acceptance_opens_the_offered_sections_and_safe_contact_only(world: World, letter: Referral) -> None:
    with world.acting("justice_liaison") as by:
        services.referral_accept(referral_id=letter.pk, by=by, version=letter.version)
    assert sees(world, "justice_liaison") == {
        "PartyContact": 0,
        "PartyIdentity": 1,
        "SafeContact": 1,
        "SectionText": 1,
        "Case": 1,
    }
    with world.acting("justice_liaison"):
        assert SectionText.objects.get().section == "incident"
        assert SafeContact.objects.get().code_word == "买菜"


def test_the_manager_s_plan_stays_the_centre_s_own(world: World, letter: Referral) -> None:
    """It names other bodies: whoever shares the course of events reads nothing of it."""
    with world.acting("justice_liaison") as by:
        services.referral_accept(referral_id=letter.pk, by=by, version=letter.version)
    with world.acting("manager") as by:
        due = clock.now() + dt.timedelta(days=2)
        cases.case_plan(case_id=letter.case_id, by=by, version=None, text="联系公安申请告诫书", due_at=due)
        assert TimelineEntry.objects.visible_to(by).filter(kind="case.planned").exists()
    with world.acting("justice_liaison") as by:
        assert TimelineEntry.objects.visible_to(by).filter(case_id=letter.case_id).exists()
        assert not TimelineEntry.objects.visible_to(by).filter(kind="case.planned").exists()
        assert not TimelineEntry.objects.filter(kind="case.planned").exists()


def test_the_safe_number_ends_with_the_letter_and_what_was_told_after_its_retention(
    world: World, letter: Referral
) -> None:
    with world.acting("justice_liaison") as by:
        row = services.referral_accept(referral_id=letter.pk, by=by, version=letter.version)
        row = services.referral_respond(referral_id=row.pk, by=by, version=row.version, result="done", text="已受理")
    assert sees(world, "justice_liaison")["SafeContact"] == 1
    with world.acting("manager") as by:
        services.referral_close(referral_id=row.pk, by=by, version=row.version)
    found = sees(world, "justice_liaison")
    assert (found["SafeContact"], found["PartyIdentity"], found["SectionText"]) == (0, 1, 1)


def test_safe_contact_travels_even_when_no_section_is_offered(world: World, case: Case) -> None:
    row = send_letter(world, case, sections=[])
    with world.acting("justice_liaison") as by:
        services.referral_accept(referral_id=row.pk, by=by, version=row.version)
    assert sees(world, "justice_liaison") == {
        "PartyContact": 0,
        "PartyIdentity": 0,
        "SafeContact": 1,
        "SectionText": 0,
        "Case": 1,
    }


@pytest.mark.parametrize("how", ["decline", "return", "recall", "give_up"])
def test_access_ends_at_once(world: World, letter: Referral, how: str) -> None:
    version = letter.version
    if how in ("return", "recall"):
        with world.acting("justice_liaison") as by:
            version = services.referral_accept(referral_id=letter.pk, by=by, version=version).version
    if how == "decline":
        with world.acting("justice_liaison") as by:
            services.referral_decline(
                referral_id=letter.pk, by=by, version=version, reason="other_area", text="不属本辖区"
            )
    elif how == "return":
        with world.acting("justice_liaison") as by:
            services.referral_return(referral_id=letter.pk, by=by, version=version, text="当事人户籍在外县")
    elif how == "recall":
        with world.acting("manager") as by:
            services.referral_recall(referral_id=letter.pk, by=by, version=version)
    else:
        with pytest.raises(DomainError), world.acting("manager") as by:
            services.referral_give_up(referral_id=letter.pk, by=by, version=version, text="改由镇司法所办理")
        with clock.at(letter.accept_due_at + (letter.accept_due_at - letter.sent_at)), world.acting("manager") as by:
            row = services.referral_give_up(referral_id=letter.pk, by=by, version=version, text="改由镇司法所办理")
            assert (row.status, row.result) == ("closed", "no_answer")
    assert set(sees(world, "justice_liaison").values()) == {0}
    with world.acting("justice_liaison"):
        assert not Referral.objects.exists()
        assert not ReferralNote.objects.exists()


def test_a_refusal_leaves_a_decision_to_the_manager(world: World, letter: Referral) -> None:
    with world.acting("justice_liaison") as by:
        services.referral_decline(
            referral_id=letter.pk, by=by, version=letter.version, reason="other_area", text="不属本辖区"
        )
    with world.acting("manager") as by:
        item = WorkItem.objects.owed_by(by).get(kind="referral.decide")
        assert item.owner_user_id == world.users["manager"].pk
        services.referral_close(referral_id=letter.pk, by=by, version=Referral.objects.get().version)
        assert not WorkItem.objects.filter(kind="referral.decide", done_at__isnull=True).exists()


@pytest.mark.parametrize(
    ("reason", "risk", "status", "owed_by"),
    [("other_area", "low", "declined", "manager"), ("incomplete", "low", "declined", "manager"), ("conflict", "low", "declined", "director"),
     ("already", "low", "closed", None), ("not_wished", "low", "closed", None), ("already", "high", "declined", "manager")],
)  # fmt: skip
def test_the_reason_of_a_refusal_says_what_comes_next(
    world: World, reason: str, risk: str, status: str, owed_by: str | None
) -> None:
    row = send_letter(world, open_case(world, risk=risk))
    with world.acting("justice_liaison") as by:
        done = services.referral_decline(referral_id=row.pk, by=by, version=row.version, reason=reason, text="说明")
    assert done.status == status
    with world.acting("director"):
        items = list(WorkItem.objects.filter(kind="referral.decide", source_id=row.pk, done_at__isnull=True))
    assert len(items) == (owed_by is not None)
    if owed_by == "director":
        assert (items[0].owner_role, items[0].owner_user_id) == (Role.DIRECTOR, None)
    elif owed_by:
        assert items[0].owner_user_id == world.users[owed_by].pk
    assert broken_promises() == []


def test_only_the_named_liaison_sees_a_letter_of_violence(world: World) -> None:
    case = open_case(world, category="A01", risk="high")
    with pytest.raises(DomainError) as refused:
        send_letter(world, case, "police", ask="protect", basis="danger")
    assert (refused.value.code, refused.value.field) == ("named_liaison", "named_liaison")
    row = send_letter(world, case, "police", ask="protect", basis="danger", named_liaison=world.users["police_liaison"])
    with world.acting("police_liaison2") as by:
        assert not Referral.objects.visible_to(by).exists()
        assert not Referral.objects.exists()
        assert not WorkItem.objects.exists()
        with pytest.raises(NotFound):
            services.referral_accept(referral_id=row.pk, by=by, version=1)
    with world.acting("police_liaison") as by:
        services.referral_accept(referral_id=row.pk, by=by, version=row.version)
        assert Case.objects.visible_to(by).exists()
    assert set(sees(world, "police_liaison2").values()) == {0}
    # Out of scope comes first; should a colleague ever see the letter, it still is not theirs to act on.
    for person in ("police_liaison2", "justice_liaison", "manager"):
        with pytest.raises(NotAllowed):
            is_addressee(row, world.identity(person))
    is_addressee(row, world.identity("police_liaison"))


def test_a_named_liaison_who_has_left_the_unit_reads_the_letter_no_more(world: World) -> None:
    row = send_letter(world, open_case(world), "police", named_liaison=world.users["police_liaison"])
    with as_owner():
        world.users["police_liaison"].role_grants.all().delete()
    with world.acting("police_liaison") as by:
        assert not Referral.objects.visible_to(by).exists()
        assert not Referral.objects.filter(pk=row.pk).exists()


def test_guardian_agrees_before_and_after(world: World, case: Case, letter: Referral) -> None:
    user = world.users["justice_liaison"]

    def may(perm: str, thing: object) -> bool:
        fresh = type(user).objects.get(pk=user.pk)
        return bool(fresh.has_perm(perm, thing))

    with world.acting("justice_liaison") as by:
        assert may("referrals.view_letter", letter)
        assert list(get_objects_for_user(user, "referrals.view_letter")) == [letter]
        assert not may("cases.view_incident", case)
        services.referral_accept(referral_id=letter.pk, by=by, version=letter.version)
        assert may("cases.view_incident", case)
        assert may("cases.view_safe_contact", case)
        assert not may("cases.view_medical", case)
        row = Referral.objects.get()
        services.referral_return(referral_id=letter.pk, by=by, version=row.version, text="无法办理")
        assert not may("referrals.view_letter", letter)
        assert not may("cases.view_incident", case)


def test_guardian_knows_a_named_liaison_and_not_her_colleague(world: World, case: Case) -> None:
    row = send_letter(world, case, "police", named_liaison=world.users["police_liaison"])
    for who, expected in (("police_liaison", True), ("police_liaison2", False)):
        with world.acting(who):
            assert (
                type(world.users[who]).objects.get(pk=world.users[who].pk).has_perm("referrals.view_letter", row)
                is expected
            )


def test_reporter_and_evidence_go_to_the_police_only(world: World, case: Case) -> None:
    with pytest.raises(DomainError) as refused:
        send_letter(world, case, sections=["evidence"])
    assert refused.value.code == "investigators_only"
    row = send_letter(world, case, "police", ask="investigate", sections=["evidence"])
    with world.acting("police_liaison") as by:
        services.referral_accept(referral_id=row.pk, by=by, version=row.version)
        assert SectionText.objects.get().section == "evidence"


def test_counselling_and_shelter_can_never_be_offered(world: World, case: Case) -> None:
    assert send_letter(world, case, sections=["counselling", "shelter", "incident"]).sections == ["incident"]


def test_nothing_is_sent_behind_a_wall(world: World, case: Case) -> None:
    with world.acting("director"), as_verb([case.pk]):
        access.wall(case_id=case.pk, reason="kin", group_id=world.units["justice"].group_id)
    with pytest.raises(DomainError) as refused:
        send_letter(world, case)
    assert (refused.value.code, refused.value.field) == ("walled", "unit")


def test_the_letters_of_a_walled_unit_are_the_managers_to_recall(world: World, case: Case, letter: Referral) -> None:
    with world.acting("director") as by:
        walls.wall_set(case_id=case.pk, by=by, reason="workplace", unit=world.units["justice"])
    with world.acting("justice_liaison"):
        assert not Referral._base_manager.exists()
    with as_worker():
        assert walls_poll() == 1
    with world.acting("manager") as by:
        assert WorkItem.objects.owed_by(by).filter(case_id=case.pk, kind="wall.left").count() == 1
        services.referral_recall(referral_id=letter.pk, by=by, version=letter.version)


def test_a_wall_hides_a_letter_that_was_sent_before(world: World, case: Case, letter: Referral) -> None:
    with world.acting("director"), as_verb([case.pk]):
        access.wall(case_id=case.pk, reason="kin", user_id=world.users["justice_liaison"].pk)
    with world.acting("justice_liaison") as by:
        assert not Referral.objects.visible_to(by).exists()
        assert not Referral.objects.exists()
        assert not Referral.objects.received_by(by).exists()


def test_neither_side_does_the_work_of_the_other(world: World, letter: Referral) -> None:
    with world.acting("manager") as by, pytest.raises(NotAllowed):
        services.referral_accept(referral_id=letter.pk, by=by, version=1)
    for verb in (services.referral_recall, services.referral_close):
        with world.acting("justice_liaison") as by, pytest.raises(NotAllowed):
            verb(referral_id=letter.pk, by=by, version=1)
    with world.acting("xishan_manager") as by, pytest.raises(NotFound):
        services.referral_recall(referral_id=letter.pk, by=by, version=1)


def test_one_case_goes_to_several_units_but_not_twice_for_the_same(world: World, case: Case, letter: Referral) -> None:
    send_letter(world, case, "legal_aid")
    with pytest.raises(DomainError) as refused:
        send_letter(world, case)
    assert refused.value.code == "sent_already"
    with world.acting("aid_officer") as by:
        assert Referral.objects.visible_to(by).get().unit_id == world.units["legal_aid"].pk  # never the other unit's


def test_work_of_a_named_liaison_stays_hers_when_the_case_changes_hands(world: World, case: Case) -> None:
    row = send_letter(world, case, "police", named_liaison=world.users["police_liaison"])
    with world.acting("director") as by:
        cases.case_assign(
            case_id=case.pk, by=by, version=Case.objects.get(pk=case.pk).version, manager=world.users["manager2"]
        )
        assert (
            WorkItem.objects.get(kind="referral.accept", source_id=row.pk).owner_user_id
            == world.users["police_liaison"].pk
        )


def test_a_person_of_another_unit_cannot_be_named(world: World, case: Case) -> None:
    with pytest.raises(DomainError) as refused:
        send_letter(world, case, "justice", named_liaison=world.users["police_liaison"])
    assert refused.value.field == "named_liaison"
    world.person("former", Role.LIAISON, "justice")
    with as_owner():
        world.users["former"].role_grants.update(until="2024-01-01")
    with pytest.raises(DomainError):
        send_letter(world, case, "justice", named_liaison=world.users["former"])


def test_what_rests_on_her_consent_ends_with_it(world: World, case: Case) -> None:
    until = clock.now() + dt.timedelta(days=5)
    with pytest.raises(DomainError) as gone:
        send_letter(world, case, basis="consent", consent_note="当面", consent_until=clock.now() - dt.timedelta(days=1))
    assert gone.value.field == "consent_until"
    row = send_letter(world, case, basis="consent", consent_note="当面", consent_until=until)
    with world.acting("justice_liaison") as by:
        services.referral_accept(referral_id=row.pk, by=by, version=row.version)
    assert sees(world, "justice_liaison")["SectionText"] == 1
    with clock.at(until + dt.timedelta(minutes=1)):
        assert set(sees(world, "justice_liaison").values()) == {0}
    with as_owner():
        assert Consent._base_manager.get(case=case).valid_until == until
