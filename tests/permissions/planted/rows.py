"""Rows of a planted case as the owner sees them."""

from __future__ import annotations

from cases.models import Party, SectionText, WorkItem
from tests.permissions.planted.scene import Planted
from tests.roles import as_owner


def parties_of(case: Planted) -> list[Party]:
    """The case's people, as the owner sees them."""
    with as_owner():
        return list(Party._base_manager.filter(case_id=case.id))


def open_items(case: Planted) -> list[WorkItem]:
    """What is owed on the case, as the owner sees it."""
    with as_owner():
        return list(WorkItem._base_manager.filter(case_id=case.id, done_at__isnull=True))


def texts_of(case: Planted) -> list[SectionText]:
    """The case's texts, as the owner sees them (sealed)."""
    with as_owner():
        return list(SectionText._base_manager.filter(case_id=case.id))
