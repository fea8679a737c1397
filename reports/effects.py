"""What happens after a step of a month: the bell of those who have to do with it."""

from __future__ import annotations

from collections.abc import Collection

from django.urls import reverse

from agencies.enums import Role
from agencies.identities import in_force
from agencies.models import RoleGrant
from agencies.services.notifications import notify
from core import outbox
from core.models.outbox import OutboxItem
from reports.enums import MonthStatus
from reports.models import MonthReport
from reports.services.months import WITH_CENTRE


@outbox.register("month.returned")
def returned(item: OutboxItem) -> None:
    """The bell of the centre's directors, unless the month has gone its way again meanwhile. As the worker."""
    _tell_directors(item, "month", [MonthStatus.RETURNED])


@outbox.register("month.chased")
def chased(item: OutboxItem) -> None:
    """The bell of the directors of a centre that owes a month, unless it was submitted meanwhile. As the worker."""
    _tell_directors(item, "month_owed", WITH_CENTRE)


def _tell_directors(item: OutboxItem, kind: str, statuses: Collection[str]) -> None:
    report = MonthReport.objects.filter(pk=item.subject, status__in=statuses).first()
    if report is None:
        return
    held = in_force(RoleGrant.objects.filter(office_id=report.office_id, role=Role.DIRECTOR, user__is_active=True))
    directors = sorted(set(held.values_list("user_id", flat=True)), key=str)
    notify(directors, kind=kind, url=reverse("reports:month", args=[report.pk]), key=item.key)
