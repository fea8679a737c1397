"""People of a case: made, indexed for search, never contacted by accident."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.db.models import Model

from cases.enums import Gender, PartyRole, Section
from cases.models import BlindGram, Case, Fingerprint, Party, PartyContact, PartyIdentity, Person, SafeContact
from cases.models.party import section_of
from core import clock
from core.blindindex import fingerprint, grams_of_name, grams_of_phone, token
from core.crypto import key_ring
from core.history import save_new
from core.pinyin import normalise

# Whose namesakes on the staff stand aside until the director knows who it is (docs/decisions/0015-namesakes.md).
NAMESAKE_ROLES = (PartyRole.CLIENT, PartyRole.RESPONDENT, PartyRole.GUARDIAN, PartyRole.RELATIVE)


@dataclass(slots=True)
class Safety:
    """How she may be reached."""

    number: str = ""
    whose: str = ""
    code_word: str = ""
    note: str = ""
    hour_from: dt.time | None = None
    hour_until: dt.time | None = None
    never_message: bool = True
    never_text: bool = True


@dataclass(slots=True)
class PersonData:
    """What is known of a person when a case is opened."""

    role: str
    name: str = ""
    gender: str = Gender.UNKNOWN
    birth_year: int | None = None
    id_number: str = ""
    phone: str = ""
    address: str = ""
    region_id: str | None = None
    relation: str = ""
    is_primary: bool = False
    is_guardian: bool = False
    is_anonymous: bool = False
    ethnicity: str = ""
    language: str = ""
    safety: Safety | None = None
    person_id: UUID = field(default_factory=uuid4)


def party_add(case: Case, data: PersonData) -> Party:
    """Add a person to a case, inside a verb whose ticket names case and person. All her rows go in one round trip."""
    person = Person(pk=data.person_id, office_id=case.office_id, created_at=clock.now())
    owned = {"case": case, "office_id": case.office_id}
    who = {"section": section_of(data.role, Section.IDENTITY)}
    party = Party(
        **owned, **who, person=person, role=data.role, is_primary=data.is_primary, relation=data.relation, is_guardian=data.is_guardian,
        may_not_be_contacted=data.role == PartyRole.RESPONDENT,
    )  # fmt: skip
    identity = PartyIdentity(
        **owned, **who, party=party, name=data.name, id_number=data.id_number, gender=data.gender, birth_year=data.birth_year,
        is_anonymous=data.is_anonymous, ethnicity=data.ethnicity, language=data.language,
    )  # fmt: skip
    rows: list[Model] = [person, party, identity]
    if data.phone or data.address or data.region_id:
        rows.append(PartyContact(
            **owned, section=section_of(data.role, Section.CONTACT), party=party, phone=data.phone, address=data.address,
            region_id=data.region_id,
        ))  # fmt: skip
    safety = data.safety or (Safety() if data.is_primary else None)
    if safety:
        rows.append(SafeContact(
            **owned, party=party, safe_number=safety.number, whose_number=safety.whose, code_word=safety.code_word, note=safety.note,
            hour_from=safety.hour_from, hour_until=safety.hour_until, never_message=safety.never_message, never_text=safety.never_text,
        ))  # fmt: skip
    safe_number = safety.number if safety else ""
    save_new([*rows, *_index(party, name=data.name, phone=data.phone, safe_number=safe_number, id_number=data.id_number)])  # fmt: skip
    return party


def index_party(party: Party, *, name: str, phone: str, safe_number: str, id_number: str = "") -> None:
    """Write the blind index of a party anew: grams for the office, exact fingerprints for the province."""
    rows = _index(party, name=name, phone=phone, safe_number=safe_number, id_number=id_number)
    BlindGram.objects.filter(party=party).delete()
    Fingerprint.objects.filter(case_id=party.case_id, person_id=party.person_id).delete()
    save_new(rows)


def grams_by_section(party: Party, *, name: str, phone: str, safe_number: str) -> list[tuple[str, str]]:
    """The grams of a person, each in the section of what it is made from: who may not see a number cannot find by it either."""
    contact = section_of(party.role, Section.CONTACT)
    found = {(party.section, gram) for gram in (grams_of_name(name) if name else ())}
    found |= {(contact.value, gram) for gram in (grams_of_phone(phone) if phone else ())}
    found |= {(Section.SAFE_CONTACT.value, gram) for gram in (grams_of_phone(safe_number) if safe_number else ())}
    return sorted(found)


def _index(party: Party, *, name: str, phone: str, safe_number: str, id_number: str) -> list[Model]:
    key = key_ring().derive("blind")
    numbers = {number for number in (phone, safe_number) if number}
    exact = [(Fingerprint.Kind.PHONE, "phone", number) for number in sorted(numbers)]
    if id_number:
        exact.append((Fingerprint.Kind.ID_NUMBER, "id_number", id_number))
    if party.role in NAMESAKE_ROLES and len(normalise(name)) > 1:
        exact.append((Fingerprint.Kind.NAME, "name", name))
    return [
        *(
            BlindGram(case_id=party.case_id, office_id=party.office_id, party=party, section=section, gram=token(key, party.office_id, gram))
            for section, gram in grams_by_section(party, name=name, phone=phone, safe_number=safe_number)
        ),
        *(
            Fingerprint(case_id=party.case_id, office_id=party.office_id, person_id=party.person_id, role=party.role, kind=kind,
                        digest=fingerprint(key, concept, value))  # type: ignore[arg-type]
            for kind, concept, value in exact
        ),
    ]  # fmt: skip
