"""Units as a form offers them: by kind of agency, the nearest level first, each with its whole name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from agencies.enums import UnitKind
from agencies.models import Unit
from cases.models import Case

Options = list[tuple[str, Any]]
PROVINCE, PREFECTURE, COUNTY = 2, 4, 6  # digits of a GB/T 2260 code that say something


def county_of(case: Case) -> str:
    """The county of the centre that handles a case."""
    return case.office.region_id[:COUNTY]


def _named(unit: Unit) -> Options:
    return [(str(unit.pk), unit.name)]


def _nearness(unit: Unit, county: str) -> tuple[int, str]:
    """The county's own units, those of its townships, other counties', the prefecture's, the province's; by name among them."""
    code = unit.region_id.rstrip("0")
    if unit.region_id[:COUNTY] == county:
        rank = 0 if len(unit.region_id) <= COUNTY else 1
    else:
        rank = 2 if len(code) > PREFECTURE else 3 if len(code) > PROVINCE else 4
    return rank, unit.name


def grouped(
    units: Iterable[Unit],
    *,
    county: str,
    first: Iterable[Unit] = (),
    first_label: Any = "",
    options: Callable[[Unit], Options] = _named,
) -> list[tuple[Any, Options]]:
    """Choices in groups: `first` under its own label as it comes, the rest by kind. A unit stands once; a group without options not at all."""
    ahead = list(first)
    taken, of_kind = {unit.pk for unit in ahead}, dict[str, list[Unit]]()
    for unit in units:
        if unit.pk not in taken:
            of_kind.setdefault(unit.kind, []).append(unit)
    groups = [(first_label, ahead)]
    for kind in UnitKind:
        near = sorted(of_kind.get(kind.value, []), key=lambda unit: _nearness(unit, county))
        groups.append((kind.label, near))
    found = [(label, [option for unit in members for option in options(unit)]) for label, members in groups]
    return [(label, offered) for label, offered in found if offered]
