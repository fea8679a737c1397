"""The home page of those who owe no steps of cases: what waits for them, and what their role does here."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest
from django.urls import reverse

from agencies.models import AgencyKey, User
from cases.models import Burst
from cases.services import access, bursts
from core import clock
from core.identity import acting_as, as_verb, worker_identity
from core.ui import times
from tests.cases import glass_scene
from tests.cases.scenes import client_of, opened
from tests.cases.test_walls import assessed
from tests.roles import as_owner, as_worker
from tests.world import ROLES_AT, World


def text_of(world: World, name: str) -> str:
    return client_of(world, name).get("/").content.decode()


def alert(world: World, actor: str) -> Burst:
    now = clock.now()
    row = Burst(
        actor=world.users[actor],
        office=world.offices["wuhua"],
        kind="search",
        hour=now,
        found_at=now,
        count=90,
        usual=3,
    )
    with as_worker(), acting_as(worker_identity("test")):
        assert bursts.raise_alert(row) == 1
    return row


def test_the_auditor_finds_what_nobody_has_looked_into(world: World) -> None:
    found = alert(world, "manager")
    url = reverse("cases:burst", args=[found.pk])
    text = text_of(world, "auditor")
    assert url in text
    assert world.users["manager"].name in text
    with world.acting("auditor") as by:
        bursts.burst_review(burst_id=found.pk, by=by, finding="explained")
    assert url not in text_of(world, "auditor")


def test_an_emergency_view_waits_on_the_auditors_today_and_says_nothing_of_the_case(asking: World) -> None:
    case = assessed(asking)
    url = reverse("cases:glass", args=[glass_scene.opened(asking, case)])
    text = text_of(asking, "auditor")
    assert url in text
    assert case.number not in text
    assert "刘桂芳" not in text
    for other in ("manager", "system", "expert", "field_worker", "supervisor"):
        assert url not in text_of(asking, other), other


def test_the_auditor_reads_that_nothing_waits(world: World) -> None:
    text = text_of(world, "auditor")
    assert "目前没有待核查事项" in text
    for route in ("cases:bursts", "cases:glasses", "cases:approvals", "agencies:access-log"):
        assert reverse(route) in text


@pytest.mark.parametrize("name", sorted(set(ROLES_AT) - {"auditor", "director"}))
def test_alerts_stand_on_nobody_elses_today(world: World, name: str) -> None:
    found = alert(world, "operator2")
    assert reverse("cases:burst", args=[found.pk]) not in text_of(world, name)


def test_the_system_administrator_finds_accounts_without_a_role_and_keys_to_confirm(world: World) -> None:
    before = client_of(world, "system").get("/").context["homes"][0].facts
    with as_owner():
        User.objects.create(username="left", name="张离职")
        AgencyKey.objects.create(
            unit=world.units["police"], system="警务系统", ring_key="k", requested_by_id=uuid4(), requested_by_name="李", requested_at=clock.now(),
            valid_until=clock.now() + dt.timedelta(days=30),
        )  # fmt: skip
    browser = client_of(world, "system")
    after = browser.get("/").context["homes"][0].facts
    changed = {str(now.label): now for was, now in zip(before, after, strict=True) if was.value != now.value}
    assert set(changed) == {"在用账号", "未启用双重验证", "无有效角色的账号", "待您复核的密钥"}
    assert int(changed["待您复核的密钥"].value) == 1
    listed = browser.get(changed["无有效角色的账号"].url).content.decode()
    assert "张离职" in listed
    assert world.users["keeper"].name not in listed


def test_an_own_ask_for_a_key_waits_for_somebody_else(world: World) -> None:
    with as_owner():
        AgencyKey.objects.create(
            unit=world.units["police"], system="警务系统", ring_key="k", requested_by_id=world.users["system"].pk, requested_by_name="张",
            requested_at=clock.now(), valid_until=clock.now() + dt.timedelta(days=30),
        )  # fmt: skip
    facts = {str(fact.label): fact.value for fact in client_of(world, "system").get("/").context["homes"][0].facts}
    assert facts["待您复核的密钥"] == 0


def test_an_expert_reads_until_when_a_case_is_open_to_her(world: World) -> None:
    assert "目前没有向您开放的案件" in text_of(world, "expert")
    case = opened(world)
    until = clock.now() + dt.timedelta(days=30)
    with world.acting("manager"), as_verb([case.pk]):
        access.grant(
            case_id=case.pk, sections=["identity"], source_kind="care_team", source_id=uuid4(), basis="consent",
            user_id=world.users["expert"].pk, until=until,
        )  # fmt: skip
    text = text_of(world, "expert")
    assert f"开放至{times.when(until)}" in text
    assert "目前没有向您开放的案件" not in text


def test_a_field_worker_reads_that_no_task_waits_below_what_to_do(world: World) -> None:
    text = text_of(world, "field_worker")
    assert text.index("110") < text.index("暂无交办任务")
