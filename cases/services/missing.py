"""What was not asked in the hurry: which of it is missing still, and the end of the work item when nothing is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from cases.enums import CaseStatus, Section
from cases.models import Case, PartyContact, PartyIdentity, SafeContact, SectionText, TimelineEntry, WorkItem
from cases.services import workitems
from core import keys
from core.identity import Identity

MISSING = "case.missing"
UNSORTED = "Z99"  # the category of what nobody has sorted yet


def still(case_ids: Iterable[UUID], by: Identity | None = None) -> dict[UUID, list[str]]:
    """By case the names of the facts that were missing when it was opened and are missing now, as `NewCase.missing` names them.

    As `by` may see the cases; inside a verb without one. A number of queries that does not grow with the cases.
    """
    ids = list(case_ids)
    if not ids:
        return {}

    def rows(model: Any, **more: Any) -> Any:
        found = model.objects.visible_to(by) if by else model._base_manager.all()
        return found.filter(**{"pk__in" if model is Case else "case_id__in": ids}, **more)

    asked: dict[UUID, list[str]] = {
        entry.case_id: entry.data.get("fields", []) for entry in rows(TimelineEntry, kind=MISSING)
    }
    if not asked:
        return {}
    keys.preload(asked)
    known: dict[UUID, set[str]] = {case_id: set() for case_id in ids}

    def note(case_id: UUID, name: str, value: object) -> None:
        if value:
            known[case_id].add(name)

    for case in rows(Case).only("pk", "category_id", "region_residence_id", "office_id", "status"):
        # whoever assesses decides on the category
        note(case.pk, "category_id", case.category_id != UNSORTED or case.status != CaseStatus.RECEIVED)
        note(case.pk, "region_residence_id", case.region_residence_id)
    for who in rows(PartyIdentity, party__is_primary=True):
        note(who.case_id, "known_name", who.name or who.is_anonymous)
        note(who.case_id, "client_birth_year", who.birth_year)
    for where in rows(PartyContact, party__is_primary=True):
        note(where.case_id, "region_residence_id", where.region_id)
    for safe in rows(SafeContact, party__is_primary=True):
        note(safe.case_id, "safe_number", safe.safe_number)
    for text in rows(SectionText, section=Section.INCIDENT):
        note(text.case_id, "narrative", text.text)
    return {case_id: [name for name in names if name not in known[case_id]] for case_id, names in asked.items()}


def settle(case_id: UUID) -> None:
    """At the end of a verb that enters a fact: with the last one the work item is done."""
    if not WorkItem.objects.filter(kind=MISSING, source_id=case_id, done_at__isnull=True).exists():
        return
    if not still([case_id]).get(case_id):
        workitems.finish(MISSING, source_id=case_id)
