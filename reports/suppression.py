"""Which cells are not shown: 1 to 4, and whatever would let one of them be computed. Pure functions over a tree of places.

A parent's figure equals (or, for distinct people, is near) the sum of its children. If the parent is shown, one hidden child could be
subtracted: another one is hidden with it. If the parent is hidden, not all of its children may be shown.

The same holds over time: January and February together, less February, is January. So the hidden months of a group of places are bound
into blocks, oldest first, each as long as it takes until its sum gives none of its months away; a range that cuts a block, or reaches into
one that is not finished, hides what is hidden in the months it takes of it. What has been shown stays right, whatever later months bring.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import groupby
from typing import Any

Children = Mapping[str, Sequence[str]]
Levels = Sequence[Mapping[str, int]]  # figures by key, top level first
Cell = tuple[str, int]  # a key in a month
GROUND = "ground"  # of what is not told: its weight is 0


def is_small(value: int, k: int) -> bool:
    """Whether a cell names people: from 1 to k - 1 (taken back ones too: a difference names somebody as well)."""
    return 0 < abs(value) < k


def _is_safe(hidden: Sequence[int], k: int) -> bool:
    """Whether the sum of these hidden cells, which is known, leaves each of them unknown."""
    if len(hidden) < 2:
        return not hidden
    total = sum(hidden)
    all_small = all(is_small(value, k) for value in hidden)
    # A sum of ones is made of ones only, a sum of the largest small cells of those only.
    return total > len(hidden) and not (all_small and total == len(hidden) * (k - 1))


def hide_in_group(
    values: Mapping[str, int],
    k: int,
    *,
    forced: Collection[str] = (),
    first: Collection[str] = (),
    parent_hidden: bool = False,
) -> set[str]:
    """The keys to hide among the children of one parent; `forced` ones are hidden for a reason of their own.

    Who is hidden with them: `first` those who are hidden in the months before, so that a block ends.

    Below a hidden parent too the hidden ones must protect each other: the parent may be known of a longer range.
    """
    hidden = {key for key, value in values.items() if is_small(value, k) or key in forced}
    # Smallest first; the name decides between equals, so that the same figures always give the same table.
    others = [
        key
        for key in sorted(values, key=lambda key: (key not in first, abs(values[key]), key))
        if key not in hidden and values[key] != 0
    ]
    if parent_hidden and not hidden and others:
        hidden.add(others.pop(0))
    while hidden and not _is_safe([values[key] for key in hidden], k) and others:
        hidden.add(others.pop(0))
    return hidden


def hide_in_tree(
    levels: Levels, parents: Mapping[str, str], k: int, *, forced: Collection[str] = (), first: Collection[str] = ()
) -> set[str]:
    """The keys to hide in a tree, top level first. `parents` names each key's parent in the level above (top keys have none)."""
    hidden: set[str] = set()
    for parent, children in _groups(levels, parents):
        hidden |= hide_in_group(children, k, forced=forced, first=first, parent_hidden=parent in hidden)
    return hidden


def _groups(levels: Levels, parents: Mapping[str, str]) -> Iterator[tuple[str, dict[str, int]]]:
    for values in levels:
        groups: dict[str, dict[str, int]] = {}
        for key, value in values.items():
            groups.setdefault(parents.get(key, ""), {})[key] = value
        yield from groups.items()


@dataclass(frozen=True, slots=True)
class Month:
    """One month's figures of the tree."""

    levels: Levels
    forced: Collection[str] = ()  # hidden for a reason of another indicator
    unfinished: Collection[str] = ()  # of whom the sum up to here may not be told yet
    year: int = 0
    ends_quarter: bool = True  # then the sums of hidden months are told, where that is safe


@dataclass(eq=False, slots=True)
class Segment:
    """Hidden months of one part whose sum is told as a whole, once it is told."""

    key: str
    months: list[int]
    told: int | None = None  # since which month

    def lies_in(self, first: int, last: int) -> bool:
        """Whether a range takes it in as a whole, and ends when it was told already."""
        return self.told is not None and first <= self.months[0] and self.told <= last


class Group:
    """The parts of one parent: what is hidden of them and may still tell something."""

    def __init__(self, keys: set[str], parent: str) -> None:
        """`parent` is empty for the top."""
        self.keys, self.parent = keys, parent
        self.segments: list[Segment] = []

    def untold(self) -> dict[str, Segment]:
        """By part the segment that still grows."""
        return {segment.key: segment for segment in self.segments if segment.told is None}


class Walk:
    """A tree's months, oldest first: `hidden`, the keys to hide in each of them; `cut`, those whose sum over a range tells one."""

    def __init__(
        self, months: Sequence[Month], parents: Mapping[str, str], k: int, *, judge: Callable[..., Year] | None = None
    ) -> None:
        """Each year stands for itself: its figures do not hang on the year before, and it is judged when somebody asks for it.

        `judge`: a Year that remembers.
        """
        self._years: list[tuple[int, int, Callable[[], Year]]] = []
        at = 0
        for _year, found in groupby(months, key=lambda month: month.year):
            part = list(found)
            self._years.append((at, len(part), cache(partial(judge or Year, part, parents, k))))
            at += len(part)

    def hidden(self, first: int, last: int) -> dict[int, set[str]]:
        """By month, of those of the years that a range of months, both included, lies in."""
        return {at + index: keys for at, year in self._touched(first, last) for index, keys in enumerate(year.hidden)}

    def cut(self, first: int, last: int) -> set[str]:
        """The keys that a range of these months, both included, hides: it takes in a part of a segment only, or one that is not told."""
        return set[str]().union(*(year.cut(first - at, last - at) for at, year in self._touched(first, last)))

    def _touched(self, first: int, last: int) -> Iterator[tuple[int, Year]]:
        return ((at, year()) for at, length, year in self._years if first < at + length and last >= at)


class Year:
    """The months of one year."""

    def __init__(self, months: Sequence[Month], parents: Mapping[str, str], k: int) -> None:
        """Months that follow an untold segment are hidden with it while it cannot stand alone: a small month needs another one."""
        self._parents, self._k = parents, k
        self._values = [{key: value for level in month.levels for key, value in level.items()} for month in months]
        self.hidden: list[set[str]] = []
        self._groups = [Group(keys, parents.get(next(iter(keys)), "")) for keys in _children(months, parents)]
        self._segments: dict[str, list[Segment]] = {}
        self._of: dict[Cell, Segment] = {}
        self._known: set[Cell] = set()
        for index, month in enumerate(months):
            self._take(index, month)
        # Were needed on the way only.
        self._parents, self._values, self._groups, self._of, self._known = {}, [], [], {}, set()

    def cut(self, first: int, last: int) -> set[str]:
        """The keys of which a range takes in a part of a segment only, or one that is not told."""
        return {
            key
            for key, segments in self._segments.items()
            if any(
                not each.lies_in(first, last) and any(first <= at <= last for at in each.months) for each in segments
            )
        }

    def _take(self, index: int, month: Month) -> None:
        values, untold = self._values[index], [segment for group in self._groups for segment in group.untold().values()]
        lonely = {segment.key for segment in untold if values.get(segment.key) and not self._holds(segment)}
        self.hidden.append(
            hide_in_tree(
                month.levels,
                self._parents,
                self._k,
                forced={*month.forced, *lonely},
                first={each.key for each in untold},
            )
        )
        for group in self._groups:  # parents before children
            found = self.hidden[index] & group.keys
            parent = group.parent
            if parent and len(found) == 1 and (parent not in self.hidden[index] or (parent, index) in self._known):
                self._known |= {(key, index) for key in found}  # hidden, but the only one below what is known
                found = set()
            self._grow(group, index, found)
            if month.ends_quarter:
                self._tell(group, index, month.unfinished)

    def _grow(self, group: Group, index: int, found: set[str]) -> None:
        untold = group.untold()
        for key in found:
            segment = untold.get(key)
            if segment is None:
                segment = Segment(key, [])
                group.segments.append(segment)
                self._segments.setdefault(key, []).append(segment)
            segment.months.append(index)
            self._of[key, index] = segment

    def _row(self, segment: Segment) -> list[int]:
        return [self._values[at].get(segment.key, 0) for at in segment.months]

    def _holds(self, segment: Segment) -> bool:
        row = self._row(segment)
        return _is_safe(row, self._k) and not is_small(sum(row), self._k)

    def _span(self, group: Group, at: int) -> Any:
        """The months of which the parent's sum is known as a whole, this one with them; GROUND where it is not."""
        if not group.parent:
            return GROUND
        segment = self._of.get((group.parent, at))
        return at if segment is None else GROUND if segment.told is None else segment

    def _tell(self, group: Group, index: int, unfinished: Collection[str]) -> None:
        """Tell the sums of as many segments as may be told without giving a hidden month away, the largest first."""
        if not group.segments:
            return
        spans = {at: self._span(group, at) for segment in group.segments for at in segment.months}
        # What the parent's months are told as comes first; the top has no parent.
        ready = [
            segment
            for segment in group.untold().values()
            if segment.key not in unfinished
            and self._holds(segment)
            and not (group.parent and any(spans[at] is GROUND for at in segment.months))
        ]
        if not ready:
            return
        sums = {segment: sum(self._row(segment)) for segment in ready}
        ready.sort(key=lambda segment: (-sums[segment], segment.key))
        if not self._is_silent(group, spans, ready):
            chosen: list[Segment] = []
            for segment in ready:
                if self._is_silent(group, spans, [*chosen, segment]):
                    chosen.append(segment)
            ready = chosen
        for segment in ready:
            segment.told = index
        _forget_finished(group, spans)

    def _is_silent(self, group: Group, spans: Mapping[int, Any], more: Collection[Segment]) -> bool:
        """Whether nothing small follows, and nothing new of the parent, when the sums of `more` are told too."""
        told = {segment for segment in group.segments if segment.told is not None or segment in more}
        if group.parent and not _hang_together(group.segments, told, spans):
            return False
        by_key: dict[str, list[Segment]] = {}
        for segment in group.segments:
            by_key.setdefault(segment.key, []).append(segment)
        ties = _Ties(group.segments, told, spans)
        return not any(self._run_follows(told, spans, rows, ties) for rows in by_key.values())

    def _run_follows(
        self, told: Collection[Segment], spans: Mapping[int, Any], rows: list[Segment], ties: _Ties
    ) -> bool:
        """Whether months of one child that follow each other and name somebody follow from what is known.

        Known are the sums of told segments, and of all spans over the children. A run follows when each told segment and each span can be
        given a weight (what is not told has none) so that a cell's two weights make 1 inside the run and 0 outside. Spans that hang
        together through the other children have one weight; the child's own cells bind those to its segments.
        """
        cells = [(segment, at) for segment in rows for at in segment.months]
        runs = list(_small_runs([self._values[at].get(segment.key, 0) for segment, at in cells], self._k))
        if not runs:
            return False
        weights = ties.without(rows[0].key)
        ground = weights.get(GROUND, GROUND)
        edges = [(segment if segment in told else ground, weights.get(spans[at], spans[at])) for segment, at in cells]
        return any(_have_weights(edges, ground, runs))


class _Ties:
    """Which spans hang together through the children's segments: a told one ties its spans to each other, any other to the ground."""

    def __init__(self, segments: Iterable[Segment], told: Collection[Segment], spans: Mapping[int, Any]) -> None:
        """Each tie with the children that make it; most are made by several."""
        self._keys: dict[tuple[Any, Any], set[str]] = {}
        for each in segments:
            end = spans[each.months[0]] if each in told else GROUND
            for at in each.months:
                if spans[at] != end:
                    self._keys.setdefault((end, spans[at]), set()).add(each.key)
        self._all = _joined(self._keys)
        self._lonely = {next(iter(keys)) for keys in self._keys.values() if len(keys) == 1}

    def without(self, key: str) -> dict[Any, Any]:
        """Of all that hangs together without one child's help, one span that stands for it."""
        if key not in self._lonely:
            return self._all
        return _joined(tie for tie, keys in self._keys.items() if keys != {key})


def _have_weights(edges: Sequence[tuple[Any, Any]], ground: Any, runs: Iterable[tuple[int, int]]) -> Iterator[bool]:
    """For each run, whether nodes can be given weights, the ground's being 0, whose sum on each edge is 1 inside the run, else 0."""
    near: dict[Any, list[tuple[Any, int]]] = {ground: []}
    for number, (one, other) in enumerate(edges):
        near.setdefault(one, []).append((other, number))
        near.setdefault(other, []).append((one, number))
    for first, end in runs:
        yield _has_weights(near, first, end)


def _has_weights(near: Mapping[Any, Sequence[tuple[Any, int]]], first: int, end: int) -> bool:
    """Whether it can be done for the edges numbered from `first` to `end` (left out)."""
    weights: dict[Any, int] = {}
    for start in near:  # the ground first
        if start in weights:
            continue
        weights[start], met = 0, [start]
        while met:
            node = met.pop()
            weight = weights[node]
            for other, number in near[node]:
                wanted = (first <= number < end) - weight
                if other not in weights:
                    weights[other] = wanted
                    met.append(other)
                elif weights[other] != wanted:
                    return False
    return True


def _joined(links: Iterable[tuple[Any, Any]]) -> dict[Any, Any]:
    """Of all that is linked, directly or through others, one that stands for it."""
    above: dict[Any, Any] = {}

    def top(one: Any) -> Any:
        while above.setdefault(one, one) != one:
            above[one] = one = above[above[one]]
        return one

    for one, other in links:
        above[top(one)] = top(other)
    return {one: top(one) for one in list(above)}


def _hang_together(segments: Iterable[Segment], told: Collection[Segment], spans: Mapping[int, Any]) -> bool:
    """Whether nothing new follows of the parent, which would tell of the parent's siblings.

    Told segments that share months hang together. What a part that hangs together has is the parent's figure of its months, unless
    something in it is not told; that is known already only if the part holds the whole of each span of the parent's that it touches.
    """
    parts = _joined((each if each in told else GROUND, ("month", at)) for each in segments for at in each.months)
    ground = parts.get(GROUND)
    touched: dict[Any, set[Any]] = {}
    for at, span in spans.items():
        touched.setdefault(span, set()).add(parts["month", at])
    return all(len(found) == 1 or found == {ground} for span, found in touched.items() if span is not GROUND)


def _forget_finished(group: Group, spans: Mapping[int, Any]) -> None:
    """Leave out the told segments that hang together with nothing untold: no later month can touch them."""
    parts = _joined(
        (segment if segment.told is not None else GROUND, spans[at])
        for segment in group.segments
        for at in segment.months
    )
    ground = parts.get(GROUND)
    group.segments = [
        each for each in group.segments if each.told is None or (ground is not None and parts[each] == ground)
    ]


def _children(months: Sequence[Month], parents: Mapping[str, str]) -> list[set[str]]:
    """The groups of siblings, top level first."""
    found: dict[tuple[int, str], set[str]] = {}
    for month in months:
        for depth, values in enumerate(month.levels):
            for key in values:
                found.setdefault((depth, parents.get(key, "")), set()).add(key)
    return [found[key] for key in sorted(found)]


def _small_runs(row: Sequence[int], k: int) -> Iterator[tuple[int, int]]:
    """From where to where (the end left out) figures that follow each other have a sum that names somebody."""
    for first in range(len(row)):
        total = 0
        for end, value in enumerate(row[first:], first + 1):
            total += value
            if not is_small(total, k):
                break
            yield first, end
