"""联合办理: the Wuhua centre's case that Xishan helps with, and a request of Xishan's that waits at Wuhua for an answer."""

from __future__ import annotations

import datetime as dt
from typing import Any

from caremgmt.demo.stage import Script, Stage
from caremgmt.demo.transfers import WUHUA, XISHAN, came
from cases.services import joint
from cases.services.case import case_plan
from cases.services.consents import Given


def _ask(stage: Stage, case_id: Any, manager: Any, to: str, **words: Any) -> Any:
    new = joint.NewJoint(to_office=stage.directory.centre(to), ends_at=stage.day(-45, 23, 59), **words)
    return stage.do(manager, joint.joint_ask, case_id=case_id, version=None, new=new)


def helped(stage: Stage) -> Script:
    """五华中心负责，西山中心协办：子女随外婆住在西山区。"""
    yield stage.day(11, 9, 30)
    manager, second = stage.directory.user("anjian.wuhua"), stage.managers(XISHAN)[0]
    case_id = came(
        stage, manager, WUHUA,
        {
            "client_name": "段丽华", "client_birth_year": stage.moment.year - 34, "caller_phone": "13577041268", "safe_number": "13577041268",
            "region_residence_id": WUHUA, "region_registration_id": XISHAN, "category_id": "A04", "needs": "探望子女、商定抚养安排",
            "narrative": "分居一年，两个孩子随外婆住西山区，男方阻拦探望，当事人在五华区打工。",
        },
        risk="medium", reasons="无身体暴力；男方言语威胁，孩子情绪受影响。",
    )  # fmt: skip
    yield stage.day(10, 10, 0)
    stage.do(
        manager, case_plan, case_id=case_id, version=None, text="请西山中心了解孩子居住和就学情况，再商定探望安排。",
        due_at=stage.office_hour(stage.day(-2, 16, 0)),
    )  # fmt: skip
    yield stage.day(9, 15, 0)
    row = _ask(
        stage, case_id, manager, XISHAN, reason="others_there", wish="请上门了解两个孩子的居住、就学和照料情况，听取孩子意愿，并与社区儿童主任建立联系。",
        sections=("identity", "incident", "children"), basis="consent", consent=Given("当面说明用途后同意", how="spoken"),
    )  # fmt: skip
    yield stage.day(8, 9, 20)
    stage.do(second, joint.joint_accept, joint_id=row.pk, person=second, due_at=stage.office_hour(stage.day(4, 17, 0)))
    yield stage.day(5, 16, 10)
    stage.do(
        second, joint.joint_report, joint_id=row.pk, how="visit", happened_at=stage.day(5, 14, 30), section="children",
        text="与社区儿童主任一起上门：两个孩子由外婆照看，正常上学；大孩子想见母亲，小孩子夜里常哭。外婆愿意在社区活动室安排见面。",
        due_at=stage.office_hour(stage.day(-3, 16, 0)),
    )  # fmt: skip
    yield stage.day(4, 9, 10)
    stage.do(manager, joint.joint_noted, joint_id=row.pk)


def waiting(stage: Stage) -> Script:
    """西山中心负责，请五华中心协办，待答复。"""
    yield stage.day(4, 10, 30)
    manager = stage.managers(XISHAN)[0]
    case_id = came(
        stage, manager, XISHAN,
        {
            "client_name": "罗琼芬", "client_birth_year": stage.moment.year - 41, "caller_phone": "13769104425", "safe_number": "13769104425",
            "region_residence_id": XISHAN, "region_registration_id": XISHAN, "category_id": "C02", "needs": "追讨拖欠的工资",
            "narrative": "住西山区，在五华区一家酒店做保洁，被拖欠三个月工资，合同由劳务公司保管。",
        },
        risk="low", reasons="无人身危险；用工单位和劳务公司均在五华区。",
    )  # fmt: skip
    yield stage.day(3, 11, 0)
    stage.do(
        manager, case_plan, case_id=case_id, version=None, text="请五华中心陪同到用工单位所在地投诉；收集考勤和转账记录。",
        due_at=stage.office_hour(stage.day(-2, 16, 0)),
    )  # fmt: skip
    yield min(stage.now, stage.day(0, 9, 50)) - dt.timedelta(minutes=35)
    _ask(
        stage, case_id, manager, WUHUA, reason="work_there", wish="请陪同当事人向用工单位所在地劳动监察大队投诉，并了解该单位是否还有其他女工被欠薪。",
        sections=("identity", "contact", "incident"), basis="consent", consent=Given("电话中说明后同意", how="phone"),
    )  # fmt: skip


SCRIPTS = (helped, waiting)
