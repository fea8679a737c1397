"""What absences tell the heart: the work of the manager when nobody can stand in, timeline entries, a list of the home page."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases import registry
from cases.registry import TodayList, WorkKind
from referrals.absences import services  # noqa: F401 - registers its effect, for a worker that never loads the pages
from referrals.absences.shown import coming
from referrals.enums import AWAY, AWAY_FROM_CONFERENCE


def _letter(item: Any) -> str:
    return reverse("referrals:detail", args=[item.source_id])


def _case(item: Any) -> str:
    return reverse("cases:detail", args=[item.case_id])


_NOBODY = _("Who is named has left, or is away and nobody can stand in: decide where it goes")
registry.work_kind(WorkKind(AWAY, _NOBODY, _("Decide"), _letter, AWAY, "user-off"))
registry.work_kind(WorkKind(AWAY_FROM_CONFERENCE, _NOBODY, _("Decide"), _case, AWAY, "user-off"))
registry.entry_kind(
    "absence.begun",
    lambda data: (
        _("%(name)s of %(unit)s stands in for a colleague who is away") % {"name": data.get("name", ""), "unit": data.get("unit", "")}
    ),
    "mail-forward",
    "neutral",
)  # fmt: skip
registry.entry_kind(
    "absence.back",
    lambda data: _("%(name)s of %(unit)s is back") % {"name": data.get("name", ""), "unit": data.get("unit", "")},
    "mail-forward",
    "neutral",
)
registry.today_list(
    TodayList(
        "absences", _("Absences"), _("Open"), ("liaison", "aid_officer"), coming, "calendar-time", tone="", first=False
    )
)
