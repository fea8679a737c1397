"""The monthly report's transition table."""

from __future__ import annotations

from core.workflow import Edge, Workflow, register
from reports.enums import MonthStatus as S

MONTH = register(
    Workflow(
        table="reports_monthreport",
        initial=(S.COMPUTED,),
        edges=(
            Edge(
                "submit",
                (S.COMPUTED, S.RETURNED),
                S.SUBMITTED,
                "统计月报：中心主任审核后上报",
            ),
            Edge("return", (S.SUBMITTED, S.ACCEPTED), S.RETURNED, "退回须说明理由"),
            Edge("accept", (S.SUBMITTED,), S.ACCEPTED, "上级妇联（县、州市）审核"),
            Edge("lock", (S.ACCEPTED,), S.LOCKED, "省妇联定稿"),
            Edge("lock_desk", (S.COMPUTED,), S.LOCKED, "热线台不单独上报，随全省定稿"),
        ),
    )
)
