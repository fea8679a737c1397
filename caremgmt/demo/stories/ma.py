"""故事二: mediation near her home."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from caremgmt.demo.stage import Script, Stage
from caremgmt.demo.stories.acts import WUHUA, refer, serve
from cases.services.case import case_assess, case_follow_up
from referrals import services as referring


def ma(stage: Stage) -> Script:
    """故事二：把诉前调解安排到离她家近的巡回法庭。"""
    yield stage.day(24, 10, 10)
    operator, manager = stage.directory.user("jiexian2.wuhua"), stage.directory.user("anjian2.wuhua")
    contact = stage.contact(
        operator, stage.directory.desk(WUHUA), "hotline", 11,
        {
            "channel": "hotline", "danger": "no", "caller_relation": "self", "client_name": "马女士", "client_gender": "female",
            "client_birth_year": stage.moment.year - 38, "caller_phone": "13800000630", "safe_number": "13800000630", "safe_whose": "本人",
            "safe_from": dt.time(9), "safe_until": dt.time(20), "region_residence_id": WUHUA, "region_registration_id": WUHUA, "category_id": "A03",
            "disposition": "case_opened", "needs": "身体不适、出行不便，希望就近诉前调解",
            "narrative": "来电人称离婚诉讼马上进入诉前调解阶段，但因身体不适、出行不便，到法院有困难。双方争议在房屋分割和女儿的抚养权，愿意调解。",
        },
        centre=stage.directory.centre(WUHUA),
    )  # fmt: skip
    case_id: UUID = contact.case_id  # type: ignore[assignment]
    yield stage.day(24, 14, 0)
    stage.do(
        manager,
        case_assess,
        case_id=case_id,
        version=None,
        risk="low",
        score=1,
        reasons="无人身危险，属诉前调解便民协调。",
        manager=manager,
    )
    court, judge = refer(
        stage,
        manager,
        case_id,
        WUHUA,
        "tribunal",
        "mediate",
        "当事人出行不便，请考虑在中心巡回法庭进行诉前调解。",
        sections=["identity", "incident", "legal"],
    )
    yield stage.day(23, 9, 30)
    stage.do(judge, referring.referral_accept, referral_id=court.pk, version=None)
    yield stage.day(22, 11, 0)
    stage.do(
        judge,
        referring.referral_progress,
        referral_id=court.pk,
        text="同意安排在中心巡回法庭，时间定于本周五上午十时，已分别通知双方。",
    )
    yield stage.day(19, 14, 30)
    serve(
        stage,
        manager,
        case_id,
        "mediation",
        180,
        "区法院在中心巡回法庭组织诉前调解，历时三小时，双方在财产分割与抚养权上达成一致。",
    )
    stage.do(
        judge,
        referring.referral_respond,
        referral_id=court.pk,
        version=None,
        result="done",
        text="经三小时调解，双方就财产分割与抚养权达成一致，已出具调解协议。",
    )
    yield stage.day(19, 16, 0)
    stage.do(manager, referring.referral_close, referral_id=court.pk, version=None)
    yield stage.day(3, 9, 30)
    stage.do(manager, case_follow_up, case_id=case_id, version=None)
    stage.left_alone.add(case_id)  # her callback of today is still to be made
