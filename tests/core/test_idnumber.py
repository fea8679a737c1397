"""Identity numbers (GB 11643): what they say is read, what is wrong is named, and they are shown to nobody."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.idnumber import IdNumber, IdNumberError, check_digit, mask_id


def test_example_of_the_standard_is_read() -> None:
    found = IdNumber.parse("11010519491231002X")
    assert (found.region_code, found.birth_date, found.sex, found.warnings) == (
        "110105",
        dt.date(1949, 12, 31),
        "female",
        (),
    )
    assert IdNumber.parse("440524188001010014").sex == "male"


@given(
    st.sampled_from(["530102", "532901", "110105", "830000"]),
    st.dates(dt.date(1900, 1, 1), dt.date(2026, 12, 31)),
    st.integers(0, 999),
)
def test_every_well_formed_number_is_read(region: str, born: dt.date, serial: int) -> None:
    body = f"{region}{born:%Y%m%d}{serial:03}"
    found = IdNumber.parse(body + check_digit(body))
    assert (found.region_code, found.birth_date, found.warnings) == (region, born, ())
    assert found.sex == ("male" if serial % 2 else "female")


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_mistyped_digit_is_noticed(position: int, shift: int) -> None:
    number = "11010519491231002X"
    digit = str((int(number[position]) + shift) % 10)
    with pytest.raises(IdNumberError):
        IdNumber.parse(number[:position] + digit + number[position + 1 :])


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        ("5301021990", "length"),
        ("11010519491231002Y", "characters"),
        ("1101051949123X0021", "characters"),
        ("110105194913310027", "birth_date"),
        ("110105194902300026", "birth_date"),
        ("110105194912310021", "check_digit"),
    ],
)
def test_mistake_is_named_and_the_number_not_repeated(typed: str, code: str) -> None:
    with pytest.raises(IdNumberError) as caught:
        IdNumber.parse(typed)
    assert caught.value.code == str(caught.value) == code


def test_spaces_small_x_and_full_width_are_taken() -> None:
    assert IdNumber.parse(" 110105 19491231 002x ").number == "11010519491231002X"
    assert IdNumber.parse("１１０１０５１９４９１２３１００２Ｘ").number == "11010519491231002X"


def test_number_of_a_first_generation_card_is_completed() -> None:
    found = IdNumber.parse("110105491231002")
    assert found.number == "11010519491231002X"
    assert found.warnings == ("first_generation",)


def test_unknown_region_only_warns() -> None:
    body = "99010519900101001"
    assert IdNumber.parse(body + check_digit(body)).warnings == ()
    body = "01010519900101001"
    assert IdNumber.parse(body + check_digit(body)).warnings == ("unknown_region",)
    assert IdNumber.parse("11010519491231002X", known_regions={"530102"}).warnings == ("unknown_region",)
    assert IdNumber.parse("11010519491231002X", known_regions={"110105"}).warnings == ()


def test_birth_after_today_is_an_error_and_a_great_age_a_warning() -> None:
    today = dt.date(2026, 5, 1)
    body = "53010220260502001"
    with pytest.raises(IdNumberError, match="birth_date"):
        IdNumber.parse(body + check_digit(body), today=today)
    body = "53010219000101001"
    assert IdNumber.parse(body + check_digit(body), today=today).warnings == ("age",)


def test_neither_repr_nor_mask_tells_the_number() -> None:
    assert "1949" not in repr(IdNumber.parse("11010519491231002X"))
    assert mask_id("11010519491231002x") == "110***********002X"
    assert mask_id("12345") == "*****"
    assert mask_id("") == "****"
