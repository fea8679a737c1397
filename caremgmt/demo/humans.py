"""Invented people: names, ages, numbers that belong to nobody."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass
from functools import cache

from caremgmt.demo.accounts import accounts
from caremgmt.demo.names import person_name
from caremgmt.directory.tables import townships
from core.idnumber import check_digit

# No county has this code, so no citizen has such a number.
NOBODYS_REGION = "539900"


def new_id(rng: random.Random) -> uuid.UUID:
    """An id drawn from the demo's own source, so that two runs agree."""
    return uuid.UUID(int=rng.getrandbits(128), version=4)


@dataclass(frozen=True, slots=True)
class Human:
    """One invented person as one office knows her."""

    person_id: uuid.UUID
    name: str
    gender: str
    birth_year: int
    id_number: str = ""
    phone: str = ""
    address: str = ""
    is_anonymous: bool = False


def phone_number(rng: random.Random) -> str:
    """A number that is plainly made up."""
    return f"13{rng.choice('589')}0000{rng.randint(0, 9999):04d}"


def id_number(rng: random.Random, birth_year: int, gender: str) -> str:
    """A well-formed number of nobody."""
    order = rng.randint(0, 49) * 2 + (1 if gender == "male" else 0)
    body = f"{NOBODYS_REGION}{birth_year}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}{order:03d}"
    return body + check_digit(body)


def address(rng: random.Random, county: str) -> str:
    """A street that exists in no town."""
    town = rng.choice(townships(county)).name
    return f"{town}{rng.choice(['和顺', '安宁', '团结', '新民', '向阳', '泰和'])}{rng.choice(['路', '巷', '村', '小区'])}{rng.randint(1, 188)}号"


@cache
def _staff() -> frozenset[str]:
    return frozenset(account.name for account in accounts())


def stranger(rng: random.Random, gender: str = "female") -> str:
    """A name that nobody of the staff has: a namesake would close the case to that one until it is found out who it is."""
    while (name := person_name(rng, gender)) in _staff():
        pass
    return name


def human(
    rng: random.Random,
    *,
    county: str,
    gender: str,
    birth_year: int,
    surname: str = "",
    with_id: bool = False,
    anonymous: bool = False,
) -> Human:
    """Draw a person."""
    name = stranger(rng, gender)
    while surname and (name := surname + name[1:]) in _staff():
        name = stranger(rng, gender)
    return Human(
        new_id(rng), "" if anonymous else name, gender, birth_year, id_number(rng, birth_year, gender) if with_id else "",
        phone_number(rng), address(rng, county), anonymous,
    )  # fmt: skip
