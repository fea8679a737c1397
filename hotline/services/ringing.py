"""After a call: did it come from a number that a case knows? Told to that case's manager, never shown to the desk.

A silent or dropped call is never rung back automatically; a respondent who calls is the manager's to know.
"""

from __future__ import annotations

from uuid import UUID

from cases.enums import OPEN_STATUSES, PartyRole
from cases.models import Case, Fingerprint
from cases.services import workitems
from core import outbox
from core.blindindex import fingerprint
from core.crypto import key_ring
from core.identity import as_verb
from core.models.outbox import OutboxItem
from hotline.enums import Disposition
from hotline.models import Contact


@outbox.register("contact.number")
def number_seen(item: OutboxItem) -> None:
    """Open a work item on each open case that knows the number, as the worker; safe to run twice."""
    contact = Contact.objects.get(pk=UUID(item.arguments["contact"]))
    try:
        digest = fingerprint(key_ring().derive("blind"), "phone", contact.caller_phone)
    except ValueError:
        return
    was_lost = contact.case_id is None and contact.disposition in (Disposition.SILENT, Disposition.DROPPED)
    for known in Fingerprint.objects.filter(digest=digest, kind=Fingerprint.Kind.PHONE).order_by("case_id"):
        kind = "contact.respondent" if known.role == PartyRole.RESPONDENT else "contact.lost_call" if was_lost else ""
        if kind:
            _tell_manager(known.case_id, kind)


def _tell_manager(case_id: UUID, kind: str) -> None:
    with as_verb([case_id]):
        case = Case._base_manager.select_for_update().get(pk=case_id)
        if case.status in OPEN_STATUSES:
            case.version += 1  # a plan that was begun before must not answer what its writer has not read
            case.save()
            workitems.open_item(kind, office_id=case.office_id, source_id=case.pk, case=case, urgent=True)
            workitems.ensure_next_step(case.pk)
