"""The transition tables of conferences, invitations and decisions."""

from __future__ import annotations

from core.workflow import Edge, Workflow, register
from referrals.conferences.enums import ConferenceStatus as C
from referrals.conferences.enums import DecisionStatus as D
from referrals.conferences.enums import InvitationStatus as I

CONFERENCE = register(
    Workflow(
        table="referrals_conference",
        initial=(C.PLANNED,),
        edges=(
            Edge("hold", (C.PLANNED,), C.HELD, "会商按期召开，宣布保密纪律"),
            Edge("move", (C.PLANNED,), C.PLANNED, "会商改期须说明理由并重新通知参会单位"),
            Edge("cancel", (C.PLANNED,), C.CANCELLED, "不再召开须说明理由"),
            Edge("minute", (C.HELD,), C.MINUTED, "会商纪要送参会单位确认"),
            Edge("reopen", (C.MINUTED,), C.HELD, "参会单位有异议，修改纪要后重新确认"),
            Edge("sign", (C.MINUTED,), C.CONFIRMED, "会商纪要由主持人签发"),
            Edge("close", (C.CONFIRMED,), C.CLOSED, "议定事项全部办结"),
        ),
    )
)

INVITATION = register(
    Workflow(
        table="referrals_invitation",
        initial=(I.SENT,),
        edges=(
            Edge("accept", (I.SENT,), I.ACCEPTED, "参会单位确认参会并承诺保密"),
            Edge("enter", (I.SENT,), I.ACCEPTED, "无账号单位的答复由中心代录"),
            Edge("keep", (I.ACCEPTED,), I.ACCEPTED, "会商改期后参会单位重新确认"),
            Edge("decline", (I.SENT, I.ACCEPTED), I.DECLINED, "不能参会须说明理由"),
            Edge("recuse", (I.SENT, I.ACCEPTED), I.RECUSED, "有利害关系的应当回避"),
            Edge("withdraw", (I.SENT, I.ACCEPTED), I.WITHDRAWN, "中心撤回邀请"),
        ),
    )
)

DECISION = register(
    Workflow(
        table="referrals_decision",
        initial=(D.OPEN,),
        edges=(
            Edge("finish", (D.OPEN,), D.DONE, "议定事项按期办结并反馈"),
            Edge("drop", (D.OPEN,), D.DROPPED, "不再办理须说明理由"),
        ),
    )
)
