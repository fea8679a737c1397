"""What the heart shows outside its own pages: the cases that are open to an expert on Today, the numbers of cases in the access log."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.enums import Role
from agencies.words import case_numbers
from cases.enums import OPEN_STATUSES, Section
from cases.models import Case
from cases.registry import TodayList, TodayRow, today_list
from cases.services import glass
from cases.views.case_list import client_names, shared_cases
from core import access
from core.identity import Identity
from core.ui import times

SHOWN = 20


def opened_to(by: Identity) -> Sequence[TodayRow]:
    """The open cases that managers have opened to `by`, newest first; the names that are shown go to the access log."""
    rows = list(
        shared_cases(by).filter(status__in=OPEN_STATUSES).select_related("category").order_by("-received_at")[:SHOWN]
    )
    names = client_names(by, [row.pk for row in rows])
    access.note_list(
        access.Action.VIEW, [(row.pk, row.office_id) for row in rows], object_type="case_list",
        sections=[Section.HEADER, Section.IDENTITY], reason="list",
    )  # fmt: skip
    return [
        TodayRow(" · ".join(part for part in (row.number, names.get(row.pk, ""), row.category.name) if part),
                 reverse("cases:detail", args=[row.pk]), row.received_at)
        for row in rows
    ]  # fmt: skip


def emergency_views(by: Identity) -> Sequence[TodayRow]:
    """The own emergency views that show something now, with the time at which each ends. One query."""
    rows = glass.running(by).order_by("ends_at").values_list("pk", "number", "ends_at")[:SHOWN]
    said = gettext("%(number)s, open until %(when)s")
    return [
        TodayRow(said % {"number": number, "when": times.when(ends_at)}, reverse("cases:glass", args=[pk]))
        for pk, number, ends_at in rows
        if ends_at
    ]


def _numbers(by: Identity, ids: set[UUID]) -> dict[UUID, str]:
    return dict(Case.objects.visible_to(by).filter(pk__in=ids).values_list("pk", "number"))


def install() -> None:
    """Called once when the app is ready."""
    case_numbers.append(_numbers)
    askers = (Role.OPERATOR, Role.SHIFT_SUPERVISOR, Role.MANAGER, Role.DIRECTOR)
    today_list(
        TodayList(
            "glass", _("Emergency views open to you"), _("Open"), askers, emergency_views, "urgent", tone="danger"
        )
    )
    today_list(
        TodayList("opened", _("Cases opened to you"), _("Open"), (Role.EXPERT,), opened_to, "folder-open", tone="")
    )
