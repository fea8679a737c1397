"""Telephone numbers as typed in China, kept in E.164, shown as people write them, masked where nobody needs all of it."""

import re
import unicodedata
from typing import Final

import phonenumbers

_MOBILE: Final = re.compile(r"\+861[3-9]\d{9}")
_EXTENSION: Final = re.compile(r"(?:转|分机|ext\.?|#|,|;).*$", re.IGNORECASE)
_LOCAL: Final = re.compile(r"[2-8]\d{6,7}")
_TYPED: Final = re.compile(r"\+?\d+")
_DASHES: Final = dict.fromkeys(map(ord, "-‐‑‒–—―−－() （）[].·/ \t\u3000"))


class PhoneError(ValueError):
    """Not a telephone number of a person. The code is "empty", "characters" or "invalid"; the number is not in the text."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def compact(text: str) -> str:
    """Digits (and a leading +) of what was typed: full-width forms, spaces, hyphens, brackets, extension removed."""
    return _EXTENSION.sub("", unicodedata.normalize("NFKC", text).strip()).translate(_DASHES)


def normalise(text: str, *, area_code: str | None = None) -> str:
    """E.164 of a Chinese mobile or landline number, or of a foreign one with its + and country code.

    A landline number without its area code gets `area_code` ("0871"), when given. The numbering plan of mobiles is not
    checked beyond 1[3-9]: new ranges open faster than libraries learn them. Raises PhoneError; service numbers such as
    110 or 12338 are no person's.
    """
    digits = compact(text)
    if not digits:
        raise PhoneError("empty")
    if not _TYPED.fullmatch(digits):
        raise PhoneError("characters")
    if area_code is not None and _LOCAL.fullmatch(digits):
        digits = area_code + digits
    try:
        number = phonenumbers.parse(digits, "CN")
    except phonenumbers.NumberParseException:
        raise PhoneError("invalid") from None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if number.country_code == 86:
        if not _MOBILE.fullmatch(e164) and not phonenumbers.is_valid_number(number):
            raise PhoneError("invalid")
    elif not phonenumbers.is_possible_number(number):
        raise PhoneError("invalid")
    return e164


def display(phone: str) -> str:
    """As people write it: 13812345678, 0871-63112345, +852 9876 5432; what is no number comes back as it is."""
    try:
        number = phonenumbers.parse(normalise(phone))
    except PhoneError:
        return phone
    if number.country_code != 86:
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    national = str(number.national_number)
    area = phonenumbers.length_of_geographical_area_code(number)
    return f"0{national[:area]}-{national[area:]}" if area else national


def mask(phone: str) -> str:
    """138****5678 and 0871-****2345; of anything else the last two characters, of a very short one nothing."""
    shown = display(phone)
    if re.fullmatch(r"1\d{10}", shown):
        return f"{shown[:3]}****{shown[-4:]}"
    if "-" in shown and re.fullmatch(r"0\d{2,3}-\d{7,8}", shown):
        return f"{shown.partition('-')[0]}-****{shown[-4:]}"
    return "*" * max(len(shown) - 2, 4) + (shown[-2:] if len(shown) >= 6 else "")
