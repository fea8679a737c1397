"""Readings of names: order of a directory, and initials that find heteronym surnames."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.pinyin import MAX_INITIALS, MAX_READINGS, initials, normalise, sort_key

han = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)


def test_directory_is_in_pinyin_order_and_keeps_a_surname_together() -> None:
    names = ["曾小红", "李伟", "刘芳", "里奇", "李爱华", "区大明", "单田", "阿依", "吕布", "路遥", "尉迟恭", "仇英"]
    assert sorted(names, key=sort_key) == [
        "阿依",
        "李爱华",
        "李伟",
        "里奇",
        "刘芳",
        "路遥",
        "吕布",
        "区大明",
        "仇英",
        "单田",
        "尉迟恭",
        "曾小红",
    ]


def test_syllable_that_ends_earlier_comes_first() -> None:
    assert sorted(["林", "李明", "凌", "李"], key=sort_key) == ["李", "李明", "林", "凌"]


def test_latin_and_unknown_characters_have_a_place() -> None:
    assert sort_key("Aisha") == "aisha"
    assert sort_key("") == ""
    assert sort_key("ꆈ") > sort_key("左")


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
    sort_key(name)
    initials(name)
    assert normalise(normalise(name)) == normalise(name)


@pytest.mark.parametrize(
    "name", ["古丽·买买提", "古丽・买买提", "古丽•买买提", "古丽．买买提", " 古丽 买买提 ", "古丽‧买\u200b买提"]
)
def test_dots_and_spaces_do_not_separate_a_name_from_itself(name: str) -> None:
    assert normalise(name) == "古丽买买提"
