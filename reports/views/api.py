"""The statistics for programs: the same tables, with the same cells hidden."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import DomainError, NotAllowed
from core.identity import Identity
from reports.enums import By
from reports.indicators import TABLE
from reports.periods import Period
from reports.places import by_place
from reports.tables import Row, Table
from reports.views.common import FIGURES

_FIGURE = {
    item.code: serializers.IntegerField(allow_null=True, required=False, help_text=f"{item.zh} / {item.en}")
    for item in TABLE
}
_PLACE = inline_serializer(
    "StatisticsRow",
    {"code": serializers.CharField(), "name": serializers.CharField(), "level": serializers.CharField(),
     "suppressed": serializers.ListField(child=serializers.CharField()), **_FIGURE},
)  # fmt: skip
_ANSWER = inline_serializer(
    "Statistics",
    {
        "from": serializers.CharField(), "to": serializers.CharField(), "by": serializers.ChoiceField(choices=By.choices),
        "indicators": serializers.ListField(child=serializers.DictField()), "rows": serializers.ListField(child=_PLACE),
        "totals": serializers.DictField(), "doubles": serializers.DictField(help_text="By how much the rows exceed the total where people are counted."),
        "revisions": serializers.DictField(help_text="Differences found after locking; a single month leaves them out, a longer range includes them."),
    },
)  # fmt: skip
_ERROR = inline_serializer(
    "StatisticsError",
    {"code": serializers.CharField(), "message": serializers.CharField(required=False), "field": serializers.CharField(required=False, allow_null=True)},
)  # fmt: skip


def _row(row: Row) -> dict[str, Any]:
    """One place; a hidden figure is null and named in `suppressed`."""
    figures = {code: cell.shown for code, cell in row.cells.items()}
    return {
        "code": row.code,
        "name": row.name,
        "level": row.level,
        **figures,
        "suppressed": [c for c, cell in row.cells.items() if cell.hidden],
    }


def _answer(table: Table) -> dict[str, Any]:
    return {
        "from": f"{table.period.first:%Y-%m}", "to": f"{table.period.last:%Y-%m}", "by": str(table.by),
        "indicators": [{"code": item.code, "zh": item.zh, "en": item.en, "unit": str(item.unit), "definition": str(item.definition)} for item in table.indicators],
        "rows": [_row(row) for row in table.rows], "totals": {code: cell.shown for code, cell in table.whole.cells.items()},
        "doubles": table.doubles, "revisions": table.late_shown,
    }  # fmt: skip


class StatisticsView(APIView):
    """Monthly statistics of the own centre or region."""

    @extend_schema(
        operation_id="statistics",
        summary="Statistics of a range of months",
        description=(
            "The six headline indicators by place, with what stands beside them. Roles with figures only; cells from 1 to 4, and what would"
            " give them away, are null for those who do not handle the cases behind them."
        ),
        parameters=[
            OpenApiParameter("from", str, required=True, description="First month, as 2022-01."),
            OpenApiParameter("to", str, required=True, description="Last month, as 2022-11."),
            OpenApiParameter("by", str, enum=By.values, default=By.PROVINCE, description="The level of the rows."),
        ],
        responses={
            200: _ANSWER, 401: OpenApiResponse(_ERROR), 403: OpenApiResponse(_ERROR, description="not_allowed: a role without figures."),
            422: OpenApiResponse(_ERROR, description="bad_month, month_out_of_range, range_backwards, range_too_long, bad_level."),
        },
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The table."""
        by: Identity = request._request.identity  # type: ignore[attr-defined]
        if not by.has(*FIGURES):
            raise NotAllowed("not_allowed", _("Your role has no figures."))
        level = request.query_params.get("by", By.PROVINCE)
        if level not in By.values:
            raise DomainError("bad_level", _("Choose province, prefecture, county or centre."), field="by")
        period = Period.read(request.query_params.get("from", ""), request.query_params.get("to", ""))
        return Response(_answer(by_place(by, period, By(level))))
