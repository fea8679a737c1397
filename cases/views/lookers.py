"""Who has looked at a case: what was opened by itself, and, when asked for, in whose lists it stood."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from agencies.words import role_label
from cases.enums import Section
from cases.views.scope import MANAGERS, case_view
from core import clock
from core.errors import NotFound
from core.models.accesslog import AccessLog
from core.views import Asked, page

Action = AccessLog.Action
ACTIONS: dict[str, Any] = {
    Action.VIEW: _("Viewed"), Action.REVEAL: _("Revealed"), Action.EXPORT: _("Exported"), Action.SEARCH: _("Searched"),
    Action.DENIED: _("Refused"),
}  # fmt: skip
SHOWN = 30
LISTS_READ = 300  # the newest lists that are read to be counted by person and day
# Whoever opens the worklist or the list of cases is shown dozens at once; a search or an export that held this case was meant.
IN_PASSING = Q(case_id=None, action=Action.VIEW)


@dataclass
class Line:
    """One line of the panel: one entry of the log, or the lists of one person on one day."""

    row: AccessLog  # of several lists the newest
    count: int = 1

    @property
    def action(self) -> Any:
        return ACTIONS.get(self.row.action, self.row.action)

    @property
    def role(self) -> Any:
        return role_label(self.row.actor_role)

    @property
    def sections(self) -> list[Any]:
        return [Section(code).label for code in self.row.sections.split(",") if code in Section.values]

    @property
    def is_list(self) -> bool:
        return self.row.case_id is None

    @property
    def day(self) -> dt.date:
        return clock.local(self.row.at).date()


def _newest(rows: QuerySet[AccessLog], office_id: UUID) -> QuerySet[AccessLog]:
    """Of the case's own centre; a list's cases may be thousands and are not fetched."""
    return rows.filter(office_id=office_id).defer("case_ids").order_by("-at", "-pk")


def _by_day(rows: Iterable[AccessLog]) -> list[Line]:
    """The lists of one person, in one role, on one day as one line; newest first, as they came."""
    lines: dict[tuple[Any, ...], Line] = {}
    for row in rows:
        key = (row.actor_id, row.actor_role, clock.local(row.at).date())
        if key in lines:
            lines[key].count += 1
        else:
            lines[key] = Line(row)
    return list(lines.values())


@page(*MANAGERS)
def log_panel(request: Asked, pk: UUID) -> HttpResponse:
    """Who has looked at this case, newest first (its managers and the director); `?lists=1` adds those who saw it stand in a list."""
    seen = case_view(request, pk)
    if not seen.is_staff:
        raise NotFound
    log, office_id = AccessLog.objects, seen.case.office_id
    lines = [Line(row) for row in _newest(log.of_case(pk).exclude(IN_PASSING), office_id)[: SHOWN + 1]]
    with_lists = bool(request.GET.get("lists"))
    if with_lists:
        lines += _by_day(_newest(log.of_case(pk, lists_at_most=LISTS_READ).filter(IN_PASSING), office_id))
        lines.sort(key=lambda line: line.row.at, reverse=True)
    return render(request, "cases/_case_log.html", {
        "case": seen.case, "lines": lines[:SHOWN], "is_cut": len(lines) > SHOWN, "limit": SHOWN, "with_lists": with_lists,
        "may_read_log": office_id in seen.by.director_offices,
    })  # fmt: skip
