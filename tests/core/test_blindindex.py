"""The blind index finds a person by what people type, and tells nothing without its key."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.blindindex import (
    FINGERPRINT_BYTES,
    QueryKind,
    fingerprint,
    grams_of_name,
    grams_of_phone,
    grams_of_query,
    token,
)
from core.pinyin import initials

KEY, OTHER_KEY = bytes(range(32)), bytes(range(1, 33))
OFFICE = uuid.UUID("11111111-1111-4111-8111-111111111111")
OTHER_OFFICE = uuid.UUID("22222222-2222-4222-8222-222222222222")

han_names = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=8)


def test_name_is_cut_into_windows_and_initials() -> None:
    assert grams_of_name("张三丰") == {"n:张三", "n:三丰", "i:zsf", "i:zs"}
    assert grams_of_name("王") == {"n:王"} | {f"i:{letter}" for letter in initials("王")}
    assert grams_of_name("") == frozenset()


@given(han_names, st.data())
def test_any_part_of_a_name_finds_it(name: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(name) - 2))
    end = data.draw(st.integers(start + 2, len(name)))
    query = grams_of_query(name[start:end])
    assert query.kind is QueryKind.NAME
    assert query.grams
    assert query.grams <= grams_of_name(name)


@given(han_names)
def test_any_reading_and_any_prefix_of_it_finds_the_name(name: str) -> None:
    grams = grams_of_name(name)
    for whole in initials(name):
        for length in range(2, len(whole) + 1):
            assert grams_of_query(whole[:length].upper()).grams <= grams


@pytest.mark.parametrize("query", ["古丽・买买提", "古丽 买买提", "买买提", "ayglmmt", "AYGL", "阿依古丽·买买提"])
def test_minority_name_is_found_with_and_without_its_dot(query: str) -> None:
    assert grams_of_query(query).grams <= grams_of_name("阿依古丽·买买提")


def test_latin_name_is_found_by_its_beginning_even_when_long() -> None:
    grams = grams_of_name("Aishaguli Tursunmemet")
    assert grams_of_query("aisha").grams <= grams
    assert grams_of_query("Aishaguli Tursunmemet").grams <= grams


def test_number_of_rows_for_a_name_is_bounded() -> None:
    assert len(grams_of_name("单于" + "那" * 28)) < 160
    assert len(grams_of_name("曾小单")) <= 12


@pytest.mark.parametrize(
    "typed", ["13812345678", "138 1234 5678", "+86 138-1234-5678", "0086 13812345678", "１３８１２３４５６７８"]
)
def test_phone_is_found_however_it_is_typed(typed: str) -> None:
    query = grams_of_query(typed)
    assert query.kind is QueryKind.PHONE
    assert query.grams == {"p:+8613812345678"}
    assert query.grams <= grams_of_phone("13812345678")


def test_phone_is_found_by_its_last_four_digits() -> None:
    query = grams_of_query(" 5678 ")
    assert query.kind is QueryKind.PHONE_TAIL
    assert query.grams <= grams_of_phone("0871-63125678")


def test_number_outside_any_plan_is_still_found() -> None:
    assert grams_of_query("6312 5678").grams <= grams_of_phone("63125678")
    assert grams_of_phone("12338") == frozenset()
    assert grams_of_phone("") == frozenset()


@pytest.mark.parametrize(
    "typed",
    [
        "530102-2026-7K3F",
        "530102-2026-7k3f",
        "53010220267K3F",
        " 530102 2026 7k3f ",
        "５３０１０２－２０２６－７Ｋ３Ｆ",
    ],
)
def test_case_number_is_recognised(typed: str) -> None:
    query = grams_of_query(typed)
    assert (query.kind, query.value) == (QueryKind.CASE_NUMBER, "530102-2026-7K3F")


@pytest.mark.parametrize("typed", ["7K3F", "7k3f", "-7K3F", "７Ｋ３Ｆ"])
def test_end_of_a_case_number_is_recognised(typed: str) -> None:
    query = grams_of_query(typed)
    assert (query.kind, query.code) == (QueryKind.CASE_CODE, "7K3F")


@pytest.mark.parametrize(("typed", "kind"), [("5678", QueryKind.PHONE_TAIL), ("abcd", QueryKind.INITIALS)])
def test_what_may_be_the_end_of_a_case_number_as_well(typed: str, kind: QueryKind) -> None:
    query = grams_of_query(typed)
    assert (query.kind, query.code, bool(query.grams)) == (kind, typed.upper(), True)


@pytest.mark.parametrize(
    "typed",
    [
        "转办〔2026〕530102-7K3F号",
        "转办(2026)530102-7k3f",
        "转办[2026]530102-7K3F号",
        "转办2026 530102 7K3F",
        "转办〔２０２６〕530102－7K3F号",
    ],
)
def test_number_of_a_paper_is_recognised(typed: str) -> None:
    query = grams_of_query(typed)
    assert (query.kind, query.word, query.value) == (QueryKind.PAPER_NUMBER, "转办", "转办〔2026〕530102-7K3F号")


def test_identity_number_is_recognised_and_asked_by_fingerprint() -> None:
    query = grams_of_query("11010519491231002x")
    assert (query.kind, query.value, query.grams) == (QueryKind.ID_NUMBER, "11010519491231002X", frozenset())
    misprinted = grams_of_query("110105194912310021")
    assert (misprinted.kind, misprinted.value) == (QueryKind.ID_NUMBER, "110105194912310021")


@pytest.mark.parametrize("typed", ["", "  ", "12", "123456", "·", "-", "7K30"])
def test_query_that_says_nothing_finds_nothing(typed: str) -> None:
    query = grams_of_query(typed)
    assert (query.kind, query.grams) == (QueryKind.NOTHING, frozenset())


@given(st.text(max_size=40))
def test_any_text_is_taken(typed: str) -> None:
    grams_of_query(typed)
    grams_of_name(typed)
    grams_of_phone(typed)


def test_query_does_not_show_a_number_in_its_repr() -> None:
    assert "138" not in repr(grams_of_query("13812345678"))


@given(st.text(max_size=20))
def test_token_fits_a_bigint_and_is_stable(gram: str) -> None:
    value = token(KEY, OFFICE, gram)
    assert -(2**63) <= value < 2**63
    assert value == token(KEY, OFFICE, gram)


def test_token_differs_by_office_key_and_gram() -> None:
    tokens = {
        token(KEY, OFFICE, "n:张三"),
        token(KEY, OTHER_OFFICE, "n:张三"),
        token(OTHER_KEY, OFFICE, "n:张三"),
        token(KEY, OFFICE, "n:李四"),
    }
    assert len(tokens) == 4


def test_fingerprint_is_the_same_however_the_number_was_typed() -> None:
    assert fingerprint(KEY, "phone", "138 1234 5678") == fingerprint(KEY, "phone", "+8613812345678")
    assert fingerprint(KEY, "id_number", "11010519491231002x") == fingerprint(KEY, "id_number", "110105 19491231 002X")
    assert fingerprint(KEY, "id_number", "110105491231002") == fingerprint(KEY, "id_number", "11010519491231002X")
    assert len(fingerprint(KEY, "phone", "13812345678")) == FINGERPRINT_BYTES


def test_fingerprint_differs_by_kind_key_and_value() -> None:
    prints = {
        fingerprint(KEY, "phone", "13812345678"),
        fingerprint(KEY, "phone", "13812345679"),
        fingerprint(OTHER_KEY, "phone", "13812345678"),
        fingerprint(KEY, "id_number", "13812345678"),
    }
    assert len(prints) == 4


def test_empty_value_and_unknown_kind_have_no_fingerprint() -> None:
    with pytest.raises(ValueError, match="nothing"):
        fingerprint(KEY, "phone", " - ")
    with pytest.raises(ValueError, match="nothing"):
        fingerprint(KEY, "id_number", "")
    with pytest.raises(ValueError, match="kind"):
        fingerprint(KEY, "shoe_size", "39")  # type: ignore[arg-type]
