"""A body without accounts: a printed letter with a reply slip, chased by the manager, its answer entered by the centre (代录)."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from cases.models import WorkItem
from referrals.models import Referral, ReferralNote
from tests.referrals.conftest import open_case, send_letter
from tests.roles import as_owner
from tests.world import World, broken_promises


def owed(row: Referral) -> list[WorkItem]:
    with as_owner():
        return list(WorkItem.objects.filter(source_id=row.pk, done_at__isnull=True))


def test_the_whole_way_of_a_letter_on_paper(world: World, login: Callable[[str], Client]) -> None:
    with as_owner():
        type(world.units["court"]).objects.filter(pk=world.units["court"].pk).update(has_accounts=False)
        world.units["court"].refresh_from_db()
    case = open_case(world, category="A01", risk="high")  # nobody is named where nobody has an account
    row = send_letter(world, case, "court", ask="protect", basis="danger", sections=[])
    (item,) = owed(row)
    assert (item.kind, item.owner_user_id) == ("referral.accept", world.users["manager"].pk)

    manager = login("manager")

    def url(name: str) -> str:
        return reverse(f"referrals:{name}", args=[row.pk])

    paper = manager.get(url("letter")).content.decode()
    for slip in (row.number, "测试五华区人民法院", "签收人（签名）", "办理反馈"):
        assert slip in paper
    for word in ("刘桂芳", "13800001234", case.number):
        assert word not in paper

    assert (
        manager.post(url("enter"), {"version": 1, "result": "done"}).status_code == 422
    )  # what was said is written down
    entered = {"version": 1, "result": "done", "text": "立案庭王法官电话：保护令已裁定"}
    assert manager.post(url("enter"), entered).status_code == 302
    assert [item.kind for item in owed(row)] == ["referral.review"]
    with world.acting("manager") as by:
        note = ReferralNote.objects.visible_to(by).get()
        assert (note.kind, note.actor_id) == ("entered", by.user_id)
    assert manager.post(url("close"), {"version": 2}).status_code == 302
    assert owed(row) == []
    assert broken_promises() == []
