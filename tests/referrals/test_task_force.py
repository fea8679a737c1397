"""The task force of a centre: the director keeps it, what was stays, gaps are shown, other centres see nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.urls import reverse

from agencies.enums import Role, UnitKind
from agencies.models import RoleGrant, Unit
from core.errors import DomainError, NotAllowed, NotFound
from referrals.taskforces.models import Membership, TaskForce
from referrals.taskforces.services import EXPECTED, Person, member_end, member_name
from tests.roles import as_owner
from tests.world import SINCE, World

Login = Callable[[str], Client]
PAGE = reverse("referrals:task-force")


def named(world: World, name: str = "赵警官", who: str = "director", **more: str) -> Membership:
    values = {"kind": "police", "place": "liaison"} | more
    with world.acting(who) as by:
        person = Person(world.units["police"], name, "副大队长", "13900000001")
        return member_name(office=world.offices["wuhua"], by=by, person=person, **values)


def test_who_is_replaced_stays_readable(world: World) -> None:
    named(world)
    named(world, "钱警官")
    with world.acting("manager") as by:
        rows = list(Membership.objects.visible_to(by).order_by("since"))
        assert [(row.name, row.until is None) for row in rows] == [("赵警官", False), ("钱警官", True)]


def test_only_the_director_changes_it(world: World) -> None:
    with pytest.raises(NotAllowed):
        named(world, who="manager")
    row = named(world)
    with world.acting("manager") as by, pytest.raises(NotAllowed):
        member_end(membership_id=row.pk, by=by)
    with world.acting("xishan_manager") as by, pytest.raises(NotFound):
        member_end(membership_id=row.pk, by=by)


def test_taking_out_ends_who_stood_on_the_page_and_nobody_else(world: World, login: Login) -> None:
    first = named(world)
    second = named(world, "钱警官")
    with world.acting("director") as by, pytest.raises(DomainError, match="ended_already"):
        member_end(membership_id=first.pk, by=by)
    told = login("director").post(reverse("referrals:task-force-end", args=[first.pk]), follow=True)
    assert "钱警官" in told.content.decode()
    with world.acting("director") as by:
        assert Membership.objects.visible_to(by).get(until__isnull=True).pk == second.pk
        member_end(membership_id=second.pk, by=by)
        assert not Membership.objects.visible_to(by).filter(until__isnull=True).exists()


def test_who_directs_two_centres_reaches_the_task_force_of_each(world: World, login: Login) -> None:
    assert not login("director").get(PAGE).context["offices"]
    with as_owner():
        xishan = world.offices["xishan"]
        RoleGrant.objects.create(user=world.users["director"], role=Role.DIRECTOR, office=xishan, since=SINCE)
    browser = login("director")
    choice = browser.get(PAGE).context["offices"]
    assert {tab["url"] for tab in choice} == {f"?office={world.offices[name].pk}" for name in ("wuhua", "xishan")}
    for tab in choice:
        page = browser.get(PAGE + tab["url"])
        assert f"?office={page.context['office'].pk}" == tab["url"]
    url = reverse("referrals:task-force-member", args=["police", "liaison"]) + f"?office={xishan.pk}"
    with as_owner():
        unit = Unit.objects.create(
            kind=UnitKind.POLICE, name="测试西山公安", short_name="西山公安", region=world.regions["xishan_district"],
            group=Group.objects.create(name="测试单位:西山公安"),
        )  # fmt: skip
    sent = browser.post(url, {"unit": unit.pk, "name": "孙警官", "post": "", "phone": "13900000002"})
    assert sent["Location"].endswith(f"?office={xishan.pk}")
    with world.acting("director") as by:
        assert Membership.objects.visible_to(by).get().office_id == xishan.pk
    plan = reverse("referrals:conference-plan")
    assert {browser.get(plan + tab["url"]).context["office"].pk for tab in choice} == {
        world.offices[name].pk for name in ("wuhua", "xishan")
    }


def test_a_unit_stands_for_its_own_department(world: World) -> None:
    with pytest.raises(DomainError, match="unit"):
        named(world, kind="court")


@pytest.mark.parametrize("who", ["xishan_manager", "police_liaison", "operator", "province"])
def test_other_centres_and_bodies_see_nothing(world: World, who: str) -> None:
    named(world)
    with world.acting(who) as by:
        for model in (TaskForce, Membership):
            assert model._base_manager.count() == model.objects.visible_to(by).count() == 0


def test_names_and_numbers_lie_sealed(world: World) -> None:
    row = named(world)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT name, phone FROM referrals_membership WHERE id = %s", [row.pk])
        name, phone = (bytes(value) for value in cursor.fetchone())
    assert "赵警官".encode() not in name
    assert b"13900000001" not in phone


def test_the_page_shows_people_and_gaps(world: World, login: Login) -> None:
    browser = login("director")
    assert browser.get(PAGE).context["gaps"] == 2 * len(EXPECTED)
    url = reverse("referrals:task-force-member", args=["police", "liaison"])
    form = {"unit": world.units["police"].pk, "name": "赵警官", "post": "", "phone": "13900000001"}
    assert browser.post(url, form | {"name": ""}).status_code == 422
    assert browser.post(url, form).status_code == 302
    page = login("manager").get(PAGE)
    assert page.context["gaps"] == 2 * len(EXPECTED) - 1
    assert "赵警官" in page.content.decode()
    assert login("manager").get(url).status_code == 403
    assert browser.get(reverse("referrals:task-force-member", args=["nobody", "liaison"])).status_code == 404
