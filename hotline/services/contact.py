"""A contact's verbs: begun, drafted every few seconds, logged with one mandatory answer: what became of it."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

from django.utils.translation import gettext_lazy as _

from agencies.enums import OfficeKind, Role
from agencies.identities import in_force
from agencies.models import Office, RoleGrant
from cases.enums import Channel, WorkItemOutcome
from cases.services import numbers, workitems
from core import clock, engine, keys, outbox
from core.dates import check_reach
from core.engine import Act
from core.errors import DomainError, NotAllowed
from core.identity import Identity
from hotline.enums import WITHOUT_CONTENT, ContactStatus, Disposition, ProtocolStep
from hotline.models import Contact
from hotline.services import left, outcome
from hotline.services.checks import disposition_refusals, time_refusals
from hotline.workflow import CONTACT

# Fields that a form may set; everything else of a contact is the verb's own.
EDITABLE = frozenset({
    "channel", "occurred_at", "danger", "whisper", "whisper_answers", "whereabouts", "source_number", "language", "caller_relation",
    "caller_name", "caller_phone", "client_name", "client_gender", "client_birth_year", "is_anonymous", "region_residence_id",
    "region_registration_id", "category_id", "narrative", "needs", "agreed", "safe_number", "safe_whose", "code_word", "safe_from",
    "safe_until", "respondent_name", "respondent_work", "protocol", "incident_number_110", "callback_at", "disposition",
})  # fmt: skip
OWED = ("contact.callback", "contact.whereabouts")
NUMBER_WORDS = {
    Channel.HOTLINE: "来电",
    Channel.PLATFORM_12345: "来电",
    Channel.WALK_IN: "来访",
    Channel.LETTER: "来信",
    Channel.PETITION: "信访",
}
OTHER_WORD = "来件"


def contact_begin(*, by: Identity, office: Office, channel: str = Channel.HOTLINE, key: UUID | None = None) -> Contact:
    """The phone rings: a draft with a running clock, its own data key, visible to its writer only."""
    if by.user_id is None or office.pk not in by.contact_offices:
        raise NotAllowed("not_of_office", _("You do not take contacts for this office."))
    now = clock.now()
    contact = Contact(
        office=office, channel=Channel(channel), operator_id=by.user_id, occurred_at=now, entered_at=now, drafted_at=now
    )

    def write(act: Act[Contact]) -> Contact:
        keys.create_data_key(contact.pk)
        contact.save(force_insert=True)
        return contact

    return engine.create("contact.begin", by=by, row=contact, write=write, key=key)


def _is_own_draft(row: Contact, by: Identity) -> None:
    if row.operator_id != by.user_id or row.status != ContactStatus.DRAFT:
        raise DomainError("not_a_draft", _("This contact was already saved."))


def _apply(row: Contact, values: dict[str, Any]) -> None:
    for name, value in values.items():
        if name not in EDITABLE:
            raise ValueError(name)
        if isinstance(value, dt.datetime):
            check_reach(value, field=name)  # in a draft too: such a moment is kept, and nobody can read it
        setattr(row, name, value)


def contact_draft(*, contact_id: UUID, by: Identity, values: dict[str, Any], version: int | None = None) -> Contact:
    """Keep what has been typed so far; nothing is checked but its shape. A second window that is behind the first is told (StaleVersion)."""

    def write(act: Act[Contact]) -> Contact:
        _apply(act.object, values)
        act.object.drafted_at = act.now
        left.taken_up(act.object)
        return act.object

    return engine.change(
        "contact.draft", by=by, scope=Contact.objects.visible_to(by), pk=contact_id, version=version, guards=[_is_own_draft], write=write
    )  # fmt: skip


def contact_protocol(*, contact_id: UUID, by: Identity, step: str, done: bool) -> Contact:
    """Tick (or untick) one step of the protocol with the present time; also after the call, until everything is done."""
    chosen = ProtocolStep(step)

    def takes_contacts_here(row: Contact, by: Identity) -> None:
        if row.office_id not in by.contact_offices:
            raise NotAllowed("not_of_office", _("You do not take contacts for this office."))

    def write(act: Act[Contact]) -> Contact:
        steps = {code: at for code, at in act.object.protocol.items() if code != chosen.value}
        act.object.protocol = steps | ({chosen.value: act.now.isoformat()} if done else {})
        act.detail |= {"step": chosen.value, "done": done}
        return act.object

    return engine.change(
        "contact.protocol",
        by=by,
        scope=Contact.objects.visible_to(by),
        pk=contact_id,
        guards=[takes_contacts_here],
        write=write,
    )


def _check_times(row: Contact, disposition: Disposition, now: dt.datetime) -> None:
    for error in time_refusals(row, disposition, now):
        raise error


def _checked_disposition(
    values: dict[str, Any], by: Identity, centre: Office | None, join_case_id: UUID | None
) -> Disposition:
    said = values.get("disposition")
    for error in disposition_refusals(Disposition(said) if said else None, by, centre, join_case_id):
        raise error
    return Disposition(values["disposition"])


def contact_log(
    *, contact_id: UUID, by: Identity, values: dict[str, Any], centre: Office | None = None, join_case_id: UUID | None = None,
    version: int | None = None, key: UUID | None = None,
) -> Contact:  # fmt: skip
    """Save a contact. Only the disposition is mandatory; it says what must exist afterwards:

    advice or service → a service record; case opened → a case at `centre` with its triage; joined → the case of `join_case_id`;
    whereabouts enquiry → a work item for the director, nothing told; a callback that was agreed → a step of the desk.
    """
    disposition = _checked_disposition(values, by, centre, join_case_id)
    # The ticket names everything that may be written, so the ids of a case and of its people are drawn before.
    case_id, person_ids = uuid4(), [uuid4() for _ in range(outcome.MOST_PERSONS)]
    also: list[UUID] = []
    if disposition == Disposition.CASE_OPENED:
        also = [case_id, *person_ids]
    elif disposition == Disposition.JOINED and join_case_id is not None:
        also = [join_case_id]

    def write(act: Act[Contact]) -> Contact:
        row = act.object
        _apply(row, values)
        _check_times(row, disposition, act.now)
        row.number = numbers.next_paper_number(NUMBER_WORDS.get(Channel(row.channel), OTHER_WORD), row.office)
        row.ended_at = act.now
        owing = disposition == Disposition.WHEREABOUTS
        left.taken_up(row)
        act.detail |= {"disposition": disposition.value, "channel": row.channel}
        if disposition in (Disposition.ADVICE, Disposition.SERVICE):
            outcome.record_service(row, disposition, act.now)
        elif disposition == Disposition.CASE_OPENED and centre is not None:
            outcome.open_case(act, centre, case_id, person_ids)
        elif disposition == Disposition.JOINED:
            outcome.join_case(act, join_case_id)
        elif disposition == Disposition.WHEREABOUTS:
            outcome.owe(row, "contact.whereabouts", director=True, urgent=True)
        if row.callback_at and row.case_id is None and disposition not in (*WITHOUT_CONTENT, Disposition.WHEREABOUTS):
            owing = True
            outcome.owe_call(row, row.callback_at)
        row.status = CONTACT.edge("log_owing" if owing else "log", row.status).target
        if row.caller_phone:  # with a case too: a respondent may have said that he is she
            outbox.put("contact.number", subject=row.pk, key=f"contact-number:{row.pk}", contact=str(row.pk))
        return row

    return engine.change(
        "contact.log", by=by, scope=Contact.objects.visible_to(by).select_related("office"), pk=contact_id, version=version,
        guards=[_is_own_draft], write=write, also=also, key=key,
    )  # fmt: skip


def may_settle(row: Contact, by: Identity) -> bool:
    """Whether `by` may close what is owed: a whereabouts enquiry only the director, at a desk its shift supervisor where there is one."""
    if by.user_id is None or row.office_id not in by.contact_offices:
        return False
    if row.disposition != Disposition.WHEREABOUTS:
        return True
    if row.office.kind == OfficeKind.CENTRE:
        return row.office_id in by.director_offices
    held = RoleGrant.objects.filter(office_id=row.office_id, role=Role.SHIFT_SUPERVISOR, user__is_active=True)
    supervisors = in_force(held)  # one who has left answers no more
    return supervisors.filter(user_id=by.user_id).exists() or not supervisors.exists()


def _is_owed(row: Contact, by: Identity) -> None:
    if row.status != ContactStatus.OPEN:
        raise DomainError("wrong_status", _("Nothing is owed on this contact any more."))
    if not may_settle(row, by):
        raise NotAllowed("not_yours", _("This is not yours to answer."))


def contact_postpone(
    *, contact_id: UUID, by: Identity, note: str, callback_at: dt.datetime, key: UUID | None = None
) -> Contact:
    """She was not reached: what happened, and when it is tried again, within her safe hours; it stays owed."""

    def write(act: Act[Contact]) -> Contact:
        row = act.object
        row.callback_at = callback_at
        _check_times(row, Disposition(row.disposition), act.now)
        row.agreed = f"{row.agreed}\n{note}".strip()
        workitems.finish("contact.callback", source_id=row.pk, outcome=WorkItemOutcome.SUPERSEDED)
        outcome.owe_call(row, callback_at)
        return row

    def is_callback(row: Contact, by: Identity) -> None:
        if row.disposition == Disposition.WHEREABOUTS:
            raise DomainError("wrong_status", _("An enquiry is answered once, not called back."))

    return engine.change(
        "contact.postpone",
        by=by,
        scope=Contact.objects.visible_to(by),
        pk=contact_id,
        guards=[_is_owed, is_callback],
        write=write,
        key=key,
    )


def contact_settle(*, contact_id: UUID, by: Identity, note: str, key: UUID | None = None) -> Contact:
    """What was owed on a contact without a case is done (called back, or the enquiry was answered by the director's word)."""

    def write(act: Act[Contact]) -> Contact:
        row = act.object
        row.agreed = f"{row.agreed}\n{note}".strip()
        workitems.finish(OWED, source_id=row.pk)
        return row

    return engine.change(
        "contact.settle",
        by=by,
        scope=Contact.objects.visible_to(by),
        pk=contact_id,
        workflow=CONTACT,
        guards=[_is_owed],
        write=write,
        key=key,
    )
