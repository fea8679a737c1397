"""Whether a case concerns a minor: said when it is opened, and by whatever tells it later; never taken back by a correction."""

from __future__ import annotations

import pytest

from cases.instruments.shipped import proposed
from cases.models import Case, Category, PartyIdentity
from cases.services import case as cases
from cases.services.people import PersonData
from cases.services.persons import identity_update, person_add
from core import clock
from core.errors import StaleVersion
from core.idnumber import check_digit
from tests.cases.scenes import as_it_is, opened, party_of
from tests.cases.test_merging import begun, merge
from tests.world import World

pytestmark = pytest.mark.django_db


def walked_in(world: World, *, category: str = "A06", **who: object) -> Case:
    """A case that the centre opened itself."""
    with world.acting("manager") as by:
        return cases.case_open(by=by, new=cases.NewCase(
            office=world.offices["wuhua"], category=Category.objects.get(pk=category), channel="walk_in",
            persons=[PersonData(role="client", is_primary=True, name="刘桂芳", **who)],
        ))  # fmt: skip


def corrected(world: World, case: Case, **values: object) -> Case:
    """The client's identity, corrected by the manager."""
    party = party_of(case)
    with world.acting("manager") as by:
        row = PartyIdentity.objects.visible_to(by).get(party_id=party)
        identity_update(party_id=party, by=by, version=row.version, values=values)
    return as_it_is(case)


@pytest.mark.parametrize(("years", "minor"), [(10, True), (18, True), (19, False)])
def test_of_a_mere_year_she_is_taken_for_a_minor_while_she_may_be_one(world: World, years: int, minor: bool) -> None:
    year = clock.today().year - years
    assert walked_in(world, birth_year=year).concerns_minor is minor
    assert opened(world, client_birth_year=year).concerns_minor is minor


def test_the_category_says_it_when_the_case_is_opened_or_assessed(world: World) -> None:
    assert walked_in(world, category="E01").concerns_minor
    case = opened(world)
    assert not case.concerns_minor
    with world.acting("manager") as by:
        child = Category.objects.get(pk="E01")
        cases.case_assess(case_id=case.pk, by=by, version=1, risk="low", reasons="邻居代为反映", category=child)
    assert as_it_is(case).concerns_minor


def test_a_corrected_age_makes_it_a_minors_case_and_no_correction_takes_it_back(world: World) -> None:
    case = opened(world, client_birth_year=None)
    assert not case.concerns_minor
    now = corrected(world, case, birth_year=clock.today().year - 9)
    assert now.concerns_minor
    assert proposed(concerns_minor=now.concerns_minor, is_violence=False).code == "child"
    with pytest.raises(StaleVersion), world.acting("manager") as by:  # what was begun before did not know it
        cases.case_assess(case_id=case.pk, by=by, version=case.version, risk="low", reasons="无即时危险")
    assert corrected(world, case, birth_year=1962).concerns_minor


def test_an_id_number_tells_it_to_the_day(world: World) -> None:
    eighteen = clock.today().year - 18
    had_birthday = f"530102{eighteen}0101001"
    case = opened(world, client_birth_year=None)
    values = {"id_number": had_birthday + check_digit(had_birthday), "birth_year": eighteen}
    assert not corrected(world, case, **values).concerns_minor


def test_others_of_the_case_do_not_say_it(world: World) -> None:
    case = opened(world)
    with world.acting("manager") as by:
        year = clock.today().year - 9
        person_add(case_id=case.pk, by=by, data=PersonData(role="child", name="小明", birth_year=year))
    assert not as_it_is(case).concerns_minor


def test_a_minors_case_that_is_merged_stays_one(world: World) -> None:
    case, kept = begun(world, birth_year=clock.today().year - 9), begun(world)
    assert merge(world, case, kept).concerns_minor
