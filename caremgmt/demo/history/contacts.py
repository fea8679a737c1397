"""The calls and visits of the past."""

from __future__ import annotations

import datetime as dt
import random
from uuid import UUID

from caremgmt.demo import texts
from caremgmt.demo.history.writer import HOURS, Writer, word_of
from caremgmt.demo.humans import new_id
from caremgmt.demo.plan import AdvicePlan, CasePlan
from caremgmt.directory.ids import centre_id, desk_id
from caremgmt.directory.tables import divisions
from cases.enums import FollowUpStatus, Section
from cases.models import (
    Case,
    FollowUp,
    FollowUpAttempt,
    ServiceRecord,
)  # fmt: skip
from hotline.enums import ContactStatus, Disposition
from hotline.models import Contact


class Contacts(Writer):
    """Contacts that opened a case, advice, and callbacks."""

    def _contact_of(self, rng: random.Random, plan: CasePlan, case: Case, contact_id: UUID, narrative: str) -> None:
        hotline = plan.channel == "hotline"
        office = self.directory.desk(plan.centre.region) if hotline else case.office
        operator = self.directory.operator(plan.centre.region) if hotline else self.directory.manager(plan.centre)
        self.batch.seals(contact_id)
        official = plan.channel in {
            "school",
            "hospital",
            "police",
            "court",
            "community",
            "subdistrict",
            "grid_worker",
            "mandatory_report",
            "platform_12345",
            "assigned",
            "outreach",
        }
        self.batch.add(
            Contact(
                id=contact_id, office=office, number=self._paper(word_of(plan.channel), office.region_id, plan.received_at), status=ContactStatus.DONE,
                channel=plan.channel, operator=operator, occurred_at=plan.received_at, entered_at=plan.received_at,
                ended_at=plan.received_at + dt.timedelta(seconds=rng.randint(240, 2400)), danger="no", caller_relation="official" if official else "self",
                client_name=plan.client.name, client_gender=plan.client.gender, client_birth_year=plan.client.birth_year,
                is_anonymous=plan.client.is_anonymous, caller_phone="" if official else plan.client.phone, region_residence_id=plan.residence,
                region_registration_id=plan.registration, category_id=plan.category, narrative=narrative, disposition=Disposition.CASE_OPENED,
                case_id=case.pk, case_office_id=case.office_id, version=2,
            )
        )  # fmt: skip

    def _advice(self, plan: AdvicePlan) -> None:
        rng = random.Random(plan.seed)
        office = self.directory.offices[desk_id(plan.region) if plan.is_desk else centre_id(plan.region)]
        operator = (
            self.directory.operator(plan.region) if plan.is_desk else self.directory.manager(self._offices[plan.region])
        )
        residence = plan.region if divisions()[plan.region].level == "county" else None
        self.batch.seals(plan.id)
        advice = plan.kind == "advice_call"
        self.batch.add(
            Contact(
                id=plan.id, office=office, number=self._paper(word_of(plan.channel), office.region_id, plan.at), status=ContactStatus.DONE,
                channel=plan.channel, operator=operator, occurred_at=plan.at, entered_at=plan.at, ended_at=plan.at + dt.timedelta(seconds=rng.randint(90, 1500)),
                danger="no", client_birth_year=plan.at.year - rng.randint(22, 58) if rng.random() < 0.5 else None, is_anonymous=rng.random() < 0.3,
                region_residence_id=residence, category_id=plan.category,
                narrative=rng.choice(texts.ADVICE) if advice else "来访求助生活物资，当场发放米油并登记。",
                disposition=Disposition.ADVICE if advice else Disposition.SERVICE, version=2,
            )
        )  # fmt: skip
        self.batch.add(
            ServiceRecord(
                id=new_id(rng), office=office, contact_id=plan.id, kind=plan.kind, occasion=plan.id, happened_at=plan.at, entered_at=plan.at,
                by_name=operator.name, by_agency=office.name, minutes=rng.choice([5, 8, 10, 15, 20]),
            )
        )  # fmt: skip

    def _callback(self, rng: random.Random, plan: CasePlan, case: Case) -> None:
        at = plan.callback_at or plan.closed_at
        by_desk = plan.channel == "hotline"
        caller = self.directory.operator(plan.centre.region) if by_desk else self.directory.manager(plan.centre)
        group = self.directory.desk(plan.centre.region).group_id if by_desk else None
        own = {"case": case, "office_id": case.office_id}
        due = at - dt.timedelta(hours=rng.choice([0.2, 0.5, 1, 2, 3, 20]))
        reached = plan.close_reason != "unreachable"
        outcome = "reached" if reached else "no_answer"
        satisfaction = rng.choice(["satisfied"] * 8 + ["partly", "not_asked"]) if reached else ""
        row = FollowUp(
            id=new_id(rng), status=FollowUpStatus.REACHED if reached else FollowUpStatus.FAILED, reason="in_follow_up", due_at=due,
            desk_group_id=group, attempts=1 if reached else 3, finished_at=at, satisfaction=satisfaction, version=3, **own,
        )  # fmt: skip
        self.batch.add(row)
        note = rng.choice(texts.CALLBACK_NOTES) if reached else "多次拨打无人接听，已请社区上门了解。"
        self.batch.add(
            FollowUpAttempt(
                id=new_id(rng),
                follow_up=row,
                at=at,
                outcome=outcome,
                note=note,
                actor_id=caller.pk,
                actor_name=caller.name,
                **own,
            )
        )
        agency = self.directory.desk(plan.centre.region).name if by_desk else case.office.name
        self._entry(
            rng, case, "followup.attempted", at, caller, "operator" if by_desk else "manager", agency, section=Section.CALLBACK, text=note,
            object_id=row.pk, outcome=outcome, satisfaction=satisfaction,
        )  # fmt: skip
        self._item(
            rng,
            case,
            "followup.call",
            row.pk,
            due,
            due + 4 * HOURS,
            at,
            caller,
            **({"owner_group_id": group} if group else {}),
        )
