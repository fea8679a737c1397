"""What an instrument is, and how answers become a band."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.enums import Risk

Text = Any  # a text or a lazy translation


class Answer(models.TextChoices):
    """What one item is answered with. What was not asked counts as unknown."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("Not known")


@dataclass(frozen=True, slots=True)
class Item:
    """One question. An alarm makes the danger high by itself, whatever the score."""

    code: str
    text: Text
    weight: int
    is_alarm: bool = False
    help: Text = ""


@dataclass(frozen=True, slots=True)
class Instrument:
    """A versioned screening. Scores from `medium` and from `high` on mean these bands; `again_days` is when to look again, by band."""

    code: str
    version: int
    title: Text
    meant_for: Text
    items: tuple[Item, ...]
    medium: int
    high: int
    again_days: Mapping[str, int]

    @property
    def highest(self) -> int:
        """The score of somebody who answers yes to everything."""
        return sum(item.weight for item in self.items)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the answers say."""

    score: int
    alarms: tuple[str, ...]
    band: Risk
    unknown: int  # how many items nobody could answer
    raised_by_doubt: bool  # too little is known for "low"


def screen(instrument: Instrument, answers: Mapping[str, str]) -> Outcome:
    """Weigh the answers. An alarm means high; where half or more is not known, the danger counts as medium at least.

    Raises: KeyError for an answer to an item that the instrument does not have, ValueError for an answer that is none.
    """
    items = {item.code: item for item in instrument.items}
    given = {items[code].code: Answer(value) for code, value in answers.items()}
    yes = [item for item in instrument.items if given.get(item.code) == Answer.YES]
    unknown = sum(1 for item in instrument.items if given.get(item.code, Answer.UNKNOWN) == Answer.UNKNOWN)
    score = sum(item.weight for item in yes)
    alarms = tuple(item.code for item in yes if item.is_alarm)
    if alarms or score >= instrument.high:
        band = Risk.HIGH
    elif score >= instrument.medium:
        band = Risk.MEDIUM
    else:
        band = Risk.LOW
    doubt = band == Risk.LOW and unknown * 2 >= len(instrument.items)
    return Outcome(score, alarms, Risk.MEDIUM if doubt else band, unknown, doubt)
