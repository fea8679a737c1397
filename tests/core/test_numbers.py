"""Numbers that people speak: no code twice, nothing told by gaps, read back however they were typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.numbers import ALPHABET, _permute, case_number, paper_number, parse_case_number, permuted_code

KEY = bytes(range(32))
SCOPE = "530102-2026"
FOUR = 31**4
PINNED = ["HGKC", "59V5", "ZFEN", "7T9P8"]
codes = st.text(st.sampled_from(ALPHABET), min_size=4, max_size=5)


def test_alphabet_has_no_characters_that_look_alike() -> None:
    assert len(ALPHABET) == len(set(ALPHABET)) == 31
    assert not set(ALPHABET) & set("01OIL")


def test_first_codes_of_a_scope_are_all_different() -> None:
    assert len({permuted_code(KEY, SCOPE, n) for n in range(20_000)}) == 20_000


@given(st.integers(0, FOUR - 1), st.integers(0, FOUR - 1))
def test_two_counters_never_share_a_code(one: int, other: int) -> None:
    assert (permuted_code(KEY, SCOPE, one) == permuted_code(KEY, SCOPE, other)) == (one == other)


def test_small_permutation_is_a_bijection() -> None:
    for size in (1, 2, 31, 1000):
        assert sorted(_permute(KEY, "test", n, size) for n in range(size)) == list(range(size))


@given(st.integers(0, FOUR + 31**5 - 1), st.text(max_size=20))
def test_code_is_of_the_alphabet_and_of_the_right_length(n: int, scope: str) -> None:
    code = permuted_code(KEY, scope, n)
    assert set(code) <= set(ALPHABET)
    assert len(code) == (4 if n < FOUR else 5)
    assert code == permuted_code(KEY, scope, n)


def test_fifth_character_comes_when_four_are_used_up() -> None:
    assert len(permuted_code(KEY, SCOPE, FOUR - 1)) == 4
    assert len(permuted_code(KEY, SCOPE, FOUR)) == 5
    assert len({permuted_code(KEY, SCOPE, n) for n in range(FOUR, FOUR + 2_000)}) == 2_000


def test_counter_outside_the_scope_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        permuted_code(KEY, SCOPE, -1)
    with pytest.raises(ValueError, match="no code left"):
        permuted_code(KEY, SCOPE, FOUR + 31**5)
    with pytest.raises(ValueError, match="key"):
        permuted_code(b"", SCOPE, 0)


def test_scope_and_key_change_the_order() -> None:
    first = [permuted_code(KEY, SCOPE, n) for n in range(50)]
    assert first != sorted(first)
    assert first != [permuted_code(KEY, "530102-2027", n) for n in range(50)]
    assert first != [permuted_code(KEY[::-1], SCOPE, n) for n in range(50)]


def test_code_is_fixed_for_ever() -> None:
    """A change of the permutation would give out numbers again that stand on paper."""
    assert [permuted_code(KEY, SCOPE, n) for n in (0, 1, 2, FOUR)] == PINNED


@given(st.integers(100000, 999999), st.integers(1900, 2099), codes)
def test_number_is_read_back_however_it_was_typed(region: int, year: int, code: str) -> None:
    number = case_number(str(region), year, code)
    assert parse_case_number(number) == number
    assert parse_case_number(number.lower().replace("-", "")) == number
    assert parse_case_number(f" {number.replace('-', ' — ')} ") == number
    assert parse_case_number("".join(chr(ord(ch) + 0xFEE0) for ch in number)) == number


@pytest.mark.parametrize(
    "text",
    ["", "7K3F", "530102-2026-7K3", "530102-2026-7K3FAB", "530102-2026-7K0F", "530102-3026-7K3F", "53010-2026-7K3F",
     "030102-2026-7K3F", "张三", "13812345678"],
)  # fmt: skip
def test_other_text_is_no_case_number(text: str) -> None:
    assert parse_case_number(text) is None


def test_numbers_of_cases_and_papers_are_spelled_as_usual() -> None:
    assert case_number("530102", 2026, "7K3F") == "530102-2026-7K3F"
    assert paper_number("督办", 2026, "530102", "7K3F") == "督办〔2026〕530102-7K3F号"


@pytest.mark.parametrize(
    ("region", "year", "code"), [("5301", 2026, "7K3F"), ("530102", 26, "7K3F"), ("530102", 2026, "7k3f")]
)
def test_parts_of_another_form_are_refused(region: str, year: int, code: str) -> None:
    with pytest.raises(ValueError, match=r"region|year|code"):
        case_number(region, year, code)
    with pytest.raises(ValueError, match=r"region|year|code"):
        paper_number("督办", year, region, code)
