"""The case's own verbs: opened, assessed, refused, carried on, closed, reopened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.utils.translation import gettext_lazy as _

from agencies.enums import Role
from agencies.identities import in_force
from agencies.models import Office, RoleGrant, User
from cases import registry
from cases.enums import CloseReason, GrantBasis, PartyRole, RefuseReason, Risk, Section, WorkItemOutcome
from cases.models import Case, Category, FollowUpRule, RiskAssessment, SectionText
from cases.services import (
    access,
    ages,
    clocks,
    closing,
    danger,
    followups,
    guards,
    matters,
    minors,
    numbers,
    people,
    timeline,
    workitems,
)
from cases.workflow import CASE
from core import engine, keys
from core.engine import Act
from core.errors import DomainError, StaleVersion
from core.identity import Identity

TRIAGE_KINDS = ("case.triage",)


@dataclass(slots=True)
class NewCase:
    """What a case is opened with. `desk` is the office that took the call: it stays informed of the header until the centre has

    assessed (首接责任制). `missing` names what was not asked in the hurry: one work item, not red fields.
    """

    office: Office
    category: Category
    channel: str
    persons: Sequence[people.PersonData]
    narrative: str = ""
    urgent: bool = False
    concerns_minor: bool = False
    is_anonymous: bool = False
    region_residence_id: str | None = None
    region_registration_id: str | None = None
    contact_id: UUID | None = None
    desk: Office | None = None
    received_at: dt.datetime | None = None
    missing: Sequence[str] = ()
    case_id: UUID = field(default_factory=uuid4)

    @property
    def subjects(self) -> list[UUID]:
        """Everything that a ticket must name for this case to be written."""
        return [self.case_id, *(person.person_id for person in self.persons)]


def case_open(*, by: Identity, new: NewCase, key: UUID | None = None) -> Case:
    """Open a case at a centre. It begins as received; its first step is the triage by the centre's managers (2 hours when urgent)."""
    case = _unsaved(new)
    return engine.create(
        "case.open", by=by, row=case, write=lambda act: _write_new(act, case, new), also=new.subjects[1:], key=key
    )


def open_within(act: Act[Any], new: NewCase) -> Case:
    """Open a case as part of a running verb whose ticket names `new.subjects` (a contact that becomes a case)."""
    case = _write_new(act, _unsaved(new), new)
    act.more.append(("case.open", case))
    return case


def _unsaved(new: NewCase) -> Case:
    return Case(
        id=new.case_id, office=new.office, category=new.category, channel=new.channel, concerns_minor=new.concerns_minor,
        is_anonymous=new.is_anonymous, region_residence_id=new.region_residence_id, region_registration_id=new.region_registration_id,
        contact_id=new.contact_id, risk=Risk.UNKNOWN,
    )  # fmt: skip


def _write_new(act: Act[Any], case: Case, new: NewCase) -> Case:
    keys.create_data_key(case.pk)
    clients = [person for person in new.persons if person.role == PartyRole.CLIENT]
    case.concerns_minor |= ages.concerns_minor(new.category, *clients)
    case.number = numbers.next_case_number(new.office)
    case.received_at = new.received_at or act.now
    case.touched_at = act.now
    case.save(force_insert=True)
    for person in new.persons:
        people.party_add(case, person)
    if new.narrative:
        SectionText.objects.create(
            case=case, office_id=case.office_id, section=Section.INCIDENT, text=new.narrative, updated_at=act.now
        )
    timeline.add(act, case, "case.opened", at=case.received_at, channel=new.channel)
    item: dict[str, Any] = {"office_id": case.office_id, "case": case, "source_id": case.pk, "owner_role": Role.MANAGER}
    workitems.open_item("case.triage", urgent=new.urgent, **item)
    if new.missing:
        timeline.add(act, case, "case.missing", fields=list(new.missing))
        workitems.open_item("case.missing", tell=False, **item)
    if new.desk is not None and new.desk.pk != case.office_id:
        access.grant(
            case_id=case.pk, sections=[Section.HEADER], source_kind="contact", source_id=new.contact_id or case.pk,
            basis=GrantBasis.DUTY, group_id=new.desk.group_id,
        )  # fmt: skip
    act.detail |= {"channel": new.channel, "category": new.category.pk}
    return case


def case_assess(
    *,
    case_id: UUID,
    by: Identity,
    version: int | None,
    risk: str,
    reasons: str,
    manager: User | None = None,
    category: Category | None = None,
    instrument: str = "triage",
    answers: dict[str, str] | None = None,
    alarms: Sequence[str] = (),
    score: int = 0,
    key: UUID | None = None,
) -> Case:
    """研判: the centre accepts the case, says its risk and who manages it. The desk's first responsibility ends here."""

    def write(act: Act[Case]) -> Case:
        case = act.object
        case.risk = risk
        case.accepted_at = act.now
        case.manager_id = manager.pk if manager else act.by.user_id
        if category is not None:
            case.category = category
        if ages.concerns_minor(case.category):
            minors.mark(act, case)
        _assessment(
            act,
            case,
            risk=risk,
            reasons=reasons,
            instrument=instrument,
            answers=answers or {},
            alarms=alarms,
            score=score,
        )
        name_manager(case)
        workitems.finish(TRIAGE_KINDS, source_id=case.pk)
        workitems.hand_over(case, to_user_id=case.manager_id)  # type: ignore[arg-type]
        workitems.open_item(
            "case.plan", office_id=case.office_id, source_id=case.pk, case=case, urgent=risk == Risk.HIGH
        )
        access.withdraw(source_id=case.contact_id or case.pk)
        followups.plan(case, FollowUpRule.Event.OPENED, act.now)
        timeline.add(act, case, "case.assessed", risk=risk)
        return case

    return engine.change(
        "case.assess", by=by, scope=Case.objects.visible_to(by), pk=case_id, version=version, workflow=CASE,
        guards=[guards.is_manager, _belongs_here(manager)], write=write, key=key,
    )  # fmt: skip


def _belongs_here(manager: User | None) -> engine.Guard:
    def check(case: Case, by: Identity) -> None:
        if manager and not manager_choices(case).filter(pk=manager.pk).exists():
            raise DomainError("not_a_manager", _("Choose a case manager of this centre."), field="manager")

    return check


def manager_choices(case: Case):  # type: ignore[no-untyped-def]
    """Those who may manage this case: managers and director of its centre."""
    held = in_force(RoleGrant.objects.filter(office_id=case.office_id, role__in=[Role.MANAGER, Role.DIRECTOR]))
    holders = held.values("user_id")
    return User.objects.filter(pk__in=holders, is_active=True)


def name_manager(case: Case) -> None:
    """Counselling notes are between the professional and the manager, a stay in a refuge is known to its keepers and the manager: a grant to the
    person, which nobody else keeps who had one as the manager before.

    Raises DomainError for somebody for whom the case does not exist (a wall, a seal): nobody would see what is owed.
    """
    if case.manager_id is None or not access.may_handle(case_id=case.pk, user_id=case.manager_id):
        raise DomainError(
            "not_a_manager", _("This person cannot take the case over. Choose somebody else."), field="manager"
        )
    access.end_managing(case_id=case.pk, but=case.manager_id)
    access.grant(
        case_id=case.pk, sections=[Section.COUNSELLING, Section.SHELTER], source_kind="manager", source_id=_post(case, case.manager_id),
        basis=GrantBasis.DUTY, user_id=case.manager_id,
    )  # fmt: skip


def _post(case: Case, manager_id: UUID) -> UUID:
    """The source of a manager's own grant: this person's management of this case, or two cases would share one source."""
    return uuid5(case.pk, str(manager_id))


def _assessment(
    act: Act[Case],
    case: Case,
    *,
    risk: str,
    reasons: str,
    instrument: str,
    answers: dict[str, str],
    alarms: Sequence[str],
    score: int,
) -> RiskAssessment:
    return RiskAssessment.objects.create(
        case=case, office_id=case.office_id, instrument=instrument, answers=answers, score=score, alarms=list(alarms), band=risk,
        note=reasons, assessed_at=act.now, assessor_id=act.by.person_id, assessor_name=act.by.name,
    )  # fmt: skip


def case_reassess(
    *, case_id: UUID, by: Identity, version: int | None, risk: str, reasons: str, instrument: str = "triage",
    answers: dict[str, str] | None = None, alarms: Sequence[str] = (), score: int = 0, key: UUID | None = None,
) -> Case:  # fmt: skip
    """A new look at the danger; a change to high risk makes the next step urgent."""

    def write(act: Act[Case]) -> Case:
        case = act.object
        before, case.risk = case.risk, risk
        _assessment(
            act,
            case,
            risk=risk,
            reasons=reasons,
            instrument=instrument,
            answers=answers or {},
            alarms=alarms,
            score=score,
        )
        timeline.add(act, case, "case.reassessed", section=Section.RISK, risk=risk, before=before)
        was_reopened = workitems.finish("case.reassess", source_id=case.pk)
        rises = risk == Risk.HIGH and before != Risk.HIGH
        if rises or was_reopened:
            danger.owe_plan(case)
            # the callbacks that a case owes from its assessment: of those before the closing none is left
            followups.plan(case, FollowUpRule.Event.OPENED, act.now)
        if rises:
            danger.go_on(case)
        danger.told(act, case)
        return case

    return engine.change(
        "case.reassess", by=by, scope=Case.objects.visible_to(by), pk=case_id, version=version,
        guards=[guards.is_manager, guards.is_open], write=write, key=key,
    )  # fmt: skip


def case_refuse(
    *, case_id: UUID, by: Identity, version: int | None, reason: str, pointed_to: str, key: UUID | None = None
) -> Case:
    """不予受理: with the reason, and where she was pointed to."""
    RefuseReason(reason)

    def write(act: Act[Case]) -> Case:
        case = act.object
        case.refuse_reason = reason
        case.closed_at = act.now
        timeline.add(act, case, "case.refused", section=Section.COORDINATION, text=pointed_to, reason=reason)
        followups.cancel_planned(case)
        workitems.finish_all(case, outcome=WorkItemOutcome.SUPERSEDED)
        access.withdraw(source_id=case.contact_id or case.pk)
        return case

    return engine.change(
        "case.refuse", by=by, scope=Case.objects.visible_to(by), pk=case_id, version=version, workflow=CASE,
        guards=[guards.is_manager], write=write, key=key,
    )  # fmt: skip


def begin_if_assessed(act: Act[Any], case: Case) -> None:
    """The first act for an assessed case (a referral sent, a service given) puts it in progress, inside that act's verb."""
    if CASE.allows("begin", case.status):
        case.status = CASE.edge("begin", case.status).target
        if act.object is not case:  # else the engine saves it
            case.version += 1
            case.save()
        timeline.add(act, case, "case.begun")


def case_plan(
    *, case_id: UUID, by: Identity, version: int | None, text: str, due_at: dt.datetime, key: UUID | None = None
) -> Case:
    """处置计划: what comes next, in words, and by when; the manager's next step until something else is owed.

    It names other bodies, so it is the centre's own (docs/decisions/0007-coordination-is-the-centres-own.md).
    """

    def write(act: Act[Case]) -> Case:
        case = act.object
        clocks.check_to_come(due_at, now=act.now, field="due_at")
        workitems.finish(("case.plan", "case.review", "case.missing"), source_id=case.pk)
        workitems.finish_decided(case)
        timeline.add(act, case, "case.planned", section=Section.COORDINATION, text=text)
        workitems.open_item(
            "case.review", office_id=case.office_id, source_id=case.pk, case=case, due_at=due_at, tell=False
        )
        if CASE.allows("begin", case.status):
            case.status = CASE.edge("begin", case.status).target
        return case

    return engine.change(
        "case.plan", by=by, scope=Case.objects.visible_to(by), pk=case_id, version=version,
        guards=[guards.is_manager, guards.is_open, guards.is_assessed], write=write, key=key,
    )  # fmt: skip


def case_follow_up(*, case_id: UUID, by: Identity, version: int | None, key: UUID | None = None) -> Case:
    """The work is done: the case goes to follow-up and callbacks are planned by rule."""

    def write(act: Act[Case]) -> Case:
        case = act.object
        workitems.finish(("case.plan", "case.review"), source_id=case.pk)
        followups.plan(case, FollowUpRule.Event.IN_FOLLOW_UP, act.now)
        timeline.add(act, case, "case.follow_up")
        return case

    return engine.change(
        "case.follow_up", by=by, scope=Case.objects.visible_to(by), pk=case_id, version=version, workflow=CASE,
        guards=[guards.is_manager], write=write, key=key,
    )  # fmt: skip


def case_resume(*, case_id: UUID, by: Identity, version: int | None, reason: str, key: UUID | None = None) -> Case:
    """A callback has found something new: the work goes on, with the manager's next plan."""

    def write(act: Act[Case]) -> Case:
        case = act.object
        timeline.add(act, case, "case.resumed", section=Section.COORDINATION, text=reason)
        workitems.open_item(
            "case.plan", office_id=case.office_id, source_id=case.pk, case=case, urgent=case.risk == Risk.HIGH
        )
        return case

    return engine.change(
        "case.resume", by=by, scope=Case.objects.visible_to(by), pk=case_id, version=version, workflow=CASE,
        guards=[guards.is_manager], write=write, key=key,
    )  # fmt: skip


def case_close(
    *, case_id: UUID, by: Identity, version: int | None, reason: str, note: str, key: UUID | None = None
) -> Case:
    """办结: through the closure checks; from then on the case is locked and every grant on it ends by its rule."""
    CloseReason(reason)

    def write(act: Act[Case]) -> Case:
        case = act.object
        case.close_reason = reason
        case.closed_at = act.now
        case.next_due_at = None
        followups.cancel_planned(case)
        registry.end_with(act, case)
        access.end_at_closing(case_id=case.pk)
        # What the manager writes is the centre's own: units with the header still see the case for a while.
        timeline.add(act, case, "case.closed", section=Section.COORDINATION, text=note, reason=reason)
        workitems.finish_all(case, outcome=WorkItemOutcome.DONE)
        return case

    return engine.change(
        "case.close", by=by, scope=Case.objects.visible_to(by), pk=case_id, version=version, workflow=CASE,
        guards=[guards.is_manager, closing.may_end_for(reason), matters.ready_to_close], write=write, key=key,
    )  # fmt: skip


def case_reopen(*, case_id: UUID, by: Identity, version: int | None, reason: str, key: UUID | None = None) -> Case:
    """A closed case is taken up again, with a reason; its next step is a new look at the danger, then the manager's plan."""

    def write(act: Act[Case]) -> Case:
        case = act.object
        case.closed_at = None
        case.close_reason = ""
        urgent = case.risk == Risk.HIGH
        if not urgent:  # a low risk of the time before says nothing of today; a high one stands until it is looked at
            case.risk = Risk.UNKNOWN
        workitems.open_item("case.reassess", office_id=case.office_id, source_id=case.pk, case=case, urgent=urgent)
        timeline.add(act, case, "case.reopened", section=Section.COORDINATION, text=reason)
        return case

    return engine.change(
        "case.reopen", by=by, scope=Case.objects.visible_to(by), pk=case_id, version=version, workflow=CASE,
        guards=[guards.is_manager], write=write, key=key,
    )  # fmt: skip


def case_assign(*, case_id: UUID, by: Identity, version: int | None, manager: User, key: UUID | None = None) -> Case:
    """Another manager takes the case with everything that is owed on it."""

    def write(act: Act[Case]) -> Case:
        case = act.object
        case.manager_id = manager.pk
        name_manager(case)
        workitems.hand_over(case, to_user_id=manager.pk)
        timeline.add(act, case, "case.assigned", name=manager.name)
        return case

    return engine.change(
        "case.assign", by=by, scope=Case.objects.visible_to(by), pk=case_id, version=version,
        guards=[guards.is_manager, guards.is_open, _belongs_here(manager)], write=write, key=key,
    )  # fmt: skip


def section_write(
    *, case_id: UUID, section: str, by: Identity, version: int | None, text: str, key: UUID | None = None
) -> SectionText:
    """Write the text of one section; the first writing makes the row. `version` is the section's own."""
    case_scope = Case.objects.visible_to(by)
    existing = SectionText.objects.visible_to(by).filter(case_id=case_id, section=section).first()

    if existing is None:

        def make(act: Act[Case]) -> SectionText:
            case = act.object
            if SectionText.objects.filter(
                case=case, section=section
            ).exists():  # somebody began it while the case was locked
                raise StaleVersion(_("This was changed meanwhile, by somebody else or in another window of yours."))
            row = SectionText.objects.create(
                case=case, office_id=case.office_id, section=section, text=text, updated_at=act.now
            )
            timeline.add(act, case, "section.written", section=section, object_id=row.pk)
            return row

        return engine.change(
            "section.write",
            by=by,
            scope=case_scope,
            pk=case_id,
            guards=[guards.is_manager, guards.is_open],
            write=make,
            key=key,
        )

    def write(act: Act[SectionText]) -> SectionText:
        row = act.object
        row.text, row.updated_at = text, act.now
        timeline.add(act, row.case, "section.written", section=section, object_id=row.pk)
        return row

    return engine.change(
        "section.write", by=by, scope=SectionText.objects.visible_to(by), pk=existing.pk, version=version,
        guards=[guards.is_manager, guards.is_open], write=write, key=key,
    )  # fmt: skip


def primary_clients(cases: Iterable[Case]) -> dict[UUID, str]:
    """Names of the cases' clients, opened in one query for the parties and one for the keys."""
    from cases.models import PartyIdentity

    rows = list(
        PartyIdentity.objects.filter(case_id__in=[c.pk for c in cases], party__is_primary=True).select_related("party")
    )
    keys.preload(row.case_id for row in rows)
    return {row.case_id: row.name or str(_("Anonymous")) for row in rows}


__all__ = [
    "NewCase", "begin_if_assessed", "case_assess", "case_assign", "case_close", "case_follow_up", "case_open", "case_plan",
    "case_reassess", "case_refuse", "case_reopen", "manager_choices", "name_manager", "open_within", "primary_clients", "section_write",
]  # fmt: skip
