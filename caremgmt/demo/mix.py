"""How matters are spread: categories, channels, risks, kinds of service. Plausible shares, not measured ones."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import TypeVar

T = TypeVar("T")

CATEGORIES = {
    "A01": 22, "A02": 2, "A03": 12, "A04": 6, "A05": 1, "A06": 5, "A07": 4, "A08": 3, "A09": 1, "A10": 3, "A11": 0.5, "A12": 8,
    "B01": 1.6, "B02": 1.6, "B03": 0.3, "B04": 1, "B05": 1.5, "C01": 0.4, "C02": 2.6, "C03": 1.8, "C04": 0.6, "D01": 4, "D02": 2,
    "D03": 1, "D04": 1, "E01": 7, "E02": 3.4, "E03": 0.5, "E04": 5, "E05": 2.4, "E06": 0.2, "E07": 1, "E08": 1.4, "E09": 4, "E10": 1.8,
    "E11": 0.8, "E12": 0.7, "F01": 0.2, "F02": 0.2, "G01": 4, "G02": 1, "G03": 2, "G04": 1.4, "G05": 1, "H01": 1, "Z01": 0.2, "Z99": 0.6,
}  # fmt: skip
CHANNELS = {
    "hotline": 31, "walk_in": 27, "community": 9, "subdistrict": 5, "grid_worker": 5, "petition": 3, "outreach": 7, "mini_program": 4,
    "police": 4, "platform_12345": 2, "letter": 1, "online": 2, "court": 1, "assigned": 1, "public_opinion": 0.4,
}  # fmt: skip
CHANNELS_OF_MINORS = {
    "school": 24, "mandatory_report": 11, "hospital": 4, "community": 12, "outreach": 13, "hotline": 15, "walk_in": 10, "police": 7,
    "grid_worker": 5, "mini_program": 2,
}  # fmt: skip
ADVICE_CHANNELS = {"hotline": 74, "walk_in": 20, "online": 4, "mini_program": 2}
ADVICE_CATEGORIES = {
    "A03": 22,
    "A01": 13,
    "A04": 12,
    "A07": 8,
    "A06": 5,
    "A12": 12,
    "C02": 4,
    "C03": 5,
    "D01": 5,
    "E05": 3,
    "E08": 5,
    "G01": 4,
    "G02": 3,
    "G03": 6,
}

ELDERS = {"A02", "A06", "G04"}
GRAVE = {"A01", "A02", "B01", "B03", "B04", "E01", "E02", "E03", "E10", "E12", "A10"}
INTERVIEWED = {
    "B01": 5,
    "E02": 8,
    "E01": 5,
    "E12": 4,
    "E05": 2,
    "E11": 2,
    "E04": 1.5,
    "E06": 3,
    "A01": 1.2,
    "B02": 1,
    "A10": 0.6,
    "E10": 0.8,
}
MEN_POSSIBLE = {"A04", "A05", "A06", "G04", "D03", "A12"}

# Kinds of service by the first letter of the category, for the client.
SERVICES: dict[str, dict[str, float]] = {
    "A": {
        "mediation": 5,
        "legal_advice": 6,
        "complaint": 3,
        "legal_aid": 2.4,
        "counselling": 3,
        "care": 1.5,
        "education": 1,
        "shelter": 0.5,
    },
    "B": {"legal_advice": 4, "counselling": 5, "legal_aid": 3, "complaint": 2, "care": 2, "shelter": 0.6},
    "C": {"legal_advice": 5, "mediation": 3, "legal_aid": 2, "complaint": 3},
    "D": {"legal_advice": 5, "mediation": 4, "legal_aid": 2, "complaint": 3},
    "E": {"counselling": 6, "care": 6, "education": 2.4, "complaint": 1, "legal_aid": 1, "mediation": 0.6},
    "F": {"legal_advice": 3, "complaint": 3, "care": 1},
    "G": {"care": 7, "counselling": 2, "complaint": 1, "legal_advice": 1},
    "H": {"legal_advice": 5, "complaint": 3, "counselling": 1},
    "Z": {"complaint": 5, "legal_advice": 1},
}
NOT_ASSISTANCE = ("complaint", "education")  # counted as services, not as help to a person

# What a body is asked for: kind of unit -> (key of the body, ask).
ASKS = {
    "police": ("police", "protect"), "court": ("court", "mediate"), "procuratorate": ("juvenile", "supervise"), "justice": ("justice_office", "mediate"),
    "legal_aid": ("legal_aid", "legal_aid"), "civil_affairs": ("civil_affairs", "relief"), "education": ("education", "school"), "hospital": ("hospital", "treat"),
    "federation": ("federation", "visit"), "township": ("town-1", "visit"), "community": ("community-1", "visit"), "school": ("education", "school"),
}  # fmt: skip


def pick(rng: random.Random, weights: Mapping[T, float]) -> T:
    """One of the keys by weight."""
    return rng.choices(list(weights), list(weights.values()))[0]


def risk_of(rng: random.Random, category: str) -> str:
    """High is rare, and mostly where there is violence."""
    if category in GRAVE:
        return pick(rng, {"high": 26, "medium": 46, "low": 28})
    return pick(rng, {"high": 2, "medium": 27, "low": 71})
