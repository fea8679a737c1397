"""What a contact's disposition brings about: a service counted, a case opened or joined, a next step owed. Inside the contact's verb."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.enums import OfficeKind, Role
from agencies.models import Office
from cases.enums import PartyRole, ServiceKind
from cases.models import Case, Category, SafeContact, ServiceRecord
from cases.services import clocks, timeline, workitems
from cases.services.case import NewCase, open_within
from cases.services.followups import call_by, plan_one, within_safe_hours
from cases.services.people import PersonData, Safety
from core.engine import Act
from core.errors import DomainError
from hotline.enums import CallerRelation, Danger, Disposition
from hotline.models import Contact

ASKED_IN_A_CASE = ("known_name", "client_birth_year", "category_id", "region_residence_id", "narrative", "safe_number")
# A category that nobody named yet; the centre chooses when it assesses.
OTHER_CATEGORY = "Z99"
MOST_PERSONS = 3  # client, reporter, respondent


def owner(office: Office, *, director: bool = False) -> dict[str, Any]:
    """Who carries out what is owed on a contact: the whole desk, or at a centre (which has no desk) its managers or its director."""
    if office.kind == OfficeKind.DESK:
        return {"owner_group_id": office.group_id}
    return {"owner_role": Role.DIRECTOR if director else Role.MANAGER}


def owe(row: Contact, kind: str, *, director: bool = False, **more: Any) -> None:
    """Open a next step on a contact without a case."""
    workitems.open_item(
        kind,
        office_id=row.office_id,
        source_id=row.pk,
        contact_id=row.pk,
        **owner(row.office, director=director),
        **more,
    )


def owe_call(row: Contact, at: dt.datetime) -> None:
    """A call that was promised for `at`: the bell rings then, and it is late when the rule's time or her safe hours are over."""
    hours = Safety(hour_from=row.safe_from, hour_until=row.safe_until)
    due_at = call_by(at, hours, latest=clocks.due("contact.callback", start=at).at)
    owe(row, "contact.callback", due_at=due_at, tell_at=at)


def record_service(row: Contact, disposition: Disposition, now: dt.datetime) -> None:
    """Advice or help on the spot is one service, counted once."""
    kind = ServiceKind.ADVICE_CALL if disposition == Disposition.ADVICE else ServiceKind.CARE
    ServiceRecord.objects.create(
        office_id=row.office_id, contact_id=row.pk, kind=kind, occasion=row.pk, happened_at=row.occurred_at, entered_at=now,
        by_name=row.operator.name,
    )  # fmt: skip


def _persons(row: Contact) -> list[PersonData]:
    # The number that rings may be borrowed or watched: it becomes hers, but never a safe one unless she said so.
    client_is_caller = row.caller_relation == CallerRelation.SELF
    safety = Safety(
        number=row.safe_number,
        whose=row.safe_whose,
        code_word=row.code_word,
        hour_from=row.safe_from,
        hour_until=row.safe_until,
    )
    client = PersonData(
        role=PartyRole.CLIENT, name="" if row.is_anonymous else row.known_name, gender=row.client_gender, birth_year=row.client_birth_year,
        phone=row.caller_phone if client_is_caller else "", address=_whereabouts(row), region_id=row.region_residence_id, is_primary=True,
        is_anonymous=row.is_anonymous, safety=safety,
    )  # fmt: skip
    persons = [client]
    if not client_is_caller and (row.caller_name or row.caller_phone):
        persons.append(
            PersonData(
                role=PartyRole.REPORTER,
                name=row.caller_name,
                phone=row.caller_phone,
                relation=row.get_caller_relation_display(),
            )
        )
    if row.respondent_name:
        persons.append(PersonData(role=PartyRole.RESPONDENT, name=row.respondent_name))
    return persons


def _whereabouts(row: Contact) -> str:
    """Where she said that she was: the case keeps it as her address, and says of when it is."""
    return gettext("When she called: %(where)s") % {"where": row.whereabouts} if row.whereabouts else ""


def missing_facts(row: Contact) -> list[str]:
    """What a case needs and nobody had the time to ask: becomes one work item, never red fields."""
    anonymous = {"known_name"} if row.is_anonymous else set()
    return [name for name in ASKED_IN_A_CASE if name not in anonymous and not getattr(row, name)]


def open_case(act: Act[Contact], centre: Office, case_id: UUID, person_ids: list[UUID]) -> None:
    """A case at `centre`, under ids that the ticket names already; the callback promised on the phone stays the desk's."""
    row = act.object
    category = row.category or Category.objects.get(pk=OTHER_CATEGORY)
    persons = _persons(row)
    for person, person_id in zip(persons, person_ids, strict=False):
        person.person_id = person_id
    new = NewCase(
        case_id=case_id, office=centre, category=category, channel=row.channel, persons=persons, narrative="\n\n".join(filter(None, [row.narrative, row.needs])),
        urgent=row.danger == Danger.YES, is_anonymous=row.is_anonymous,
        region_residence_id=row.region_residence_id, region_registration_id=row.region_registration_id, contact_id=row.pk,
        desk=row.office, received_at=row.occurred_at, missing=missing_facts(row),
    )  # fmt: skip
    case = open_within(act, new)
    row.case_id, row.case_office_id = case.pk, case.office_id
    _plan_callback(row, case)


def join_case(act: Act[Contact], case_id: UUID | None) -> None:
    """The contact becomes part of an open case; its manager reads it."""
    row = act.object
    case = Case.objects.filter(pk=case_id).first() if case_id else None
    if case is None or not case.is_open:
        raise DomainError("join", _("There is no open case with this number that you may see."), field="join_number")
    row.case_id, row.case_office_id = case.pk, case.office_id
    if row.callback_at:
        safe = SafeContact.objects.filter(case=case, party__is_primary=True).first()
        if within_safe_hours(row.callback_at, safe) != row.callback_at:
            raise DomainError(
                "unsafe_hour", _("She can be called safely only within her safe hours."), field="callback_at"
            )
    _plan_callback(row, case)
    timeline.add(act, case, "contact.joined", object_id=row.pk, channel=row.channel)
    case.version += 1  # a plan that was begun before must not answer what its writer has not read
    case.save()
    workitems.open_item(
        "contact.joined", office_id=case.office_id, source_id=row.pk, case=case, urgent=row.danger == Danger.YES
    )


def _plan_callback(row: Contact, case: Case) -> None:
    if row.callback_at:
        desk = row.office.group_id if row.office.kind == OfficeKind.DESK else None
        plan_one(case, reason="opened", due_at=row.callback_at, by_desk=desk is not None, desk_group_id=desk)
