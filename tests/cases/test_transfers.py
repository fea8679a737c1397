"""Transfer between centres: asked, taken over, returned, recalled; one centre is responsible at any time, and the stub tells nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection

from agencies.enums import Role
from cases.enums import CaseStatus, Section, TransferStatus
from cases.models import (
    AccessGrant,
    BlindGram,
    Case,
    CaseOwned,
    FollowUp,
    PartyContact,
    PartyIdentity,
    RiskAssessment,
    SafeContact,
    SectionText,
    TimelineEntry,
    Transfer,
    Wall,
    WorkItem,
)
from cases.services import access, lateness, merging, transfers
from cases.services import case as cases
from cases.services.people import Safety
from cases.services.seals import case_seal, case_unseal
from cases.services.search import search
from core import clock, keys
from core.errors import DomainError, NotFound
from core.identity import as_verb
from core.models import Audit, DataKey
from core.models.accesslog import AccessLog
from referrals import services as referrals
from tests.cases.scenes import client_of
from tests.cases.test_merging import begun, give
from tests.protection.sql import ask, refused, verb_undone
from tests.referrals.conftest import send_letter
from tests.roles import as_owner, as_worker
from tests.world import World, broken_promises

MESSAGE, SUMMARY = "长期居住在贵辖区", "已两次走访，子女态度缓和。"


def handed(world: World, case: Case, who: str = "manager", to: str = "xishan", **more: Any) -> Transfer:
    """A transfer of the case that waits for the other centre."""
    values = {"reason": "split_residence", "message": MESSAGE, "summary": SUMMARY} | more
    with world.acting(who) as by:
        version = Case.objects.get(pk=case.pk).version
        return transfers.transfer_ask(case_id=case.pk, by=by, version=version, to_office=world.offices[to], **values)


def taken(world: World, row: Transfer, who: str = "xishan_manager") -> Case:
    """The case that follows it there."""
    with world.acting(who) as by:
        return transfers.transfer_accept(transfer_id=row.pk, by=by)


def owed(case: Case) -> set[tuple[str, Any]]:
    """What is open on a case, and which office answers for it."""
    with as_owner():
        return set(WorkItem.objects.filter(case=case, done_at__isnull=True).values_list("kind", "office__short_name"))


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
        assert [hit.case.pk for hit in search(by=by, text="刘桂芳")] == [new.pk]
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


@pytest.mark.parametrize("who", ["manager", "manager2", "director"])
def test_the_stub_shows_its_head_and_never_where_she_went(world: World, who: str) -> None:
    case = begun(world, address="翠湖南路67号", region_id="530102")
    row = handed(world, case)
    new = taken(world, row)
    with world.acting(who) as by:
        stub = Case.objects.visible_to(by).get(pk=case.pk)
        assert (stub.status, stub.is_open, stub.next_due_at) == (CaseStatus.TRANSFERRED, False, None)
        assert stub.region_residence_id is None  # where she lives is where she has gone
        assert stub.closed_at
        entries = list(TimelineEntry.objects.visible_to(by).filter(case_id=case.pk))
        assert {entry.section for entry in entries} == {Section.HEADER}
        last = next(entry for entry in entries if entry.kind == "case.transferred")
        assert (last.actor_id, last.actor_name, last.actor_agency, last.object_id, last.data) == (
            None,
            "",
            "",
            None,
            {},
        )
        assert not Transfer.objects.visible_to(by).exists()
        assert not Case.objects.visible_to(by).filter(pk=new.pk).exists()
        assert search(by=by, text="刘桂芳") == []


def _rows(table: str, column: str, case: Case) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}" WHERE {column} = %s', [case.pk])
        return int(cursor.fetchone()[0])


def test_the_database_alone_keeps_the_stub_shut(world: World) -> None:
    """Without any scope of the application: the earlier centre reads the case's head, the receiving one nothing of the earlier case."""
    case = begun(world)
    give(world, case, ["incident"], "justice")
    with as_owner():
        held = {
            model._meta.db_table
            for model in apps.get_models()
            if issubclass(model, CaseOwned) and _rows(model._meta.db_table, "case_id", case)
        }
    assert {
        "cases_party",
        "cases_partyidentity",
        "cases_safecontact",
        "cases_sectiontext",
        "cases_riskassessment",
    } <= held
    new = taken(world, handed(world, case))
    tables = sorted(
        held | {"cases_transfer", "cases_accessgrant", "core_audit", "cases_workitem", "cases_historicalpartyidentity"}
    )
    for who in ("manager", "manager2", "director"):
        with world.acting(who):
            assert ask("SELECT status FROM cases_case WHERE id = %s", [case.pk]) == [("transferred",)]
            seen = ask("SELECT DISTINCT section FROM cases_timelineentry WHERE case_id = %s", [case.pk])
            assert seen == [("header",)]
            shown = {table for table in tables if table != "cases_timelineentry" and _rows(table, "case_id", case)}
            assert shown == set(), who
            assert _rows("cases_case", "predecessor_id", case) == 0
            assert _rows("cases_case", "id", new) == 0
            writers = ask(
                "SELECT history_user_id, status FROM cases_historicalcase WHERE id = %s AND status = 'transferred'",
                [case.pk],
            )
            assert writers == [(None, "transferred")]
    with world.acting("xishan_manager"):
        assert {
            table
            for table in tables
            if table not in ("cases_transfer", "core_audit", "cases_workitem") and _rows(table, "case_id", case)
        } == set()
        assert _rows("cases_case", "id", case) == 0
        assert _rows("cases_transfer", "case_id", case) == 1
    for who in ("justice_liaison", "operator", "police_liaison", "keeper", "expert"):
        with world.acting(who):
            assert {table for table in tables if table != "core_audit" and _rows(table, "case_id", case)} <= {
                "cases_accessgrant"
            }, who
            assert _rows("cases_case", "id", case) == 0


def test_all_that_was_shared_ends_and_walls_go_with_her(world: World) -> None:
    case = begun(world)
    give(world, case, ["incident"], "justice")
    with world.acting("manager"), as_verb([case.pk]):
        access.wall(case_id=case.pk, reason="workplace", group_id=world.units["police"].group_id)
    new = taken(world, handed(world, case))
    with as_owner():
        assert not AccessGrant.objects.filter(case=case, withdrawn_at__isnull=True).exists()
        assert Wall.objects.get(case=new).group_id == world.units["police"].group_id
    with world.acting("justice_liaison") as by:
        assert not Case.objects.visible_to(by).filter(pk__in=[case.pk, new.pk]).exists()


def test_who_stands_behind_a_wall_there_never_hears_of_it(world: World) -> None:
    case = begun(world)
    world.person("xishan_kin", Role.MANAGER, "xishan")
    with world.acting("manager"), as_verb([case.pk]):
        access.wall(case_id=case.pk, reason="kin", user_id=world.users["xishan_kin"].pk)
    row = handed(world, case)
    with world.acting("xishan_kin") as by:
        assert not Transfer.objects.visible_to(by).exists()
        assert not WorkItem.objects.owed_by(by).exists()
        assert ask("SELECT count(*) FROM cases_transfer") == [(0,)]
        with pytest.raises(NotFound):
            transfers.transfer_accept(transfer_id=row.pk, by=by)
    new = taken(world, row)
    with world.acting("xishan_kin") as by:
        assert not Case.objects.visible_to(by).filter(pk=new.pk).exists()
        assert not Transfer.objects.visible_to(by).exists()


def test_a_centre_where_nobody_may_know_of_it_cannot_be_asked(world: World) -> None:
    case = begun(world)
    with world.acting("manager"), as_verb([case.pk]):
        access.wall(case_id=case.pk, reason="kin", user_id=world.users["xishan_manager"].pk)
    with pytest.raises(DomainError) as error:
        handed(world, case)
    assert error.value.code == "no_taker"


def test_a_sealed_case_is_handed_over_only_after_the_director_has_lifted_the_seal(world: World) -> None:
    case = begun(world)
    with world.acting("director") as by:
        case_seal(case_id=case.pk, by=by, named=[world.users["manager"].pk])
    with pytest.raises(DomainError) as error:
        handed(world, case)
    assert error.value.code == "sealed"
    for person in ("director", "manager"):  # one asks, another of the named agrees
        with world.acting(person) as by:
            case_unseal(case_id=case.pk, by=by)
    assert taken(world, handed(world, case)).predecessor_id == case.pk


def test_returning_needs_a_reason_and_becomes_the_asking_centres_decision(world: World) -> None:
    case = begun(world)
    row = handed(world, case)
    with world.acting("xishan_manager") as by:
        transfers.transfer_return(transfer_id=row.pk, by=by, reason="她已搬离本辖区")
    assert ("transfer.returned", "五华中心") in owed(case)
    with world.acting("manager") as by:
        seen = Transfer.objects.visible_to(by).get(pk=row.pk)
        assert (seen.status, seen.answer) == (TransferStatus.RETURNED, "她已搬离本辖区")
        assert Case.objects.get(pk=case.pk).is_open
        cases.case_plan(
            case_id=case.pk, by=by, version=None, text="继续走访", due_at=clock.now() + dt.timedelta(days=2)
        )
    assert owed(case) == {("case.review", "五华中心")}
    with world.acting("xishan_manager") as by, pytest.raises(DomainError) as error:
        transfers.transfer_accept(transfer_id=row.pk, by=by)
    assert error.value.code == "wrong_status"


def test_recalled_before_the_answer(world: World) -> None:
    case = begun(world)
    row = handed(world, case)
    with world.acting("manager2") as by:
        transfers.transfer_recall(transfer_id=row.pk, by=by)
    assert "transfer.answer" not in {kind for kind, _office in owed(case)}
    with world.acting("xishan_manager") as by:
        for verb in (transfers.transfer_accept, transfers.transfer_return):
            more = {"reason": "无"} if verb is transfers.transfer_return else {}
            with pytest.raises(DomainError):
                verb(transfer_id=row.pk, by=by, **more)
    handed(world, case)  # and asked anew


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


def test_late_it_is_told_there_and_then_the_asking_centre_decides(world: World) -> None:
    case = begun(world, risk="high")
    row = handed(world, case)
    with clock.at(row.due_at + dt.timedelta(minutes=1)), as_worker():
        lateness.chase()
    assert "transfer.unanswered" not in {kind for kind, _office in owed(case)}
    with clock.at(row.due_at + dt.timedelta(hours=5)), as_worker():
        lateness.chase()
    assert ("transfer.unanswered", "五华中心") in owed(case)


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


def test_the_log_of_the_earlier_centre_has_nobody_of_the_other_one(world: World) -> None:
    case = begun(world)
    row = handed(world, case)
    taken(world, row)
    with world.acting("director"):
        assert not Audit.objects.filter(case_id=case.pk).exists()
        assert not AccessLog.objects.filter(case_id=case.pk, actor_id=world.users["xishan_manager"].pk).exists()
    with world.acting("auditor"):
        verbs = set(Audit.objects.filter(case_id=case.pk).values_list("verb", flat=True))
        assert {"transfer.ask", "case.transfer"} <= verbs


def test_names_are_not_found_by_their_index_and_keys_stay_apart(world: World) -> None:
    case = begun(world)
    new = taken(world, handed(world, case))
    with world.acting("manager"):
        assert not BlindGram.objects.filter(case=case).exists()
        assert not PartyContact.objects.filter(case=case).exists()
    with world.acting("xishan_manager"):
        keys.forget()
        assert BlindGram.objects.filter(case=new).exists()


def form_of(world: World, **values: str) -> dict[str, str]:
    """What the page of asking posts."""
    filled = {
        "to_office": str(world.offices["xishan"].pk),
        "reason": "moved",
        "kin": "no",
        "message": MESSAGE,
        "summary": SUMMARY,
        "is_safe": "on",
    }
    return filled | {"request_key": str(uuid4())} | values


def test_pages_ask_take_over_and_show_the_stub(world: World) -> None:
    case = begun(world)
    here, there = client_of(world, "manager"), client_of(world, "xishan_manager")
    url = f"/cases/{case.pk}/transfer/"
    assert here.get(url).status_code == 200
    answer = here.post(url, form_of(world, kin="yes"))
    assert (answer.status_code, MESSAGE in answer.content.decode()) == (422, True)
    answer = here.post(url, form_of(world, version=str(case.version)))
    assert answer.status_code == 302, answer.content.decode()
    with as_owner():
        row = Transfer._base_manager.get(case=case)
    assert here.get(url).headers["Location"] == f"/transfers/{row.pk}/"
    letter = there.get(f"/transfers/{row.pk}/").content.decode()
    assert MESSAGE in letter
    assert [word for word in ("刘桂芳", SUMMARY, case.number, str(case.pk)) if word in letter] == []
    assert str(row.pk) in there.get("/transfers/").content.decode()
    answer = there.post(f"/transfers/{row.pk}/return/", {"answer": "", "request_key": str(uuid4())})
    assert answer.status_code == 422
    key = {"manager": str(world.users["xishan_manager"].pk), "request_key": str(uuid4())}
    for _twice in range(2):  # the same press twice takes over once
        answer = there.post(f"/transfers/{row.pk}/accept/", key)
        assert answer.status_code == 302, answer.content.decode()
    with as_owner():
        new = Case._base_manager.get(predecessor=case)
    assert there.get(answer.headers["Location"]).headers["Location"] == f"/cases/{new.pk}/"
    assert "五华中心" in there.get(f"/cases/{new.pk}/").content.decode()
    stub = here.get(f"/cases/{case.pk}/").content.decode()
    assert case.number in stub
    assert not [word for word in ("刘桂芳", "西山", str(new.pk), new.number, str(row.pk)) if word in stub]
    assert here.get(f"/transfers/{row.pk}/").status_code == 404


def test_page_recalls(world: World) -> None:
    case = begun(world)
    row = handed(world, case)
    here, there = client_of(world, "manager2"), client_of(world, "xishan_manager")
    assert there.post(f"/transfers/{row.pk}/recall/").status_code == 404
    assert here.post(f"/transfers/{row.pk}/accept/").status_code == 404
    assert here.post(f"/transfers/{row.pk}/recall/", {"request_key": str(uuid4())}).status_code == 302
    with as_owner():
        assert Transfer._base_manager.get(pk=row.pk).status == TransferStatus.RECALLED


def test_the_case_is_not_taken_over_for_somebody_behind_its_wall(world: World) -> None:
    world.person("xishan_kin", Role.MANAGER, "xishan")
    case = begun(world)
    with world.acting("manager") as by, as_verb([case.pk]):
        access.wall(case_id=case.pk, reason="kin", user_id=world.users["xishan_kin"].pk)
    row = handed(world, case)
    with world.acting("xishan_manager") as by:
        with pytest.raises(DomainError, match="not_a_manager"):
            transfers.transfer_accept(transfer_id=row.pk, by=by, manager=world.users["xishan_kin"])
        assert transfers.transfer_accept(transfer_id=row.pk, by=by).manager_id == by.user_id


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
