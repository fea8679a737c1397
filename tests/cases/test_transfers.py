"""Transfer between centres: asked and taken over; one centre is responsible at any time."""

from __future__ import annotations

import pytest

from agencies.enums import Role
from agencies.models import RoleGrant
from cases.enums import CaseStatus, Section, TransferStatus
from cases.models import (
    AccessGrant,
    Case,
    FollowUp,
    PartyIdentity,
    RiskAssessment,
    SafeContact,
    SectionText,
    TimelineEntry,
    Transfer,
    WorkItem,
)
from cases.services import case as cases
from cases.services import merging, transfers
from cases.services.people import Safety
from cases.services.search import search
from core.errors import DomainError, NotFound
from core.identity import as_verb
from core.models import DataKey
from referrals import services as referrals
from tests.cases.handing import MESSAGE, SUMMARY, handed, owed, taken
from tests.cases.test_merging import begun
from tests.protection.sql import refused, verb_undone
from tests.referrals.conftest import send_letter
from tests.roles import as_owner
from tests.world import SINCE, World, broken_promises


def test_asking_leaves_the_case_and_all_that_is_owed_with_its_centre(world: World) -> None:
    case = begun(world)
    before = owed(case)
    row = handed(world, case)
    assert owed(case) == before | {("transfer.answer", "西山中心")}
    with world.acting("manager") as by:
        assert Case.objects.get(pk=case.pk).status == CaseStatus.ASSESSED
        assert [seen.pk for seen in Transfer.objects.visible_to(by)] == [row.pk]
    with world.acting("xishan_manager") as by:
        seen = Transfer.objects.visible_to(by).get()
        assert (seen.message, seen.category_id, seen.risk) == (MESSAGE, "A06", "low")
        assert WorkItem.objects.owed_by(by).get().kind == "transfer.answer"
        assert not Case.objects.visible_to(by).filter(pk=case.pk).exists()
        assert not TimelineEntry.objects.visible_to(by).filter(case_id=case.pk).exists()


def test_what_another_centre_owes_is_no_next_step_of_ones_own(world: World) -> None:
    case = begun(world)
    handed(world, case)
    with world.acting("manager") as by:
        own = WorkItem.objects.filter(case=case, office=world.offices["wuhua"], done_at__isnull=True)
        with as_verb([case.pk]):
            refused(
                "UPDATE cases_workitem SET done_at = now(), outcome = 'done' WHERE id = ANY (%s); SET CONSTRAINTS ALL IMMEDIATE",
                [list(own.values_list("pk", flat=True))], code="CM030",
            )  # fmt: skip
        assert by
    assert not broken_promises()


def test_taking_over_opens_a_case_there_and_leaves_a_stub_here(world: World) -> None:
    case = begun(
        world,
        risk="high",
        id_number="530102196203045528",
        safety=Safety(number="13800001234", code_word="买两斤土豆", never_text=True),
    )
    with as_owner():
        promised = list(FollowUp.objects.filter(case=case, status="planned").values_list("due_at", flat=True))
    assert promised
    new = taken(world, handed(world, case))
    with world.acting("xishan_manager") as by:
        case_there = Case.objects.visible_to(by).get(pk=new.pk)
        assert (case_there.status, case_there.risk, case_there.predecessor_id) == ("assessed", "high", case.pk)
        assert case_there.manager_id == world.users["xishan_manager"].pk
        assert case_there.number != case.number
        assert case_there.number.startswith(world.offices["xishan"].region_id)
        assert PartyIdentity.objects.visible_to(by).get(case=new).name == "刘桂芳"
        rules = SafeContact.objects.visible_to(by).get(case=new)
        assert (rules.safe_number, rules.code_word, rules.never_text) == ("13800001234", "买两斤土豆", True)
        assert SectionText.objects.visible_to(by).get(case=new, section="incident").text == "独居，腿脚不便。"
        assert RiskAssessment.objects.visible_to(by).get(case=new).note == "已评估"
        told = TimelineEntry.objects.visible_to(by).filter(case=new)
        assert told.get(kind="transfer.summary").text == SUMMARY
        assert told.get(kind="case.taken_over").data["centre"] == "五华中心"
        owes = WorkItem.objects.get(case=new, done_at__isnull=True, kind="case.plan")
        assert (owes.owner_user_id, owes.is_urgent) == (world.users["xishan_manager"].pk, True)
        assert [hit.case.pk for hit in search(by=by, text="刘桂芳").cases] == [new.pk]
        assert set(FollowUp.objects.filter(case=new, status="planned").values_list("due_at", flat=True)) == set(
            promised
        )
        granted = AccessGrant.objects.filter(case=new, section=Section.COUNSELLING, withdrawn_at__isnull=True)
        assert granted.get().user_id == world.users["xishan_manager"].pk
    with as_owner():
        assert DataKey.objects.filter(subject__in=[case.pk, new.pk]).count() == 2
        assert bytes(DataKey.objects.get(subject=case.pk).wrapped) != bytes(DataKey.objects.get(subject=new.pk).wrapped)
    assert owed(case) == set()
    assert not broken_promises()


def test_only_the_two_centres_and_each_its_own_part(world: World) -> None:
    case = begun(world)
    row = handed(world, case)
    for who in ("police_liaison", "operator", "keeper", "expert", "supervisor", "province"):
        with world.acting(who) as by:
            assert not Transfer.objects.visible_to(by).exists(), who
            with pytest.raises(NotFound):
                transfers.transfer_accept(transfer_id=row.pk, by=by)
    with world.acting("xishan_manager") as by, pytest.raises(NotFound):
        transfers.transfer_recall(transfer_id=row.pk, by=by)
    with world.acting("manager") as by:
        with pytest.raises(NotFound):
            transfers.transfer_accept(transfer_id=row.pk, by=by)
        with pytest.raises(NotFound):
            transfers.transfer_return(transfer_id=row.pk, by=by, reason="不")
    with world.acting("xishan_manager") as by, pytest.raises(NotFound):
        transfers.transfer_ask(
            case_id=case.pk,
            by=by,
            version=None,
            to_office=world.offices["xishan"],
            reason="moved",
            message="",
            summary="",
        )


@pytest.mark.parametrize("person", ["manager", "operator", "xishan_left"])
def test_only_somebody_of_the_receiving_centre_is_named_its_manager(world: World, person: str) -> None:
    case = begun(world)
    row = handed(world, case)
    world.person("xishan_left", Role.MANAGER, "xishan")
    with as_owner():
        RoleGrant.objects.filter(user=world.users["xishan_left"]).update(until=SINCE)
    with world.acting("xishan_manager") as by, pytest.raises(DomainError) as error:
        transfers.transfer_accept(transfer_id=row.pk, by=by, manager=world.users[person])
    assert (error.value.code, error.value.field) == ("not_a_manager", "manager")
    with as_owner():
        assert not Case._base_manager.filter(predecessor=case).exists()
    assert taken(world, row).manager_id == world.users["xishan_manager"].pk


def test_not_before_it_is_assessed_nor_twice_nor_to_oneself(world: World) -> None:
    with world.acting("manager") as by:
        fresh = cases.case_open(by=by, new=cases.NewCase(
            office=world.offices["wuhua"], category=begun(world).category, channel="walk_in", persons=[]))  # fmt: skip
    case = begun(world)
    for wanted, to, code in (
        (fresh, "xishan", "not_assessed"),
        (case, "wuhua", "no_such_centre"),
        (case, "desk", "no_such_centre"),
    ):
        with pytest.raises(DomainError) as error:
            handed(world, wanted, to=to)
        assert error.value.code == code
    handed(world, case)
    with pytest.raises(DomainError) as error:
        handed(world, case)
    assert error.value.code == "asked_already"


def test_an_open_letter_is_ended_before_asking_and_before_taking_over(world: World) -> None:
    case = begun(world)
    letter = send_letter(world, case)
    with pytest.raises(DomainError) as error:
        handed(world, case)
    assert error.value.code == "not_ready_to_transfer"
    with world.acting("manager") as by:
        referrals.referral_recall(referral_id=letter.pk, by=by, version=letter.version)
    row = handed(world, case)
    letter = send_letter(world, case)  # danger does not wait for the other centre's answer
    with world.acting("xishan_manager") as by:
        with pytest.raises(DomainError) as error:
            transfers.transfer_accept(transfer_id=row.pk, by=by)
        assert error.value.code == "not_ready_to_transfer"
        assert "司法局" not in str(error.value.message)  # what the earlier centre does is not told here
    assert ("transfer.clear", "五华中心") in owed(case)
    with world.acting("manager") as by:
        referrals.referral_recall(referral_id=letter.pk, by=by, version=letter.version)
    assert taken(world, row).predecessor_id == case.pk


def test_asked_for_it_is_neither_closed_nor_merged(world: World) -> None:
    case, kept = begun(world), begun(world)
    handed(world, case)
    with world.acting("manager") as by:
        with pytest.raises(DomainError) as error:
            merging.case_merge(case_id=case.pk, kept_id=kept.pk, by=by, version=None, reason="同一人")
        assert error.value.code == "not_ready_to_merge"
        with pytest.raises(DomainError) as error:
            cases.case_close(case_id=case.pk, by=by, version=None, reason="resolved", note="")
        assert error.value.code == "not_ready_to_close"


def test_the_database_asks_for_the_letter_the_tickets_and_the_receiving_office(world: World) -> None:
    case, other = begun(world), begun(world)
    row = handed(world, case)
    call = "SELECT caremgmt_take_over(%s, %s)"
    with world.acting("xishan_manager"):
        refused(call, [row.pk, other.pk], code="CM032")
        with verb_undone(case.pk, other.pk):
            refused(call, [row.pk, other.pk], code="CM032")
            refused("SELECT caremgmt_transfer_takers(%s, %s)", [case.pk, world.offices["xishan"].pk], code="CM024")
    with world.acting("manager"), verb_undone(case.pk, other.pk):
        refused(call, [row.pk, other.pk], code="CM032")
        refused(
            "UPDATE cases_case SET status = 'transferred' WHERE id = %s; SET CONSTRAINTS ALL IMMEDIATE",
            [case.pk],
            code="CM033",
        )


@pytest.mark.parametrize(
    "told", ["请联系刘桂芳", "电话 138 0000 1234", "电话１３８００００１２３４", "刘 桂芳长期居住"]
)
def test_the_message_names_nobody(world: World, told: str) -> None:
    """It is read before the other centre has taken anything over, by whoever manages cases there."""
    case = begun(world)
    with pytest.raises(DomainError, match="names") as refusal:
        handed(world, case, message=told)
    assert refusal.value.field == "message"
    assert handed(world, case).status == TransferStatus.ASKED
