"""What all rows of the history share: numbers, timeline entries, finished work items."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any
from uuid import UUID

from agencies.models import User
from caremgmt.demo.batch import Batch
from caremgmt.demo.directory import Directory
from caremgmt.demo.humans import new_id
from caremgmt.directory.tables import centre_rows
from cases.enums import Section
from cases.models import (
    Case,
    Category,
    TimelineEntry,
    WorkItem,
)  # fmt: skip
from core.clock import local
from core.crypto import key_ring
from core.numbers import paper_number, permuted_code
from hotline.services.contact import NUMBER_WORDS, OTHER_WORD

HOURS = dt.timedelta(hours=1)


class Writer:
    """Holds the batch and the names of those who act."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self.batch = Batch()
        self._blind = key_ring().derive("blind")
        self._number = key_ring().derive("number")
        self._violent = set(Category.objects.filter(is_violence=True).values_list("pk", flat=True))
        self._known: set[UUID] = set()
        # Tables that others point at come first.
        self._offices = {row.region: row for row in centre_rows()}

    def _code(self, kind: str, region: str, year: int) -> str:
        scope = f"{kind}:{region}:{year}"
        return permuted_code(self._number, scope, self.batch.ordinal(scope))

    def _paper(self, kind: str, region: str, at: dt.datetime) -> str:
        year = local(at).year
        return paper_number(kind, year, region, self._code(kind, region, year))

    def _entry(
        self,
        rng: random.Random,
        case: Case,
        kind: str,
        at: dt.datetime,
        by: User,
        role: str,
        agency: str,
        *,
        section: str = Section.HEADER,
        text: str = "",
        object_id: UUID | None = None,
        **data: Any,
    ) -> None:
        self.batch.add(
            TimelineEntry(
                id=new_id(rng), case=case, office_id=case.office_id, section=section, kind=kind, at=at, actor_id=by.pk, actor_name=by.name,
                actor_role=role, actor_agency=agency, object_id=object_id, data=data, text=text,
            )
        )  # fmt: skip

    def _item(
        self,
        rng: random.Random,
        case: Case,
        kind: str,
        source: UUID,
        opened: dt.datetime,
        due: dt.datetime,
        done: dt.datetime,
        by: User,
        **owner: Any,
    ) -> None:
        if not owner:
            owner = {"owner_user": case.manager}
        self.batch.add(
            WorkItem(
                id=new_id(rng), office_id=case.office_id, case=case, kind=kind, source_id=source, opened_at=opened, due_at=due, clock="",
                is_urgent=case.risk == "high", done_at=done, done_by_id=by.pk, outcome="done", **owner,
            )
        )  # fmt: skip


def word_of(channel: str) -> str:
    """The word of a channel in the numbers of contacts."""
    return NUMBER_WORDS.get(channel, OTHER_WORD)  # type: ignore[call-overload,no-any-return]
