"""What was not asked in the hurry: which of it is missing still, and the end of the work item when nothing is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q, TextField, Value

from cases.enums import CaseStatus, Section
from cases.models import Case, PartyContact, PartyIdentity, SafeContact, SectionText, TimelineEntry, WorkItem
from cases.services import workitems
from core.identity import Identity

MISSING = "case.missing"
UNSORTED = "Z99"  # the category of what nobody has sorted yet


def still(case_ids: Iterable[UUID], by: Identity | None = None) -> dict[UUID, list[str]]:
    """By case the names of the facts that were missing when it was opened and are missing now, as `NewCase.missing` names them.

    As `by` may see the cases; inside a verb without one. Two queries.
    """
    ids = list(case_ids)
    if not ids:
        return {}

    def rows(model: Any, **more: Any) -> Any:
        found = model.objects.visible_to(by) if by else model._base_manager.all()
        return found.filter(**{"pk__in" if model is Case else "case_id__in": ids}, **more)

    asked: dict[UUID, list[str]] = {
        case_id: data.get("fields", [])
        for case_id, data in rows(TimelineEntry, kind=MISSING).values_list("case_id", "data")
    }
    if not asked:
        return {}

    def entered(name: str, found: Any, case: str = "case_id") -> Any:
        return found.order_by().values_list(case, Value(name, output_field=TextField()))

    cases, people = rows(Case), rows(PartyIdentity, party__is_primary=True)
    # whoever assesses decides on the category; of what is sealed an empty one is stored as nothing, so no key is needed
    sorted_out = ~Q(category_id=UNSORTED) | ~Q(status=CaseStatus.RECEIVED)
    facts = [
        entered("category_id", cases.filter(sorted_out), "pk"),
        entered("region_residence_id", cases.filter(region_residence__isnull=False), "pk"),
        entered("known_name", people.filter(~Q(name="") | Q(is_anonymous=True))),
        entered("client_birth_year", people.filter(birth_year__isnull=False)),
        entered("region_residence_id", rows(PartyContact, party__is_primary=True, region__isnull=False)),
        entered("safe_number", rows(SafeContact, party__is_primary=True).exclude(safe_number="")),
        entered("narrative", rows(SectionText, section=Section.INCIDENT).exclude(text="")),
    ]
    known = set(facts[0].union(*facts[1:], all=True))
    return {case_id: [name for name in names if (case_id, name) not in known] for case_id, names in asked.items()}


def settle(case_id: UUID) -> None:
    """At the end of a verb that enters a fact: with the last one the work item is done."""
    if not WorkItem.objects.filter(kind=MISSING, source_id=case_id, done_at__isnull=True).exists():
        return
    if not still([case_id]).get(case_id):
        workitems.finish(MISSING, source_id=case_id)
