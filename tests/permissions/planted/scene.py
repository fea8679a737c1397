"""The world with its planted cases, and which of the planted words are whose."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from functools import cache
from uuid import UUID

from core import phone
from tests.permissions.planted.oracle import (
    APPROVAL_READERS,
    APPROVING,
    CONFERRED,
    CONTACTS,
    GLASS_READERS,
    GLASSED,
    JOINTS,
    LETTERS,
    NOTHING,
    SEES,
    SHELTERED,
    TRANSFERS,
)
from tests.world import World

# What is no section of a case: known of single cases, or to a fixed circle.
OF_CASES = {"letter": LETTERS, "transfer": TRANSFERS, "joint": JOINTS}
OF_CIRCLES = {
    "minutes": CONFERRED, "glass": GLASSED, "glass.words": GLASS_READERS, "approval": APPROVING, "approval.words": APPROVAL_READERS,
    "stay": SHELTERED,
}  # fmt: skip


def word() -> str:
    """A word that stands nowhere else."""
    return f"密语{secrets.token_hex(6)}"


def number() -> str:
    """A mobile number that stands nowhere else."""
    return f"139{secrets.randbelow(10**8):08d}"


@cache
def shapes(raw: str) -> frozenset[str]:
    """Every form in which a telephone number could stand in a page. Kept: it is asked for once for each page of the matrix."""
    return frozenset({raw, phone.display(raw), phone.mask(raw)})


@dataclass
class Planted:
    """One case with its words by section, and the rows that hang on it."""

    name: str
    id: UUID
    words: dict[str, set[str]] = field(default_factory=dict)
    phones: dict[str, set[str]] = field(default_factory=dict)
    referral: UUID | None = None
    follow_up: UUID | None = None
    contact: UUID | None = None
    stay: UUID | None = None
    application: UUID | None = None
    mediation: UUID | None = None
    transfer: UUID | None = None
    joint: UUID | None = None
    chase: UUID | None = None
    document: UUID | None = None
    conference: dict[str, list[UUID]] = field(default_factory=dict)

    def tell(self, section: str, text: str = "") -> str:
        """Remember a new word of a section and return it."""
        made = text or word()
        self.words.setdefault(section, set()).add(made)
        return made

    def ring(self, section: str) -> str:
        """Remember a new telephone number of a section and return it."""
        made = number()
        self.phones.setdefault(section, set()).add(made)
        return made

    def secrets_of(self, section: str) -> set[str]:
        """Every form in which this section's words could stand in a page."""
        return self.words.get(section, set()).union(*(shapes(raw) for raw in self.phones.get(section, ())))


@dataclass
class Scene:
    """The world, its planted cases, and contacts that became no case."""

    world: World
    cases: dict[str, Planted] = field(default_factory=dict)
    contacts: dict[str, UUID] = field(default_factory=dict)
    contact_words: dict[str, set[str]] = field(default_factory=dict)
    public: dict[str, list[UUID]] = field(default_factory=dict)  # offices, units, houses: what stands in the directory

    def __getitem__(self, name: str) -> Planted:
        return self.cases[name]

    def allowed(self, person: str) -> set[str]:
        """Every word that this person may read somewhere."""
        found: set[str] = set()
        for name, case in self.cases.items():
            sections = set(SEES.get(person, {}).get(name, NOTHING))
            sections |= {section for section, known in OF_CASES.items() if name in known.get(person, NOTHING)}
            sections |= {section for section, people in OF_CIRCLES.items() if person in people}
            found = found.union(*(case.secrets_of(section) for section in sections))
        return found.union(*(self.contact_words[name] for name in CONTACTS.get(person, NOTHING)))

    def everything(self) -> set[str]:
        """Every planted word."""
        found = {
            shape
            for case in self.cases.values()
            for section in (*case.words, *case.phones)
            for shape in case.secrets_of(section)
        }
        return found.union(*self.contact_words.values())

    def forbidden(self, person: str) -> set[str]:
        """Every word that this person must not find anywhere."""
        return self.everything() - self.allowed(person)
