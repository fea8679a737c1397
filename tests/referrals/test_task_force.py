"""The task force of a centre: the director keeps it, what was stays, gaps are shown, other centres see nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from core.errors import DomainError, NotAllowed, NotFound
from referrals.taskforces.models import Membership, TaskForce
from referrals.taskforces.services import EXPECTED, Person, member_end, member_name
from tests.roles import as_owner
from tests.world import World

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
