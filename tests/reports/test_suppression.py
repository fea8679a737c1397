"""Small cells, and what would give them away."""

from __future__ import annotations

from reports.suppression import hide_in_group, hide_in_tree, is_small


def test_cells_from_one_to_four_are_small() -> None:
    assert [value for value in range(-6, 8) if is_small(value, 5)] == [-4, -3, -2, -1, 1, 2, 3, 4]


def test_nothing_is_hidden_where_nothing_is_small() -> None:
    assert hide_in_group({"a": 5, "b": 0, "c": 70}, 5) == set()


def test_one_small_cell_takes_the_next_smallest_with_it() -> None:
    assert hide_in_group({"a": 3, "b": 0, "c": 70, "d": 8}, 5) == {"a", "d"}


def test_two_small_cells_whose_sum_gives_them_away_take_a_third() -> None:
    assert hide_in_group({"a": 1, "b": 1, "c": 70, "d": 8}, 5) == {"a", "b", "d"}
    assert hide_in_group({"a": 4, "b": 4, "c": 70, "d": 8}, 5) == {"a", "b", "d"}


def test_two_small_cells_of_unlike_size_protect_each_other() -> None:
    assert hide_in_group({"a": 1, "b": 4, "c": 70}, 5) == {"a", "b"}


def test_zeros_are_never_hidden() -> None:
    assert hide_in_group({"a": 2, "b": 0, "c": 0}, 5) == {"a"}


def test_below_a_hidden_parent_the_hidden_children_protect_each_other() -> None:
    assert hide_in_group({"a": 12, "b": 9, "c": 30}, 5, parent_hidden=True) == {"a", "b"}
    assert hide_in_group({"a": 12, "b": 2, "c": 30}, 5, parent_hidden=True) == {"a", "b"}


def test_county_hidden_for_another_hides_its_only_centre() -> None:
    counties = {"x": 3, "y": 9, "z": 40}
    centres = {"cx": 3, "cy": 9, "cz": 40}
    parents = {"x": "p", "y": "p", "z": "p", "cx": "x", "cy": "y", "cz": "z"}
    assert hide_in_tree([{"p": 52}, counties, centres], parents, 5) == {"x", "y", "cx", "cy"}
