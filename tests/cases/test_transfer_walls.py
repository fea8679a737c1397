"""Walls, seals and shared sections at a transfer."""

from __future__ import annotations

import pytest

from agencies.enums import Role
from cases.models import (
    AccessGrant,
    Case,
    Transfer,
    Wall,
    WorkItem,
)
from cases.services import access, transfers
from cases.services.seals import case_seal, case_unseal
from core.errors import DomainError, NotFound
from core.identity import as_verb
from tests.cases.handing import handed, taken
from tests.cases.test_merging import begun, give
from tests.protection.sql import ask
from tests.roles import as_owner
from tests.world import World


def test_all_that_was_shared_ends_and_walls_go_with_her(world: World) -> None:
    case = begun(world)
    give(world, case, ["incident"], "justice")
    with world.acting("manager"), as_verb([case.pk]):
        access.wall(case_id=case.pk, reason="workplace", group_id=world.units["police"].group_id)
    new = taken(world, handed(world, case))
    with as_owner():
        assert not AccessGrant.objects.filter(case=case, withdrawn_at__isnull=True).exists()
        assert Wall.objects.get(case=new).group_id == world.units["police"].group_id
    with world.acting("justice_liaison") as by:
        assert not Case.objects.visible_to(by).filter(pk__in=[case.pk, new.pk]).exists()


def test_who_stands_behind_a_wall_there_never_hears_of_it(world: World) -> None:
    case = begun(world)
    world.person("xishan_kin", Role.MANAGER, "xishan")
    with world.acting("manager"), as_verb([case.pk]):
        access.wall(case_id=case.pk, reason="kin", user_id=world.users["xishan_kin"].pk)
    row = handed(world, case)
    with world.acting("xishan_kin") as by:
        assert not Transfer.objects.visible_to(by).exists()
        assert not WorkItem.objects.owed_by(by).exists()
        assert ask("SELECT count(*) FROM cases_transfer") == [(0,)]
        with pytest.raises(NotFound):
            transfers.transfer_accept(transfer_id=row.pk, by=by)
    new = taken(world, row)
    with world.acting("xishan_kin") as by:
        assert not Case.objects.visible_to(by).filter(pk=new.pk).exists()
        assert not Transfer.objects.visible_to(by).exists()


def test_a_centre_where_nobody_may_know_of_it_cannot_be_asked(world: World) -> None:
    case = begun(world)
    with world.acting("manager"), as_verb([case.pk]):
        access.wall(case_id=case.pk, reason="kin", user_id=world.users["xishan_manager"].pk)
    with pytest.raises(DomainError) as error:
        handed(world, case)
    assert error.value.code == "no_taker"


def test_a_sealed_case_is_handed_over_only_after_the_director_has_lifted_the_seal(world: World) -> None:
    case = begun(world)
    with world.acting("director") as by:
        case_seal(case_id=case.pk, by=by, named=[world.users["manager"].pk])
    with pytest.raises(DomainError) as error:
        handed(world, case)
    assert error.value.code == "sealed"
    for person in ("director", "manager"):  # one asks, another of the named agrees
        with world.acting(person) as by:
            case_unseal(case_id=case.pk, by=by)
    assert taken(world, handed(world, case)).predecessor_id == case.pk


def test_the_case_is_not_taken_over_for_somebody_behind_its_wall(world: World) -> None:
    world.person("xishan_kin", Role.MANAGER, "xishan")
    case = begun(world)
    with world.acting("manager") as by, as_verb([case.pk]):
        access.wall(case_id=case.pk, reason="kin", user_id=world.users["xishan_kin"].pk)
    row = handed(world, case)
    with world.acting("xishan_manager") as by:
        with pytest.raises(DomainError, match="not_a_manager"):
            transfers.transfer_accept(transfer_id=row.pk, by=by, manager=world.users["xishan_kin"])
        assert transfers.transfer_accept(transfer_id=row.pk, by=by).manager_id == by.user_id
