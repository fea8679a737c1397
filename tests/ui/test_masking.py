"""What is masked stays masked, whatever was typed."""

from __future__ import annotations

import pytest

from core.ui.masking import mask_id, mask_phone


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("13812345678", "138****5678"),
        ("+86 138 1234 5678", "138****5678"),
        ("0871-63101234", "0871****234"),
        ("63101234", "****234"),
        ("110", "****"),
        ("", ""),
        (None, ""),
    ],
)
def test_phone_shows_enough_to_compare_and_not_enough_to_call(given: str | None, shown: str) -> None:
    assert mask_phone(given) == shown


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("530102198503121234", "530***********1234"),
        ("53010219850312123x", "530***********123X"),
        ("12345", "*****"),
        (None, ""),
    ],
)
def test_identity_number_keeps_its_length_and_loses_its_birthday(given: str | None, shown: str) -> None:
    assert mask_id(given) == shown
