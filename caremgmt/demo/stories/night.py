"""故事四: the whispered call at ten past two, and the wall against the one who must not know."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from caremgmt.demo.stage import Script, Stage
from caremgmt.demo.stories.acts import WUHUA, apply_for_aid, bed_called, refer
from cases.services.case import case_assess
from cases.services.consents import Given
from cases.services.people import PersonData
from cases.services.persons import person_add
from referrals import services as referring
from shelter.services.holding import stay_hold
from shelter.services.staying import stay_check_in


def night(stage: Stage) -> Script:
    """故事四：凌晨两点十分，她压低声音借别人的手机打来。"""
    ago = 0 if stage.now >= stage.day(0, 4) else 1
    yield stage.day(ago, 2, 19)
    operator, manager = stage.directory.user("jiexian2.wuhua"), stage.directory.user("anjian.wuhua")
    contact = stage.contact(
        operator, stage.directory.desk(WUHUA), "hotline", 9,
        {
            "channel": "hotline", "danger": "yes", "whisper": True, "whereabouts": "小区门口便利店，带着孩子", "caller_relation": "self", "client_name": "秦某",
            "client_gender": "female", "client_birth_year": stage.moment.year - 31, "region_residence_id": WUHUA, "region_registration_id": WUHUA,
            "category_id": "A01", "safe_number": "13900000911", "safe_whose": "姐姐", "code_word": "茶花", "safe_from": dt.time(9), "safe_until": dt.time(11),
            "respondent_name": "陆成武", "incident_number_110": f"{stage.moment:%Y%m%d}0214", "disposition": "case_opened",
            "needs": "带四岁孩子，需要安全住处",
            "narrative": "凌晨来电，声音很低，借用他人手机。自述刚被丈夫殴打，抱着四岁的孩子跑出来，头部疼痛。丈夫有辅警身份，担心被找到。已于02:14拨打110并报告位置。只能在上午九点到十一点打姐姐的电话。",
        },
        centre=stage.directory.centre(WUHUA),
    )  # fmt: skip
    case_id: UUID = contact.case_id  # type: ignore[assignment]
    yield stage.day(ago, 2, 34)
    stage.do(
        manager, case_assess, case_id=case_id, version=None, risk="high", score=9, alarms=["kill"], instrument="violence",
        reasons="刚刚发生的暴力，有头部伤，带幼儿出走，施暴方熟悉警务流程，存在现实危险。立即联系公安、就医和临时庇护。", manager=manager,
    )  # fmt: skip
    child = PersonData(
        role="child", name="秦某之女", gender="female", birth_year=stage.moment.year - 4, relation="女儿"
    )
    stage.do(manager, person_add, case_id=case_id, data=child)
    police, officer = refer(
        stage,
        manager,
        case_id,
        WUHUA,
        "police",
        "protect",
        "请立即派员保护并指定专人办理，严格保密，不得向所属派出所人员透露。",
        sections=["identity", "incident", "risk"],
        basis="danger",
        named=True,
    )
    hospital, nurse = refer(
        stage,
        manager,
        case_id,
        WUHUA,
        "hospital",
        "treat",
        "请安排急诊检查并保留病历、照片，费用先行记账。",
        sections=["identity", "medical"],
        basis="danger",
        named=True,
    )
    yield stage.day(ago, 2, 51)
    stage.do(officer, referring.referral_accept, referral_id=police.pk, version=None)
    yield stage.day(ago, 3, 22)
    stage.do(nurse, referring.referral_accept, referral_id=hospital.pk, version=None)
    stage.do(
        officer,
        referring.referral_progress,
        referral_id=police.pk,
        text="已由分局指派女民警到场，护送母女就医，行为人已传唤。",
    )
    yield stage.day(ago, 3, 30)
    stay = stage.do(
        manager, stay_hold, case_id=case_id, bed_id=bed_called("1号").pk, since=stage.moment, until=stage.moment + dt.timedelta(days=7),
        basis="danger", persons=2, children=1, dangers=["searching", "knows_area"], health_needs="头部外伤，已就医，需按时服药",
    )  # fmt: skip
    yield stage.day(ago, 4, 0)
    stage.do(
        stage.directory.user("qixi.wuhua"), stay_check_in, stay_id=stay.pk, version=None, persons=2, children=1, location_off=True,
        rules_told=True, dangers=["searching", "knows_area"], health_needs="头部外伤，已就医，需按时服药；孩子对牛奶过敏",
    )  # fmt: skip
    yield stage.day(ago, 4, 30)
    apply_for_aid(
        stage,
        manager,
        case_id,
        matter="protection_order",
        means="violence",
        is_urgent=True,
        consent=Given("入住时当面说明，本人同意。"),
    )


def husband_walled(case_ids: list[UUID]) -> None:
    """He, and only he, must not know of her case (as the owner: the director's wall of that night)."""
    from caremgmt.directory.ids import user_id
    from cases.models import Case, Wall

    for case in Case._base_manager.filter(pk__in=case_ids):
        Wall._base_manager.get_or_create(
            case=case,
            user_id=user_id("fujing.wuhua"),
            defaults={"office_id": case.office_id, "reason": "respondent", "since": case.received_at},
        )
