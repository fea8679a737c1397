"""What managing a case opens is open to who manages it now, and to nobody who did before."""

from __future__ import annotations

import pytest

from agencies.enums import Role
from cases.models import Case, SectionText
from cases.permissions import open_sections
from cases.services import case as cases
from cases.services import seals, walls
from tests.cases.scenes import opened
from tests.cases.test_seals import seal
from tests.cases.test_walls import assessed, settle, wall
from tests.world import World

pytestmark = pytest.mark.django_db
NOTES = "首次心理评估：睡眠差，警觉。"


@pytest.fixture
def case(world: World) -> Case:
    """Managed by the first manager, with counselling notes."""
    case = assessed(world)
    with world.acting("manager") as by:
        cases.section_write(case_id=case.pk, section="counselling", by=by, version=None, text=NOTES)
    return case


def assign(world: World, case: Case, to: str) -> None:
    with world.acting("director") as by:
        version = Case.objects.get(pk=case.pk).version
        cases.case_assign(case_id=case.pk, by=by, version=version, manager=world.users[to])


def reads_notes(world: World, who: str, case: Case) -> bool:
    """By the scope, by row-level security alone and by the permissions of the case: the three must say the same."""
    with world.acting(who) as by:
        notes = {"case_id": case.pk, "section": "counselling"}
        reads = SectionText.objects.visible_to(by).filter(**notes).exists()
        assert SectionText._base_manager.filter(**notes).exists() == reads
        assert ("counselling" in open_sections(by, case)) == reads
        return reads


def sees_case(world: World, who: str, case: Case) -> bool:
    with world.acting(who) as by:
        return Case.objects.visible_to(by).filter(pk=case.pk).exists()


def lifted(world: World, case: Case, person: str) -> None:
    """A wall before this person did its work, and was lifted by two."""
    row = wall(world, case, person=person)
    assert settle() == 1
    for who in ("director", "manager2"):
        with world.acting(who) as by:
            walls.wall_lift(wall_id=row.pk, by=by)


def unsealed(world: World, case: Case, person: str) -> None:
    """The case was sealed to others than this person, and was opened again by two of these."""
    seal(world, case, "manager2")
    assert settle() == 1
    for who in ("director", "manager2"):
        with world.acting(who) as by:
            seals.case_unseal(case_id=case.pk, by=by)


def test_the_manager_alone_reads_the_notes_and_they_go_with_the_case(world: World, case: Case) -> None:
    assert [reads_notes(world, who, case) for who in ("manager", "manager2", "director")] == [True, False, False]
    assign(world, case, "manager2")
    assert [reads_notes(world, who, case) for who in ("manager", "manager2", "director")] == [False, True, False]
    assign(world, case, "manager")
    assert [reads_notes(world, who, case) for who in ("manager", "manager2", "director")] == [True, False, False]


@pytest.mark.parametrize("ended", [lifted, unsealed])
def test_who_lost_the_case_to_a_wall_or_a_seal_reads_no_notes_when_it_is_gone(
    world: World, case: Case, ended: object
) -> None:
    ended(world, case, "manager")  # type: ignore[operator]
    assert sees_case(world, "manager", case)
    assert not reads_notes(world, "manager", case)  # nobody manages the case
    assign(world, case, "manager2")
    assert [reads_notes(world, who, case) for who in ("manager", "manager2")] == [False, True]


def test_who_was_named_before_the_assessment_reads_no_notes_beside_the_manager(world: World) -> None:
    case = opened(world)
    assign(world, case, "manager")
    with world.acting("director") as by:
        version = Case.objects.get(pk=case.pk).version
        cases.case_assess(
            case_id=case.pk, by=by, version=version, risk="low", reasons="无即时危险", manager=world.users["manager2"]
        )
    with world.acting("manager2") as by:
        cases.section_write(case_id=case.pk, section="counselling", by=by, version=None, text=NOTES)
    assert [reads_notes(world, who, case) for who in ("manager", "manager2")] == [False, True]


def test_who_has_left_the_centre_reads_no_notes(world: World, case: Case) -> None:
    world.moves("manager", Role.MANAGER, "xishan")
    assert not reads_notes(world, "manager", case)
    assert not sees_case(world, "manager", case)
