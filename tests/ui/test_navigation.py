"""The shell's navigation: under each heading stands what the heading says."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from django.utils import translation

from caremgmt.navigation import Shell
from tests.cases.scenes import client_of
from tests.world import World

DIRECTORY = {"通讯录": ["中心与部门"]}
ASKED = {"受保护记录的查阅": ["紧急查看"]}
BESIDE_WORK = {
    "operator": DIRECTORY | ASKED,
    "shift": DIRECTORY | ASKED,
    "manager": DIRECTORY | {"统计": [], "受保护记录的查阅": ["紧急查看", "未成年人档案查阅审批"]},
    "director": DIRECTORY | {"统计": [], "安全与审计": ["查阅记录", "异常查阅", "紧急查看", "未成年人档案查阅审批"]},
    "auditor": DIRECTORY | {"安全与审计": ["查阅记录", "异常查阅", "紧急查看", "未成年人档案查阅审批"]},
    "system": DIRECTORY | {"系统管理": ["账号", "部门密钥"]},
    "supervisor": DIRECTORY | {"统计": []},
    "province": DIRECTORY | {"统计": []},
    "expert": DIRECTORY, "field_worker": DIRECTORY, "keeper": DIRECTORY, "police_liaison": DIRECTORY, "aid_officer": DIRECTORY,
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(BESIDE_WORK))
def test_headings_fit_what_stands_under_them(world: World, name: str) -> None:
    request = RequestFactory().get("/")
    request.identity, request.user = world.identity(name), world.users[name]  # type: ignore[attr-defined]
    with world.acting(name), translation.override("zh-hans"):
        shown = {str(part["label"]): [str(item["label"]) for item in part["items"]] for part in Shell(request).nav()}
    shown.pop("")
    assert list(shown) == sorted(shown, key=["统计", "通讯录", *shown].index)
    if "统计" in shown:
        shown["统计"] = []
    assert shown == BESIDE_WORK[name]


@pytest.mark.parametrize("name", sorted(BESIDE_WORK))
def test_search_and_keys_are_offered_to_those_alone_who_can_use_them(world: World, name: str) -> None:
    text = client_of(world, name).get("/account/").content.decode()
    sees_no_case = name in {"auditor", "system", "supervisor", "province", "field_worker"}
    assert ('id="global-search"' in text) != sees_no_case
    assert ("<dd>全局搜索</dd>" in text) != sees_no_case
    for words, link in (("前往案件", "/cases/"), ("前往转办", "/referrals/"), ("新来电", "/contacts/new/")):
        assert (f"<dd>{words}</dd>" in text) == (f'class="nav-item" href="{link}"' in text), words
