"""Global search: case number, name, pinyin initials, phone. What is found is what may be seen; misses are logged like hits."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from cases.enums import Section
from cases.models import BlindGram, Case, CaseUserObjectPermission, PartyIdentity
from core import access, keys
from core.blindindex import QueryKind, grams_of_query, token
from core.crypto import key_ring
from core.identity import Identity
from core.pinyin import initials, normalise

LIMIT = 50


@dataclass(frozen=True, slots=True)
class Hit:
    """One case found, with the name that matched (none when found by number without the identity section)."""

    case: Case
    name: str


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


def search(*, by: Identity, text: str) -> list[Hit]:
    """Find cases to show them: what is searched and what is found go to the access log. The same queries however many people there are."""
    kind, hits = _find(by, text)
    access.note(access.Action.SEARCH, by=by, reason=kind.value, count=len(hits))
    access.note_list(
        access.Action.VIEW,
        [(hit.case.pk, hit.case.office_id) for hit in hits],
        object_type="search_hits",
        sections=[Section.HEADER],
    )
    return hits


def compared(*, by: Identity, text: str) -> list[Hit]:
    """The same for one who shows no case, only what follows from them, and notes that herself."""
    return _find(by, text)[1]


def _find(by: Identity, text: str) -> tuple[QueryKind, list[Hit]]:
    query = grams_of_query(text)
    hits: list[Hit] = []
    if query.kind == QueryKind.CASE_NUMBER:
        cases = list(
            Case.objects.visible_to(by).filter(number=query.value).select_related("category", "office", "manager")
        )
        identities = PartyIdentity.objects.visible_to(by).filter(case__in=cases, party__is_primary=True)
        names = {row.case_id: row.name for row in identities}
        hits = [Hit(case, names.get(case.pk, "")) for case in cases]
    elif query.grams:
        hits = _by_grams(by, query.kind, query.grams, text)
    return query.kind, hits


def _by_grams(by: Identity, kind: QueryKind, grams: frozenset[str], text: str) -> list[Hit]:
    key = key_ring().derive("blind")
    parties: set[UUID] = set()
    for office_id in _offices_of(by):
        rows = [
            set(
                BlindGram.objects.filter(office_id=office_id, gram=token(key, office_id, gram)).values_list(
                    "party_id", flat=True
                )[: LIMIT * 20]
            )
            for gram in sorted(grams)
        ]
        parties |= set.intersection(*rows)
    found = list(
        PartyIdentity.objects.visible_to(by)
        .filter(party_id__in=list(parties)[: LIMIT * 4])
        .select_related("case__category", "case__office", "case__manager")
    )
    keys.preload(row.case_id for row in found)
    hits = {row.case_id: Hit(row.case, row.name) for row in found if _matches(kind, text, row.name)}
    return sorted(hits.values(), key=lambda hit: hit.case.received_at, reverse=True)[:LIMIT]


__all__ = ["Hit", "compared", "search"]
