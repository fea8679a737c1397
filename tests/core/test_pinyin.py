"""Readings of names: initials that find heteronym surnames."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.pinyin import MAX_INITIALS, MAX_READINGS, initials, normalise

han = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("曾红", {"zh", "ch"}),
        ("单雄信", {"sxx", "dxx", "cxx"}),
        ("仇英", {"qy", "cy"}),
        ("解缙", {"xj", "jj"}),
        ("单于明", {"cym", "dym", "sym"}),
        ("尉迟恭", {"ycg", "wcg"}),
        ("万俟红", {"mqh", "wsh"}),
        ("澹台云", {"tty", "dty"}),
        ("盖丽", {"gl"}),
        ("查良", {"zl", "cl"}),
        ("朴花", {"ph"}),
        ("区丽", {"ql", "ol"}),
        ("黑丽", {"hl"}),
        ("岩温", {"yw", "aw"}),
        ("阿依古丽·买买提", {"ayglmmt"}),
    ],
)
def test_all_readings_of_a_surname_are_known(name: str, expected: set[str]) -> None:
    assert expected <= set(initials(name))


def test_likeliest_reading_comes_first() -> None:
    assert initials("曾红")[0] == "zh"
    assert initials("单于明")[0] == "cym"
    assert initials("张三")[0] == "zs"


def test_name_without_any_reading_has_no_initials() -> None:
    assert initials("") == ()
    assert initials("ꆈꌠ") == ()
    assert initials("𠮷田") == ("t",)


@given(st.text(han, max_size=30))
def test_readings_are_bounded_distinct_and_lower_case(name: str) -> None:
    found = initials(name)
    assert len(found) <= MAX_READINGS
    assert len(set(found)) == len(found)
    assert all(len(word) <= MAX_INITIALS and word.isascii() and word.islower() for word in found)


@given(st.text(max_size=30))
def test_any_text_is_taken(name: str) -> None:
    initials(name)
    assert normalise(normalise(name)) == normalise(name)


@pytest.mark.parametrize(
    "name", ["古丽·买买提", "古丽・买买提", "古丽•买买提", "古丽．买买提", " 古丽 买买提 ", "古丽‧买\u200b买提"]
)
def test_dots_and_spaces_do_not_separate_a_name_from_itself(name: str) -> None:
    assert normalise(name) == "古丽买买提"
