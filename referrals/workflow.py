"""The referral's transition table."""

from __future__ import annotations

from core.workflow import Edge, Workflow, register
from referrals.enums import ReferralStatus as S

REFERRAL = register(
    Workflow(
        table="referrals_referral",
        initial=(S.DRAFTED, S.SENT),
        edges=(
            Edge("send", (S.DRAFTED,), S.SENT, "转办/交办"),
            Edge("accept", (S.SENT,), S.ACCEPTED, "首接责任制；一个工作日内接收"),
            Edge("decline", (S.SENT,), S.DECLINED, "不予接收须说明理由"),
            Edge("decline_for_good", (S.SENT,), S.CLOSED, "单位已在办理或本人不愿意，无须另行转办"),
            Edge("recall", (S.SENT, S.ACCEPTED), S.RECALLED, "中心撤回"),
            Edge("respond", (S.ACCEPTED,), S.RESPONDED, "三个工作日内反馈"),
            Edge("return", (S.ACCEPTED,), S.RETURNED, "接收后退回须说明理由"),
            Edge("reopen", (S.RESPONDED,), S.ACCEPTED, "反馈不满意，列明缺项"),
            Edge("ask_again", (S.RESPONDED,), S.SENT, "代录的反馈不满意，单位尚未接收"),
            Edge("enter", (S.SENT, S.ACCEPTED), S.RESPONDED, "电话或书面反馈由中心代录"),
            Edge("give_up", (S.SENT, S.ACCEPTED), S.CLOSED, "逾期催办无果，按未反馈办结并计数"),
            Edge("close", (S.RESPONDED, S.DECLINED, S.RETURNED), S.CLOSED, "中心确认"),
        ),
    )
)
