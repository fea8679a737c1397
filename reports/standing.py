"""How far the reporting of a range is: where the reports of its last month stand, and whether its figures may still change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Min
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.identity import Identity
from core.ui.sentences import joined
from reports.enums import MonthStatus
from reports.models import MonthReport, state_label
from reports.periods import Period


@dataclass(frozen=True, slots=True)
class Standing:
    """Of the centres that somebody sees: the reports of the last month by state, and those of the whole range that are not locked."""

    month: dt.date
    counts: Mapping[MonthStatus, int]
    unlocked: int = 0
    earliest: dt.date | None = None  # the first month with a report that is not locked

    @classmethod
    def read(cls, by: Identity, period: Period) -> Standing:
        """Two queries. Desks submit nothing and are not counted."""
        rows = MonthReport.objects.visible_to(by).filter(office__kind="centre").order_by()
        found = {
            row["status"]: row["n"]
            for row in rows.filter(month=period.last).values("status").annotate(n=Count("pk"))
        }  # fmt: skip
        inside = rows.filter(month__range=(period.first, period.last)).exclude(status=MonthStatus.LOCKED)
        waiting = inside.aggregate(n=Count("pk"), earliest=Min("month"))
        counts = {status: found.get(status.value, 0) for status in MonthStatus}
        return cls(period.last, counts, waiting["n"], waiting["earliest"])

    @property
    def is_final(self) -> bool:
        """Whether every report is locked. A last month without any report is yet to come."""
        return not self.unlocked and any(self.counts.values())

    @property
    def in_words(self) -> str:
        """The reports of the last month by state, on one line."""
        if not any(self.counts.values()):
            return _("no report yet")
        return joined(f"{state_label(status, self.month)} {count}" for status, count in self.counts.items())

    @property
    def warning(self) -> str:
        """That the figures may still change, and why; empty when all is locked."""
        if self.is_final:
            return ""
        if not self.unlocked:
            said = _("Not final: there is no report of %(month)s yet. The figures may still change.")
            return said % {"month": f"{self.month:%Y-%m}"}
        said = ngettext(
            "Not final: %(n)s centre's monthly report of this period is not locked (%(month)s). The figures may still change.",
            "Not final: %(n)s monthly reports of this period are not locked (the earliest: %(month)s). The figures may still change.",
            self.unlocked,
        )
        return said % {"n": self.unlocked, "month": f"{self.earliest:%Y-%m}"}
