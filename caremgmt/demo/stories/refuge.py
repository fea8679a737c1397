"""The refuge of the demo, and the women who came to it."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from agencies.models import User
from caremgmt.demo.stage import Script, Stage
from caremgmt.demo.stories.acts import WUHUA, apply_for_aid, bed_called
from cases.services.case import case_assess
from cases.services.consents import Given
from legalaid.services.deciding import application_grant
from shelter.services.holding import stay_hold
from shelter.services.house import house_open
from shelter.services.staying import stay_check_in


def refuge(stage: Stage) -> Script:
    """栖息小屋：四张床，有人在住，有人明天来。"""
    yield stage.day(26, 9, 0)
    keeper, manager = stage.directory.user("qixi.wuhua"), stage.directory.user("anjian2.wuhua")
    centre = stage.directory.centre(WUHUA)
    stage.do(
        keeper, house_open, office=centre, code_name="茶花小屋", capacity=6, address="（虚构地址，仅作演示）翠湖片区某小区",
        beds=[("1号", "family"), ("2号", "family"), ("3号", "single"), ("4号", "single")],
    )  # fmt: skip
    yield stage.day(5, 10, 20)
    case_id = _woman(
        stage,
        manager,
        "段某",
        42,
        "13900000533",
        "来访人称长期被丈夫打骂，昨夜被赶出家门，身上没有钱，也没有可以投靠的亲友。",
    )
    yield stage.day(5, 11, 0)
    stay = stage.do(
        manager, stay_hold, case_id=case_id, bed_id=bed_called("3号").pk, since=stage.moment, until=stage.moment + dt.timedelta(days=7),
        basis="consent", dangers=["threatened"], health_needs="高血压，自备药",
    )  # fmt: skip
    yield stage.day(5, 14, 30)
    stage.do(
        keeper, stay_check_in, stay_id=stay.pk, version=None, persons=1, children=0, location_off=True, rules_told=True,
        dangers=["threatened"], health_needs="高血压，自备药",
    )  # fmt: skip
    yield stage.day(4, 15, 0)
    application = apply_for_aid(
        stage, manager, case_id, matter="divorce", means="violence", consent=Given("面谈时说明，本人书面同意。")
    )
    yield stage.day(1, 9, 40)
    stage.do(stage.directory.user("yuanzhu.wuhua"), application_grant, application_id=application.pk, version=None)
    yield stage.day(1, 15, 10)
    case_id = _woman(
        stage,
        manager,
        "和某",
        29,
        "13900000541",
        "来访人称丈夫多次酒后动手，本周末从外地回来，她想在他回来之前带孩子离开。",
    )
    yield stage.day(1, 16, 30)
    stage.do(
        manager, stay_hold, case_id=case_id, bed_id=bed_called("2号").pk, since=stage.day(-1, 10), until=stage.day(-6, 10), basis="consent",
        persons=2, children=1, dangers=["child_target"], health_needs="孩子两岁，需婴儿床",
    )  # fmt: skip


def _woman(stage: Stage, manager: User, name: str, age: int, phone: str, told: str) -> UUID:
    """A woman who came to the centre because of violence, assessed at once."""
    contact = stage.contact(
        manager, stage.directory.centre(WUHUA), "walk_in", 25,
        {
            "channel": "walk_in", "danger": "no", "caller_relation": "self", "client_name": name, "client_gender": "female",
            "client_birth_year": stage.moment.year - age, "caller_phone": phone, "safe_number": phone, "safe_whose": "本人",
            "region_residence_id": WUHUA, "region_registration_id": WUHUA, "category_id": "A01", "disposition": "case_opened",
            "needs": "需要安全住处和法律帮助", "narrative": told,
        },
        centre=stage.directory.centre(WUHUA),
    )  # fmt: skip
    case_id: UUID = contact.case_id  # type: ignore[assignment]
    stage.do(
        manager, case_assess, case_id=case_id, version=None, risk="medium", score=5, manager=manager,
        reasons="暴力多次发生，暂离开现场；需要临时住处，同步申请法律援助。",
    )  # fmt: skip
    stage.left_alone.add(case_id)
    return case_id
