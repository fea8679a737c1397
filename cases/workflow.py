"""The transition tables of the heart: pure data, each edge with the rule behind it."""

from __future__ import annotations

from cases.enums import CaseStatus as S
from cases.enums import FollowUpStatus as F
from cases.enums import TransferStatus as T
from cases.enums_joint import JointStatus as J
from core.workflow import Edge, Workflow, register

CASE = register(
    Workflow(
        table="cases_case",
        initial=(S.RECEIVED,),
        edges=(
            Edge("assess", (S.RECEIVED,), S.ASSESSED, "首接责任制：云南省反家庭暴力条例第23条；研判"),
            Edge("refuse", (S.RECEIVED,), S.NOT_ACCEPTED, "不予受理须说明理由并告知去向"),
            Edge("begin", (S.ASSESSED,), S.IN_PROGRESS, "处置"),
            Edge("follow_up", (S.ASSESSED, S.IN_PROGRESS), S.FOLLOW_UP, "跟踪回访"),
            Edge("resume", (S.FOLLOW_UP,), S.IN_PROGRESS, "回访发现新情况"),
            Edge(
                "close",
                (S.FOLLOW_UP, S.IN_PROGRESS, S.ASSESSED),
                S.CLOSED,
                "办结：回访之后",
            ),
            Edge(
                "merge",
                (S.RECEIVED, S.ASSESSED, S.IN_PROGRESS, S.FOLLOW_UP),
                S.MERGED,
                "同一人重复登记的案（事）件并入一件",
            ),
            Edge(
                "transfer",
                (S.ASSESSED, S.IN_PROGRESS, S.FOLLOW_UP),
                S.TRANSFERRED,
                "移交：接收中心接收之后；人户分离、迁居",
            ),
            Edge("reopen", (S.CLOSED,), S.IN_PROGRESS, "重新办理须说明理由"),
        ),
    )
)

TRANSFER = register(
    Workflow(
        table="cases_transfer",
        initial=(T.ASKED,),
        edges=(
            Edge("accept", (T.ASKED,), T.ACCEPTED, "接收中心接收，另立案（事）件接续办理"),
            Edge("return", (T.ASKED,), T.RETURNED, "退回须说明理由"),
            Edge("recall", (T.ASKED,), T.RECALLED, "接收之前原中心可以撤回"),
        ),
    )
)

JOINT = register(
    Workflow(
        table="cases_jointhandling",
        initial=(J.ASKED,),
        edges=(
            Edge(
                "accept",
                (J.ASKED,),
                J.ACTIVE,
                "受邀中心指定经办人后开始联合办理，案（事）件仍由原中心负责",
            ),
            Edge("decline", (J.ASKED,), J.DECLINED, "不参加联合办理须说明理由"),
            Edge(
                "recall",
                (J.ASKED,),
                J.RECALLED,
                "答复之前负责的中心可以撤回；案（事）件终结、到期时随之撤回",
            ),
            Edge("end", (J.ACTIVE,), J.ENDED, "到期、任一方提出、办结、移交时结束"),
        ),
    )
)

FOLLOW_UP = register(
    Workflow(
        table="cases_followup",
        initial=(F.PLANNED,),
        edges=(
            Edge("come_due", (F.PLANNED,), F.DUE, "到了约定的回访时间"),
            Edge("reach", (F.DUE,), F.REACHED, "跟踪回访：联系到本人"),
            Edge(
                "fail",
                (F.DUE,),
                F.FAILED,
                "多次联系不上或本人不愿回访，由个案管理员（高风险由主任）决定",
            ),
            Edge("cancel", (F.PLANNED, F.DUE), F.CANCELLED, "案（事）件终结或改约的，原回访取消"),
            Edge("plan_again", (F.CANCELLED,), F.PLANNED, "同一时间重新约定"),
        ),
    )
)
