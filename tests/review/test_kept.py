"""What a review found: words that reached too far, and steps that nobody could finish."""

from __future__ import annotations

import base64
import datetime as dt
import json
from typing import Any
from uuid import UUID

import pytest

from agencies.enums import Role
from agencies.models import RoleGrant, User
from cases import tasks
from cases.models import AccessGrant, Case, FollowUp, ServiceRecord, TimelineEntry, WorkItem
from cases.services import case as cases
from cases.services import followups, lateness
from cases.services.recipients import recipients
from cases.services.records import service_record
from core import clock
from core.errors import DomainError, StaleVersion
from hotline.services.contact import contact_begin, contact_log
from referrals import services as referrals
from tests.cases.scenes import VALUES, client_of, due_callback, opened
from tests.roles import as_owner, as_worker
from tests.world import World


def _assessed(world: World) -> Case:
    case = opened(world)
    with world.acting("manager") as by:
        return cases.case_assess(case_id=case.pk, by=by, version=None, risk="low", reasons="无")


def _shared(world: World, *sections: str) -> Case:
    case = _assessed(world)
    with world.acting("manager") as by:
        letter = referrals.referral_send(
            case_id=case.pk,
            by=by,
            unit=world.units["justice"],
            ask="legal_aid",
            ask_note="请联系中心",
            sections=list(sections),
            basis="duty",
        )
    with world.acting("justice_liaison") as by:
        referrals.referral_accept(referral_id=letter.pk, by=by, version=None)
        referrals.referral_respond(referral_id=letter.pk, by=by, version=None, result="done", text="已办")
    with world.acting("manager") as by:
        referrals.referral_close(referral_id=letter.pk, by=by, version=None)
    return case


def test_unit_with_the_header_reads_no_note_of_a_service(world: World) -> None:
    case = _shared(world, "identity")
    with world.acting("manager") as by:
        service_record(case_id=case.pk, by=by, kind="care", happened_at=clock.now(), note="她住在姐姐家")
        service_record(case_id=case.pk, by=by, kind="legal_advice", happened_at=clock.now(), note="她打算起诉离婚")
        service_record(case_id=case.pk, by=by, kind="education", happened_at=clock.now())
    with world.acting("justice_liaison"):
        assert [row.kind for row in ServiceRecord.objects.all()] == ["education"]  # row-level security alone


def test_unit_with_the_header_reads_nothing_of_how_the_case_ended(world: World) -> None:
    case = _shared(world, "identity")
    with world.acting("manager") as by:
        row = FollowUp.objects.get(case=case)
    with clock.at(row.due_at + dt.timedelta(minutes=1)):
        with as_worker():
            assert followups.make_due(row.pk)
        with world.acting("operator") as by:
            followups.attempt_record(
                follow_up_id=row.pk, by=by, version=None, outcome="reached", note="好", satisfaction="satisfied"
            )
        with world.acting("manager") as by:
            cases.case_close(case_id=case.pk, by=by, version=None, reason="resolved", note="她已搬到外地姐姐家")
            cases.case_reopen(case_id=case.pk, by=by, version=None, reason="她又来电")
            assert TimelineEntry.objects.visible_to(by).filter(kind__in=["case.closed", "case.reopened"]).count() == 2
        with world.acting("justice_liaison"):
            assert Case.objects.filter(pk=case.pk).exists()
            assert not TimelineEntry.objects.filter(kind__in=["case.closed", "case.reopened"]).exists()


def test_refused_case_owes_no_callback_and_is_closed_to_the_desk(world: World) -> None:
    case = opened(world)
    with world.acting("manager") as by:
        first = followups.follow_up_plan(
            case_id=case.pk, by=by, due_at=clock.now() + dt.timedelta(hours=1), by_desk=True
        )
    with clock.at(first.due_at + dt.timedelta(minutes=1)):
        with as_worker():
            assert followups.make_due(first.pk)
        with world.acting("operator"):
            assert FollowUp.objects.exists()
        with world.acting("manager") as by:
            later = followups.follow_up_plan(
                case_id=case.pk, by=by, due_at=clock.now() + dt.timedelta(hours=9), by_desk=True
            )
            cases.case_refuse(case_id=case.pk, by=by, version=None, reason="other_body", pointed_to="请到乡镇司法所")
            assert {row.status for row in FollowUp.objects.filter(pk__in=[first.pk, later.pk])} == {"cancelled"}
            assert not AccessGrant.objects.filter(
                case=case, group=world.offices["desk"].group, withdrawn_at__isnull=True
            ).exists()
        with world.acting("operator"):
            assert not Case.objects.filter(pk=case.pk).exists()


def test_one_callback_that_fails_keeps_no_other_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = []
    for name in ("刘桂芳", "张秀英"):
        case = opened(world, name)
        with world.acting("manager") as by:
            rows.append(
                followups.follow_up_plan(
                    case_id=case.pk, by=by, due_at=clock.now() + dt.timedelta(hours=1), by_desk=True
                )
            )
    real = followups.make_due

    def broken(pk: UUID) -> bool:
        if pk == rows[0].pk:
            raise LookupError
        return real(pk)

    monkeypatch.setattr(followups, "make_due", broken)
    with clock.at(rows[1].due_at + dt.timedelta(minutes=1)), as_worker():
        assert tasks.followups_poll() == 1


def test_contact_that_joined_a_case_is_answered_by_the_next_plan(world: World) -> None:
    case = _assessed(world)
    with world.acting("manager") as by:
        before = Case.objects.get(pk=case.pk).version
        contact = contact_begin(by=by, office=world.offices["wuhua"], channel="walk_in")
        contact_log(contact_id=contact.pk, by=by, values=VALUES | {"disposition": "joined"}, join_case_id=case.pk)
        assert WorkItem.objects.open().filter(kind="contact.joined", case=case).exists()
        plan: dict[str, Any] = {
            "case_id": case.pk,
            "by": by,
            "text": "再约她面谈",
            "due_at": clock.now() + dt.timedelta(days=2),
        }
        with pytest.raises(StaleVersion):  # begun before the contact came
            cases.case_plan(**plan, version=before)
        cases.case_plan(**plan, version=Case.objects.get(pk=case.pk).version)
        assert not WorkItem.objects.open().filter(kind="contact.joined", case=case).exists()
        assert WorkItem.objects.open().filter(case=case).exists()


def test_what_nobody_can_carry_out_is_told_to_the_centre(world: World) -> None:
    case = _assessed(world)
    with as_owner():
        User.objects.filter(pk=world.users["manager"].pk).update(is_active=False)
        item = WorkItem.objects.open().filter(case=case, owner_user=world.users["manager"]).first()
        assert item is not None
        told = recipients(item)
    assert world.users["director"].pk in told
    assert world.users["manager2"].pk in told
    assert world.users["manager"].pk not in told


def test_what_is_owed_by_a_manager_who_moved_elsewhere_is_told_to_her_former_colleagues(world: World) -> None:
    case = _assessed(world)
    gone = world.users["manager"]
    with as_owner():
        item = WorkItem.objects.open().filter(case=case, owner_user=gone).first()
        assert item is not None
        assert recipients(item) == [gone.pk]
        RoleGrant.objects.filter(user=gone).update(until=clock.today() - dt.timedelta(days=1))
        RoleGrant.objects.create(
            user=gone, role=Role.MANAGER, office=world.offices["xishan"], since=clock.today() - dt.timedelta(days=1)
        )
        assert set(recipients(item)) == {world.users["director"].pk, world.users["manager2"].pk}


def test_second_reminder_tells_the_director_and_waiting_items_hide_no_new_ones(world: World) -> None:
    case = _assessed(world)
    with world.acting("manager"):
        item = WorkItem.objects.open().filter(case=case).order_by("due_at").first()
        assert item is not None
    with clock.at(item.due_at + dt.timedelta(minutes=1)), as_worker():
        assert lateness.chase() >= 1
        assert lateness.chase() == 0
    with clock.at(item.due_at + dt.timedelta(hours=25)), as_worker():
        assert lateness.chase() >= 1
    with as_owner():
        item.refresh_from_db()
        assert item.reminders == 2
        assert world.users["director"].pk in recipients(item)


def test_case_is_not_given_to_a_manager_whose_time_is_over(world: World) -> None:
    case = _assessed(world)
    with as_owner():
        RoleGrant.objects.filter(user=world.users["manager2"]).update(until=clock.today() - dt.timedelta(days=1))
    with world.acting("manager") as by, pytest.raises(DomainError):
        cases.case_assign(case_id=case.pk, by=by, version=None, manager=world.users["manager2"])


def test_call_that_outlasted_her_safe_hours_can_be_written_down(world: World) -> None:
    _case, row, moment = due_callback(world, hours=(dt.time(10), dt.time(11)))
    with clock.at(moment + dt.timedelta(minutes=40)), world.acting("operator") as by:
        done = followups.attempt_record(
            follow_up_id=row.pk, by=by, version=None, outcome="reached", note="通话较长", satisfaction="satisfied"
        )
        assert done.status == "reached"


def test_token_of_another_order_is_no_error(world: World) -> None:
    opened(world)
    browser = client_of(world, "manager")
    for value, sort in (
        (5, "due"),
        (10**30, "received"),
        ("2024-01-01T00:00:00+00:00", "risk"),
        ("2024-01-01T00:00:00", "due"),
    ):
        token = base64.urlsafe_b64encode(json.dumps([value, str(UUID(int=1))]).encode()).decode()
        assert browser.get("/cases/", {"sort": sort, "after": token}).status_code == 200
