"""Global search: the number of a case (or its end) or of a paper, name, pinyin initials, phone. What is found is what may be seen; misses are logged like hits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from agencies.models import Office
from cases import registry
from cases.enums import Section
from cases.models import BlindGram, Case, CaseUserObjectPermission, PartyIdentity
from core import access, clock, keys
from core.blindindex import QueryGrams, QueryKind, grams_of_query, token
from core.crypto import key_ring
from core.identity import Identity
from core.numbers import case_number
from core.pinyin import initials, normalise

LIMIT = 50
YEARS = 5  # of cases that are found by the end of their number alone


@dataclass(frozen=True, slots=True)
class Hit:
    """One case found, with the name that matched (none when found by number without the identity section), and whose that is."""

    case: Case
    name: str
    role: registry.Text = ""  # of somebody else than the client: the respondent, a child, a relative
    client: str = ""  # then the client's own name


def _offices_of(by: Identity) -> list[UUID]:
    """Offices whose index the asker may look into: the own ones, and those whose cases were shared with a unit of hers or with her in person."""
    shared = Case.objects.visible_to(by).exclude(office_id__in=by.case_offices)
    if not by.groups:  # an expert, a keeper, one who is named at a second centre: the few cases of her own grants
        own = CaseUserObjectPermission.objects.filter(user_id__in=[by.user_id]).values("content_object_id")
        shared = shared.filter(pk__in=own)
    return [*by.case_offices, *shared.order_by().values_list("office_id", flat=True).distinct()[:200]]


def _matches(kind: QueryKind, text: str, name: str) -> bool:
    if kind == QueryKind.NAME:
        return normalise(text) in normalise(name)
    if kind == QueryKind.INITIALS:
        return any(reading.startswith(text.lower().replace(" ", "")) for reading in initials(name))
    return True


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper found by its number."""

    number: str
    noun: registry.Text
    url: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found."""

    kind: QueryKind
    cases: list[Hit]
    papers: list[Paper]

    def __len__(self) -> int:
        return len(self.cases) + len(self.papers)


def search(*, by: Identity, text: str) -> Found:
    """Find cases and papers to show them: what is searched and what is found go to the access log. The same queries however many people there are."""
    query = grams_of_query(text)
    offices = _offices_of(by) if query.grams or query.code else []
    hits = {hit.case.pk: hit for hit in (*_by_code(by, offices, query.code), *_by_query(by, offices, query, text))}
    found = Found(query.kind, list(hits.values())[:LIMIT], _papers(by, query))
    access.note(access.Action.SEARCH, by=by, reason=query.kind.value, count=len(found))
    access.note_list(
        access.Action.VIEW,
        [(hit.case.pk, hit.case.office_id) for hit in found.cases],
        object_type="search_hits",
        sections=[Section.HEADER],
    )
    return found


def compared(*, by: Identity, text: str) -> list[Hit]:
    """The cases of people by what is said of them, for one who shows no case, only what follows from them, and notes that herself."""
    query = grams_of_query(text)
    return _by_query(by, _offices_of(by) if query.grams else [], query, text)


def _by_query(by: Identity, offices: list[UUID], query: QueryGrams, text: str) -> list[Hit]:
    if query.kind == QueryKind.CASE_NUMBER:
        return _by_numbers(by, [query.value])
    return _by_grams(by, offices, query, text) if query.grams else []


def _by_numbers(by: Identity, numbers: list[str]) -> list[Hit]:
    rows = Case.objects.visible_to(by).filter(number__in=numbers).select_related("category", "office", "manager")
    cases = list(rows.order_by("-received_at")[:LIMIT])
    keys.preload(case.pk for case in cases)
    names = {row.case_id: row.name for row in _clients(by, (case.pk for case in cases))}
    return [Hit(case, names.get(case.pk, "")) for case in cases]


def _by_code(by: Identity, offices: list[UUID], code: str) -> list[Hit]:
    """Cases whose number ends so, of the last years and of the places whose index the asker may look into: exact numbers, asked at once."""
    if not code:
        return []
    regions = Office.objects.filter(pk__in=offices).order_by().values_list("region_id", flat=True).distinct()
    year = clock.today().year
    return _by_numbers(by, [case_number(region, year - ago, code) for region in regions for ago in range(YEARS)])


def _papers(by: Identity, query: QueryGrams) -> list[Paper]:
    if query.kind != QueryKind.PAPER_NUMBER:
        return []
    kinds = [kind for kind in registry.paper_kinds.values() if query.word in kind.words and by.has(*kind.roles)]
    return [
        Paper(query.value, kind.noun, reverse(kind.route, args=[pk]))
        for kind in kinds
        for pk in kind.rows(by).filter(**{kind.column: query.value}).values_list("pk", flat=True)
    ]


def _by_grams(by: Identity, offices: list[UUID], query: QueryGrams, text: str) -> list[Hit]:
    key = key_ring().derive("blind")
    parties: set[UUID] = set()
    for office_id in offices:
        rows = [
            set(
                BlindGram.objects.filter(office_id=office_id, gram=token(key, office_id, gram)).values_list(
                    "party_id", flat=True
                )[: LIMIT * 20]
            )
            for gram in sorted(query.grams)
        ]
        parties |= set.intersection(*rows)
    found = list(
        PartyIdentity.objects.visible_to(by)
        .filter(party_id__in=list(parties)[: LIMIT * 4])
        .select_related("case__category", "case__office", "case__manager", "party")
    )
    keys.preload(row.case_id for row in found)
    matching = [row for row in found if _matches(query.kind, text, row.name)]
    others = {row.case_id for row in matching if not row.party.is_primary}
    clients = {row.case_id: row.name for row in _clients(by, others)} if others else {}
    hits = {row.case_id: _hit(row, clients) for row in sorted(matching, key=lambda row: row.party.is_primary)}
    return sorted(hits.values(), key=lambda hit: hit.case.received_at, reverse=True)[:LIMIT]


def _clients(by: Identity, case_ids: Iterable[UUID]) -> QuerySet[PartyIdentity]:
    return PartyIdentity.objects.visible_to(by).filter(case_id__in=list(case_ids), party__is_primary=True)


def _hit(row: PartyIdentity, clients: Mapping[UUID, str]) -> Hit:
    """The client's own name stands for the case; another's is shown with who he is, so that nobody takes him for her."""
    if row.party.is_primary:
        return Hit(row.case, row.name)
    return Hit(row.case, row.name, row.party.get_role_display(), clients.get(row.case_id, ""))


__all__ = ["Found", "Hit", "Paper", "compared", "search"]
