"""The case's transition table: pure data, each edge with the rule behind it."""

from __future__ import annotations

from cases.enums import CaseStatus as S
from core.workflow import Edge, Workflow, register

CASE = register(
    Workflow(
        table="cases_case",
        initial=(S.RECEIVED,),
        edges=(
            Edge("assess", (S.RECEIVED,), S.ASSESSED, "首接责任制：云南省反家庭暴力条例第23条；研判", ("is_manager",)),
            Edge("refuse", (S.RECEIVED,), S.NOT_ACCEPTED, "不予受理须说明理由并告知去向", ("is_manager",)),
            Edge("begin", (S.ASSESSED,), S.IN_PROGRESS, "处置", ("is_manager",)),
            Edge("follow_up", (S.ASSESSED, S.IN_PROGRESS), S.FOLLOW_UP, "跟踪回访", ("is_manager",)),
            Edge("resume", (S.FOLLOW_UP,), S.IN_PROGRESS, "回访发现新情况", ("is_manager",)),
            Edge(
                "close",
                (S.FOLLOW_UP, S.IN_PROGRESS, S.ASSESSED),
                S.CLOSED,
                "办结：回访之后",
                ("is_manager", "closure_checks"),
            ),
            Edge(
                "merge",
                (S.RECEIVED, S.ASSESSED, S.IN_PROGRESS, S.FOLLOW_UP),
                S.MERGED,
                "同一人重复登记的案（事）件并入一件",
                ("is_manager", "same_person"),
            ),
            Edge("reopen", (S.CLOSED,), S.IN_PROGRESS, "重新办理须说明理由", ("is_manager",)),
        ),
    )
)
