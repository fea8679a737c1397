"""移交: a woman who moved has been taken over by the Wuhua centre; another one, registered elsewhere, waits there for an answer."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from agencies.models import User
from caremgmt.demo.stage import Script, Stage
from cases.models import Transfer
from cases.services.case import case_assess, case_plan
from cases.services.transfers import transfer_accept, transfer_ask

WUHUA, XISHAN = "530102", "530112"


def came(stage: Stage, manager: User, place: str, values: dict[str, Any], *, risk: str, reasons: str) -> UUID:
    """She came to a centre, which has assessed her case."""
    office = stage.directory.centre(place)
    told = {
        "channel": "walk_in",
        "danger": "no",
        "caller_relation": "self",
        "client_gender": "female",
        "safe_whose": "本人",
        "disposition": "case_opened",
    }
    contact = stage.contact(manager, office, "walk_in", 20, told | values, centre=office)
    case_id: UUID = contact.case_id  # type: ignore[assignment]
    stage.do(manager, case_assess, case_id=case_id, version=None, risk=risk, score=2, manager=manager, reasons=reasons)
    stage.left_alone.add(case_id)
    return case_id


def _ask(stage: Stage, manager: User, case_id: UUID, **words: str) -> Transfer:
    return stage.do(
        manager, transfer_ask, case_id=case_id, version=None, to_office=stage.directory.centre(WUHUA), **words
    )


def moved(stage: Stage) -> Script:
    """迁居：西山中心移交，五华中心已接收。"""
    yield stage.day(20, 10, 10)
    manager = stage.managers(XISHAN)[0]
    case_id = came(
        stage, manager, XISHAN,
        {
            "client_name": "周素芬", "client_birth_year": stage.moment.year - 39, "caller_phone": "13888102647", "safe_number": "13888102647",
            "region_residence_id": XISHAN, "region_registration_id": XISHAN, "category_id": "C02", "needs": "追讨拖欠的工资",
            "narrative": "在餐馆做服务员，被拖欠四个月工资，老板多次推脱，现已停工。",
        },
        risk="low", reasons="无人身危险；劳动关系清楚，有考勤和转账记录。",
    )  # fmt: skip
    yield stage.day(19, 9, 40)
    stage.do(
        manager,
        case_plan,
        case_id=case_id,
        version=None,
        text="陪同向劳动监察大队投诉，收集考勤和转账记录。",
        due_at=stage.day(12, 17, 0),
    )
    yield stage.day(14, 15, 20)
    row = _ask(
        stage, manager, case_id, reason="moved", message="当事人已搬到贵辖区居住并在当地就业，后续到贵中心办理更方便。",
        summary="已陪同投诉一次，劳动监察大队已立案；考勤、转账记录复印件由本人保存。本人希望尽快拿回工资，不愿与老板见面。",
    )  # fmt: skip
    yield stage.day(13, 9, 50)
    taker = stage.directory.user("anjian.wuhua")
    after = stage.do(taker, transfer_accept, transfer_id=row.pk)
    yield stage.day(13, 11, 0)
    stage.do(
        taker, case_plan, case_id=after.pk, version=None, text="与劳动监察大队对接进度，调查终结后协助申请强制执行或仲裁。",
        due_at=stage.office_hour(stage.day(-2, 15, 0)),
    )  # fmt: skip
    stage.left_alone.add(after.pk)


def waiting(stage: Stage) -> Script:
    """人户分离：西山中心提出移交，五华中心待答复。"""
    yield stage.day(6, 14, 30)
    manager = stage.managers(XISHAN)[0]
    case_id = came(
        stage, manager, XISHAN,
        {
            "client_name": "和玉兰", "client_birth_year": stage.moment.year - 68, "caller_phone": "13759105836", "safe_number": "13759105836",
            "region_residence_id": WUHUA, "region_registration_id": XISHAN, "category_id": "A06", "needs": "请子女履行赡养义务",
            "narrative": "户籍在西山区，近三年租住五华区，两个儿子均在五华区，停付生活费半年。",
        },
        risk="medium", reasons="独居，患慢性病，生活费中断；无暴力。",
    )  # fmt: skip
    yield stage.day(5, 10, 20)
    stage.do(
        manager, case_plan, case_id=case_id, version=None, text="联系两个儿子了解停付原因；核实实际居住地，商请居住地中心接续办理。",
        due_at=stage.office_hour(stage.day(-1, 16, 0)),
    )  # fmt: skip
    yield min(stage.now, stage.day(0, 9, 30)) - dt.timedelta(minutes=40)
    _ask(
        stage, manager, case_id, reason="split_residence", message="户籍在西山区，实际居住地和赡养义务人均在贵辖区，由居住地中心办理更便于走访和调解。",
        summary="已电话联系大儿子一次，承认停付生活费，态度松动。本人希望由妇联出面调解，暂不起诉。慢性病用药由社区卫生服务站每月送到。",
    )  # fmt: skip


SCRIPTS = (moved, waiting)
