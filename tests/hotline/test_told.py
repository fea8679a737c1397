"""What the operator was told reaches whoever assesses: the danger, the steps against it, what was agreed; nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from cases.models import Case
from cases.services import case as cases
from cases.services import intake
from core.models import AccessLog
from hotline.models import Contact
from tests.hotline.test_console import AsUser, case_at
from tests.roles import as_owner
from tests.world import World

AGREED = "明早九点中心联系，她反复说明不要联系婆家"
NEEDS = "想带孩子离开"
NOT_CALLED = "来电时正处于危险，110未拨打"


def saved(world: World, browser: Client, console: str, **more: Any) -> Case:
    """The case that the running call opens."""
    said = case_at(world) | {"danger": "yes", "agreed": AGREED, "needs": NEEDS} | more
    assert browser.post(console, said).status_code == 302
    with as_owner():
        return Case._base_manager.get()


def ticked(browser: Client, draft: Contact, step: str) -> None:
    assert browser.post(f"/contacts/{draft.pk}/protocol/", {"done": step}).status_code in (200, 204, 302)


def test_danger_open_steps_and_what_was_agreed_stand_where_the_case_is_assessed(
    world: World, as_user: AsUser, draft: Contact, console: str
) -> None:
    operator = as_user("operator")
    ticked(operator, draft, "evidence")
    case = saved(world, operator, console)
    page = as_user("manager").get(f"/cases/{case.pk}/assess/").content.decode()
    assert AGREED in page
    assert page.count(NEEDS) == 1  # it stands in the narrative already
    assert "清单上未记录拨打110" in page
    assert page.index("当时已做") < page.index("告知如何保存证据") < page.index("未完成") < page.index("电话拨打110")
    with as_owner():
        seen = AccessLog.objects.filter(object_id=draft.pk, actor_id=world.users["manager"].pk)
        assert {(row.action, row.case_id, row.sections) for row in seen} == {("view", case.pk, "incident")}


def test_whoever_called_110_is_not_said_to_have_left_it(
    world: World, as_user: AsUser, draft: Contact, console: str
) -> None:
    operator = as_user("operator")
    ticked(operator, draft, "police")
    case = saved(world, operator, console)
    assert "她正处于危险，110还没有拨打" not in operator.get(console).content.decode()
    manager = as_user("manager")
    page = manager.get(f"/cases/{case.pk}/assess/").content.decode()
    assert "清单上未记录拨打110" not in page
    assert "来电时正处于危险，已拨打110" in manager.get(f"/cases/{case.pk}/").content.decode()


def test_the_operator_is_reminded_of_110_when_the_call_is_saved(
    world: World, as_user: AsUser, draft: Contact, console: str
) -> None:
    operator = as_user("operator")
    saved(world, operator, console)
    assert "她正处于危险，110还没有拨打" in operator.get(console).content.decode()
    ticked(operator, draft, "police")
    assert "她正处于危险，110还没有拨打" not in operator.get(console).content.decode()


def test_the_case_page_says_it_until_the_case_is_assessed(
    world: World, as_user: AsUser, draft: Contact, console: str
) -> None:
    assert draft.is_draft
    case = saved(world, as_user("operator"), console)
    manager = as_user("manager")
    assert NOT_CALLED in manager.get(f"/cases/{case.pk}/").content.decode()
    assert NOT_CALLED not in as_user("operator").get(f"/cases/{case.pk}/").content.decode()
    with world.acting("manager") as by:
        version = Case.objects.get(pk=case.pk).version
        cases.case_assess(case_id=case.pk, by=by, version=version, risk="high", reasons="危险")
    assert NOT_CALLED not in manager.get(f"/cases/{case.pk}/").content.decode()
    assert AGREED in manager.get(f"/cases/{case.pk}/reassess/").content.decode()  # while the case is new
    with as_owner():
        Case._base_manager.filter(pk=case.pk).update(status="in_progress")
    assert AGREED not in manager.get(f"/cases/{case.pk}/reassess/").content.decode()


@pytest.mark.parametrize(("danger", "words"), [("no", "暂无危险"), ("unknown", "不清楚")])
def test_without_danger_the_state_is_said_and_no_step(
    world: World, as_user: AsUser, draft: Contact, console: str, danger: str, words: str
) -> None:
    assert draft.is_draft
    case = saved(world, as_user("operator"), console, danger=danger)
    manager = as_user("manager")
    page = manager.get(f"/cases/{case.pk}/assess/").content.decode()
    assert "来电时的危险" in page
    assert words in page
    assert "电话拨打110" not in page
    assert "来电时正处于危险" not in manager.get(f"/cases/{case.pk}/").content.decode()


def test_a_wish_of_a_call_that_joined_stands_beside_the_narrative(
    world: World, as_user: AsUser, draft: Contact, console: str
) -> None:
    assert draft.is_draft
    case = saved(world, as_user("operator"), console)
    manager = as_user("manager")
    url = manager.post("/contacts/new/", {"office": world.offices["wuhua"].pk, "channel": "walk_in"}).url
    said = {"channel": "walk_in", "danger": "no", "needs": "要一份告诫书", "agreed": "周五再来"}
    joined = {"disposition": "joined", "join_number": case.number}
    assert manager.post(url, said | joined).status_code == 302
    page = manager.get(f"/cases/{case.pk}/assess/").content.decode()
    assert "要一份告诫书" in page
    assert "周五再来" in page
    assert AGREED in page


def test_only_those_who_may_see_the_call_are_told(world: World, as_user: AsUser, draft: Contact, console: str) -> None:
    assert draft.is_draft
    case = saved(world, as_user("operator"), console, respondent_work="五华公安分局")
    with world.acting("manager") as by:
        assert [each.agreed for each in intake.told(by, case.pk)] == [AGREED]
        assert intake.danger(by, case.pk)
        assert [each.text for each in intake.workplaces(by, case.pk)] == ["五华公安分局"]
    for name in ("xishan_manager", "police_liaison", "supervisor"):
        with world.acting(name) as by:
            assert intake.told(by, case.pk) == []
            assert intake.danger(by, case.pk) == ""
            assert intake.workplaces(by, case.pk) == []
