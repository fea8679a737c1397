"""故事一: residence and registration in two districts, seven bodies and one old woman."""

from __future__ import annotations

from uuid import UUID

from caremgmt.demo.stage import Script, Stage
from caremgmt.demo.stories.acts import WUHUA, XISHAN, apply_for_aid, due_callback, refer, serve
from cases.services.case import case_assess, case_plan
from cases.services.consents import Given
from cases.services.followups import attempt_record
from legalaid.services.applying import application_tell
from legalaid.services.deciding import application_assign, application_grant
from referrals import services as referring


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
    call = due_callback(stage, case_id)
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
    community, community_liaison = refer(
        stage,
        manager,
        case_id,
        WUHUA,
        "community-1",
        "visit",
        "请先将老人送至医院检查，并安排人员照看。",
        sections=["identity", "contact", "incident", "medical"],
    )
    federation, federation_liaison = refer(
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
    serve(stage, manager, case_id, "care", 60, "与社区一起到医院看望，送去生活用品，安排邻里照看住所。")
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
    serve(
        stage,
        manager,
        case_id,
        "mediation",
        90,
        "召开刘女士家庭情况研判会，五华、西山两区妇联，街道妇联、综治、司法、社区、派出所参加，形成帮扶意见。",
    )
    aid, aid_officer = refer(
        stage,
        manager,
        case_id,
        WUHUA,
        "legal_aid",
        "legal_aid",
        "请到医院为老人办理法律援助，赡养费请求，行动不便。",
        sections=["identity", "contact", "incident", "legal"],
    )
    justice, justice_liaison = refer(
        stage, manager, case_id, WUHUA, "justice_office", "mediate", "请参加病房走访，并就赡养事宜再次调解。"
    )
    yield stage.day(9, 9, 5)
    stage.do(aid_officer, referring.referral_accept, referral_id=aid.pk, version=None)
    yield stage.day(9, 10, 20)
    stage.do(justice_liaison, referring.referral_accept, referral_id=justice.pk, version=None)
    yield stage.day(7, 11, 30)
    serve(
        stage,
        manager,
        case_id,
        "legal_advice",
        50,
        "律师、街道妇联、司法所、社区一行到医院看望，讲解赡养费诉讼程序和所需材料。",
    )
    application = apply_for_aid(
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
    for worker, letter, why in (
        (aid_officer, aid, "诉讼材料尚在收集，需补充医院诊断证明。"),
        (justice_liaison, justice, "其子外出务工，约定下周返乡后再次调解。"),
    ):
        stage.do(
            worker, referring.referral_ask_time, referral_id=letter.pk, version=None, until=stage.day(-6, 17), text=why
        )
        stage.do(manager, referring.referral_grant_time, referral_id=letter.pk, version=None)
    yield stage.day(6, 15, 0)
    stage.do(manager, application_tell, application_id=application.pk, version=None)
