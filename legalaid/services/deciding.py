"""The legal-aid centre decides and assigns a lawyer."""

from __future__ import annotations

from uuid import UUID

from cases.enums import Section, ServiceKind
from cases.models import Party, ServiceRecord
from cases.services import access, clocks, timeline, workitems
from core.engine import Act
from core.identity import Identity
from legalaid.enums import RefuseReason
from legalaid.models import Application
from legalaid.services.common import ASSIGN, DECIDE, TELL, change, is_officer, owe, said


def application_grant(
    *, application_id: UUID, by: Identity, version: int | None, key: UUID | None = None
) -> Application:
    """给予法律援助: a lawyer is owed within three days."""

    def write(act: Act[Application]) -> Application:
        row = act.object
        row.decided_at, row.due_at = act.now, clocks.due("legal_aid.assign").at
        workitems.finish(DECIDE, source_id=row.pk)
        owe(row, ASSIGN)
        timeline.add(
            act, row.case, "legalaid.granted", section=Section.LEGAL, object_id=row.pk, unit=row.unit.short_name
        )
        return row

    return change("grant", application_id, by=by, version=version, write=write, guard=is_officer, key=key)


def application_refuse(
    *, application_id: UUID, by: Identity, version: int | None, reason: str, note: str, key: UUID | None = None
) -> Application:
    """不予法律援助, with the reason in words; what was opened is closed to the body, and the manager tells her how to object."""
    why = RefuseReason(reason)

    def write(act: Act[Application]) -> Application:
        row = act.object
        row.decided_at, row.due_at, row.refuse_reason, row.refuse_note = act.now, None, why, said(note, "note")
        workitems.finish(DECIDE, source_id=row.pk)
        workitems.open_item(TELL, office_id=row.office_id, source_id=row.pk, case=row.case)
        access.withdraw(source_id=row.pk)
        timeline.add(
            act,
            row.case,
            "legalaid.refused",
            section=Section.LEGAL,
            object_id=row.pk,
            unit=row.unit.short_name,
            reason=why.value,
        )
        return row

    return change("refuse", application_id, by=by, version=version, write=write, guard=is_officer, key=key)


def application_assign(
    *,
    application_id: UUID,
    by: Identity,
    version: int | None,
    lawyer_name: str,
    lawyer_agency: str,
    lawyer_phone: str = "",
    key: UUID | None = None,
) -> Application:
    """指派法律援助人员: the service is counted from here; the manager tells her the name."""

    def write(act: Act[Application]) -> Application:
        row = act.object
        row.assigned_at, row.due_at = act.now, None
        row.lawyer_name, row.lawyer_agency, row.lawyer_phone = (
            said(lawyer_name, "lawyer_name"),
            said(lawyer_agency, "lawyer_agency"),
            lawyer_phone,
        )
        workitems.finish(ASSIGN, source_id=row.pk)
        workitems.open_item(TELL, office_id=row.office_id, source_id=row.pk, case=row.case)
        client = Party.objects.filter(case_id=row.case_id, is_primary=True).first()
        ServiceRecord.objects.create(
            office_id=row.office_id, case_id=row.case_id, person_id=client.person_id if client else None, kind=ServiceKind.LEGAL_AID,
            section=Section.HEADER, occasion=row.pk, happened_at=act.now, entered_at=act.now, by_name=act.by.name, by_agency=act.by.agency,
        )  # fmt: skip
        timeline.add(
            act, row.case, "legalaid.assigned", section=Section.LEGAL, object_id=row.pk, unit=row.unit.short_name
        )
        return row

    return change("assign", application_id, by=by, version=version, write=write, guard=is_officer, key=key)
