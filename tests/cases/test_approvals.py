"""查阅审批: a closed record of a minor exists for its manager and the director; others of the centre ask (未成年人网络保护条例第36条)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from agencies.enums import Role
from agencies.models import RoleGrant
from cases.models import ApprovalWords, Case, PartyIdentity, RecordApproval, WorkItem
from cases.services import approvals
from cases.services.search import search
from cases.tasks import late_work_poll
from core import clock
from core.errors import DomainError, NotFound
from tests.cases.scenes import client_of, opened
from tests.cases.test_walls import assessed, gone, wall
from tests.protection.sql import ask, refused, verb_undone
from tests.roles import as_owner, as_worker
from tests.world import SINCE, World

pytestmark = pytest.mark.django_db


def kept(world: World, *, closed: bool = True) -> Case:
    """A child's case, closed, of the first manager."""
    case = assessed(world)
    with as_owner():
        Case._base_manager.filter(pk=case.pk).update(concerns_minor=True, manager=world.users["manager"])
        if closed:
            WorkItem._base_manager.filter(case_id=case.pk).update(done_at=clock.now(), outcome="done")
            Case._base_manager.filter(pk=case.pk).update(
                status="closed", close_reason="resolved", closed_at=clock.now()
            )
    return case


def asked(world: World, number: str, *, by: str = "manager2", days: int = 7) -> UUID:
    with world.acting(by) as who:
        return approvals.approval_ask(
            by=who, office=world.offices["wuhua"], number=number, reason="同一家庭新案需要参考", days=days
        ).pk  # fmt: skip


def decided(world: World, pk: UUID, *, by: str = "director", agreed: bool = True) -> str:
    with world.acting(by) as who:
        return approvals.approval_decide(approval_id=pk, by=who, agreed=agreed)


def test_without_an_approval_the_record_is_missing(world: World) -> None:
    case = kept(world)
    for person in ("manager", "director"):
        assert not gone(world, person, case), person
    assert gone(world, "manager2", case)
    with world.acting("manager2") as by:
        assert search(by=by, text=case.number).cases == []
        assert not PartyIdentity._base_manager.filter(case_id=case.pk).exists()
    page = client_of(world, "manager2")
    assert page.get(reverse("cases:detail", args=[case.pk])).status_code == 404
    assert case.number not in page.get(reverse("cases:list")).content.decode()


def test_a_refused_record_is_missing_too_and_can_be_asked_for(world: World) -> None:
    case = opened(world)
    with as_owner():
        WorkItem._base_manager.filter(case_id=case.pk).update(done_at=clock.now(), outcome="done")
        Case._base_manager.filter(pk=case.pk).update(
            concerns_minor=True, manager=world.users["manager"], status="not_accepted", refuse_reason="duplicate", closed_at=clock.now()
        )  # fmt: skip
    assert gone(world, "manager2", case)
    assert decided(world, asked(world, case.number)) == "approved"
    assert not gone(world, "manager2", case)


def test_what_was_merged_is_as_open_as_the_record_that_was_kept(world: World) -> None:
    stub, case = kept(world, closed=False), kept(world, closed=False)
    with as_owner():
        WorkItem._base_manager.filter(case_id=stub.pk).update(done_at=clock.now(), outcome="done")
        Case._base_manager.filter(pk=stub.pk).update(status="merged", merged_into=case, closed_at=clock.now())
    assert not gone(world, "manager2", stub)
    with as_owner():
        WorkItem._base_manager.filter(case_id=case.pk).update(done_at=clock.now(), outcome="done")
        Case._base_manager.filter(pk=case.pk).update(status="closed", close_reason="resolved", closed_at=clock.now())
    assert gone(world, "manager2", case)
    assert gone(world, "manager2", stub)
    with world.acting("manager2"):
        assert not PartyIdentity._base_manager.filter(case_id=stub.pk).exists()
    for person in ("manager", "director"):
        assert not gone(world, person, stub), person
    assert decided(world, asked(world, case.number)) == "approved"
    assert not gone(world, "manager2", stub)


def test_an_open_record_and_one_on_which_something_is_owed_are_everybodys_duty(world: World) -> None:
    case = kept(world, closed=False)
    assert not gone(world, "manager2", case)
    closed = kept(world)
    with as_owner():
        WorkItem.objects.create(
            office_id=closed.office_id, case=closed, kind="contact.joined", source_id=closed.pk, owner_role="manager", opened_at=clock.now(),
            due_at=clock.now(),
        )  # fmt: skip
    assert not gone(world, "manager2", closed)


def test_approved_until_a_day_and_no_longer(world: World) -> None:
    case = kept(world)
    pk = asked(world, case.number)
    with world.acting("director") as by:
        (item,) = WorkItem.objects.owed_by(by).filter(kind=approvals.DECIDE)
        assert item.due_at > clock.now()
    with world.acting("manager"):
        assert not WorkItem._base_manager.filter(kind=approvals.DECIDE).exists()
    assert decided(world, pk) == "approved"
    assert not gone(world, "manager2", case)
    with world.acting("director") as by:
        assert not WorkItem.objects.owed_by(by).filter(kind=approvals.DECIDE).exists()
    with clock.at(clock.now() + dt.timedelta(days=7, seconds=1)):
        assert gone(world, "manager2", case)
    with world.acting("director") as by:
        approvals.approval_end(approval_id=pk, by=by)
    assert gone(world, "manager2", case)
    with clock.at(clock.now() + dt.timedelta(minutes=1)), world.acting("director") as by:
        assert RecordApproval.objects.visible_to(by).get(pk=pk).is_ended_early


def test_an_approval_that_ran_out_did_not_end_early(world: World) -> None:
    case = kept(world)
    pk = asked(world, case.number)
    assert decided(world, pk) == "approved"
    with world.acting("manager2") as by:
        row = RecordApproval.objects.visible_to(by).get(pk=pk)
    assert not row.is_ended_early
    with clock.at(clock.now() + dt.timedelta(days=8)):
        assert not row.is_ended_early


def test_refused_and_nothing_open_nothing(world: World) -> None:
    case, walled = kept(world), kept(world)
    wall(world, walled, person="manager2")
    assert decided(world, asked(world, case.number), agreed=False) == "refused"
    assert decided(world, asked(world, walled.number)) == "nothing"
    assert decided(world, asked(world, "530102-2026-ZZZZ")) == "nothing"
    for one in (case, walled):
        assert gone(world, "manager2", one)
    with world.acting("manager2") as by:
        assert not RecordApproval.objects.visible_to(by).filter(case__isnull=False).exists()


def test_only_the_director_decides_and_nobody_on_an_own_ask(world: World) -> None:
    case = kept(world)
    pk = asked(world, case.number)
    with world.acting("manager") as by, pytest.raises(NotFound):
        approvals.approval_decide(approval_id=pk, by=by, agreed=True)
    for person in ("manager", "manager2", "xishan_manager"):
        with world.acting(person), verb_undone(pk):
            refused("SELECT caremgmt_record_approve(%s)", [pk], code="CM029")
    with world.acting("director"):
        refused("SELECT caremgmt_record_approve(%s)", [pk], code="CM029")  # no ticket
    with as_owner(), pytest.raises(IntegrityError), transaction.atomic():
        RecordApproval.objects.filter(pk=pk).update(decided_by_id=world.users["manager2"].pk)
    with world.acting("director") as by, pytest.raises(NotFound):
        approvals.approval_ask(by=by, office=world.offices["wuhua"], number=case.number, reason="x", days=7)
    with pytest.raises(DomainError, match="asked_already"):
        asked(world, case.number)
    with pytest.raises(DomainError, match="own_already"):
        asked(world, case.number, by="manager")


def test_who_has_a_part_in_it_reads_why_and_the_auditor_only_that_it_was_asked(world: World) -> None:
    pk = asked(world, kept(world).number)
    for person, wanted in {
        "manager2": 1, "director": 1, "auditor": 0, "manager": 0, "xishan_manager": 0, "supervisor": 0, "system": 0,
    }.items():  # fmt: skip
        with world.acting(person) as by:
            found = list(ApprovalWords._base_manager.all())
            assert list(ApprovalWords.objects.visible_to(by)) == found
            assert [row.reason for row in found] == ["同一家庭新案需要参考"] * wanted, person
    with world.acting("auditor") as by:
        assert RecordApproval.objects.visible_to(by).get().pk == pk
        assert ask("SELECT count(*) FROM cases_approvalwords") == [(0,)]


def test_the_pages_ask_decide_and_end(world: World) -> None:
    case = kept(world)
    asker, director = client_of(world, "manager2"), client_of(world, "director")
    url = reverse("cases:approval-ask")
    form = {"number": case.number, "reason": "", "days": 7, "office": world.offices["wuhua"].pk}
    page = asker.post(url, form)
    assert page.status_code == 422
    assert case.number in page.content.decode()
    assert asker.post(url, form | {"reason": "同一家庭新案需要参考"}).status_code == 302
    with world.acting("manager2") as by:
        pk = RecordApproval.objects.visible_to(by).get().pk
    here = reverse("cases:approval", args=[pk])
    assert "同一家庭新案需要参考" in director.get(here).content.decode()
    assert "同一家庭新案需要参考" not in client_of(world, "auditor").get(here).content.decode()
    assert client_of(world, "manager").get(here).status_code == 404
    assert asker.post(reverse("cases:approval-decide", args=[pk]), {"answer": "approve"}).status_code == 403
    assert director.post(reverse("cases:approval-decide", args=[pk]), {"answer": "approve"}).status_code == 302
    assert asker.get(reverse("cases:detail", args=[case.pk])).status_code == 200
    assert reverse("cases:detail", args=[case.pk]) in asker.get(here).content.decode()
    assert director.post(reverse("cases:approval-end", args=[pk])).status_code == 302
    assert asker.get(reverse("cases:detail", args=[case.pk])).status_code == 404


def test_of_two_directors_one_decides(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have opened the page; the second is told, and the first answer stands."""
    world.person("director2", Role.DIRECTOR, "wuhua")
    case = kept(world)
    pk = asked(world, case.number)
    seen = RecordApproval.objects.filter(pk=pk)
    assert decided(world, pk) == "approved"
    monkeypatch.setattr(approvals, "waiting", lambda _by: seen)
    for agreed in (True, False):
        with pytest.raises(DomainError, match="wrong_status"):
            decided(world, pk, by="director2", agreed=agreed)
    assert not gone(world, "manager2", case)


# -- a centre without a director in force ---------------------------------------


@pytest.fixture
def undirected(world: World) -> World:
    """The Wuhua centre has no director any more; above it is this world's supervisor."""
    world.only_above()
    with as_owner():
        RoleGrant.objects.filter(role=Role.DIRECTOR, office=world.offices["wuhua"]).update(until=SINCE)
    return world


def test_without_a_director_the_level_above_decides_and_sees_the_ask_alone(undirected: World) -> None:
    world = undirected
    case = kept(world)
    pk = asked(world, case.number)
    with world.acting("supervisor") as by:
        (item,) = WorkItem.objects.owed_by(by).filter(kind=approvals.DECIDE)
        assert item.owner_user_id == by.user_id
        assert RecordApproval.objects.visible_to(by).get().number == case.number
        assert ApprovalWords.objects.visible_to(by).get().reason == "同一家庭新案需要参考"
    for person in ("director", "province", "xishan_manager", "manager"):
        with world.acting(person) as by:
            assert not RecordApproval.objects.visible_to(by).exists(), person
            assert not RecordApproval._base_manager.exists(), person
        with world.acting(person), verb_undone(pk):
            refused("SELECT caremgmt_record_approve(%s)", [pk], code="CM029")
    assert decided(world, pk, by="supervisor") == "approved"
    assert not gone(world, "manager2", case)
    with world.acting("supervisor") as by:  # who decided knows of the ask, and of nothing in the record
        assert not Case._base_manager.exists()
        assert not PartyIdentity._base_manager.exists()
        assert not WorkItem.objects.owed_by(by).filter(kind=approvals.DECIDE).exists()
        approvals.approval_end(approval_id=pk, by=by)
    assert gone(world, "manager2", case)


def test_whose_director_left_after_the_ask_is_not_left_alone(world: World) -> None:
    world.only_above()
    case = kept(world)
    pk = asked(world, case.number)
    with as_owner():
        RoleGrant.objects.filter(role=Role.DIRECTOR, office=world.offices["wuhua"]).update(until=SINCE)
        due = WorkItem.objects.get(kind=approvals.DECIDE, done_at=None).due_at
    with clock.at(due + dt.timedelta(minutes=1)):
        with as_worker():
            assert late_work_poll() >= 1
        with world.acting("supervisor") as by:
            (item,) = WorkItem.objects.owed_by(by).filter(kind=approvals.DECIDE)
            assert item.source_id == pk
        assert decided(world, pk, by="supervisor") == "approved"


def test_with_a_director_in_force_a_late_ask_stays_the_centres(world: World) -> None:
    world.only_above()
    asked(world, kept(world).number)
    with as_owner():
        due = WorkItem.objects.get(kind=approvals.DECIDE, done_at=None).due_at
    with clock.at(due + dt.timedelta(minutes=1)):
        with as_worker():
            late_work_poll()
        with world.acting("supervisor") as by:
            assert not RecordApproval.objects.visible_to(by).exists()
            assert not WorkItem.objects.owed_by(by).filter(kind=approvals.DECIDE).exists()


def test_the_reviewers_pages(undirected: World) -> None:
    world = undirected
    case = kept(world)
    asker, reviewer = client_of(world, "manager2"), client_of(world, "supervisor")
    form = {"number": case.number, "reason": "同一家庭新案需要参考", "days": 7, "office": world.offices["wuhua"].pk}
    assert "上级复核人" in asker.post(reverse("cases:approval-ask"), form, follow=True).content.decode()
    pk = asked_pk(world)
    here = reverse("cases:approval", args=[pk])
    assert here in reviewer.get(reverse("cases:approvals")).content.decode()
    assert "同一家庭新案需要参考" in reviewer.get(here).content.decode()
    assert reviewer.get(reverse("cases:approval-ask")).status_code == 403
    assert client_of(world, "province").get(here).status_code == 404
    assert reviewer.post(reverse("cases:approval-decide", args=[pk]), {"answer": "approve"}).status_code == 302
    page = reviewer.get(here).content.decode()
    assert reverse("cases:detail", args=[case.pk]) not in page
    assert reviewer.get(reverse("cases:detail", args=[case.pk])).status_code in (403, 404)
    assert asker.get(reverse("cases:detail", args=[case.pk])).status_code == 200


def asked_pk(world: World) -> UUID:
    with world.acting("manager2") as by:
        return RecordApproval.objects.visible_to(by).get().pk
