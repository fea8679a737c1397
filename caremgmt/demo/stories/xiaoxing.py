"""故事三: the child who sent a video to the teacher."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from caremgmt.demo.stage import Script, Stage
from caremgmt.demo.stories.acts import WUHUA, refer, serve
from cases.services.case import case_assess, case_plan
from cases.services.orders import order_record
from cases.services.people import PersonData
from cases.services.persons import person_add
from referrals import services as referring


def xiaoxing(stage: Stage) -> Script:
    """故事三：孩子把视频发给了老师。"""
    yield stage.day(16, 16, 40)
    manager = stage.directory.user("anjian.wuhua")
    centre = stage.directory.centre(WUHUA)
    contact = stage.contact(
        manager, centre, "mandatory_report", 20,
        {
            "channel": "mandatory_report", "danger": "no", "caller_relation": "teacher", "caller_name": "示范小学班主任", "caller_phone": "13800000411",
            "client_name": "小星", "client_gender": "male", "client_birth_year": stage.moment.year - 11, "region_residence_id": WUHUA,
            "region_registration_id": WUHUA, "category_id": "E01", "respondent_name": "李某", "safe_number": "13800000411", "safe_whose": "班主任老师",
            "safe_from": dt.time(8), "safe_until": dt.time(17), "disposition": "case_opened", "needs": "孩子多次被父亲打骂，学校强制报告",
            "narrative": "学校强制报告：学生小星（化名），十一岁，多次遭到父亲打骂。今天孩子把自己受伤的视频发给班主任，手臂、背部可见条状伤痕。学校已报警。孩子害怕回家，信任班主任老师，母亲在外地务工。",
        },
        centre=centre,
    )  # fmt: skip
    case_id: UUID = contact.case_id  # type: ignore[assignment]
    yield stage.day(16, 17, 5)
    stage.do(
        manager,
        case_assess,
        case_id=case_id,
        version=None,
        risk="high",
        score=8,
        alarms=["with_suspect"],
        instrument="child",
        reasons="未成年人多次受伤，施暴人为共同生活的监护人，存在再次受害危险。",
        manager=manager,
    )
    mother = PersonData(
        role="guardian",
        name="小星的母亲",
        gender="female",
        birth_year=stage.moment.year - 36,
        relation="母亲",
        is_guardian=True,
    )
    stage.do(manager, person_add, case_id=case_id, data=mother)
    minor = {"basis": "minor", "named": True}
    police, officer = refer(
        stage,
        manager,
        case_id,
        WUHUA,
        "station-1",
        "investigate",
        "涉未成年人家庭暴力，请依法受案，询问一次完成，请勿直接联系监护人。",
        sections=["identity", "incident", "risk", "children", "reporter", "evidence"],
        **minor,
    )
    prosecution, prosecutor = refer(
        stage,
        manager,
        case_id,
        WUHUA,
        "juvenile",
        "supervise",
        "请评估监护状况，研究督促监护措施。",
        sections=["identity", "incident", "children", "evidence"],
        **minor,
    )
    school, teacher = refer(
        stage,
        manager,
        case_id,
        WUHUA,
        "education",
        "school",
        "请学校安排专人关心，保护孩子隐私。",
        sections=["identity", "children"],
        **minor,
    )
    yield stage.day(16, 17, 40)
    stage.do(officer, referring.referral_accept, referral_id=police.pk, version=None)
    yield stage.day(15, 9, 15)
    stage.do(prosecutor, referring.referral_accept, referral_id=prosecution.pk, version=None)
    stage.do(teacher, referring.referral_accept, referral_id=school.pk, version=None)
    stage.do(
        manager,
        case_plan,
        case_id=case_id,
        version=None,
        text="组建关爱小组：司法所、律师、心理专家，不定期家访；同步心理辅导；对父母开展教育引导须先确认孩子安全。",
        due_at=stage.day(8, 17),
    )
    yield stage.day(15, 11, 20)
    serve(
        stage,
        manager,
        case_id,
        "interview",
        45,
        "在中心询问取证室一次完成，合适成年人（班主任）在场，全程同步录音录像。",
    )
    yield stage.day(14, 16, 0)
    stage.do(
        officer,
        referring.referral_respond,
        referral_id=police.pk,
        version=None,
        result="done",
        text="已受案，对行为人出具告诫书，社区民警列入重点走访，一周内回访两次。",
    )
    yield stage.day(13, 9, 40)
    stage.do(manager, referring.referral_close, referral_id=police.pk, version=None)
    stage.do(
        teacher,
        referring.referral_respond,
        referral_id=school.pk,
        version=None,
        result="done",
        text="班主任每天谈心五分钟，座位调整到前排，同学关系正常；已告知授课教师保护孩子隐私。",
    )
    stage.do(manager, referring.referral_close, referral_id=school.pk, version=None)
    serve(
        stage, manager, case_id, "counselling", 50, "首次心理辅导，孩子愿意画画和说话，约定每周三下午在学校心理室见面。"
    )
    yield stage.day(10, 15, 30)
    stage.do(
        prosecutor,
        referring.referral_respond,
        referral_id=prosecution.pk,
        version=None,
        result="done",
        text="经评估，向其监护人发出督促监护令，并同步开展家庭教育指导。",
    )
    yield stage.day(9, 10, 0)
    stage.do(manager, referring.referral_close, referral_id=prosecution.pk, version=None)
    stage.do(
        manager, order_record, case_id=case_id, kind="supervision_order", document_number=f"五华检未督监〔{stage.moment.year}〕17号", issuer="五华区人民检察院",
        issued_on=stage.day(10).date(), valid_until=stage.day(10).date() + dt.timedelta(days=183),
    )  # fmt: skip
    yield stage.day(8, 16, 30)
    serve(
        stage,
        manager,
        case_id,
        "education",
        60,
        "区妇联、区教体局、区司法局共同对父母开展说服教育、法治教育，其教育观念有所转变。",
    )
    yield stage.day(6, 15, 50)
    serve(stage, manager, case_id, "counselling", 50, "第二次心理辅导，睡眠好转，能说出害怕的事情。")
    stage.do(
        manager,
        case_plan,
        case_id=case_id,
        version=None,
        text="关爱小组本周家访，社区、班主任同去；下周复评风险。",
        due_at=stage.day(-1, 17),
    )
