"""What was told when a case came in, from whoever took the call: for those who assess and refer."""

from __future__ import annotations

from uuid import UUID

from cases import registry
from cases.models import Case
from cases.registry import Text, Told, Workplace
from core.identity import Identity


def told(by: Identity, case_id: UUID) -> list[Told]:
    """The calls and visits that opened or joined the case, as far as `by` may see them, newest first."""
    found = [each for door in registry.front_doors.values() for each in door.told(by, case_id)]
    return sorted(found, key=lambda each: each.at, reverse=True)


def danger(by: Identity, case_id: UUID) -> Text:
    """One line where she was in danger when she called, and whether the police were; else empty."""
    return next((line for door in registry.front_doors.values() if (line := door.danger(by, case_id))), "")


def workplaces(by: Identity, case_id: UUID) -> list[Workplace]:
    """Where the respondent or his kin work, as it was said on this case and on those that were merged into it."""
    merged = Case.objects.own(by).filter(merged_into_id=case_id).values_list("pk", flat=True)
    ids = [case_id, *merged]
    return [each for door in registry.front_doors.values() for each in door.workplaces(by, ids)]
