"""The people of the past cases."""

from __future__ import annotations

import random

from caremgmt.demo.history.writer import Writer
from caremgmt.demo.humans import Human, human, new_id, phone_number
from caremgmt.demo.plan import CasePlan
from cases.enums import PartyRole
from cases.models import (
    BlindGram,
    Case,
    Fingerprint,
    Party,
    PartyContact,
    PartyIdentity,
    Person,
    SafeContact,
)  # fmt: skip
from cases.services.people import grams_by_section
from core.blindindex import fingerprint, token

RESPONDENTS = {
    "A01": ("male", "丈夫"),
    "A02": ("male", "儿子"),
    "A10": ("male", "前男友"),
    "B01": ("male", "熟人"),
    "B02": ("male", "上级"),
    "E01": ("male", "父亲"),
    "E02": ("male", "亲戚"),
}


class People(Writer):
    """Parties with their identities, contacts, fingerprints and index."""

    def _people(self, rng: random.Random, plan: CasePlan, case: Case) -> None:
        self._party(rng, case, plan.client, PartyRole.CLIENT, primary=True)
        for child in plan.children:
            self._party(rng, case, child, PartyRole.CHILD, relation="子女" if not plan.concerns_minor else "兄弟姐妹")
        county = plan.centre.region
        if plan.category in RESPONDENTS:
            gender, relation = RESPONDENTS[plan.category]
            born = (
                max(plan.client.birth_year - 28, 1955)
                if plan.concerns_minor
                else plan.client.birth_year - rng.randint(-2, 6)
            )
            self._party(
                rng,
                case,
                human(rng, county=county, gender=gender, birth_year=born),
                PartyRole.RESPONDENT,
                relation=relation,
            )
        if plan.concerns_minor:
            grandmother = human(
                rng, county=county, gender="female", birth_year=max(plan.client.birth_year - rng.randint(24, 58), 1940)
            )
            self._party(rng, case, grandmother, PartyRole.GUARDIAN, relation="监护人", guardian=True)

    def _party(
        self,
        rng: random.Random,
        case: Case,
        who: Human,
        role: str,
        *,
        primary: bool = False,
        relation: str = "",
        guardian: bool = False,
    ) -> None:
        own = {"case": case, "office_id": case.office_id}
        if who.person_id not in self._known:
            self._known.add(who.person_id)
            self.batch.add(Person(id=who.person_id, office_id=case.office_id, created_at=case.received_at))
        party = Party(
            id=new_id(rng), person_id=who.person_id, role=role, is_primary=primary, relation=relation, is_guardian=guardian,
            may_not_be_contacted=role == PartyRole.RESPONDENT, **own,
        )  # fmt: skip
        self.batch.add(party)
        self.batch.add(
            PartyIdentity(
                id=new_id(rng), party=party, name=who.name, id_number=who.id_number, gender=who.gender, birth_year=who.birth_year,
                ethnicity=rng.choice(["汉族", "汉族", "汉族", "彝族", "白族", "哈尼族", "傣族", "回族", "壮族"]), is_anonymous=who.is_anonymous, **own,
            )
        )  # fmt: skip
        phone = who.phone if role != PartyRole.CHILD and not (primary and case.concerns_minor) else ""
        if primary or phone:
            self.batch.add(
                PartyContact(
                    id=new_id(rng),
                    party=party,
                    phone=phone,
                    address=who.address,
                    region_id=case.region_residence_id,
                    **own,
                )
            )
        if primary:
            self.batch.add(
                SafeContact(
                    id=new_id(rng), party=party, safe_number=phone or phone_number(rng), whose_number=rng.choice(["本人", "本人", "姐姐", "母亲"]) if phone else "班主任", **own,
                )
            )  # fmt: skip
        self._index(case, party, who, phone, safe_number=phone if primary else "")

    def _index(self, case: Case, party: Party, who: Human, phone: str, safe_number: str) -> None:
        for section, gram in grams_by_section(party, name=who.name, phone=phone, safe_number=safe_number):
            self.batch.add(
                BlindGram(
                    id=new_id(random.Random(f"{party.pk}{section}{gram}")),
                    case=case,
                    office_id=case.office_id,
                    party=party,
                    section=section,
                    gram=token(self._blind, case.office_id, gram),
                )
            )
        exact = [(Fingerprint.Kind.PHONE, "phone", phone)] if phone else []
        if who.id_number:
            exact.append((Fingerprint.Kind.ID_NUMBER, "id_number", who.id_number))
        for kind, concept, value in exact:
            self.batch.add(
                Fingerprint(
                    case=case, office_id=case.office_id, person_id=who.person_id, role=party.role, kind=kind,
                    digest=fingerprint(self._blind, concept, value),  # type: ignore[arg-type]
                )
            )  # fmt: skip
