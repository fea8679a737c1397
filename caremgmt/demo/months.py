"""The months' reports: the past is locked, last month is on its way (most submitted, some accepted, one given back)."""

from __future__ import annotations

import datetime as dt

from agencies.models import Office
from caremgmt.demo.accounts import PREFECTURE_SLUGS
from caremgmt.demo.login import logged_in_as_worker
from caremgmt.demo.plan import ARTICLE
from caremgmt.demo.stage import Stage
from caremgmt.directory.tables import centre_rows
from core.identity import acting_as, worker_identity
from reports.models import MonthReport
from reports.services.compute import compute_months
from reports.services.months import month_accept, month_return, month_submit, settle_range

# These wait for their director, so that there is a month to submit; the last one is given back by its prefecture.
NOT_SUBMITTED = ("530102", "530302", "532901")
GIVEN_BACK = "530112"
NOT_ACCEPTED = ("530100", "532500")  # prefectures whose supervisor still has the submitted months before her
EXPLANATION = "本月走访和校园宣讲较集中，案（事）件数较上月增加，已逐件核对。"
REASON = "部分案（事）件未填居住县，请补充后重新上报。"


def load_months(stage: Stage) -> None:
    """Compute all months, settle the past, and let people take last month as far as it has come."""
    first_of_this = stage.now.date().replace(day=1)
    last_month = (first_of_this - dt.timedelta(days=1)).replace(day=1)
    compute_months(ARTICLE.begin, stage.now.date())
    settle_range(ARTICLE.begin, (last_month - dt.timedelta(days=1)).replace(day=1))
    with logged_in_as_worker():
        _last_month(stage, last_month)


def _last_month(stage: Stage, month: dt.date) -> None:
    with acting_as(worker_identity("demo")):
        reports = {row.office_id: row.pk for row in MonthReport.objects.filter(month=month, status="computed")}
    for index, row in enumerate(centre_rows()):
        office: Office = stage.directory.centre(row.region)
        if row.region in NOT_SUBMITTED or index % 9 == 5 or office.pk not in reports:
            continue
        report = reports[office.pk]
        if (
            stage.tries(
                stage.directory.director(row),
                month_submit,
                report_id=report,
                explanation=EXPLANATION if index % 4 == 0 else "",
            )
            is None
        ):
            continue
        prefecture = f"{row.region[:4]}00"
        supervisor = stage.directory.user(f"dudao.{PREFECTURE_SLUGS[prefecture]}")
        if row.region == GIVEN_BACK:
            stage.tries(supervisor, month_return, report_id=report, reason=REASON)
        elif prefecture not in NOT_ACCEPTED:
            stage.tries(supervisor, month_accept, report_id=report)
