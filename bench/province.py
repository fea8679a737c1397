"""A whole province of cases, skewed as real caseloads are: made from a seed, written by COPY.

The years add up, the work in hand does not: however many cases there are, about `IN_HAND` of them are open, because the staff is the
same. A few centres have most of the cases, and a few cases have very long timelines.
"""

from __future__ import annotations

import datetime as dt
import random
from bisect import bisect
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from uuid import UUID

from django.contrib.auth.models import Permission
from django.db import connection

from agencies.models import Office, Unit, User
from bench.copying import Copier
from caremgmt.demo.directory import Directory
from caremgmt.demo.humans import new_id
from caremgmt.demo.names import person_name
from caremgmt.directory.tables import CentreRow, centre_rows
from cases.models import (
    AccessGrant,
    BlindGram,
    Case,
    CaseGroupObjectPermission,
    CaseUserObjectPermission,
    Category,
    Fingerprint,
    Order,
    Party,
    PartyContact,
    PartyIdentity,
    Person,
    SafeContact,
    SectionText,
    ServiceRecord,
    TimelineEntry,
    WorkItem,
)
from core import clock
from core.blindindex import grams_of_name, grams_of_phone, token
from core.crypto import key_ring
from core.crypto.sealing import new_data_key, seal
from core.models import Counter, DataKey
from core.numbers import case_number, paper_number, permuted_code
from referrals.models import Referral

MONTHS = 36
IN_HAND = 3000
PORTION = 1000
BUSIEST = "530102"
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
CHANNELS = ["hotline"] * 5 + ["walk_in"] * 3 + ["police", "community", "online"]
BODIES = (
    ["police"] * 4 + ["justice"] * 2 + ["federation", "court", "civil_affairs", "hospital", "legal_aid", "station-1"]
)
ASKS = {
    "police": "protect",
    "station-1": "protect",
    "justice": "mediate",
    "legal_aid": "legal_aid",
    "hospital": "treat",
}
SERVICES = ["mediation", "legal_advice", "counselling", "care", "legal_aid", "interview", "shelter", "education"]
SECTION_OF_SERVICE = {
    "counselling": "counselling",
    "legal_aid": "legal",
    "legal_advice": "legal",
    "shelter": "shelter",
    "interview": "evidence",
}
OFFERED = ["header", "identity", "incident", "safe_contact"]  # what an accepted letter opens
NARRATIVE = "来访人反映家中长期争执，近日矛盾加剧，希望中心协调有关部门上门了解情况并给予帮助。"
TABLES = [
    DataKey, Case, Person, Party, PartyIdentity, PartyContact, SafeContact, BlindGram, Fingerprint, SectionText, TimelineEntry, ServiceRecord,
    Order, Referral, AccessGrant, CaseGroupObjectPermission, CaseUserObjectPermission, WorkItem,
]  # fmt: skip


@dataclass(frozen=True)
class Centre:
    """A centre with the people who work there."""

    row: CentreRow
    office: Office
    managers: list[User]
    units: dict[str, tuple[Unit, User | None]]


@dataclass
class _Draft:
    """One case while its rows are made."""

    id: UUID
    key: bytes
    centre: Centre
    manager: User
    received: dt.datetime
    accepted: dt.datetime
    closed: dt.datetime | None
    risk: str
    category: str
    minor: bool

    @property
    def own(self) -> dict[str, UUID]:
        """What every row of the case carries."""
        return {"case_id": self.id, "office_id": self.centre.office.pk}


class Province:
    """Makes the cases of one province, oldest first."""

    def __init__(self, cases: int, seed: int) -> None:
        self.cases = cases
        self.rng = random.Random(seed)
        self.copier = Copier(TABLES)
        self.now = clock.now().replace(microsecond=0)
        self.ring = key_ring()
        self.blind, self.number = self.ring.derive("blind"), self.ring.derive("number")
        self.counters: dict[str, int] = {}
        categories = list(Category.objects.filter(parent__isnull=False).order_by("pk"))
        self.categories = [row.pk for row in categories]
        self.minors = {row.pk for row in categories if row.concerns_minor}
        # The first kinds of each chapter are by far the most frequent.
        self.category_weights = list(accumulate(1 / (1 + place % 12) for place in range(len(categories))))
        self.permissions = dict(
            Permission.objects.filter(content_type__app_label="cases", codename__startswith="view_").values_list(
                "codename", "pk"
            )
        )
        self.centres = self._centres()
        self.centre_weights = list(accumulate(1 / (2 + place) ** 0.8 for place in range(len(self.centres))))

    def _centres(self) -> list[Centre]:
        directory, found = Directory(), []
        for row in sorted(centre_rows(), key=lambda row: (row.region != BUSIEST, row.region)):
            managers = [directory.manager(row)] + ([directory.user("anjian2.wuhua")] if row.region == BUSIEST else [])
            units = {}
            for body in sorted(set(BODIES)):
                liaison = None if body == "legal_aid" and row.region != BUSIEST else directory.liaison(row, body)
                units[body] = (directory.unit(row.region, body), liaison)
            found.append(Centre(row, directory.centre(row.region), managers, units))
        return found

    def make(self, say: Callable[[str], None]) -> int:
        """Make and write everything; returns the number of rows."""
        in_hand = min(IN_HAND, self.cases * 2 // 5)
        first = self.now - MONTHS * 30 * DAY
        for place in range(self.cases):
            received = first + (self.now - 2 * DAY - first) * place / self.cases + self.rng.random() * DAY
            self._case(received, is_open=place >= self.cases - in_hand)
            if place % PORTION == PORTION - 1:
                self.copier.send()
            if place and place % 100_000 == 0:
                say(f"{place} cases")
        self.copier.send()
        self.copier.close()
        Counter.objects.bulk_create(
            [Counter(scope=scope, last=last) for scope, last in self.counters.items()],
            update_conflicts=True, unique_fields=["scope"], update_fields=["last"],
        )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        return self.copier.rows

    # --- small things ------------------------------------------------------------------------------------------------------
    def _pick(self, weights: list[float]) -> int:
        return bisect(weights, self.rng.random() * weights[-1])

    def _code(self, kind: str, office: UUID, year: int) -> str:
        scope = f"{kind}:{office}:{year}"
        ordinal = self.counters.get(scope, 0)
        self.counters[scope] = ordinal + 1
        return permuted_code(self.number, scope, ordinal)

    def _id(self) -> UUID:
        return new_id(self.rng)

    @lru_cache(maxsize=200_000)  # noqa: B019 - one province for each run
    def _tokens_of_name(self, office: UUID, name: str) -> tuple[int, ...]:
        return tuple(token(self.blind, office, gram) for gram in sorted(grams_of_name(name)))

    # --- one case ----------------------------------------------------------------------------------------------------------
    def _case(self, received: dt.datetime, *, is_open: bool) -> None:
        rng, table = self.rng, self.copier
        centre = self.centres[self._pick(self.centre_weights)]
        category = self.categories[self._pick(self.category_weights)]
        accepted = received + rng.random() * DAY
        closed = None if is_open else min(accepted + (5 + rng.expovariate(1 / 40)) * DAY, self.now - HOUR)
        draft = _Draft(
            self._id(), new_data_key(), centre, rng.choice(centre.managers), received, accepted, closed,
            rng.choices(["low", "medium", "high"], [5, 3, 1])[0], category, category in self.minors,
        )  # fmt: skip
        table[DataKey].add(subject=draft.id, wrapped=self.ring.wrap(draft.key, draft.id.bytes), created_at=received)
        client = self._people(draft)
        self._course(draft)
        self._services(draft, client)
        due = self._steps(draft)
        status = "closed" if closed else rng.choices(["assessed", "in_progress", "follow_up"], [1, 6, 2])[0]
        year, office = clock.local(received).year, centre.office
        table[Case].add(
            id=draft.id, office_id=office.pk, number=case_number(office.region_id, year, self._code("case", office.pk, year)), status=status,
            category_id=category, risk=draft.risk, channel=rng.choice(CHANNELS), manager_id=draft.manager.pk, concerns_minor=draft.minor,
            region_residence_id=office.region_id, region_registration_id=office.region_id, received_at=received, accepted_at=accepted,
            closed_at=closed, close_reason="resolved" if closed else "", next_due_at=due, touched_at=closed or accepted,
            version=4,
        )  # fmt: skip

    def _people(self, draft: _Draft) -> UUID:
        client = self._party(
            draft, "client", "female", self.rng.randint(1950, 2000) if not draft.minor else self.rng.randint(2009, 2018)
        )
        if self.rng.random() < 0.4:
            self._party(draft, "respondent", "male", self.rng.randint(1950, 2000))
        return client

    def _party(self, draft: _Draft, role: str, gender: str, born: int) -> UUID:
        rng, table, own = self.rng, self.copier, draft.own
        person, party, row = self._id(), self._id(), self._id()
        name, phone, primary = person_name(rng, gender), f"13{rng.randint(0, 999_999_999):09d}", role == "client"
        table[Person].add(id=person, office_id=draft.centre.office.pk, created_at=draft.received)
        table[Party].add(
            id=party, person_id=person, role=role, is_primary=primary, may_not_be_contacted=not primary, **own
        )
        sealed = seal(draft.key, name.encode(), concept="identity.name", row_id=row)
        table[PartyIdentity].add(id=row, party_id=party, name=sealed, gender=gender, birth_year=born, **own)
        tokens = list(self._tokens_of_name(draft.centre.office.pk, name))
        if primary:
            row = self._id()
            number = seal(draft.key, phone.encode(), concept="contact.phone", row_id=row)
            table[PartyContact].add(
                id=row, party_id=party, phone=number, region_id=draft.centre.office.region_id, **own
            )
            row = self._id()
            table[SafeContact].add(
                id=row,
                party_id=party,
                safe_number=seal(draft.key, phone.encode(), concept="safe.number", row_id=row),
                **own,
            )
            of_phone = [token(self.blind, draft.centre.office.pk, gram) for gram in grams_of_phone(phone)]
            for section in ("contact", "safe_contact"):
                for found in of_phone:
                    table[BlindGram].add(id=self._id(), party_id=party, gram=found, section=section, **own)
            if rng.random() < 0.3:
                table[Fingerprint].add(person_id=person, role=role, kind="id", digest=rng.randbytes(20), **own)
        for gram in tokens:
            table[BlindGram].add(id=self._id(), party_id=party, gram=gram, **own)
        return person

    def _course(self, draft: _Draft) -> None:
        row = self._id()
        text = seal(draft.key, NARRATIVE.encode(), concept="section.text", row_id=row)
        self.copier[SectionText].add(id=row, section="incident", text=text, updated_at=draft.received, **draft.own)
        span = (draft.closed or self.now) - draft.received
        entries = min(4 + int(self.rng.paretovariate(1.1)), 2000)
        for place in range(entries):
            kind, section = (
                ("case.opened", "header")
                if place == 0
                else ("case.assessed", "header")
                if place == 1
                else ("section.written", "incident")
            )
            self._entry(draft, kind, section, draft.received + span * place / entries)
        if draft.closed:
            self._entry(draft, "case.closed", "header", draft.closed)

    def _entry(self, draft: _Draft, kind: str, section: str, at: dt.datetime) -> None:
        data = (
            {"channel": "hotline"} if kind == "case.opened" else {"risk": draft.risk} if kind == "case.assessed" else {}
        )
        self.copier[TimelineEntry].add(
            id=self._id(), section=section, kind=kind, at=at, actor_id=draft.manager.pk, actor_name=draft.manager.name, actor_role="manager",
            actor_agency=draft.centre.office.name, data=data, **draft.own,
        )  # fmt: skip

    def _services(self, draft: _Draft, client: UUID) -> None:
        span = (draft.closed or self.now) - draft.accepted
        for place in range(4):
            kind, at = self.rng.choice(SERVICES), draft.accepted + span * self.rng.random()
            self.copier[ServiceRecord].add(
                id=self._id(), person_id=client, section=SECTION_OF_SERVICE.get(kind, "header"), kind=kind, occasion=self._id(), happened_at=at,
                entered_at=at + (place + 1) * HOUR / 10, by_name=draft.manager.name, by_agency=draft.centre.office.name, minutes=40, **draft.own,
            )  # fmt: skip
        if self.rng.random() < 0.05:
            at = clock.local(draft.accepted)
            number = paper_number(
                "令", at.year, draft.centre.office.region_id, self._code("令", draft.centre.office.pk, at.year)
            )
            self.copier[Order].add(
                id=self._id(), kind=self.rng.choice(["supervision_order", "protection_order", "written_warning"]), document_number=number,
                issuer="人民法院", region_id=draft.centre.office.region_id, issued_on=at.date(), entered_at=draft.accepted, **draft.own,
            )  # fmt: skip

    # --- what is owed ------------------------------------------------------------------------------------------------------
    def _item(
        self, draft: _Draft, kind: str, source: UUID, due: dt.datetime, done: dt.datetime | None, **owner: object
    ) -> dt.datetime:
        self.copier[WorkItem].add(
            id=self._id(), kind=kind, source_id=source, opened_at=min(draft.accepted, due - DAY), due_at=due, is_urgent=draft.risk == "high",
            done_at=done, done_by_id=draft.manager.pk if done else None, outcome="done" if done else "",
            **draft.own, **(owner or {"owner_user_id": draft.manager.pk}),
        )  # fmt: skip
        return due

    def _steps(self, draft: _Draft) -> dt.datetime | None:
        """Items and referrals; returns the soonest that is still owed."""
        owed = []
        self._item(draft, "case.triage", draft.id, draft.received + DAY, draft.accepted)
        bodies = (
            self.rng.sample(sorted(set(BODIES)), 0)
            if self.rng.random() < 0.35
            else {self.rng.choice(BODIES) for _ in range(self.rng.randint(1, 2))}
        )
        owed += [self._referral(draft, body) for body in sorted(bodies)]
        review = draft.closed or self.now + (self.rng.random() * 20 - 3) * DAY
        owed.append(self._item(draft, "case.review", draft.id, review, draft.closed))
        return None if draft.closed else min(moment for moment in owed if moment)

    def _referral(self, draft: _Draft, body: str) -> dt.datetime | None:
        rng = self.rng
        unit, liaison = draft.centre.units[body]
        id_, office = self._id(), draft.centre.office
        status = "closed" if draft.closed else rng.choices(["sent", "accepted", "responded", "closed"], [3, 4, 2, 1])[0]
        # An open case's letters are of these days; a closed one's lie in its time.
        sent = draft.accepted + HOUR if draft.closed else max(draft.accepted, self.now - (rng.random() * 12) * DAY)
        accept_due, answer_due = sent + DAY * 2, sent + DAY * (6 + rng.randint(0, 9))
        accepted = None if status == "sent" else sent + DAY * rng.random()
        responded = sent + 2 * DAY if status in {"responded", "closed"} else None
        ended = draft.closed or (self.now if status == "closed" else None)
        due = accept_due if status == "sent" else answer_due if status == "accepted" else None
        named = liaison if liaison is not None and rng.random() < 0.4 else None
        year = clock.local(sent).year
        self.copier[Referral].add(
            id=id_, number=paper_number("转办", year, office.region_id, self._code("转办", office.pk, year)), status=status, unit_id=unit.pk,
            group_id=unit.group_id, named_liaison_id=named.pk if named else None, category_id=draft.category, risk=draft.risk,
            concerns_minor=draft.minor, ask=ASKS.get(body, "visit"), sections=OFFERED, basis="duty", sent_at=sent, accept_due_at=accept_due,
            answer_due_at=answer_due, due_at=due, accepted_at=accepted, accepted_by_id=liaison.pk if accepted and liaison else None,
            responded_at=responded, closed_at=ended, result="done" if responded else "", version=2, **draft.own,
        )  # fmt: skip
        self._grants(draft, id_, unit, named, sent, accepted)
        owner: dict[str, object] = {"owner_user_id": named.pk} if named else {"owner_group_id": unit.group_id}
        if status == "sent":
            self._item(draft, "referral.accept", id_, accept_due, None, **owner)
        elif status == "accepted":
            self._item(draft, "referral.respond", id_, answer_due, None, **owner)
        elif status == "responded":
            self._item(draft, "referral.review", id_, sent + 4 * DAY, None)
        return due

    def _grants(
        self,
        draft: _Draft,
        source: UUID,
        unit: Unit,
        named: User | None,
        sent: dt.datetime,
        accepted: dt.datetime | None,
    ) -> None:
        holder = {"user_id": named.pk} if named else {"group_id": unit.group_id}
        until = draft.closed + 30 * DAY if draft.closed else None
        for section in ["letter", *OFFERED]:
            begins = sent if section == "letter" else accepted
            self.copier[AccessGrant].add(
                id=self._id(), section=section, source_kind="referral", source_id=source, basis="duty", offered_at=sent, valid_from=begins,
                valid_until=until, **holder, **draft.own,
            )  # fmt: skip
            if section == "letter" or begins is None:
                continue  # the letter's own row is made by the trigger
            model = CaseUserObjectPermission if named else CaseGroupObjectPermission
            self.copier[model].add(
                permission_id=self.permissions[f"view_{section}"],
                content_object_id=draft.id,
                case_received_at=draft.received,
                **holder,
            )
