"""Her consent: who gives it, how it is taken back, and what of it two at once may do."""

from __future__ import annotations

import threading
import uuid
from typing import Any

import pytest
from django.db import DatabaseError
from django.urls import reverse

from agencies.models import Notification
from cases.models import (
    AccessGrant,
    Case,
    CaseGroupObjectPermission,
    Party,
    PartyIdentity,
    WorkItem,
)
from cases.services import access, consents
from cases.services.people import PersonData
from cases.services.persons import person_add
from core import clock, outbox
from core.errors import DomainError, NotAllowed, NotFound
from core.identity import as_verb
from core.models import OutboxItem
from referrals import services as referrals
from tests.cases.scenes import client_of
from tests.cases.sharing_scene import (
    BY_CONSENT,
    accepted,
    child,
    consent_of,
    describe,
    refused,
    sees,
    withdraw,
)
from tests.engine.racing import together
from tests.referrals.conftest import open_case, send_letter
from tests.roles import as_owner, as_worker
from tests.world import World, broken_promises

pytestmark = pytest.mark.django_db


def test_one_click_ends_all_that_rests_on_the_consent_and_nothing_else(world: World) -> None:
    case = open_case(world)
    accepted(world, case)
    accepted(world, case, ask="visit", basis="duty", consent_note="", sections=["identity"])
    assert sees(world, "justice_liaison") == {"Case", "PartyIdentity", "SectionText"}
    withdraw(world, case, consent_of(world, case))
    assert sees(world, "justice_liaison") == {"Case", "PartyIdentity"}  # by the other letter, whose basis is another
    with as_owner():
        rows = AccessGrant.objects.filter(consent_id=consent_of(world, case).pk)
        assert set(rows.values_list("end_reason", flat=True)) == {"consent"}
        held = CaseGroupObjectPermission.objects.filter(
            content_object_id=case.pk, group_id=world.units["justice"].group_id
        )
        assert not held.filter(permission__codename="view_incident").exists()
        assert held.filter(permission__codename="view_identity").exists()


def test_the_unit_hears_that_there_is_news_and_the_manager_decides(world: World) -> None:
    case = open_case(world)
    accepted(world, case)
    row = withdraw(world, case, consent_of(world, case))
    with world.acting("manager") as by:
        item = WorkItem.objects.owed_by(by).get(kind="consent.decide", source_id=row.pk)
        assert item.owner_user_id == by.user_id
    with as_owner():
        effects = list(OutboxItem.objects.filter(kind="notify.access", done_at__isnull=True))
    assert len(effects) == 1
    with as_worker():
        assert outbox.deliver(effects[0].pk)
        assert not outbox.deliver(effects[0].pk)
    with as_owner():
        notice = Notification.objects.get(kind="access", user=world.users["justice_liaison"])
        assert (notice.url, notice.work_item_id) == ("", None)
        assert not Notification.objects.filter(kind="access").exclude(user=world.users["justice_liaison"]).exists()
    with world.acting("manager") as by:
        consents.consent_decide(case_id=case.pk, consent_id=row.pk, by=by, text="撤回转办，改由中心陪同")
        assert not WorkItem.objects.filter(kind="consent.decide", done_at__isnull=True).exists()
        with pytest.raises(DomainError):
            consents.consent_decide(case_id=case.pk, consent_id=row.pk, by=by, text="再决定")
    assert broken_promises() == []


def test_an_offer_by_consent_cannot_be_opened_after_it_was_withdrawn(world: World) -> None:
    case = open_case(world)
    letter = send_letter(world, case, **BY_CONSENT)
    row = withdraw(world, case, consent_of(world, case))
    with world.acting("justice_liaison") as by, pytest.raises(DomainError) as held:
        referrals.referral_accept(referral_id=letter.pk, by=by, version=letter.version)
    assert held.value.code == "consent_ended"
    with world.acting("manager") as by:
        consents.consent_decide(case_id=case.pk, consent_id=row.pk, by=by, text="继续")
    with world.acting("justice_liaison") as by:
        referrals.referral_accept(referral_id=letter.pk, by=by, version=letter.version)
    assert sees(world, "justice_liaison") == set()


def test_a_consent_is_withdrawn_once_and_by_the_own_centre_only(world: World) -> None:
    case = open_case(world)
    accepted(world, case)
    row = consent_of(world, case)
    for who in ("xishan_manager", "justice_liaison", "operator"):
        with pytest.raises((NotFound, NotAllowed)):
            withdraw(world, case, row, who)
        with pytest.raises(DatabaseError), world.acting(who), as_verb([case.pk]):
            access.withdraw_consent(consent_id=row.pk)
        with pytest.raises(DatabaseError), world.acting(who), as_verb([case.pk]):
            access.limit_consent(consent_id=row.pk, until=clock.now())
    with pytest.raises(DatabaseError), world.acting("manager"):
        access.withdraw_consent(consent_id=row.pk)  # no verb is being carried out
    withdraw(world, case, row)
    with pytest.raises(DomainError):
        withdraw(world, case, row)


def test_a_consent_is_withdrawn_from_a_closed_case_too(world: World) -> None:
    case = open_case(world)
    accepted(world, case)
    with as_owner():
        Case._base_manager.filter(pk=case.pk).update(status="follow_up")
        Case._base_manager.filter(pk=case.pk).update(status="closed", close_reason="resolved")
    withdraw(world, case, consent_of(world, case))
    assert sees(world, "justice_liaison") == set()
    with as_owner():
        assert not WorkItem.objects.filter(kind="consent.decide").exists()


def test_what_was_described_meanwhile_is_not_overwritten_unseen(world: World) -> None:
    case = open_case(world)
    accepted(world, case)
    row = consent_of(world, case)
    url = reverse("cases:consent", args=[case.pk, row.pk])
    one, other = client_of(world, "manager"), client_of(world, "manager2")
    version = one.get(url).context["shown_version"]
    form = {"how": "signed", "given_by": "herself", "version": version, "request_key": str(uuid.uuid4())}
    assert other.post(url, form | {"how": "spoken", "request_key": str(uuid.uuid4())}).status_code == 302
    stale = one.post(url, form)
    assert stale.status_code == 409
    assert consent_of(world, case).how == "spoken"
    again = form | {"version": stale.context["shown_version"], "request_key": str(uuid.uuid4())}
    assert one.post(url, again).status_code == 302
    assert consent_of(world, case).how == "signed"


def test_a_consent_of_a_closed_case_is_not_described(world: World) -> None:
    case = open_case(world)
    accepted(world, case)
    row = consent_of(world, case)
    with as_owner():
        Case._base_manager.filter(pk=case.pk).update(status="follow_up")
        Case._base_manager.filter(pk=case.pk).update(status="closed", close_reason="resolved")
    with pytest.raises(DomainError) as found:
        describe(world, case, row, given_by="herself")
    assert found.value.code == "closed"


def test_who_consents_for_a_child(world: World) -> None:
    year = clock.today().year
    case, row, guardian = child(world, year - 10)
    assert refused(world, case, row, given_by="herself", wish="愿意") == "given_by"
    assert refused(world, case, row, given_by="guardian", wish="愿意") == "guardian"
    assert refused(world, case, row, given_by="guardian", guardian_id=uuid.uuid4(), wish="愿意") == "guardian"
    assert refused(world, case, row, given_by="guardian", guardian_id=guardian.pk) == "wish"
    kept = describe(world, case, row, given_by="guardian", guardian_id=guardian.pk, wish="想跟外婆住")
    assert kept.guardian_id == guardian.pk
    with as_owner():
        PartyIdentity._base_manager.filter(case_id=case.pk, party__is_primary=True).update(birth_year=year - 16)
    assert refused(world, case, row, given_by="herself") == "wish"
    kept = describe(world, case, row, given_by="herself", wish="愿意")
    assert kept.guardian_id is None


def test_a_guardian_who_is_the_respondent_never_consents(world: World) -> None:
    case, row, guardian = child(world, clock.today().year - 6)
    describe(world, case, row, given_by="guardian", guardian_id=guardian.pk)
    with as_owner():
        Party._base_manager.create(
            case_id=case.pk, office_id=case.office_id, person_id=guardian.person_id, role="respondent"
        )
    assert refused(world, case, row, given_by="guardian", guardian_id=guardian.pk) == "guardian"


@pytest.mark.parametrize(
    ("entered", "is_same"),
    [
        ({"name": "李 建国"}, True),
        ({"name": "李建国", "phone": "13800002222"}, True),  # another phone makes no other man of him
        ({"name": "老李", "id_number": "530102198001010019"}, True),
        ({"name": "", "phone": "138 0000 1111"}, True),
        ({"name": "李建国", "id_number": "530102197001010018"}, False),  # two ID numbers are two people
        ({"name": "王外公", "phone": "13800001111"}, False),  # one phone in a family
    ],
)
def test_a_guardian_entered_beside_himself_as_respondent_never_consents(
    world: World, entered: dict[str, str], is_same: bool
) -> None:
    """Each entry is a person of its own: he is known by his ID number, name or phone."""
    case, row, _grandmother = child(world, clock.today().year - 6)
    him = PersonData(role="respondent", name="李建国", id_number="530102198001010019", phone="13800001111")
    with world.acting("manager") as by:
        person_add(case_id=case.pk, by=by, data=him)
        guardian = person_add(case_id=case.pk, by=by, data=PersonData(role="guardian", is_guardian=True, **entered))
    if is_same:
        assert refused(world, case, row, given_by="guardian", guardian_id=guardian.pk) == "guardian"
    else:
        assert describe(world, case, row, given_by="guardian", guardian_id=guardian.pk).guardian_id == guardian.pk
    with world.acting("manager"):
        assert (guardian.pk in {party.pk for party in consents.guardians(case.pk)}) is not is_same


@pytest.mark.django_db(transaction=True)
def test_two_who_withdraw_at_once_withdraw_once(world: World) -> None:
    case = open_case(world)
    accepted(world, case)
    row = consent_of(world, case)

    def press(who: str) -> Any:
        def run(barrier: threading.Barrier) -> Any:
            with world.acting(who) as by:
                barrier.wait()
                return consents.consent_withdraw(case_id=case.pk, consent_id=row.pk, by=by).pk

        return run

    results = together(press("manager"), press("manager2"))
    assert len([result for result in results if result == row.pk]) == 1, results
    assert [result.code for result in results if isinstance(result, DomainError)] == ["withdrawn"]
    with as_owner():
        assert WorkItem._base_manager.filter(kind="consent.decide").count() == 1
    assert broken_promises() == []


@pytest.mark.django_db(transaction=True)
def test_withdrawn_while_the_unit_accepts_nothing_is_open_afterwards(world: World) -> None:
    case = open_case(world)
    letter = send_letter(world, case, **BY_CONSENT)
    row = consent_of(world, case)

    def accept(barrier: threading.Barrier) -> Any:
        with world.acting("justice_liaison") as by:
            barrier.wait()
            return referrals.referral_accept(referral_id=letter.pk, by=by, version=letter.version).status

    def take_back(barrier: threading.Barrier) -> Any:
        with world.acting("manager") as by:
            barrier.wait()
            return consents.consent_withdraw(case_id=case.pk, consent_id=row.pk, by=by).pk

    first, second = together(accept, take_back)
    # whoever takes it back first leaves the unit a letter that waits for the centre
    assert first == "accepted" or first.code == "consent_ended"
    assert second == row.pk
    assert sees(world, "justice_liaison") == set()
    with as_owner():
        held = CaseGroupObjectPermission.objects.filter(content_object_id=case.pk)
        assert not held.filter(group_id=world.units["justice"].group_id).exists()
