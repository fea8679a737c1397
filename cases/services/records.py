"""Service records: one kind × client × occasion."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

from django.utils.translation import gettext_lazy as _

from cases.enums import Section, ServiceKind
from cases.models import Case, Party, ServiceRecord
from cases.services import guards, timeline
from cases.services.case import begin_if_assessed
from core import engine
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


def service_record(
    *,
    case_id: UUID,
    by: Identity,
    kind: str,
    happened_at: dt.datetime,
    note: str = "",
    minutes: int | None = None,
    occasion: UUID | None = None,
    key: UUID | None = None,
) -> ServiceRecord:
    """Record a delivered service for the case's client. It belongs to the month in which it happened, whenever it is entered."""
    chosen = ServiceKind(kind)
    checks = [guards.is_manager, guards.is_open]
    if chosen == ServiceKind.MEDIATION:
        checks.append(guards.no_high_risk)

    def write(act: Act[Case]) -> ServiceRecord:
        case = act.object
        if happened_at > act.now:
            raise DomainError("future", _("A service is recorded after it was given."), field="happened_at")
        client = Party.objects.filter(case=case, is_primary=True).first()
        record = ServiceRecord.objects.create(
            office_id=case.office_id, case=case, person_id=client.person_id if client else None, kind=chosen,
            section=section_of(chosen, note), occasion=occasion or uuid4(), happened_at=happened_at,
            entered_at=act.now, by_name=act.by.name, by_agency=act.by.agency, minutes=minutes, note=note,
        )  # fmt: skip
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
        return record

    return engine.change(
        "service.record",
        by=by,
        scope=Case.objects.visible_to(by),
        pk=case_id,
        guards=checks,
        write=write,
        key=key,
    )
