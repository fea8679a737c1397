"""Which cells are not shown: 1 to 4, and whatever would let one of them be computed. Pure functions over a tree of places.

A parent's figure equals (or, for distinct people, is near) the sum of its children. If the parent is shown, one hidden child could be
subtracted: another one is hidden with it. If the parent is hidden, not all of its children may be shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Children = Mapping[str, Sequence[str]]


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


def hide_in_group(values: Mapping[str, int], k: int, *, parent_hidden: bool = False) -> set[str]:
    """The keys to hide among the children of one parent."""
    hidden = {key for key, value in values.items() if is_small(value, k)}
    # Smallest first; the name decides between equals, so that the same figures always give the same table.
    others = [
        key for key in sorted(values, key=lambda key: (abs(values[key]), key)) if key not in hidden and values[key] != 0
    ]
    if parent_hidden:
        return hidden | set(others[: 0 if hidden else 1])
    while hidden and not _is_safe([values[key] for key in hidden], k) and others:
        hidden.add(others.pop(0))
    return hidden


def hide_in_tree(levels: Sequence[Mapping[str, int]], parents: Mapping[str, str], k: int) -> set[str]:
    """The keys to hide in a tree, top level first. `parents` names each key's parent in the level above (top keys have none)."""
    hidden: set[str] = set()
    for values in levels:
        groups: dict[str, dict[str, int]] = {}
        for key, value in values.items():
            groups.setdefault(parents.get(key, ""), {})[key] = value
        for parent, children in groups.items():
            hidden |= hide_in_group(children, k, parent_hidden=parent in hidden)
    return hidden
