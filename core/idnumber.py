"""Citizen identity numbers (GB 11643-1999): region, birth date, sex, check digit.

An unknown region is a warning only: counties are renamed and merged, their old codes stay on people's cards for life.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final, Literal

Sex = Literal["female", "male"]

_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS: Final = "10X98765432"
# GB/T 2260 first two digits; 81-83 residence permits of Hong Kong, Macao and Taiwan people, 9x of foreigners since 2023.
_PROVINCES: Final = frozenset(
    str(code)
    for span in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
    for code in range(span[0], span[1] + 1)
)


class IdNumberError(ValueError):
    """Not an identity number. The code is one of "empty", "length", "characters", "birth_date", "check_digit"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check_digit(first_seventeen: str) -> str:
    """The 18th character: ISO 7064 MOD 11-2 over the first 17 digits."""
    return _CHECK_DIGITS[sum(int(d) * w for d, w in zip(first_seventeen, _WEIGHTS, strict=True)) % 11]


def compact(text: str) -> str:
    """NFKC, upper case, without spaces and hyphens."""
    return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text)).upper()


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A checked number of 18 characters and what it says. Its repr shows nothing, so that no log does."""

    number: str = field(repr=False)
    region_code: str = field(repr=False)
    birth_date: dt.date = field(repr=False)
    sex: Sex = field(repr=False)
    warnings: tuple[str, ...] = ()

    @classmethod
    def parse(
        cls, text: str, *, known_regions: Collection[str] | None = None, today: dt.date | None = None
    ) -> "IdNumber":
        """Read a number as typed; raises IdNumberError.

        Warnings: "unknown_region" (not in `known_regions`, or without them an unknown province), "first_generation"
        (15 digits, completed to 18), "age" (older than 120 years at `today`). A birth after `today` is an error.
        """
        number = compact(text)
        warnings: list[str] = []
        if not number:
            raise IdNumberError("empty")
        if len(number) not in (15, 18):
            raise IdNumberError("length")
        if not re.fullmatch(r"[0-9]{15}|[0-9]{17}[0-9X]", number):
            raise IdNumberError("characters")
        if len(number) == 15:
            body = number[:6] + "19" + number[6:]
            number = body + check_digit(body)
            warnings.append("first_generation")
        try:
            birth_date = dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
        except ValueError:
            raise IdNumberError("birth_date") from None
        if birth_date.year < 1850 or (today is not None and birth_date > today):
            raise IdNumberError("birth_date")
        if check_digit(number[:17]) != number[17]:
            raise IdNumberError("check_digit")
        region_code = number[:6]
        if not _is_known(region_code, known_regions):
            warnings.append("unknown_region")
        if today is not None and today.year - birth_date.year > 120:
            warnings.append("age")
        return cls(number, region_code, birth_date, "male" if int(number[16]) % 2 else "female", tuple(warnings))


def _is_known(region_code: str, known_regions: Collection[str] | None) -> bool:
    if known_regions is not None:
        return region_code in known_regions
    return region_code[:2] in _PROVINCES or region_code.startswith("9")


def mask_id(number: str) -> str:
    """530***********123X: the first three and last four characters; of anything shorter than 15 nothing."""
    text = compact(number)
    return f"{text[:3]}{'*' * (len(text) - 7)}{text[-4:]}" if len(text) >= 15 else "*" * max(len(text), 4)
