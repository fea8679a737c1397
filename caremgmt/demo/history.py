"""Rows of a planned period, for bulk loading: every case with its people, texts, steps, services, referrals and callback, closed."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any
from uuid import UUID

from agencies.models import User
from caremgmt.demo import texts
from caremgmt.demo.batch import Batch
from caremgmt.demo.directory import Directory
from caremgmt.demo.humans import Human, human, new_id, phone_number
from caremgmt.demo.plan import AdvicePlan, CasePlan, OrderPlan, Plan, ReferralPlan
from caremgmt.directory.ids import centre_id, desk_id
from caremgmt.directory.tables import centre_rows, divisions
from cases.enums import CaseStatus, FollowUpStatus, OrderKind, PartyRole, Section, ServiceKind
from cases.models import (
    BlindGram,
    Case,
    Category,
    Fingerprint,
    FollowUp,
    FollowUpAttempt,
    Order,
    Party,
    PartyContact,
    PartyIdentity,
    Person,
    RiskAssessment,
    SafeContact,
    SectionText,
    ServiceRecord,
    TimelineEntry,
    WorkItem,
)  # fmt: skip
from cases.services.records import section_of
from core.blindindex import fingerprint, grams_of_name, grams_of_phone, token
from core.clock import SHANGHAI, local
from core.crypto import key_ring
from core.numbers import case_number, paper_number, permuted_code
from hotline.enums import ContactStatus, Disposition
from hotline.models import Contact
from hotline.services.contact import NUMBER_WORDS, OTHER_WORD
from referrals.models import Referral, ReferralNote

RESPONDENTS = {
    "A01": ("male", "丈夫"),
    "A02": ("male", "儿子"),
    "A10": ("male", "前男友"),
    "B01": ("male", "熟人"),
    "B02": ("male", "上级"),
    "E01": ("male", "父亲"),
    "E02": ("male", "亲戚"),
}
HOURS = dt.timedelta(hours=1)


class History:
    """Turns plans into rows."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self.batch = Batch()
        self._blind = key_ring().derive("blind")
        self._number = key_ring().derive("number")
        self._violent = set(Category.objects.filter(is_violence=True).values_list("pk", flat=True))
        self._known: set[UUID] = set()
        # Tables that others point at come first.
        self._offices = {row.region: row for row in centre_rows()}

    def load(self, plan: Plan) -> int:
        """Write a period; returns the number of rows."""
        for case in plan.cases:
            self._case(case)
        for advice in plan.advice:
            self._advice(advice)
        for order in plan.orders:
            self._order(order)
        return self.batch.write()

    # --- numbers ---------------------------------------------------------------------------------------------------------

    def _code(self, kind: str, office: UUID, year: int) -> str:
        scope = f"{kind}:{office}:{year}"
        return permuted_code(self._number, scope, self.batch.ordinal(scope))

    def _paper(self, kind: str, office: UUID, region: str, at: dt.datetime) -> str:
        year = local(at).year
        return paper_number(kind, year, region, self._code(kind, office, year))

    # --- a case ----------------------------------------------------------------------------------------------------------

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
            id=plan.id, office=office, number=case_number(office.region_id, year, self._code("case", office.pk, year)), status=CaseStatus.CLOSED,
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

    def _people(self, rng: random.Random, plan: CasePlan, case: Case) -> None:
        self._party(rng, case, plan.client, PartyRole.CLIENT, primary=True)
        for child in plan.children:
            self._party(rng, case, child, PartyRole.CHILD, relation="子女" if not plan.concerns_minor else "兄弟姐妹")
        county = plan.centre.region
        if plan.category in RESPONDENTS:
            gender, relation = RESPONDENTS[plan.category]
            born = (
                max(plan.client.birth_year - 28, 1955)
                if plan.concerns_minor
                else plan.client.birth_year - rng.randint(-2, 6)
            )
            self._party(
                rng,
                case,
                human(rng, county=county, gender=gender, birth_year=born),
                PartyRole.RESPONDENT,
                relation=relation,
            )
        if plan.concerns_minor:
            grandmother = human(
                rng, county=county, gender="female", birth_year=max(plan.client.birth_year - rng.randint(24, 58), 1940)
            )
            self._party(rng, case, grandmother, PartyRole.GUARDIAN, relation="监护人", guardian=True)

    def _party(
        self,
        rng: random.Random,
        case: Case,
        who: Human,
        role: str,
        *,
        primary: bool = False,
        relation: str = "",
        guardian: bool = False,
    ) -> None:
        own = {"case": case, "office_id": case.office_id}
        if who.person_id not in self._known:
            self._known.add(who.person_id)
            self.batch.add(Person(id=who.person_id, office_id=case.office_id, created_at=case.received_at))
        party = Party(
            id=new_id(rng), person_id=who.person_id, role=role, is_primary=primary, relation=relation, is_guardian=guardian,
            may_not_be_contacted=role == PartyRole.RESPONDENT, **own,
        )  # fmt: skip
        self.batch.add(party)
        self.batch.add(
            PartyIdentity(
                id=new_id(rng), party=party, name=who.name, id_number=who.id_number, gender=who.gender, birth_year=who.birth_year,
                ethnicity=rng.choice(["汉族", "汉族", "汉族", "彝族", "白族", "哈尼族", "傣族", "回族", "壮族"]), is_anonymous=who.is_anonymous, **own,
            )
        )  # fmt: skip
        phone = who.phone if role != PartyRole.CHILD and not (primary and case.concerns_minor) else ""
        if primary or phone:
            self.batch.add(
                PartyContact(
                    id=new_id(rng),
                    party=party,
                    phone=phone,
                    address=who.address,
                    region_id=case.region_residence_id,
                    **own,
                )
            )
        if primary:
            self.batch.add(
                SafeContact(
                    id=new_id(rng), party=party, safe_number=phone or phone_number(rng), whose_number=rng.choice(["本人", "本人", "姐姐", "母亲"]) if phone else "班主任", **own,
                )
            )  # fmt: skip
        self._index(case, party, who, phone)

    def _index(self, case: Case, party: Party, who: Human, phone: str) -> None:
        grams = (grams_of_name(who.name) if who.name else frozenset()) | (
            grams_of_phone(phone) if phone else frozenset()
        )
        for gram in sorted(grams):
            self.batch.add(
                BlindGram(
                    id=new_id(random.Random(f"{party.pk}{gram}")),
                    case=case,
                    office_id=case.office_id,
                    party=party,
                    gram=token(self._blind, case.office_id, gram),
                )
            )
        exact = [(Fingerprint.Kind.PHONE, "phone", phone)] if phone else []
        if who.id_number:
            exact.append((Fingerprint.Kind.ID_NUMBER, "id_number", who.id_number))
        for kind, concept, value in exact:
            self.batch.add(
                Fingerprint(
                    case=case, office_id=case.office_id, person_id=who.person_id, role=party.role, kind=kind,
                    digest=fingerprint(self._blind, concept, value),  # type: ignore[arg-type]
                )
            )  # fmt: skip

    def _entry(
        self,
        rng: random.Random,
        case: Case,
        kind: str,
        at: dt.datetime,
        by: User,
        role: str,
        agency: str,
        *,
        section: str = Section.HEADER,
        text: str = "",
        object_id: UUID | None = None,
        **data: Any,
    ) -> None:
        self.batch.add(
            TimelineEntry(
                id=new_id(rng), case=case, office_id=case.office_id, section=section, kind=kind, at=at, actor_id=by.pk, actor_name=by.name,
                actor_role=role, actor_agency=agency, object_id=object_id, data=data, text=text,
            )
        )  # fmt: skip

    def _item(
        self,
        rng: random.Random,
        case: Case,
        kind: str,
        source: UUID,
        opened: dt.datetime,
        due: dt.datetime,
        done: dt.datetime,
        by: User,
        **owner: Any,
    ) -> None:
        if not owner:
            owner = {"owner_user": case.manager}
        self.batch.add(
            WorkItem(
                id=new_id(rng), office_id=case.office_id, case=case, kind=kind, source_id=source, opened_at=opened, due_at=due, clock="",
                is_urgent=case.risk == "high", done_at=done, done_by_id=by.pk, outcome="done", **owner,
            )
        )  # fmt: skip

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

    def _referral(self, rng: random.Random, plan: CasePlan, case: Case, referral: ReferralPlan, manager: User) -> None:
        unit, liaison = (
            self.directory.unit(plan.centre.region, referral.body),
            self.directory.liaison(plan.centre, referral.body),
        )
        named = plan.category in self._violent or plan.concerns_minor
        own = {"case": case, "office_id": case.office_id}
        row = Referral(
            id=new_id(rng), number=self._paper("转办", case.office_id, case.office.region_id, referral.sent_at), status="closed", unit=unit,
            group_id=unit.group_id, named_liaison=liaison if named else None, category_id=plan.category, risk=plan.risk,
            concerns_minor=plan.concerns_minor, ask=referral.ask, ask_note=texts.ASK_NOTES[referral.ask],
            sections=["identity", "contact", "incident"], basis="minor" if plan.concerns_minor else "consent", sent_at=referral.sent_at, sent_by_name=manager.name,
            accept_due_at=referral.sent_at + 24 * HOURS, answer_due_at=referral.sent_at + 78 * HOURS, accepted_at=referral.accepted_at,
            accepted_by=liaison, responded_at=referral.responded_at, closed_at=referral.closed_at,
            result=rng.choice(["done", "done", "done", "partly"]), version=4, **own,
        )  # fmt: skip
        self.batch.add(row)
        self.batch.add(
            ReferralNote(
                id=new_id(rng), referral=row, kind="answer", text=rng.choice(texts.ANSWERS[referral.kind if referral.kind in texts.ANSWERS else "education"]),
                at=referral.responded_at, actor_id=liaison.pk, actor_name=liaison.name, actor_agency=unit.name, **own,
            )
        )  # fmt: skip
        for kind, at, by, role, agency in (
            ("referral.sent", referral.sent_at, manager, "manager", case.office.name), ("referral.accepted", referral.accepted_at, liaison, "liaison", unit.name),
            ("referral.responded", referral.responded_at, liaison, "liaison", unit.name), ("referral.closed", referral.closed_at, manager, "manager", case.office.name),
        ):  # fmt: skip
            more = (
                {"ask": referral.ask}
                if kind == "referral.sent"
                else {"result": row.result}
                if kind == "referral.responded"
                else {}
            )
            self._entry(rng, case, kind, at, by, role, agency, object_id=row.pk, unit=unit.short_name, **more)
        owner = {"owner_user": liaison} if named else {"owner_group_id": unit.group_id}
        self._item(
            rng,
            case,
            "referral.accept",
            row.pk,
            referral.sent_at,
            row.accept_due_at,
            referral.accepted_at,
            liaison,
            **owner,
        )
        self._item(
            rng,
            case,
            "referral.respond",
            row.pk,
            referral.accepted_at,
            row.answer_due_at,
            referral.responded_at,
            liaison,
            **owner,
        )
        self._item(
            rng,
            case,
            "referral.review",
            row.pk,
            referral.responded_at,
            referral.responded_at + 48 * HOURS,
            referral.closed_at,
            manager,
        )

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

    # --- contacts --------------------------------------------------------------------------------------------------------

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
                id=contact_id, office=office, number=self._paper(_word(plan.channel), office.pk, office.region_id, plan.received_at), status=ContactStatus.DONE,
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
                id=plan.id, office=office, number=self._paper(_word(plan.channel), office.pk, office.region_id, plan.at), status=ContactStatus.DONE,
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

    # --- orders ----------------------------------------------------------------------------------------------------------

    def _order(self, plan: OrderPlan) -> None:
        office = self.directory.centre(plan.region)
        year = plan.issued_on.year
        code = self._code("督监", office.pk, year)
        self.batch.add(
            Order(
                id=plan.id, office=office, case_id=plan.case, kind=OrderKind.SUPERVISION_ORDER,
                document_number=f"{divisions()[plan.region].name.removesuffix('自治县')[:3]}检未督监〔{year}〕{code}号",
                issuer=self.directory.unit(plan.region, "procuratorate").name, region_id=plan.region, issued_on=plan.issued_on,
                valid_until=plan.issued_on + dt.timedelta(days=183), entered_at=dt.datetime.combine(plan.issued_on, dt.time(17), SHANGHAI),
            )
        )  # fmt: skip


def _word(channel: str) -> str:
    return NUMBER_WORDS.get(channel, OTHER_WORD)  # type: ignore[call-overload,no-any-return]
