"""What the months ask of somebody, for the home page: submit, review, lock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import Count
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agencies.enums import Role
from cases.registry import TodayList, TodayRow, today_list
from core.identity import Identity
from core.months import shift
from reports.enums import MonthStatus
from reports.models import MonthReport
from reports.periods import this_month
from reports.services.months import WITH_CENTRE

MONTHS = 6  # back from now


def _asked(by: Identity) -> list[str]:
    """In which state a month waits for the superior."""
    found = [MonthStatus.SUBMITTED.value] if by.has(Role.SUPERVISOR, Role.PROVINCE) else []
    return [*found, MonthStatus.ACCEPTED.value] if by.has(Role.PROVINCE) else found


def _own(by: Identity) -> Iterator[TodayRow]:
    """Months of the director's centres that are over and not submitted."""
    rows = MonthReport.objects.visible_to(by).filter(
        office_id__in=by.director_offices, office__kind="centre", month__lt=this_month(), status__in=WITH_CENTRE
    )
    for row in rows.order_by("month", "pk")[:MONTHS]:
        words = _("%(month)s, %(state)s") % {"month": date_format(row.month, "YEAR_MONTH_FORMAT"), "state": row.state}
        yield TodayRow(words, reverse("reports:month", args=[row.pk]))


def _of_others(by: Identity, asked: Sequence[str]) -> Iterator[TodayRow]:
    rows = MonthReport.objects.visible_to(by).filter(
        office__kind="centre", month__range=(shift(this_month(), -MONTHS), shift(this_month(), -1)), status__in=asked
    )
    for row in rows.order_by().values("month", "status").annotate(n=Count("pk")).order_by("month", "status"):
        month, count = date_format(row["month"], "YEAR_MONTH_FORMAT"), row["n"]
        words = (
            ngettext("%(month)s: %(n)s report to review", "%(month)s: %(n)s reports to review", count)
            if row["status"] == MonthStatus.SUBMITTED
            else ngettext("%(month)s: %(n)s report to lock", "%(month)s: %(n)s reports to lock", count)
        )
        address = f"{reverse('reports:months')}?month={row['month']:%Y-%m}&status={row['status']}"
        yield TodayRow(words % {"month": month, "n": count}, address)


def months_owed(by: Identity) -> list[TodayRow]:
    """The months that wait for `by`, the oldest first. One query for each side that is held."""
    found = list(_own(by)) if by.director_offices else []
    asked = _asked(by)
    return [*found, *_of_others(by, asked)] if asked else found


today_list(
    TodayList(
        "months", gettext_lazy("Monthly reports that wait for you"), gettext_lazy("Open"), (Role.DIRECTOR, Role.SUPERVISOR, Role.PROVINCE), months_owed,
        "report", first=False,
    )
)  # fmt: skip
