"""A stay is known to the keepers and to who manages the case now, at the case's centre: past ones with the present one."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from agencies.enums import Role
from cases.enums import GrantBasis, Section
from cases.models import AccessGrant, Case, SafeContact, ServiceRecord, TimelineEntry
from cases.services import access, merging, walls
from cases.services import case as cases
from core import clock
from core.identity import as_verb
from shelter import services
from shelter.models import House, HouseAddress, Stay
from tests.cases.scenes import client_of
from tests.cases.test_walls import settle, wall
from tests.referrals.conftest import open_case
from tests.roles import as_owner, as_worker
from tests.shelter.conftest import ADDRESS, check_in, hold
from tests.world import World


def assign(world: World, case: Case, to: str) -> None:
    with world.acting("director") as by:
        version = Case.objects.get(pk=case.pk).version
        cases.case_assign(case_id=case.pk, by=by, version=version, manager=world.users[to])


def check_out(world: World, stay: Stay) -> Stay:
    with world.acting("keeper") as by:
        return services.stay_check_out(
            stay_id=stay.pk, by=by, version=stay.version, reason="relatives", exit_application=True
        )


def stays_of(world: World, who: str) -> set[str]:
    """The states of the stays that `who` sees, by the scope and by row-level security alone."""
    with world.acting(who) as by:
        found = set(Stay.objects.visible_to(by).values_list("status", flat=True))
        assert set(Stay._base_manager.values_list("status", flat=True)) == found
        return found


def knows_address(world: World, who: str) -> bool:
    with world.acting(who) as by:
        knows = HouseAddress.objects.visible_to(by).exists()
        assert HouseAddress._base_manager.exists() == knows
        return knows


def without_manager(world: World, case: Case) -> None:
    """A wall before the manager has left the case to nobody, and was lifted."""
    row = wall(world, case, person="manager")
    assert settle() == 1
    for who in ("director", "manager2"):
        with world.acting(who) as by:
            walls.wall_lift(wall_id=row.pk, by=by)


def opened_to_holders(case: Case) -> int:
    with as_owner():
        return AccessGrant.objects.filter(case_id=case.pk, source_kind="stay", withdrawn_at=None).count()


def test_a_manager_who_has_left_the_centre_knows_nothing_of_the_refuge(world: World, case: Case, stay: Stay) -> None:
    check_in(world, stay)
    assert knows_address(world, "manager")
    world.moves("manager", Role.MANAGER, "xishan")
    assert stays_of(world, "manager") == set()
    assert not knows_address(world, "manager")
    with world.acting("manager") as by:
        assert not Case.objects.visible_to(by).filter(pk=case.pk).exists()
        for model in (Case, SafeContact, TimelineEntry):
            field = "pk" if model is Case else "case_id"
            assert not model._base_manager.filter(**{field: case.pk}).exists(), model
    browser = client_of(world, "manager")
    for url in (reverse("shelter:stay", args=[stay.pk]), reverse("cases:detail", args=[case.pk])):
        assert browser.get(url).status_code == 404, url
    answer = browser.post(reverse("shelter:address", args=[stay.house_id]), {"reason": "bring"})
    assert answer.status_code == 404
    assert ADDRESS not in answer.content.decode()


def test_the_address_asks_for_the_post_whatever_else_is_held(world: World, case: Case, stay: Stay) -> None:
    with world.acting("director"), as_verb([case.pk]):
        access.grant(
            case_id=case.pk, sections=[Section.SHELTER], source_kind="care_team", source_id=case.pk, basis=GrantBasis.CONSENT,
            user_id=world.users["manager"].pk)  # fmt: skip
    assert knows_address(world, "manager")
    world.moves("manager", Role.MANAGER, "xishan")
    assert stays_of(world, "manager") == {"held"}  # by her consent, as somebody else's would be
    assert not knows_address(world, "manager")


@pytest.mark.parametrize("how", ["checked_out", "released"])
def test_the_manager_reads_on_of_a_stay_that_is_over_but_not_where_it_was(
    world: World, case: Case, stay: Stay, how: str
) -> None:
    if how == "checked_out":
        check_out(world, check_in(world, stay))
    else:
        with world.acting("keeper") as by:
            services.stay_release(stay_id=stay.pk, by=by, version=1, reason="did_not_come")
    assert stays_of(world, "manager") == stays_of(world, "keeper") == {how}
    assert not knows_address(world, "manager")
    with world.acting("manager") as by:
        assert TimelineEntry.objects.visible_to(by).filter(kind=f"shelter.{how}").exists()


def test_who_managed_the_case_before_sees_neither_the_past_stay_nor_the_next_one(
    world: World, case: Case, stay: Stay, house: House
) -> None:
    check_out(world, check_in(world, stay))
    assign(world, case, "manager2")
    assert stays_of(world, "manager") == set()
    assert stays_of(world, "manager2") == {"checked_out"}
    hold(world, case, house, "manager2")
    assert stays_of(world, "manager") == set()
    assert stays_of(world, "manager2") == {"checked_out", "held"}
    assert [knows_address(world, who) for who in ("manager", "manager2")] == [False, True]
    with world.acting("manager") as by:
        assert not TimelineEntry.objects.visible_to(by).filter(section="shelter").exists()
        assert not ServiceRecord.objects.filter(section="shelter").exists()


def test_a_wall_takes_the_stay_from_the_manager_for_good(world: World, case: Case, stay: Stay) -> None:
    without_manager(world, case)
    assert stays_of(world, "manager") == set()
    assign(world, case, "manager2")
    assert stays_of(world, "manager") == set()
    assert stays_of(world, "manager2") == {"held"}


@pytest.mark.parametrize("ends", ["checked_out", "released", "expired", "assigned"])
def test_who_holds_a_bed_while_nobody_manages_sees_it_until_it_is_over_or_somebody_does(
    world: World, case: Case, house: House, ends: str
) -> None:
    without_manager(world, case)
    stay = hold(world, case, house, "manager2")
    assert stays_of(world, "manager2") == {"held"}
    assert not knows_address(world, "manager2")
    assert opened_to_holders(case) == 3  # the head and the safe contact go with the stay
    if ends == "checked_out":
        check_out(world, check_in(world, stay))
    elif ends == "assigned":
        assign(world, case, "manager")
        assert stays_of(world, "manager") == {"held"}
    elif ends == "expired":
        with clock.at(stay.held_until + dt.timedelta(minutes=1)), as_worker():
            assert services.hold_expire(stay_id=stay.pk)
    else:
        answer = client_of(world, "manager2").post(
            reverse("shelter:release", args=[stay.pk]), {"reason": "other_place", "version": 1}
        )
        assert (answer.status_code, answer["Location"]) == (302, reverse("cases:detail", args=[case.pk]))
    assert stays_of(world, "manager2") == set()
    assert opened_to_holders(case) == 0


def test_who_holds_a_bed_while_nobody_manages_and_leaves_the_centre_sees_it_no_more(
    world: World, case: Case, house: House
) -> None:
    without_manager(world, case)
    hold(world, case, house, "manager2")
    world.moves("manager2", Role.MANAGER, "xishan")
    assert stays_of(world, "manager2") == set()


def merge(world: World, case: Case, kept: Case, who: str = "manager") -> None:
    with world.acting(who) as by:
        version = Case.objects.get(pk=case.pk).version
        merging.case_merge(
            case_id=case.pk, kept_id=kept.pk, by=by, version=version, reason="身份证件一致", despite=True
        )


def test_merging_leaves_the_refuge_to_the_manager_of_the_case_that_stays(world: World, case: Case, stay: Stay) -> None:
    stay = check_in(world, stay)
    merge(world, open_case(world), case)
    assert stays_of(world, "manager") == {"checked_in"}
    assert knows_address(world, "manager")
    with world.acting("manager") as by:
        until = stay.until + (stay.until - stay.since)
        services.stay_extend(stay_id=stay.pk, by=by, version=stay.version, until=until, reason="仍在被寻找")


def test_merging_leaves_the_stay_to_who_holds_it_while_nobody_manages(world: World, case: Case, house: House) -> None:
    without_manager(world, case)
    hold(world, case, house, "manager2")
    merge(world, open_case(world), case)
    assert stays_of(world, "manager2") == {"held"}


def test_a_manager_who_takes_over_in_merging_has_the_stay_and_the_one_before_has_not(
    world: World, case: Case, stay: Stay
) -> None:
    other = open_case(world)
    with world.acting("director"), as_verb([other.pk]):
        access.wall(case_id=other.pk, reason="kin", user_id=world.users["manager"].pk)
    merge(world, other, case, "manager2")
    assert stays_of(world, "manager") == set()
    assert stays_of(world, "manager2") == {"held"}
