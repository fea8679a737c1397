"""How old a client is as far as it is known, and whether her case concerns a minor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from cases.models import Category
from core import clock
from core.idnumber import IdNumber, IdNumberError

OF_AGE = 18  # 未成年人保护法2


@dataclass(frozen=True, slots=True)
class Age:
    """How old she is; of a mere year of birth only two bounds are known."""

    at_least: int
    at_most: int


class Born(Protocol):
    """What tells an age: a person's identity in a case, or what is said of her when the case is opened."""

    @property
    def id_number(self) -> str: ...

    @property
    def birth_year(self) -> int | None: ...


def age_of(who: Born | None) -> Age | None:
    """The age today, by the ID number, else by the year of birth; None where neither is known."""
    if who is None:
        return None
    today = clock.today()
    try:
        born = IdNumber.parse(who.id_number).birth_date
    except IdNumberError:
        if who.birth_year is None:
            return None
        years = today.year - who.birth_year
        return Age(years - 1, years)
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return Age(years, years)


def concerns_minor(category: Category, *clients: Born) -> bool:
    """Whether the category is the minors', or a client may be under 18. Only ever adds to what a case says: it is never set back by a correction."""
    ages = [age for age in map(age_of, clients) if age is not None]
    return category.concerns_minor or any(age.at_least < OF_AGE for age in ages)


__all__ = ["OF_AGE", "Age", "age_of", "concerns_minor"]
