"""The past cases, closed."""

from __future__ import annotations

import datetime as dt
import random

from agencies.models import User
from caremgmt.demo import texts
from caremgmt.demo.history.contacts import Contacts
from caremgmt.demo.history.letters import Letters
from caremgmt.demo.history.people import People
from caremgmt.demo.history.writer import HOURS
from caremgmt.demo.humans import Human, new_id
from caremgmt.demo.plan import CasePlan
from cases.enums import CaseStatus, Section, ServiceKind
from cases.models import (
    Case,
    RiskAssessment,
    SectionText,
    ServiceRecord,
)  # fmt: skip
from cases.services.records import section_of
from core.clock import local
from core.numbers import case_number


class Cases(People, Letters, Contacts):
    """Cases with their steps and services."""

    def _case(self, plan: CasePlan) -> None:
        rng = random.Random(plan.seed)
        office, manager = self.directory.centre(plan.centre.region), self.directory.manager(plan.centre)
        year = local(plan.received_at).year
        self.batch.seals(plan.id)
        contact_id = new_id(rng)
        age = max(year - plan.client.birth_year, 0)
        narrative = (
            texts.SUMMARIES[plan.category]
            + "\n"
            + texts.narrative(rng, plan.category, age if plan.concerns_minor or age >= 60 else None)
        )
        case = Case(
            id=plan.id, office=office, number=case_number(office.region_id, year, self._code("case", office.region_id, year)), status=CaseStatus.CLOSED,
            category_id=plan.category, risk=plan.risk, channel=plan.channel, manager=manager, region_residence_id=plan.residence,
            region_registration_id=plan.registration, concerns_minor=plan.concerns_minor, is_anonymous=plan.client.is_anonymous,
            received_at=plan.received_at, accepted_at=plan.accepted_at, closed_at=plan.closed_at, close_reason=plan.close_reason,
            touched_at=plan.closed_at, contact_id=contact_id, version=6,
        )  # fmt: skip
        self.batch.add(case)
        self._people(rng, plan, case)
        own = {"case": case, "office_id": office.pk}
        self.batch.add(
            SectionText(id=new_id(rng), section=Section.INCIDENT, text=narrative, updated_at=plan.received_at, **own)
        )
        self.batch.add(
            RiskAssessment(
                id=new_id(rng), instrument="triage", score={"high": 7, "medium": 4, "low": 1}[plan.risk], band=plan.risk,
                note=rng.choice(texts.ASSESSMENTS[plan.risk]), assessed_at=plan.accepted_at, assessor_id=manager.pk, assessor_name=manager.name, **own,
            )
        )  # fmt: skip
        self._contact_of(rng, plan, case, contact_id, narrative)
        self._steps(rng, plan, case, manager)
        for service in plan.services:
            self._service(rng, case, service.kind, service.human, service.at, manager)
        for referral in plan.referrals:
            self._referral(rng, plan, case, referral, manager)
        self._callback(rng, plan, case)

    def _steps(self, rng: random.Random, plan: CasePlan, case: Case, manager: User) -> None:
        office = case.office.name
        if plan.channel == "hotline":
            operator = self.directory.operator(plan.centre.region)
            self._entry(
                rng,
                case,
                "case.opened",
                plan.received_at,
                operator,
                "operator",
                self.directory.desk(plan.centre.region).name,
                channel=plan.channel,
            )
        else:
            self._entry(rng, case, "case.opened", plan.received_at, manager, "manager", office, channel=plan.channel)
        self._entry(rng, case, "case.assessed", plan.accepted_at, manager, "manager", office, risk=plan.risk)
        planned = plan.accepted_at + dt.timedelta(minutes=rng.randint(10, 300))
        self._entry(
            rng,
            case,
            "case.planned",
            planned,
            manager,
            "manager",
            office,
            section=Section.INCIDENT,
            text=rng.choice(texts.PLANS),
        )
        self._entry(rng, case, "case.begun", planned, manager, "manager", office)
        callback = plan.callback_at or plan.closed_at
        self._entry(rng, case, "case.follow_up", callback - 24 * HOURS, manager, "manager", office)
        self._entry(
            rng,
            case,
            "case.closed",
            plan.closed_at,
            manager,
            "manager",
            office,
            text=rng.choice(texts.CLOSING_NOTES),
            reason=plan.close_reason,
        )
        self._item(
            rng,
            case,
            "case.triage",
            case.pk,
            plan.received_at,
            plan.received_at + 24 * HOURS,
            plan.accepted_at,
            manager,
        )
        self._item(rng, case, "case.plan", case.pk, plan.accepted_at, plan.accepted_at + 48 * HOURS, planned, manager)
        self._item(rng, case, "case.review", case.pk, planned, plan.closed_at + 24 * HOURS, plan.closed_at, manager)

    def _service(self, rng: random.Random, case: Case, kind: str, who: Human, at: dt.datetime, by: User) -> None:
        note = rng.choice(texts.SERVICE_NOTES[kind])
        section = section_of(ServiceKind(kind), note)
        record = ServiceRecord(
            id=new_id(rng), office_id=case.office_id, case=case, person_id=who.person_id, section=section, kind=kind, occasion=new_id(rng),
            happened_at=at, entered_at=at + dt.timedelta(minutes=rng.randint(20, 600)), by_name=by.name, by_agency=case.office.name,
            minutes=rng.choice([20, 30, 40, 50, 60, 90]), note=note,
        )  # fmt: skip
        self.batch.add(record)
        self._entry(
            rng,
            case,
            "service.recorded",
            at,
            by,
            "manager",
            case.office.name,
            section=section,
            object_id=record.pk,
            service=kind,
        )
