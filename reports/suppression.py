"""Which cells are not shown: 1 to 4, and whatever would let one of them be computed. Pure functions over a tree of places.

A parent's figure equals (or, for distinct people, is near) the sum of its children. If the parent is shown, one hidden child could be
subtracted: another one is hidden with it. If the parent is hidden, not all of its children may be shown.

The same holds over time: January and February together, less February, is January. So the hidden months of a group of places are bound
into blocks, oldest first, each as long as it takes until its sum gives none of its months away; a range that cuts a block, or reaches into
one that is not finished, hides what is hidden in the months it takes of it. What has been shown stays right, whatever later months bring.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Children = Mapping[str, Sequence[str]]
Levels = Sequence[Mapping[str, int]]  # figures by key, top level first
Cell = tuple[str, int]  # a key in a month


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


def hide_in_range(
    months: Sequence[Month], inside: Collection[int], levels: Levels, parents: Mapping[str, str], k: int
) -> set[str]:
    """The keys to hide in the sums of the months `inside`, which are `levels`; `months` are all from the first one there is, in order."""
    return hide_in_tree(levels, parents, k, forced=Walk(months, parents, k).cut(inside))


Block = dict[int, set[str]]  # by month those of one group who are hidden in it


class Walk:
    """A tree's months, oldest first: `hidden`, by month, the keys to hide in it; `cut`, those whose sum over a range tells one."""

    def __init__(self, months: Sequence[Month], parents: Mapping[str, str], k: int) -> None:
        """Months that follow an open block are hidden with it where that can end it: a small month needs another one to stand with."""
        self._parents, self._k = parents, k
        self._values = [{key: value for level in month.levels for key, value in level.items()} for month in months]
        self.hidden: list[set[str]] = []
        self._blocks: list[tuple[set[str], Block]] = [(group, {}) for group in _children(months, parents)]
        self._ended: list[Block] = []
        self._spans: dict[Cell, int] = {}  # of a hidden key in a month: the block that it ended in
        self._known: set[Cell] = set()
        for index, month in enumerate(months):
            self._take(index, month)

    def cut(self, inside: Collection[int]) -> set[str]:
        """The keys that a range of these months hides: it takes a part of their block only, or their block has not ended."""
        found: set[str] = set()
        for block in self._ended:
            taken = [keys for index, keys in block.items() if index in inside]
            if len(taken) < len(block):
                found.update(*taken)
        for _group, block in self._blocks:
            found.update(*(keys for index, keys in block.items() if index in inside))
        return found

    def _take(self, index: int, month: Month) -> None:
        waiting = [block for _group, block in self._blocks if block]
        lonely = {key for block in waiting for key, row in self._rows(block).items() if not self._holds(row)}
        forced = {*month.forced, *(key for key in lonely if self._values[index].get(key))}
        hidden_before = {key for block in waiting for keys in block.values() for key in keys}
        self.hidden.append(hide_in_tree(month.levels, self._parents, self._k, forced=forced, first=hidden_before))
        still_open, unfinished = set[str](), set(month.unfinished)
        for group, block in self._blocks:  # parents before children
            parent = self._parents.get(next(iter(group)), "")
            found = self.hidden[index] & group
            if parent and len(found) == 1 and (parent not in self.hidden[index] or (parent, index) in self._known):
                self._known |= {(key, index) for key in found}  # hidden, but the only one below what is known
            elif found:
                block[index] = found
            if not block:
                continue
            waits = parent in still_open or group & unfinished
            if not waits and _may_end(self._values, block, parent, self._spans, self._k):
                self._end(block)
            else:
                still_open |= group

    def _rows(self, block: Block) -> dict[str, list[int]]:
        rows: dict[str, list[int]] = {}
        for index, keys in block.items():
            for key in keys:
                rows.setdefault(key, []).append(self._values[index].get(key, 0))
        return rows

    def _holds(self, row: Sequence[int]) -> bool:
        return _is_safe(row, self._k) and not is_small(sum(row), self._k)

    def _end(self, block: Block) -> None:
        for index, keys in block.items():
            self._spans.update({(key, index): min(block) for key in keys})
        self._ended.append(dict(block))
        block.clear()


def _children(months: Sequence[Month], parents: Mapping[str, str]) -> list[set[str]]:
    """The groups of siblings, top level first."""
    found: dict[tuple[int, str], set[str]] = {}
    for month in months:
        for depth, values in enumerate(month.levels):
            for key in values:
                found.setdefault((depth, parents.get(key, "")), set()).add(key)
    return [found[key] for key in sorted(found)]


def _may_end(
    months: Sequence[Mapping[str, int]], block: Block, parent: str, spans: Mapping[Cell, int], k: int
) -> bool:  # fmt: skip
    """Whether the sums of this block, with what is known of the parent in its months, leave each hidden figure unknown."""
    # Of each hidden figure: its child, its month, and the months of which the parent's sum is known as a whole.
    cells = {(key, at): spans.get((parent, at), -1 - at) for at, keys in block.items() for key in keys}
    values = {(key, at): months[at].get(key, 0) for key, at in cells}
    by_key: dict[str, list[Cell]] = {}
    for cell in cells:  # the block's months are in order
        by_key.setdefault(cell[0], []).append(cell)
    rows = list(by_key.values())
    if not all(_is_safe(row := [values[cell] for cell in cells_], k) and not is_small(sum(row), k) for cells_ in rows):
        return False
    if not parent:  # nothing above tells of it
        return True
    return _hang_together(cells) and not any(_run_follows(cells, row, values, k) for row in rows)


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


def _hang_together(cells: Mapping[Cell, int]) -> bool:
    """Whether nothing new follows of the parent, which would tell of the parent's siblings.

    Children who share months hang together. What a part that hangs together has is the parent's figure of its months; that is known
    already only if the part holds the whole of each span of the parent's that it touches.
    """
    parts = _joined((key, at) for key, at in cells)
    spans: dict[int, Any] = {}
    return all(spans.setdefault(span, parts[at]) == parts[at] for (_key, at), span in cells.items())


def _run_follows(cells: Mapping[Cell, int], row: Sequence[Cell], values: Mapping[Cell, int], k: int) -> bool:
    """Whether months of one child that follow each other and name somebody follow from what is known.

    Known are the sums of all children over the block, and of all spans over the children. A run follows when each child and each span can
    be given a weight so that a cell's two weights make 1 inside the run and 0 outside: spans that hang together through the other children
    have one weight, so none of them may be inside while another is outside.
    """
    runs = list(_small_runs([values[cell] for cell in row], k))
    if not runs:
        return False
    key = row[0][0]
    parts = _joined((other, span) for (other, _at), span in cells.items() if other != key)
    touched = [parts.get(cells[cell], cells[cell]) for cell in row]
    return any(set(touched[first:end]).isdisjoint(touched[:first] + touched[end:]) for first, end in runs)


def _small_runs(row: Sequence[int], k: int) -> Iterator[tuple[int, int]]:
    """From where to where (the end left out) figures that follow each other have a sum that names somebody."""
    for first in range(len(row)):
        total = 0
        for end, value in enumerate(row[first:], first + 1):
            total += value
            if not is_small(total, k):
                break
            yield first, end
