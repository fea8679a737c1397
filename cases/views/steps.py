"""The next step of cases: what is owed, by whom, by when, and the button that moves it on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from agencies.enums import Role
from cases import registry
from cases.models import WorkItem
from core.identity import Identity

OWNERS = ("owner_user", "owner_group__unit", "owner_group__office")


@dataclass(frozen=True)
class Step:
    """One owed step in words."""

    item: WorkItem
    title: Any
    button: Any
    icon: str
    owner: Any
    due_at: dt.datetime
    url: str
    is_mine: bool
    look: Any = ""  # what is pressed by who only waits for it; empty where that page is not the centre's


def owner_of(item: WorkItem) -> Any:
    """A person's name, a unit's or desk's, or the role at the centre."""
    if item.owner_user:
        return item.owner_user.name
    if item.owner_group:
        place = getattr(item.owner_group, "unit", None) or getattr(item.owner_group, "office", None)
        return place.short_name if place else ""
    return Role(item.owner_role).label if item.owner_role else ""


def is_mine(item: WorkItem, by: Identity) -> bool:
    """Whether `by` can carry it out: named, or of the unit, desk or role that owes it."""
    if item.owner_user_id:
        return item.owner_user_id == by.user_id
    if item.owner_group_id:
        return item.owner_group_id in by.groups
    places: dict[str, Iterable[UUID]] = {Role.DIRECTOR.value: by.director_offices, Role.KEEPER.value: by.keeper_offices}
    return item.office_id in places.get(item.owner_role, by.case_offices)


def step(item: WorkItem, by: Identity) -> Step:
    """An item as the page shows it."""
    kind = registry.work_kinds[item.kind]
    return Step(
        item,
        kind.title,
        kind.button,
        kind.icon,
        owner_of(item),
        item.due_at,
        kind.url(item),
        is_mine(item, by),
        kind.look,
    )


def open_steps(case_id: UUID, by: Identity) -> list[Step]:
    """Everything that is owed on a case, soonest first."""
    items = WorkItem.objects.visible_to(by).open().filter(case_id=case_id).select_related(*OWNERS).order_by("due_at")
    return [step(item, by) for item in items]


def next_steps(case_ids: Iterable[UUID], by: Identity) -> dict[UUID, Step]:
    """The soonest step of each case, in one query."""
    items = WorkItem.objects.visible_to(by).open().filter(case_id__in=list(case_ids)).select_related(*OWNERS)
    return {
        item.case_id: step(item, by) for item in items.order_by("case_id", "due_at").distinct("case_id") if item.case_id
    }
