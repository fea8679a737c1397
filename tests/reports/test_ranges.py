"""No small cell can be computed from everything that is shown: of all places, all months and all ranges of months."""

from __future__ import annotations

from itertools import combinations_with_replacement

from hypothesis import given, settings
from hypothesis import strategies as st

from reports.suppression import Levels, Month, Walk, Year, hide_in_tree, is_small

K = 5
PARENTS = {"p": "t", "q": "t", "p1": "p", "p2": "p", "p3": "p", "q1": "q", "q2": "q"}
LEAVES = ("p1", "p2", "p3", "q1", "q2")
MONTHS = 5
PRIME = 2**31 - 1  # the sums are small: what follows modulo this prime follows


def leaves_of(key: str) -> list[str]:
    return [leaf for leaf in LEAVES if key in {leaf, PARENTS[leaf], "t"}]


def tree(values: dict[str, int]) -> Levels:
    return [{key: sum(values[leaf] for leaf in leaves_of(key)) for key in level} for level in ("t", "pq", LEAVES)]


def hidden(months: list[Month], first: int, last: int, levels: Levels) -> set[str]:
    """The keys that are hidden in the sums of a range; `months` are all from the first one there is."""
    return hide_in_tree(levels, PARENTS, K, forced=Walk(months, PARENTS, K).cut(first, last))


def shown(
    history: list[dict[str, int]], quarter: int = 1, year: int = 12
) -> tuple[list[tuple[str, int, int]], list[tuple[str, int, int]]]:
    """Every cell of every range: those shown, and those that are small."""
    open_cells, small = [], []
    for first, last in combinations_with_replacement(range(len(history)), 2):
        whole = {leaf: sum(month[leaf] for month in history[first : last + 1]) for leaf in LEAVES}
        months = [
            Month(tree(values), year=at // year, ends_quarter=not (at + 1) % quarter)
            for at, values in enumerate(history)
        ]
        # As it was asked when the range's last month had just ended: later months may not change what was said.
        then = hidden(months[: last + 1], first, last, tree(whole))
        assert then == hidden(months, first, last, tree(whole))
        for level in tree(whole):
            for key, value in level.items():
                if key not in then:
                    open_cells.append((key, first, last))
                if is_small(value, K):
                    small.append((key, first, last))
    return open_cells, small


def vector(cell: tuple[str, int, int], months: int) -> list[int]:
    key, first, last = cell
    return [int(leaf in leaves_of(key) and first <= month <= last) for month in range(months) for leaf in LEAVES]


def reduced(rows: list[list[int]]) -> list[tuple[int, list[int]]]:
    basis: list[tuple[int, list[int]]] = []
    for row in rows:
        rest = remainder(row, basis)
        lead = next((index for index, value in enumerate(rest) if value), None)
        if lead is not None:
            inverse = pow(rest[lead], -1, PRIME)
            basis.append((lead, [value * inverse % PRIME for value in rest]))
    return basis


def remainder(row: list[int], basis: list[tuple[int, list[int]]]) -> list[int]:
    rest = row
    for lead, other in basis:
        if factor := rest[lead]:
            rest = [(a - factor * b) % PRIME for a, b in zip(rest, other, strict=True)]
    return rest


def told(history: list[dict[str, int]], quarter: int = 1, year: int = 12) -> list[tuple[str, int, int]]:
    """The small cells that follow from the shown ones (and from the zeros, which are always shown)."""
    open_cells, small = shown(history, quarter, year)
    months = len(history)
    basis = reduced([vector(cell, months) for cell in open_cells])
    return [cell for cell in small if not any(remainder(vector(cell, months), basis))]


@given(
    st.lists(
        st.fixed_dictionaries({leaf: st.sampled_from([0, 0, 1, 2, 3, 5, 8, 12]) for leaf in LEAVES}),
        min_size=MONTHS, max_size=MONTHS,
    ),
    st.sampled_from([(1, 12), (1, 2), (2, 4), (1, 3), (2, 2)]),
)  # fmt: skip
@settings(max_examples=300, deadline=None, derandomize=True)
def test_no_small_cell_follows_from_what_is_shown(history: list[dict[str, int]], calendar: tuple[int, int]) -> None:
    """`calendar`: how many months a quarter and a year have."""
    assert told(history, *calendar) == []


def test_a_small_month_takes_the_next_one_with_it_so_that_their_sum_can_be_told() -> None:
    history = [dict.fromkeys(LEAVES, 9) | {"p1": 2}, *(dict.fromkeys(LEAVES, 9) for _ in range(2))]
    cells = shown(history)[0]
    assert ("p1", 1, 1) not in cells
    assert ("p1", 0, 1) in cells
    assert ("p1", 1, 2) not in cells
    assert ("p1", 2, 2) in cells


def test_a_range_of_safe_blocks_is_shown() -> None:
    history = [dict.fromkeys(LEAVES, 3) for _ in range(4)]
    assert ("p1", 0, 3) in shown(history)[0]
    assert ("p1", 0, 2) not in shown(history)[0]
    assert ("t", 0, 0) in shown(history)[0]


def test_the_audit_itself_finds_what_would_be_told() -> None:
    assert not any(remainder(vector(("p1", 0, 0), 2), reduced([vector(("p1", 0, 1), 2), vector(("p1", 1, 1), 2)])))


def test_a_range_judges_the_years_that_it_touches_and_each_of_them_once() -> None:
    months = [Month(tree(dict.fromkeys(LEAVES, 3)), year=at // 2, ends_quarter=at % 2 == 1) for at in range(6)]
    judged: list[int] = []

    def judge(part: list[Month], parents: dict[str, str], k: int) -> Year:
        judged.append(part[0].year)
        return Year(part, parents, k)

    walk, whole = Walk(months, PARENTS, K, judge=judge), Walk(months, PARENTS, K)
    for first, last in combinations_with_replacement(range(2, 4), 2):
        assert walk.cut(first, last) == whole.cut(first, last)
        every = whole.hidden(0, 5)
        assert walk.hidden(first, last) == {at: every[at] for at in (2, 3)}
    assert judged == [1]
    assert all(walk.hidden(2, 2).values())  # something is hidden in each
