"""The people of the article, played again in these weeks: 刘女士, 马女士, 小星, and a call in the night."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from agencies.models import User
from caremgmt.demo.stage import Script, Stage
from cases.services.case import case_assess, case_follow_up, case_plan
from cases.services.consents import Given
from cases.services.followups import attempt_record
from cases.services.orders import order_record
from cases.services.people import PersonData
from cases.services.persons import person_add
from cases.services.records import service_record
from core.identity import acting_as, worker_identity
from legalaid.models import Application
from legalaid.services.applying import application_send, application_tell
from legalaid.services.deciding import application_assign, application_grant
from referrals import services as referring
from referrals.models import Referral
from shelter.models import Bed
from shelter.services.holding import stay_hold
from shelter.services.house import house_open
from shelter.services.staying import stay_check_in

WUHUA, XISHAN = "530102", "530112"


def _refer(
    stage: Stage, manager: User, case_id: UUID, county: str, key: str, ask: str, note: str, **more: Any
) -> tuple[Referral, User]:
    unit = stage.directory.unit(county, key)
    liaison = stage.liaison(unit)
    named = more.pop("named", False)
    referral = stage.do(
        manager, referring.referral_send, case_id=case_id, unit=unit, ask=ask, ask_note=note, named_liaison=liaison if named else None,
        sections=more.pop("sections", ["identity", "contact", "incident"]), basis=more.pop("basis", "consent"), consent=Given(note="本人口头同意，已记录。", how="spoken"),
    )  # fmt: skip
    return referral, liaison


def _serve(stage: Stage, manager: User, case_id: UUID, kind: str, minutes: int, note: str) -> None:
    stage.do(
        manager,
        service_record,
        case_id=case_id,
        kind=kind,
        happened_at=stage.moment - dt.timedelta(minutes=minutes + 10),
        minutes=minutes,
        note=note,
    )


def _apply(stage: Stage, manager: User, case_id: UUID, **more: Any) -> Application:
    """An application to the legal-aid centre of Wuhua."""
    return stage.do(manager, application_send, case_id=case_id, unit=stage.directory.unit(WUHUA, "legal_aid"), **more)


def _bed(label: str) -> Bed:
    with acting_as(worker_identity("demo")):
        return Bed.objects.get(label=label, office__region_id=WUHUA)


def _due_callback(stage: Stage, case_id: UUID) -> Any:
    from cases.models import FollowUp
    from cases.services import followups

    with acting_as(worker_identity("demo")):
        ids = list(
            FollowUp.objects.filter(case_id=case_id, status="planned", due_at__lte=stage.moment).values_list(
                "pk", flat=True
            )
        )
    for pk in ids:
        followups.make_due(pk)
    with acting_as(worker_identity("demo")):
        return FollowUp.objects.filter(case_id=case_id, status="due").order_by("due_at").first()


def liu(stage: Stage) -> Script:
    """故事一：人户分离，两个区的七个部门一起帮一位独居老人。"""
    yield stage.day(13, 9, 20)
    operator, manager = stage.directory.user("jiexian.wuhua"), stage.directory.user("anjian.wuhua")
    contact = stage.contact(
        operator, stage.directory.desk(WUHUA), "hotline", 16,
        {
            "channel": "hotline", "danger": "no", "caller_relation": "self", "client_name": "刘女士", "client_gender": "female",
            "client_birth_year": stage.moment.year - 60, "caller_phone": "13800000722", "region_residence_id": WUHUA, "region_registration_id": XISHAN,
            "category_id": "A06", "safe_number": "13800000722", "safe_whose": "本人", "disposition": "case_opened",
            "narrative": "来电人自述六十岁，独居，因中风偏瘫，患有心脏病、糖尿病，行动不便，三餐靠邻居帮忙。与儿子关系不好，希望妇联能够与其儿子沟通，把她送到养老院。户籍在西山区，现居住在五华区。",
            "needs": "希望与儿子沟通赡养事宜，入住养老院", "agreed": "今天下午回电，进一步了解家庭情况", "callback_at": stage.day(13, 15, 0),
        },
        centre=stage.directory.centre(WUHUA),
    )  # fmt: skip
    case_id: UUID = contact.case_id  # type: ignore[assignment]
    yield stage.day(13, 15, 30)
    call = _due_callback(stage, case_id)
    if call is not None:
        stage.do(
            operator,
            attempt_record,
            follow_up_id=call.pk,
            version=None,
            outcome="reached",
            satisfaction="not_asked",
            note="已回访并联系其子。母子关系不佳，儿子收入微薄，不愿承担入住养老院的费用，沟通无果。",
        )
    yield stage.day(13, 16, 10)
    stage.do(
        manager,
        case_assess,
        case_id=case_id,
        version=None,
        risk="medium",
        score=4,
        reasons="独居、失能、病情不稳，赡养义务人拒绝履行；人户分离，需五华、西山两区共同研判。",
        manager=manager,
    )
    yield stage.day(12, 9, 30)
    stage.do(
        manager,
        case_plan,
        case_id=case_id,
        version=None,
        text="一、社区先送医检查；二、联动西山区妇联、街道妇联、综治、司法、社区、派出所召开家庭情况研判会；三、律师到医院“送法律上门”。",
        due_at=stage.day(9, 17, 0),
    )
    community, community_liaison = _refer(
        stage,
        manager,
        case_id,
        WUHUA,
        "community-1",
        "visit",
        "请先将老人送至医院检查，并安排人员照看。",
        sections=["identity", "contact", "incident", "medical"],
    )
    federation, federation_liaison = _refer(
        stage, manager, case_id, XISHAN, "federation", "inform", "请协助了解其户籍地亲属情况，参加家庭情况研判会。"
    )
    yield stage.day(12, 10, 15)
    stage.do(community_liaison, referring.referral_accept, referral_id=community.pk, version=None)
    yield stage.day(12, 14, 40)
    stage.do(federation_liaison, referring.referral_accept, referral_id=federation.pk, version=None)
    stage.do(
        community_liaison,
        referring.referral_respond,
        referral_id=community.pk,
        version=None,
        result="done",
        text="社区工作人员已陪同老人到五华区人民医院住院检查，由网格员轮流照看。",
    )
    yield stage.day(11, 9, 10)
    stage.do(manager, referring.referral_close, referral_id=community.pk, version=None)
    _serve(stage, manager, case_id, "care", 60, "与社区一起到医院看望，送去生活用品，安排邻里照看住所。")
    yield stage.day(10, 11, 0)
    stage.do(
        federation_liaison,
        referring.referral_respond,
        referral_id=federation.pk,
        version=None,
        result="done",
        text="已走访其户籍地亲属，儿子在西山区打零工，月收入约两千余元，愿意见面但坚持无力承担养老院费用。",
    )
    yield stage.day(10, 15, 0)
    stage.do(manager, referring.referral_close, referral_id=federation.pk, version=None)
    _serve(
        stage,
        manager,
        case_id,
        "mediation",
        90,
        "召开刘女士家庭情况研判会，五华、西山两区妇联，街道妇联、综治、司法、社区、派出所参加，形成帮扶意见。",
    )
    aid, aid_officer = _refer(
        stage,
        manager,
        case_id,
        WUHUA,
        "legal_aid",
        "legal_aid",
        "请到医院为老人办理法律援助，赡养费请求，行动不便。",
        sections=["identity", "contact", "incident", "legal"],
    )
    justice, justice_liaison = _refer(
        stage, manager, case_id, WUHUA, "justice_office", "mediate", "请参加病房走访，并就赡养事宜再次调解。"
    )
    yield stage.day(9, 9, 5)
    stage.do(aid_officer, referring.referral_accept, referral_id=aid.pk, version=None)
    yield stage.day(9, 10, 20)
    stage.do(justice_liaison, referring.referral_accept, referral_id=justice.pk, version=None)
    yield stage.day(7, 11, 30)
    _serve(
        stage,
        manager,
        case_id,
        "legal_advice",
        50,
        "律师、街道妇联、司法所、社区一行到医院看望，讲解赡养费诉讼程序和所需材料。",
    )
    application = _apply(
        stage, manager, case_id, matter="support", means="examined", consent=Given("病房内当面说明，本人同意并按手印。")
    )
    yield stage.day(6, 10, 0)
    stage.do(aid_officer, application_grant, application_id=application.pk, version=None)
    stage.do(
        aid_officer, application_assign, application_id=application.pk, version=None, lawyer_name="董朝阳", lawyer_agency="云南护航律师事务所",
        lawyer_phone="13700000512",
    )  # fmt: skip
    stage.do(
        aid_officer,
        referring.referral_progress,
        referral_id=aid.pk,
        text="申请已受理，符合条件，已指派律师，正在准备起诉材料。",
    )
    stage.do(
        justice_liaison,
        referring.referral_progress,
        referral_id=justice.pk,
        text="已约其子谈话一次，愿意每月支付三百元，差距较大，继续做工作。",
    )
    yield stage.day(6, 15, 0)
    stage.do(manager, application_tell, application_id=application.pk, version=None)


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
    court, judge = _refer(
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
    _serve(
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
    stage.left_alone.add(case_id)
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
    police, officer = _refer(
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
    prosecution, prosecutor = _refer(
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
    school, teacher = _refer(
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
    _serve(
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
    _serve(
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
    _serve(
        stage,
        manager,
        case_id,
        "education",
        60,
        "区妇联、区教体局、区司法局共同对父母开展说服教育、法治教育，其教育观念有所转变。",
    )
    yield stage.day(6, 15, 50)
    _serve(stage, manager, case_id, "counselling", 50, "第二次心理辅导，睡眠好转，能说出害怕的事情。")
    stage.do(
        teacher,
        referring.referral_progress,
        referral_id=school.pk,
        text="班主任每天谈心五分钟，座位调整到前排，同学关系正常。",
    )
    stage.do(
        manager,
        case_plan,
        case_id=case_id,
        version=None,
        text="关爱小组本周家访，社区、班主任同去；下周复评风险。",
        due_at=stage.day(-1, 17),
    )


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
    police, officer = _refer(
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
    hospital, nurse = _refer(
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
        manager, stay_hold, case_id=case_id, bed_id=_bed("1号").pk, since=stage.moment, until=stage.moment + dt.timedelta(days=7),
        basis="danger", persons=2, children=1, dangers=["searching", "knows_area"], health_needs="头部外伤，已就医，需按时服药",
    )  # fmt: skip
    yield stage.day(ago, 4, 0)
    stage.do(
        stage.directory.user("qixi.wuhua"), stay_check_in, stay_id=stay.pk, version=None, persons=2, children=1, location_off=True,
        rules_told=True, dangers=["searching", "knows_area"], health_needs="头部外伤，已就医，需按时服药；孩子对牛奶过敏",
    )  # fmt: skip
    yield stage.day(ago, 4, 30)
    _apply(
        stage,
        manager,
        case_id,
        matter="protection_order",
        means="violence",
        is_urgent=True,
        consent=Given("入住时当面说明，本人同意。"),
    )


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
        manager, stay_hold, case_id=case_id, bed_id=_bed("3号").pk, since=stage.moment, until=stage.moment + dt.timedelta(days=7),
        basis="consent", dangers=["threatened"], health_needs="高血压，自备药",
    )  # fmt: skip
    yield stage.day(5, 14, 30)
    stage.do(
        keeper, stay_check_in, stay_id=stay.pk, version=None, persons=1, children=0, location_off=True, rules_told=True,
        dangers=["threatened"], health_needs="高血压，自备药",
    )  # fmt: skip
    yield stage.day(4, 15, 0)
    application = _apply(
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
        manager, stay_hold, case_id=case_id, bed_id=_bed("2号").pk, since=stage.day(-1, 10), until=stage.day(-6, 10), basis="consent",
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


STORIES = (refuge, liu, ma, xiaoxing, night)
