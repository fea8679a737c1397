"""Who may know of a stay, and who of the house's address: by the scopes, and by row-level security alone."""

from __future__ import annotations

import pytest

from agencies.enums import Role
from cases.enums import GrantBasis, Section
from cases.models import Case, PartyIdentity
from cases.services import access
from cases.services import case as cases
from core.identity import as_verb
from shelter.board import board
from shelter.models import Bed, House, HouseAddress, Stay
from tests.roles import as_owner
from tests.shelter.conftest import ADDRESS, check_in, hold
from tests.world import ROLES_AT, World

KNOW = {"keeper", "manager"}


@pytest.mark.parametrize("who", sorted(ROLES_AT))
def test_only_the_keepers_and_the_cases_manager_know(world: World, stay: Stay, who: str) -> None:
    with world.acting(who) as by:
        knows = who in KNOW
        assert Stay.objects.visible_to(by).exists() == knows
        assert Stay.objects.exists() == knows  # by row-level security alone
        assert HouseAddress.objects.visible_to(by).exists() == knows
        assert HouseAddress.objects.exists() == knows
        centre = who in {"keeper", "manager", "manager2", "director"}
        assert (House.objects.exists(), Bed.objects.exists(), bool(board(by).houses)) == (centre, centre, centre)
        assert (House.objects.visible_to(by).exists(), Bed.objects.visible_to(by).exists()) == (centre, centre)


def test_a_keeper_sees_nothing_else_of_the_case(world: World, case: Case, stay: Stay) -> None:
    check_in(world, stay)
    with world.acting("keeper") as by:
        row = Stay.objects.visible_to(by).get()
        assert (row.guest_name, row.children, row.health_needs, row.dangers) == ("刘桂芳", 1, "孕七月", ["searching"])
        assert not Case.objects.exists()
        assert not PartyIdentity.objects.exists()


def test_a_keeper_of_another_centre_sees_nothing(world: World, stay: Stay) -> None:
    world.person("xishan_keeper", Role.KEEPER, "xishan")
    with world.acting("xishan_keeper"):
        assert not Stay.objects.exists()
        assert not House.objects.exists()
        assert not HouseAddress.objects.exists()


def test_others_of_the_centre_see_that_a_bed_is_taken_and_not_by_whom(world: World, stay: Stay) -> None:
    with world.acting("manager2") as by:
        found = board(by).houses[0]
        assert [row.cells[0].state for row in found.rows] == ["held", "free"]
        assert not Stay.objects.exists()


def test_the_address_closes_when_the_stay_is_over(world: World, stay: Stay) -> None:
    from shelter import services

    with world.acting("manager") as by:
        assert HouseAddress.objects.visible_to(by).get().address == ADDRESS
        services.stay_release(stay_id=stay.pk, by=by, version=1, reason="other_place")
        assert Stay.objects.visible_to(by).exists()
        assert not HouseAddress.objects.exists()


def test_a_grant_of_the_section_opens_the_stay_but_never_the_address(world: World, case: Case, stay: Stay) -> None:
    with world.acting("director"), as_verb([case.pk]):
        access.grant(
            case_id=case.pk, sections=[Section.SHELTER], source_kind="expert", source_id=world.users["expert"].pk, basis=GrantBasis.CONSENT,
            user_id=world.users["expert"].pk)  # fmt: skip
    with world.acting("expert") as by:
        assert Stay.objects.visible_to(by).exists()
        assert not HouseAddress.objects.exists()
        assert not HouseAddress.objects.visible_to(by).exists()


def test_the_stay_follows_the_cases_manager(world: World, case: Case, stay: Stay) -> None:
    with world.acting("director") as by:
        version = Case.objects.get(pk=case.pk).version
        cases.case_assign(case_id=case.pk, by=by, version=version, manager=world.users["manager2"])
    for who, sees in (("manager", False), ("manager2", True)):
        with world.acting(who):
            assert (Stay.objects.exists(), HouseAddress.objects.exists()) == (sees, sees), who


def test_a_wall_hides_the_stay_even_from_the_keeper(world: World, case: Case, stay: Stay) -> None:
    with world.acting("director"), as_verb([case.pk]):
        access.wall(case_id=case.pk, reason="kin", user_id=world.users["keeper"].pk)
    with world.acting("keeper") as by:
        assert not Stay.objects.exists()
        assert not Stay.objects.visible_to(by).exists()


def test_the_address_is_sealed_in_the_table(world: World, house: House) -> None:
    with as_owner():
        raw = HouseAddress._base_manager.extra(select={"raw": "address"}).values_list("raw", flat=True).get()
    assert ADDRESS.encode() not in bytes(raw)


def test_hold_of_a_case_without_children(world: World, case: Case, house: House) -> None:
    assert hold(world, case, house, kind="single").persons == 1
