"""The deadlines and callback rules an installation begins with: law with its basis, our own choices marked as such."""

from __future__ import annotations

import datetime as dt

from caremgmt.directory.ids import stable_id
from cases.models import ClockRule, FollowUpRule

FROM = dt.date(2018, 1, 1)
H, D, W, M = "h", "d", "w", "m"

# code, length, unit, zh, en
DEFAULTS = [
    ("triage", 1, W, "新受理案件研判", "Assess a new case"),
    ("triage.high", 2, H, "紧急案件研判", "Assess an urgent case"),
    ("case.plan", 2, W, "研判后制定处置计划", "Plan after the assessment"),
    ("case.plan.high", 4, H, "高风险案件处置计划", "Plan for a high-risk case"),
    ("case.review", 5, W, "定期查看案件", "Review a case"),
    ("case.review.high", 1, W, "高风险案件每日查看", "Review a high-risk case"),
    ("case.missing", 3, W, "补全受理信息", "Complete the facts of a case"),
    (
        "case.declined",
        168,
        H,
        "当事人不愿继续而办结前危险评估的有效期",
        "How old the last assessment may be when she does not wish to continue",
    ),
    ("followup.call", 4, H, "回访到期后拨打", "Call back once due"),
    ("followup.failed", 1, W, "联系不上后作出决定", "Decide after failed callbacks"),
    ("followup.failed.high", 4, H, "高风险对象联系不上后作出决定", "Decide after failed callbacks, high risk"),
    ("referral.accept", 1, W, "转办接收", "Accept a referral"),
    ("referral.accept.high", 2, H, "高风险转办接收（24小时值班单位）", "Accept a high-risk referral (24-hour duty)"),
    ("referral.respond", 3, W, "转办反馈", "Answer a referral"),
    ("referral.review", 2, W, "审核部门反馈", "Review an agency's answer"),
    ("referral.decide", 1, W, "部门不予接收或退回后作出决定", "Decide after an agency declined"),
    (
        "referral.decide.high",
        4,
        H,
        "高风险转办不予接收或退回后作出决定",
        "Decide after an agency declined a high-risk referral",
    ),
    ("transfer.answer", 1, W, "接收或退回移交案件", "Take over or return a transfer"),
    ("transfer.answer.high", 2, H, "接收或退回高风险移交案件", "Take over or return a high-risk transfer"),
    ("transfer.decide", 1, W, "移交未果后作出决定", "Decide after a transfer that failed"),
    ("transfer.decide.high", 2, H, "高风险案件移交未果后作出决定", "Decide after a high-risk transfer that failed"),
    ("transfer.late.2", 4, H, "逾期未答复的移交由移出中心作出决定", "Unanswered transfer: the asking centre decides"),
    ("joint.answer", 1, W, "答复联合办理请求", "Answer a request for joint handling"),
    ("joint.answer.high", 2, H, "答复高风险案件联合办理请求", "Answer a request for joint handling, high risk"),
    (
        "joint.late.2",
        4,
        H,
        "逾期未答复的联合办理请求由负责中心作出决定",
        "Unanswered request for joint handling: the responsible centre decides",
    ),
    ("joint.work", 5, W, "协办中心下一步工作", "Next step of the second centre"),
    ("joint.work.high", 1, W, "高风险案件协办中心下一步工作", "Next step of the second centre, high risk"),
    (
        "joint.decide",
        1,
        W,
        "阅看协办情况、联合办理结束后作出决定",
        "Read what the second centre did, decide after joint handling",
    ),
    ("joint.decide.high", 2, H, "高风险案件联合办理结束后作出决定", "Decide after joint handling, high risk"),
    ("joint.longest", 6, M, "联合办理最长期限", "Longest joint handling"),
    ("consent.decide", 1, W, "撤回同意后作出决定", "Decide after a withdrawn consent"),
    ("referral.time", 1, W, "答复部门延期申请", "Decide on an agency's ask for more time"),
    ("referral.away", 1, W, "联络员请假且无人可代时作出决定", "Decide when a liaison is away and nobody can stand in"),
    ("referral.away.high", 2, H, "高风险转办的联络员请假且无人可代时作出决定", "The same, high risk"),
    (
        "referral.name",
        1,
        W,
        "未成年人案件转办件在单位共用收件箱时指定联络员或撤回",
        "Name a liaison for a minor's letter, or recall it",
    ),
    ("referral.name.high", 2, H, "高风险未成年人案件转办件指定联络员或撤回", "The same, high risk"),
    ("referral.supervise", 1, W, "签发督办文书", "Issue the paper to a late unit"),
    ("referral.committee", 1, W, "报请政法委或妇儿工委协调", "Write to the committee above a late unit"),
    ("referral.oversee", 3, W, "上级妇联督导", "Supervision by the superior federation"),
    ("referral.stuck", 2, W, "催办无果后作出决定", "Decide when no paper has helped"),
    ("referral.late.2", 1, W, "逾期转办由中心主任督办", "Late referral: the director's paper"),
    ("referral.late.3", 3, W, "逾期转办提请上级妇联督导", "Late referral: laid before the superior federation"),
    ("referral.late.4", 5, W, "逾期转办报请政法委或妇儿工委协调", "Late referral: laid before the committee above"),
    ("referral.late.5", 8, W, "逾期转办由个案管理员作出决定", "Late referral: the manager decides"),
    ("late.2", 24, H, "逾期工作第二次提醒", "Late work: second reminder"),
    ("late.3", 72, H, "逾期工作第三次提醒", "Late work: third reminder"),
    ("contact.callback", 4, H, "约定的回电", "A promised call back"),
    ("contact.whereabouts", 1, W, "答复打听下落", "Answer a whereabouts enquiry"),
    ("contact.whereabouts.high", 2, H, "紧急答复打听下落", "Answer an urgent whereabouts enquiry"),
    ("contact.draft", 2, H, "接办未保存的来电", "Finish a call that was left"),
    ("contact.draft.high", 1, H, "接办正处于危险中的未保存来电", "Finish a call of a woman in danger that was left"),
    ("contact.joined", 1, W, "阅看并入案件的新来电", "Read a contact joined to a case"),
    ("contact.lost_call", 4, H, "判断是否回拨中断、无声来电", "Decide on a silent or dropped call"),
    ("contact.lost_call.high", 1, H, "高风险对象的中断、无声来电", "Silent or dropped call of a high-risk case"),
    ("contact.respondent", 4, H, "核实施害方来电", "A respondent has called"),
    ("contact.respondent.high", 1, H, "紧急核实施害方来电", "A respondent has called, urgent"),
    ("shelter.hold", 24, H, "庇护床位预留", "A bed held in a refuge"),
    ("legal_aid.tell", 1, W, "将法律援助结果告知当事人", "Tell her the outcome of legal aid"),
    ("wall.decide", 1, W, "回避事项处理", "Decide on a wall and its consequences"),
    ("wall.match", 1, W, "核实与当事人同名的工作人员", "Find out who a namesake of a party is"),
    ("wall.match.high", 4, H, "紧急核实与当事人同名的工作人员", "Find out who a namesake of a party is, urgent"),
    ("wall.late.2", 24, H, "逾期未核实的同名提交上级妇联", "Namesake not decided: the superior federation"),
    ("glass.confirm", 1, H, "紧急查看确认", "Confirm an emergency view"),
    ("glass.review", 24, H, "紧急查看复核", "Review an emergency view"),
    ("approval.decide", 1, W, "未成年人档案查阅审批", "Decide on an ask for a minor's record"),
    ("burst.review", 2, W, "异常查阅核查", "Look into unusual access"),
    ("hotline.advice", 3, W, "热线咨询答复", "Hotline: advice"),
    ("hotline.help", 5, W, "热线求助答复", "Hotline: request for help"),
    ("hotline.complaint", 10, W, "热线投诉答复", "Hotline: complaint"),
    ("conference", 5, W, "案件多部门会商", "Joint conference for a case"),
    ("conference.answer", 1, W, "会商邀请答复", "Answer an invitation to a conference"),
    ("conference.minutes", 2, W, "会商纪要整理", "Write the minutes of a conference"),
    ("conference.confirm", 2, W, "会商纪要确认", "Confirm the minutes of a conference"),
    ("conference.sign", 3, W, "会商纪要签发", "Sign the minutes of a conference"),
    ("conference.action", 5, W, "会商议定事项", "Do what a conference decided"),
    ("conference.close", 2, W, "会商办结", "Close a conference"),
    ("conference.high", 24, H, "高风险案件多部门会商", "Joint conference for a high-risk case"),
    ("mandatory_report.feedback", 3, D, "公安机关受理强制报告后反馈", "Police feedback on a mandatory report"),
]
# code, length, unit, zh, en, basis
STATUTORY = [
    ("warning.local", 24, H, "告诫书出具（云南）", "Written warning (Yunnan)", "云南省反家庭暴力条例第28条"),
    ("warning.national", 72, H, "告诫书出具（全国上限）", "Written warning (national limit)", "公通字〔2024〕34号"),
    (
        "warning.visit",
        7,
        D,
        "告诫书送达后首次查访",
        "Police visit after a written warning",
        "反家庭暴力法第17条；公通字〔2024〕34号",
    ),
    ("warning.revisit", 3, M, "告诫书后续查访", "Further visits after a written warning", "公通字〔2024〕34号"),
    ("protection_order.decide", 72, H, "人身安全保护令裁定", "Protection order: decision", "反家庭暴力法第28条"),
    (
        "protection_order.decide.high",
        24,
        H,
        "紧急人身安全保护令裁定",
        "Protection order: urgent decision",
        "反家庭暴力法第28条",
    ),
    (
        "protection_order.validity",
        6,
        M,
        "人身安全保护令有效期上限",
        "Protection order: longest validity",
        "反家庭暴力法第30条",
    ),
    (
        "protection_order.review",
        5,
        D,
        "人身安全保护令复议申请",
        "Protection order: request for review",
        "反家庭暴力法第31条",
    ),
    ("protection_order.service", 24, H, "人身安全保护令送达", "Protection order: service", "法发〔2022〕10号"),
    ("legal_aid.decide", 7, D, "法律援助审查决定", "Legal aid: decision", "法律援助法第43条"),
    ("legal_aid.assign", 3, D, "指派法律援助人员", "Legal aid: assignment of a lawyer", "法律援助法第43条"),
    ("legal_aid.objection", 5, D, "法律援助异议答复", "Legal aid: decision on an objection", "法律援助法第49条"),
    ("legal_aid.minor_meeting", 5, W, "会见未成年受援人", "Legal aid: meeting a minor", "未成年人法律援助服务指引"),
    ("petition.notice", 15, D, "信访书面告知", "Petition: written notice", "信访工作条例第22条、第23条"),
    (
        "petition.jurisdiction",
        5,
        W,
        "信访管辖异议",
        "Petition: objection to jurisdiction",
        "信访工作条例第22条、第23条",
    ),
    ("petition.finish", 60, D, "信访办结", "Petition: conclusion", "信访工作条例第34条"),
    ("petition.extension", 30, D, "信访延期", "Petition: extension", "信访工作条例第34条"),
    ("petition.review", 30, D, "信访复查、复核", "Petition: review", "信访工作条例第35条、第36条"),
    ("mediation.pretrial", 30, D, "诉前调解", "Mediation before a lawsuit", "最高人民法院特邀调解规定第27条"),
    ("mediation.confirmation", 30, D, "申请司法确认", "Joint application for confirmation", "民事诉讼法第205条"),
    ("refuge.stay", 10, D, "成年人庇护期限", "Refuge: usual stay of an adult", "民发〔2015〕189号"),
    ("injury.commission", 24, H, "委托伤情鉴定", "Injury assessment: commission", "公安机关办理伤害案件规定第18条"),
    ("injury.opinion", 24, H, "伤情鉴定意见", "Injury assessment: opinion", "公安机关办理伤害案件规定第18条"),
    ("injury.paper", 3, D, "伤情鉴定文书", "Injury assessment: paper", "公安机关办理伤害案件规定第19条"),
    ("injury.complex", 7, D, "复杂伤情鉴定", "Injury assessment: complex", "公安机关办理伤害案件规定第19条"),
]

# event -> risk -> hours after it; a low-risk case owes one callback, a high-risk one four
CALLBACKS = {
    "opened": {"high": [24, 168, 720, 2160]},
    "answered": {"low": [72], "medium": [48], "high": [24]},
    "in_follow_up": {"low": [72], "medium": [72], "high": [48]},
}


def clock_rules() -> list[ClockRule]:
    """The clock table, first version of each rule."""
    rules = [
        ClockRule(code=code, length=length, unit=unit, zh=zh, en=en, valid_from=FROM, is_default=True)
        for code, length, unit, zh, en in DEFAULTS
    ]
    rules += [
        ClockRule(code=code, length=length, unit=unit, zh=zh, en=en, basis=basis, valid_from=FROM, is_default=False)
        for code, length, unit, zh, en, basis in STATUTORY
    ]
    return rules


def followup_rules() -> list[FollowUpRule]:
    """The province's callback rules."""
    return [
        FollowUpRule(id=stable_id("followup", event, risk, str(hours)), event=event, risk=risk, after_hours=hours)
        for event, by_risk in CALLBACKS.items()
        for risk, all_hours in by_risk.items()
        for hours in all_hours
    ]
