"""Telephone numbers: one stored form for all ways of writing, and no more shown than needed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.phone import PhoneError, display, mask, normalise


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("13812345678", "+8613812345678"),
        ("138-1234-5678", "+8613812345678"),
        ("１３８１２３４５６７８", "+8613812345678"),
        ("+86 138 1234 5678", "+8613812345678"),
        ("008613812345678", "+8613812345678"),
        ("19912345678", "+8619912345678"),
        ("0871-63112345", "+8687163112345"),
        ("（0871）6311 2345", "+8687163112345"),
        ("0871-63112345转801", "+8687163112345"),
        ("0692-2123456", "+866922123456"),
        ("+852 9876 5432", "+85298765432"),
        ("+84 912 345 678", "+84912345678"),
    ],
)
def test_number_is_stored_in_one_form(typed: str, expected: str) -> None:
    assert normalise(typed) == expected


def test_local_number_takes_the_area_code_of_the_office() -> None:
    assert normalise("6311 2345", area_code="0871") == "+8687163112345"
    assert normalise("13812345678", area_code="0871") == "+8613812345678"


@pytest.mark.parametrize(
    ("typed", "code"),
    [("", "empty"), (" - ", "empty"), ("阿姨家", "characters"), ("12338", "invalid"), ("110", "invalid"),
     ("1381234567", "invalid"), ("63112345", "invalid"), ("021-123", "invalid"), ("+1", "invalid"), ("0" * 30, "invalid")],
)  # fmt: skip
def test_what_is_no_number_of_a_person_is_refused_without_repeating_it(typed: str, code: str) -> None:
    with pytest.raises(PhoneError) as caught:
        normalise(typed)
    assert caught.value.code == str(caught.value) == code


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_every_mobile_number_survives_its_display(number: str) -> None:
    stored = normalise(number)
    assert display(stored) == number
    assert normalise(display(stored)) == stored
    assert mask(stored) == f"{number[:3]}****{number[-4:]}"


def test_landline_and_foreign_numbers_are_shown_and_masked() -> None:
    assert display("+8687163112345") == "0871-63112345"
    assert mask("0871-63112345") == "0871-****2345"
    assert display("+85298765432") == "+852 9876 5432"
    assert "9876" not in mask("+85298765432")


@given(st.text(max_size=30))
def test_mask_shows_at_most_two_characters_of_anything_else(text: str) -> None:
    try:
        normalise(text)
    except PhoneError:
        shown = mask(text)
        assert len(shown.replace("*", "")) <= 2
        assert len(shown) >= 4
