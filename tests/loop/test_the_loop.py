"""The main job at the level of services: a call becomes a case, is referred, answered, followed up and closed."""

from __future__ import annotations

import datetime as dt

import pytest

from cases.enums import CaseStatus
from cases.models import Case, FollowUp, PartyIdentity, SectionText, WorkItem
from cases.services import case as cases
from cases.services import followups
from cases.services.consents import Given
from core import clock
from core.errors import DomainError, NotFound, StaleVersion
from hotline.services.contact import contact_begin, contact_log
from referrals import services as referrals
from referrals.models import Referral
from tests.roles import as_worker
from tests.world import World, broken_promises

VALUES = {
    "caller_name": "刘桂芳", "caller_phone": "13800001234", "client_name": "刘桂芳", "client_birth_year": 1962, "category_id": "A06",
    "narrative": "独居，中风偏瘫，希望妇联与其儿子沟通赡养事宜。", "region_residence_id": "530102", "region_registration_id": "530112",
    "safe_number": "13800001234", "disposition": "case_opened",
}  # fmt: skip


def opened(world: World) -> Case:
    with world.acting("operator") as by:
        contact = contact_begin(by=by, office=world.offices["desk"])
        contact = contact_log(contact_id=contact.pk, by=by, values=VALUES, centre=world.offices["wuhua"])
        return Case.objects.get(pk=contact.case_id)


def test_the_whole_loop(world: World) -> None:
    case = opened(world)
    assert broken_promises() == []
    with world.acting("operator") as by:
        header = Case.objects.visible_to(by).get(pk=case.pk)
        assert header.number == case.number
        assert not SectionText.objects.visible_to(by).exists()
        assert not SectionText.objects.exists()  # nor by row-level security alone
    with world.acting("xishan_manager") as by:
        assert not Case.objects.visible_to(by).exists()
        assert not Case.objects.exists()
    with world.acting("manager") as by:
        assert PartyIdentity.objects.visible_to(by).get(party__is_primary=True).name == "刘桂芳"
        case = cases.case_assess(case_id=case.pk, by=by, version=1, risk="low", reasons="无即时危险")
        assert case.status == CaseStatus.ASSESSED
        assert case.is_split_residence
        with pytest.raises(StaleVersion):
            cases.case_assess(case_id=case.pk, by=by, version=1, risk="low", reasons="x")
        referral = referrals.referral_send(
            case_id=case.pk, by=by, unit=world.units["justice"], ask="legal_aid", ask_note="请上门提供法律援助",
            sections=["identity", "incident"], basis="consent", consent=Given("当面同意"),
        )  # fmt: skip
    assert broken_promises() == []
    with world.acting("justice_liaison") as by:
        letter = Referral.objects.visible_to(by).get()
        assert not Case.objects.exists()
        assert not PartyIdentity.objects.exists()
        referrals.referral_accept(referral_id=letter.pk, by=by, version=letter.version)
        assert Case.objects.visible_to(by).get().pk == case.pk
        assert PartyIdentity.objects.visible_to(by).get(party__is_primary=True).name == "刘桂芳"
        assert SectionText.objects.visible_to(by).get().section == "incident"
        referrals.referral_respond(
            referral_id=letter.pk, by=by, version=2, result="done", text="已上门办理法律援助申请"
        )
    with world.acting("police_liaison") as by:
        assert not Referral.objects.exists()
        with pytest.raises(NotFound):
            referrals.referral_accept(referral_id=referral.pk, by=by, version=1)
    with world.acting("manager") as by:
        referrals.referral_close(referral_id=referral.pk, by=by, version=3)
        planned = FollowUp.objects.get()
        assert planned.status == "planned"
        case = Case.objects.get(pk=case.pk)
        with pytest.raises(DomainError):
            cases.case_close(case_id=case.pk, by=by, version=case.version, reason="resolved", note="")
    assert broken_promises() == []
    moment = planned.due_at + dt.timedelta(minutes=1)
    with clock.at(moment):
        with as_worker():
            assert followups.due_ids() == [planned.pk]
            assert followups.make_due(planned.pk)
            assert not followups.make_due(planned.pk)
        with world.acting("operator") as by:
            item = WorkItem.objects.owed_by(by).get(kind="followup.call")
            assert item.case_id == case.pk
            followups.attempt_record(
                follow_up_id=planned.pk,
                by=by,
                version=None,
                outcome="reached",
                note="情况稳定",
                satisfaction="satisfied",
            )
            assert not FollowUp.objects.exists()  # the desk's access ended with the call
        with world.acting("manager") as by:
            case = Case.objects.get(pk=case.pk)
            case = cases.case_close(case_id=case.pk, by=by, version=case.version, reason="resolved", note="已办结")
            assert case.status == CaseStatus.CLOSED
            with pytest.raises(DomainError):
                cases.section_write(case_id=case.pk, section="medical", by=by, version=None, text="x")
