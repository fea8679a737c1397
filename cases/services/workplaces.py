"""Does what was said of the respondent's and his kin's work name a unit? Words only: whether it is so is found out by asking her.

Rather one warning too many: it costs a question, a missed one costs her safety (security.md, 7).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from agencies.models import Region, Unit
from core.pinyin import normalise

LEVELS = "省州市县区乡镇"
# 西双版纳 is the one name of more than two characters
_AUTONOMOUS = re.compile(r"(西双版纳|.{2})(?:[^族]{1,3}族)+自治[州县]$")
_OF_THE_PEOPLE = re.compile("人民(?=法院|检察院|医院|政府)")


@dataclass(frozen=True, slots=True)
class Place:
    """An administrative division: what it is called, and below which it lies."""

    name: str
    parent: str | None

    @property
    def names(self) -> set[str]:
        """As it is written in full and as people say it: 五华区 and 五华, 兰坪白族普米族自治县 and 兰坪."""
        found = _AUTONOMOUS.match(self.name)
        short = found.group(1) if found else self.name.removesuffix("街道").rstrip(LEVELS)
        return {name for name in (self.name, short) if len(name) > 1}


class Places:
    """All divisions, read once and only where something is compared."""

    @cached_property
    def _places(self) -> Mapping[str, Place]:
        rows = Region.objects.values_list("code", "name", "parent_id")
        return {code: Place(folded(name), parent) for code, name, parent in rows}

    def around(self, code: str) -> set[str]:
        """The names of a division and of those that it lies in."""
        found: set[str] = set()
        place = self._places.get(code)
        while place is not None:
            found |= place.names
            place = self._places.get(place.parent) if place.parent else None
        return found

    @cached_property
    def all(self) -> set[str]:
        """The names of all of them."""
        return set().union(*(place.names for place in self._places.values()))


def folded(text: str) -> str:
    """As names are compared: without spaces and case, 人民法院 as 法院, a 分局 as a 局."""
    return _OF_THE_PEOPLE.sub("", normalise(text)).replace("分局", "局")


def _names(unit: Unit) -> set[str]:
    """What a unit is called in full and in short, and what its branch is: 昆明市公安局五华分局, 五华公安分局, 五华分局."""
    names = {folded(unit.name), folded(unit.short_name)}
    return {name for name in names | {name.partition("局")[2] for name in names} if len(name) > 2}


def _without_place(name: str, around: set[str]) -> str:
    """The body itself: 五华区公安局 as 公安局, 兰坪县公安局 too, whose county is longer in full."""
    for place in sorted(around, key=len, reverse=True):
        if name.startswith(place):
            rest = name.removeprefix(place)
            level = rest[:1]
            if level and level in LEVELS and any(one.startswith(place) and one.endswith(level) for one in around):
                rest = rest[1:]
            return _without_place(rest, around)
    return name


def _bodies(names: Iterable[str], around: set[str]) -> set[str]:
    """The unit without its place, an office also as people say it: 公安局 and 公安."""
    found = {_without_place(name, around) for name in names}
    return {body for body in found | {re.sub("[局厅]$", "", body) for body in found} if len(body) > 1}


def _before(text: str, part: str) -> Iterator[str]:
    """What stands before each place where `part` occurs."""
    start = text.find(part)
    while start >= 0:
        yield text[:start]
        start = text.find(part, start + 1)


def _is_elsewhere(before: str, around: set[str], places: set[str]) -> bool:
    """Whether another place stands right before the body: 西山区公安局 is not the one of 五华区."""
    short = before[:-1] if before and before[-1] in LEVELS else before
    named = {place for place in places if before.endswith(place) or short.endswith(place)}
    return bool(named) and not named & around


def names_unit(text: str, unit: Unit, places: Places) -> bool:
    """Whether `text` names this unit, with its place or without any."""
    said, around, names = folded(text), places.around(unit.region_id), _names(unit)
    return any(name in said for name in names) or any(
        not _is_elsewhere(before, around, places.all)
        for body in _bodies(names, around)
        for before in _before(said, body)
    )


def family(unit: Unit) -> list[Unit]:
    """The unit, those above it in its agency's tree, those directly below it."""
    found, above = [unit], unit.parent
    while above is not None and above not in found:
        found.append(above)
        above = above.parent
    return [*found, *unit.children.filter(is_active=True)]


def met(texts: Iterable[str], unit: Unit, places: Places) -> Unit | None:
    """The unit that one of `texts` names: this one, one above it or one below it; None where none is named."""
    said = [text for text in texts if text.strip()]
    if not said:
        return None
    return next((one for one in family(unit) if any(names_unit(text, one, places) for text in said)), None)
