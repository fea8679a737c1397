"""What all verbs of an application share: who may act, who owes the next step, the frame around a change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agencies.enums import Role
from cases.services import workitems
from core import engine
from core.engine import Act
from core.errors import DomainError, NotAllowed
from core.identity import Identity
from legalaid.models import Application
from legalaid.workflow import AID

DECIDE, ASSIGN, TELL, MEDIATE = "legalaid.decide", "legalaid.assign", "legalaid.tell", "legalaid.mediate"
Write = Callable[[Act[Application]], Application]


def decides(row: Application, by: Identity) -> bool:
    """The officers of the body decide; where it has no accounts, the centre enters what came by letter (代录)."""
    if row.unit.has_accounts:
        return row.group_id in by.groups and by.has(Role.AID_OFFICER)
    return row.office_id in by.case_offices


def is_officer(row: Application, by: Identity) -> None:
    """Only who decides."""
    if not decides(row, by):
        raise NotAllowed("not_officer", _("Only the officers of this legal-aid centre may do this."))


def is_sender(row: Application, by: Identity) -> None:
    """The managers of the centre. Asks the application alone: the body may not be able to name the case."""
    if row.office_id not in by.case_offices:
        raise NotAllowed("not_sender", _("Only the centre that applied may do this."))


def said(text: str, field: str) -> str:
    """The words that this step needs. Raises DomainError beside the field when there are none."""
    if not text.strip():
        raise DomainError("required", _("Please say it in words."), field=field)
    return text.strip()


def change(
    verb: str,
    application_id: UUID,
    *,
    by: Identity,
    version: int | None,
    write: Write,
    guard: engine.Guard,
    key: UUID | None,
    moves: bool = True,
) -> Application:
    """Run one verb on an application that `by` may see, along its edge of the workflow where it moves the status."""
    return engine.change(
        f"legalaid.{verb}", by=by, scope=Application.objects.visible_to(by).select_related("unit"), pk=application_id, version=version,
        workflow=AID if moves else None, guards=[guard], write=write, key=key,
    )  # fmt: skip


def owe(row: Application, kind: str) -> None:
    """The body owes the next step by `row.due_at`; where it has no accounts, the case's manager owes the chasing."""
    owner: dict[str, Any] = {"owner_group_id": row.group_id} if row.unit.has_accounts else {}
    workitems.open_item(
        kind, office_id=row.office_id, source_id=row.pk, case=row.case, due_at=row.due_at, urgent=row.is_urgent, **owner
    )
