"""A transfer is accepted: a linked case stands at the other centre with all that goes with her, and the earlier one is a stub."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.db import connection
from django.utils.translation import gettext_lazy as _

from agencies.models import User
from cases import registry
from cases.enums import CaseStatus, FollowUpStatus, Risk, Section, TransferStatus, WorkItemOutcome
from cases.models import (
    Case,
    FollowUp,
    FollowUpRule,
    Order,
    Party,
    PartyContact,
    PartyIdentity,
    RiskAssessment,
    SafeContact,
    SectionText,
    TimelineEntry,
    Transfer,
    WorkItem,
)
from cases.services import documents, followups, glass, numbers, people, timeline, workitems
from cases.services.case import name_manager
from cases.services.centres import taker_choices
from cases.services.people import PersonData, Safety
from cases.services.transfers.common import is_receiver, obstacles
from cases.workflow import CASE, TRANSFER
from core import clock, engine, keys
from core.engine import Act
from core.errors import DomainError, NotFound
from core.identity import Identity, as_verb

# Between the professional and the manager of the earlier centre: never copied.
SEALED_FOR_EVER = (Section.COUNSELLING,)


def transfer_accept(*, transfer_id: UUID, by: Identity, manager: User | None = None, key: UUID | None = None) -> Case:
    """Take a case over. A case of the own centre follows it, with its people, rules, texts, risk and callbacks; the earlier one is locked.

    Where the earlier centre has begun something that is still open, nothing changes: it is told, and a DomainError says so.
    """
    seen = Transfer.objects.received_by(by).filter(pk=transfer_id).first()
    if seen is None:
        raise NotFound
    new = Case(id=uuid4(), office_id=seen.to_office_id, predecessor_id=seen.case_id)
    try:
        return engine.create(
            "transfer.accept", by=by, row=new, also=[seen.case_id], key=key,
            write=lambda act: _take_over(act, new, transfer_id, manager),
        )  # fmt: skip
    except DomainError as error:
        if error.code == "not_ready_to_transfer":
            _tell_what_waits(transfer_id, by)
        raise


def _tell_what_waits(transfer_id: UUID, by: Identity) -> None:
    """The earlier centre learns that somebody waits for it to end what it has begun."""

    def write(act: Act[Transfer]) -> None:
        row = act.object
        workitems.open_item(
            "transfer.clear",
            office_id=row.office_id,
            source_id=row.pk,
            case=row.case,
            urgent=row.case.risk == Risk.HIGH,
        )

    engine.change(
        "transfer.wait",
        by=by,
        scope=Transfer.objects.received_by(by),
        pk=transfer_id,
        guards=[is_receiver, _is_asked],
        write=write,
    )


def _is_asked(row: Transfer, by: Identity) -> None:
    if row.status != TransferStatus.ASKED:
        raise DomainError("wrong_status", _("This is no longer possible: the status has changed meanwhile."))


def _take_over(act: Act[Case], new: Case, transfer_id: UUID, manager: User | None) -> Case:
    row = Transfer.objects.select_for_update().get(pk=transfer_id)
    edge = TRANSFER.edge("accept", row.status)
    old = Case._base_manager.select_related("office").get(pk=row.case_id)  # locked by the engine like every subject
    if not CASE.allows("transfer", old.status):
        raise DomainError("wrong_status", _("This is no longer possible: the status has changed meanwhile."))
    if obstacles(old):
        raise DomainError(
            "not_ready_to_transfer",
            _(
                "The earlier centre must end something first that it has begun. It has been told; take the case over afterwards."
            ),
        )
    if manager and not taker_choices(row.to_office_id).filter(pk=manager.pk).exists():
        raise DomainError("not_a_manager", _("Choose a case manager of this centre."), field="manager")
    _open_successor(act, new, old, manager)
    _end_all_access(row, new)
    registry.end_with(act, old)
    _copy(act, old, new, row)
    _lock_earlier(act, old)
    row.status, row.answered_at, row.successor = edge.target, act.now, new
    row.save()
    glass.case_goes_on(old.pk)
    name_manager(new)
    workitems.open_item("case.plan", office_id=new.office_id, source_id=new.pk, case=new, urgent=new.risk == Risk.HIGH)
    act.detail |= {"from": CaseStatus.RECEIVED.value, "to": new.status}
    return new


def _open_successor(act: Act[Case], new: Case, old: Case, manager: User | None) -> None:
    """A case of the own centre, assessed from the start: it was, and by accepting the centre has taken responsibility."""
    keys.create_data_key(new.pk)
    new.number = numbers.next_case_number(new.office)
    for name in (
        "category_id",
        "risk",
        "channel",
        "region_residence_id",
        "region_registration_id",
        "concerns_minor",
        "is_anonymous",
    ):
        setattr(new, name, getattr(old, name))
    new.manager_id = manager.pk if manager else act.by.person_id
    new.received_at = new.accepted_at = new.touched_at = act.now
    new.save(force_insert=True)
    new.status = CASE.edge("assess", new.status).target
    new.save()


def _end_all_access(row: Transfer, new: Case) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT caremgmt_take_over(%s::uuid, %s::uuid)", [row.pk, new.pk])


def _copy(act: Act[Case], old: Case, new: Case, row: Transfer) -> None:
    """What goes with her: people with their safe-contact rules, texts, papers, the last assessment, orders in force, callbacks, the summary."""
    parties = list(Party.objects.filter(case=old).order_by("-is_primary", "pk"))
    found = [_person(party) for party in parties]
    with as_verb([person.person_id for person in found]):
        for person in found:
            people.party_add(new, person)
    for text in SectionText.objects.filter(case=old).exclude(section__in=SEALED_FOR_EVER):
        SectionText.objects.create(
            case=new, office_id=new.office_id, section=text.section, text=text.text, updated_at=text.updated_at
        )
    act.detail["papers"] = documents.go_on(old, new)
    last = RiskAssessment.objects.filter(case=old).order_by("-assessed_at").first()
    if last is not None:
        RiskAssessment.objects.create(
            case=new, office_id=new.office_id, instrument=last.instrument, instrument_version=last.instrument_version, answers=last.answers,
            score=last.score, alarms=last.alarms, band=last.band, note=last.note, assessed_at=last.assessed_at,
            assessor_id=last.assessor_id, assessor_name=last.assessor_name,
        )  # fmt: skip
    timeline.add(act, new, "case.assessed", risk=new.risk)
    timeline.add(
        act,
        new,
        "case.taken_over",
        section=Section.COORDINATION,
        centre=old.office.short_name,
        reason=row.reason,
        object_id=row.pk,
    )
    told = TimelineEntry.objects.filter(case=old, kind="transfer.summary", object_id=row.pk).first()
    if told is not None and told.text:
        timeline.add(act, new, "transfer.summary", section=Section.INCIDENT, text=told.text)
    for order in Order.objects.filter(case=old).exclude(valid_until__lt=clock.today()).order_by("issued_on"):
        until = f"{order.valid_until:%Y-%m-%d}" if order.valid_until else ""
        words = " ".join(part for part in (order.issuer, order.document_number, until) if part)
        timeline.add(act, new, "order.in_force", section=Section.LEGAL, text=words, order=order.kind)
    _move_callbacks(act, old, new)


def _person(party: Party) -> PersonData:
    """A party as it is told to the next case; her person there is a new one, of that office."""
    who = PartyIdentity.objects.filter(party=party).first()
    contact = PartyContact.objects.filter(party=party).first()
    safe = SafeContact.objects.filter(party=party).first()
    data = PersonData(
        role=party.role, relation=party.relation, is_primary=party.is_primary, is_guardian=party.is_guardian,
        safety=Safety(
            number=safe.safe_number, whose=safe.whose_number, code_word=safe.code_word, note=safe.note, hour_from=safe.hour_from,
            hour_until=safe.hour_until, never_message=safe.never_message, never_text=safe.never_text,
        ) if safe else None,
    )  # fmt: skip
    if who:
        for name in ("name", "gender", "birth_year", "id_number", "is_anonymous", "ethnicity", "language"):
            setattr(data, name, getattr(who, name))
    if contact:
        data.phone, data.address, data.region_id = contact.phone, contact.address, contact.region_id
    return data


def _move_callbacks(act: Act[Case], old: Case, new: Case) -> None:
    """What she was promised is kept: every callback still owed is planned by the centre that goes on, at her safe hours."""
    owed = FollowUp.objects.filter(case=old, status__in=[FollowUpStatus.PLANNED, FollowUpStatus.DUE])
    for row in list(owed.order_by("due_at")):
        followups.plan_one(new, reason=row.reason, due_at=row.due_at, by_desk=row.desk_group_id is not None)
    followups.cancel_planned(old)
    if not FollowUp.objects.filter(case=new).exists():
        followups.plan(new, FollowUpRule.Event.OPENED, act.now)


def _lock_earlier(act: Act[Case], old: Case) -> None:
    """The earlier case ends as a stub. Neither its rows nor its timeline say who took it over, or from where."""
    old.status = CASE.edge("transfer", old.status).target
    old.closed_at, old.next_due_at = act.now, None
    old.region_residence = None  # where she lives is where she has gone; figures read it of the successor
    old.version += 1
    old._history_user = None  # type: ignore[attr-defined]  # simple_history reads it
    old.save()
    WorkItem.objects.filter(case=old, done_at__isnull=True).update(done_at=act.now, outcome=WorkItemOutcome.SUPERSEDED)
    timeline.add(act, old, "case.transferred", unsigned=True)
    act.more.append(("case.transfer", old))
