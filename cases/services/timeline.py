"""The case's one truth."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from cases import registry
from cases.enums import Section
from cases.models import Case, TimelineEntry
from core.engine import Act, write_later


def add(
    act: Act[Any], case: Case, kind: str, *, section: str = Section.HEADER, text: str = "", object_id: UUID | None = None,
    at: dt.datetime | None = None, unsigned: bool = False, **data: Any,
) -> TimelineEntry:  # fmt: skip
    """Write an entry inside a verb. `data` holds codes and counts only; what a person wrote goes into `text` (sealed).

    `unsigned` names nobody, where the actor's centre would tell what the case's readers must not know.
    """
    registry.entry_kinds[kind]
    signed = {"actor_role": "worker"} if unsigned else {
        "actor_id": act.by.user_id, "actor_name": act.by.name, "actor_role": act.by.role, "actor_agency": act.by.agency,
    }  # fmt: skip
    entry = TimelineEntry(
        case=case, office_id=case.office_id, section=section, kind=kind, at=at or act.now, object_id=object_id, data=data,
        text=text, **signed,
    )  # fmt: skip
    write_later(entry)
    return entry


def last(case: Case, kind: str) -> dt.datetime | None:
    """When an entry of this kind was last written on the case; None: never. As the centre's staff, or inside a verb."""
    rows = TimelineEntry.objects.filter(case=case, kind=kind)
    return rows.order_by("-at").values_list("at", flat=True).first()
