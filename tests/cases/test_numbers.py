"""Numbers that name a region are counted by it, whichever of its offices gives them."""

from __future__ import annotations

from uuid import uuid4

import pytest

from cases.services import numbers
from core.identity import as_verb
from core.numbers import ALPHABET
from tests.world import World

pytestmark = pytest.mark.django_db


def test_a_desk_and_a_centre_of_one_county_never_give_the_same_number(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Each scope counts visibly from its beginning: two scopes of one region would meet at once.
    monkeypatch.setattr(numbers, "permuted_code", lambda _key, _scope, n: f"222{ALPHABET[n]}")
    centre, desk = world.offices["wuhua"], world.offices["desk"]
    desk.region_id = centre.region_id
    with world.acting("operator"), as_verb([uuid4()]):
        papers = [numbers.next_paper_number("来电", office) for office in (centre, desk, desk, centre)]
        cases = [numbers.next_case_number(office) for office in (centre, desk)]
        elsewhere = numbers.next_paper_number("来电", world.offices["xishan"])
    assert len({*papers, *cases}) == 6
    assert elsewhere.endswith("2222号")
