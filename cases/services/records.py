"""Service records: one kind × client × occasion."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from cases.enums import PartyRole, Section, ServiceKind
from cases.models import Case, Party, ServiceRecord
from cases.services import guards, timeline
from cases.services.case import begin_if_assessed
from core import clock, engine
from core.engine import Act
from core.errors import DomainError
from core.identity import Identity

# That she is in a refuge at all is told to nobody with whom the head of the case is shared.
SECTION_OF_KIND = {
    ServiceKind.COUNSELLING: Section.COUNSELLING, ServiceKind.INTERVIEW: Section.EVIDENCE, ServiceKind.SHELTER: Section.SHELTER,
}  # fmt: skip


# A note is what somebody wrote of her: never in the header, which every body that shares the case sees.
SECTION_OF_NOTE = {
    ServiceKind.LEGAL_ADVICE: Section.LEGAL, ServiceKind.LEGAL_AID: Section.LEGAL, ServiceKind.MEDIATION: Section.LEGAL,
}  # fmt: skip


def section_of(kind: ServiceKind, note: str) -> Section:
    """The section that a service belongs to."""
    own = SECTION_OF_KIND.get(kind)
    return own or (SECTION_OF_NOTE.get(kind, Section.COORDINATION) if note else Section.HEADER)


BEFORE_CASE = _(
    "The case was received later than that. What was done before belongs to the contact, or the day is mistyped."
)
# Who can be given a service: the respondent's education is recorded for the case as a whole.
SERVED_ROLES = (PartyRole.CLIENT, PartyRole.CHILD)


def _served(case: Case, party_ids: Collection[UUID]) -> list[UUID | None]:
    """The people behind these parties, the client first; without any: the client, if the case has one."""
    parties = Party.objects.filter(case=case, role__in=SERVED_ROLES)
    if not party_ids:
        client = Party.objects.filter(case=case, is_primary=True).first()
        return [client.person_id if client else None]
    found = list(parties.filter(pk__in=party_ids).order_by("-is_primary", "pk"))
    if len(found) != len(set(party_ids)):
        raise DomainError("served", _("Choose among the people of this case."), field="parties")
    return [party.person_id for party in found]


def _save_once(record: ServiceRecord) -> None:
    try:
        with transaction.atomic():
            record.save(force_insert=True)
    except IntegrityError as error:
        if "service_once" not in str(error):
            raise
        message = _("This service is recorded for this visit already: whoever gave it with you, it counts once.")
        raise DomainError("service_once", message, field="occasion") from error


def service_record(
    *,
    case_id: UUID,
    by: Identity,
    kind: str,
    happened_at: dt.datetime,
    note: str = "",
    minutes: int | None = None,
    occasion: UUID | None = None,
    party_ids: Collection[UUID] = (),
    key: UUID | None = None,
) -> list[ServiceRecord]:
    """Record a delivered service: one for each person it was given to (without `party_ids`: the client).

    It belongs to the month in which it happened, whenever it is entered. `occasion` is that of an earlier service of this case: whatever
    bodies come to one visit, one kind of service for one client counts once (statistics.md, SERVICES).
    """
    chosen = ServiceKind(kind)
    checks = [guards.is_manager, guards.is_open]
    if chosen == ServiceKind.MEDIATION:
        checks.append(guards.no_high_risk)

    def write(act: Act[Case]) -> list[ServiceRecord]:
        case = act.object
        if happened_at > act.now:
            raise DomainError("future", _("A service is recorded after it was given."), field="happened_at")
        if clock.local(happened_at).date() < clock.local(case.received_at).date():
            raise DomainError("before_case", BEFORE_CASE, field="happened_at")
        if occasion and not ServiceRecord.objects.filter(case=case, occasion=occasion).exists():
            raise DomainError("occasion", _("Choose one of the visits listed."), field="occasion")
        visit = occasion or uuid4()
        records = [
            ServiceRecord(
                office_id=case.office_id, case=case, person_id=person_id, kind=chosen, section=section_of(chosen, note), occasion=visit,
                happened_at=happened_at, entered_at=act.now, by_name=act.by.name, by_agency=act.by.agency, minutes=minutes, note=note,
            )
            for person_id in _served(case, party_ids)
        ]  # fmt: skip
        for record in records:
            _save_once(record)
        record = records[0]
        begin_if_assessed(act, case)
        timeline.add(
            act,
            case,
            "service.recorded",
            section=record.section,
            object_id=record.pk,
            at=happened_at,
            service=chosen.value,
        )
        return records

    return engine.change(
        "service.record",
        by=by,
        scope=Case.objects.visible_to(by),
        pk=case_id,
        guards=checks,
        write=write,
        key=key,
    )
