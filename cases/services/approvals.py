"""查阅审批: who is not assigned asks to read a closed record of a minor; the centre's director decides, until a day.

Where no director is in force, the reviewer of the level above decides, who sees the ask and nothing of the record.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.enums import Role
from agencies.models import Office
from agencies.services.notifications import notify
from cases import registry
from cases.enums import WorkItemOutcome
from cases.models import ApprovalWords, Case, RecordApproval, WorkItem
from cases.services import workitems
from cases.services.above import above, directors_of
from core import clock, engine, keys, outbox
from core.engine import Act
from core.errors import DomainError, NotAllowed, NotFound
from core.identity import Identity
from core.models.outbox import OutboxItem

DECIDE = "approval.decide"
DAYS = (1, 7, 30)  # [default] 30 is also the database's limit


def centres(by: Identity) -> QuerySet[Office]:
    """The centres at which `by` manages cases and does not direct: the director is asked there, else the reviewer of the level above."""
    return Office.objects.filter(pk__in=by.case_offices - by.director_offices).order_by("name")


def approval_ask(
    *, by: Identity, office: Office, number: str, reason: str, days: int, key: UUID | None = None
) -> RecordApproval:
    """Ask the director, or where none is in force the level above. Whether there is such a record is not looked at, and so not told."""
    if not centres(by).filter(pk=office.pk).exists() or days not in DAYS:
        raise NotFound
    if Case.objects.visible_to(by).filter(number=number).exists():
        raise DomainError("own_already", _("You can see this case already: open it by its number."), field="number")
    if RecordApproval.objects.visible_to(by).filter(asker_id=by.person_id, number=number, decided_at=None).exists():
        raise DomainError(
            "asked_already", _("You have asked for this number already; the answer is due."), field="number"
        )
    row = RecordApproval(
        id=uuid4(), number=number, asker_id=by.person_id, office=office, days=days, asked_at=clock.now(),
        reviewer_id=_named(office, by.person_id),
    )  # fmt: skip

    def write(act: Act[RecordApproval]) -> RecordApproval:
        keys.create_data_key(row.pk)
        row.save(force_insert=True)
        ApprovalWords(approval=row, reason=reason.strip()).save(force_insert=True)
        _owe(row)
        return row

    return engine.create("approval.ask", by=by, row=row, write=write, key=key)


def _named(office: Office, asker_id: UUID) -> UUID | None:
    """The reviewer of the level above where the centre has no director but the one who asks; None where it has one."""
    return None if directors_of(office.pk) - {asker_id} else above(office, but={asker_id})


def _owe(row: RecordApproval) -> None:
    workitems.open_item(
        DECIDE, office_id=row.office_id, source_id=row.pk, matter_id=row.pk, owner_user_id=row.reviewer_id,
        owner_role="" if row.reviewer_id else Role.DIRECTOR,
    )  # fmt: skip


def late_step(item: WorkItem, step: int) -> None:
    """Late because no director is left since it was asked: it goes to the level above. As the worker, in a verb on the ask."""
    if item.kind != DECIDE or item.owner_user_id is not None:
        return
    row = RecordApproval.objects.select_related("office").filter(pk=item.source_id, decided_at=None).first()
    named = _named(row.office, row.asker_id) if row else None
    if row is not None and named is not None:
        row.reviewer_id = named
        row.save(update_fields=["reviewer_id"])
        workitems.finish(DECIDE, source_id=row.pk, outcome=WorkItemOutcome.SUPERSEDED)
        _owe(row)


def _decided_by(by: Identity) -> Q:
    return Q(office_id__in=by.director_offices) | Q(reviewer_id__isnull=False, reviewer_id=by.user_id)


def waiting(by: Identity) -> QuerySet[RecordApproval]:
    """Those that wait for the answer of `by`."""
    return RecordApproval.objects.visible_to(by).filter(_decided_by(by), decided_at=None)


def _is_another(row: RecordApproval, by: Identity) -> None:
    if row.asker_id == by.user_id:
        raise NotAllowed("own_act", _("Nobody approves an own act: a colleague has to decide this."))


def _waits(row: RecordApproval, by: Identity) -> None:
    """Asked again under the lock: of two directors one decides."""
    if row.decided_at is not None:
        raise DomainError("wrong_status", _("This is no longer possible: the status has changed meanwhile."))


def approval_decide(*, approval_id: UUID, by: Identity, agreed: bool, key: UUID | None = None) -> str:
    """Approve or refuse. Returns "approved", "nothing" (no such record, or none for the one who asks) or "refused"."""

    def write(act: Act[RecordApproval]) -> str:
        row, outcome = act.object, "refused"
        if agreed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT caremgmt_record_approve(%s::uuid)", [row.pk])
                outcome = str(cursor.fetchone()[0])
            row.refresh_from_db()
        else:
            row.decided_at, row.decided_by_id, row.is_refused = act.now, by.user_id, True
        workitems.finish(DECIDE, source_id=row.pk)
        outbox.put("approval.decided", subject=row.pk, key=f"approval:{row.pk}")
        act.detail |= {"outcome": outcome}
        return outcome

    return engine.change(
        "approval.decide", by=by, scope=waiting(by), pk=approval_id, guards=[_is_another, _waits], write=write, key=key
    )


def ending(by: Identity) -> QuerySet[RecordApproval]:
    """Approvals in force that `by` may end before their time."""
    return RecordApproval.objects.visible_to(by).filter(_decided_by(by), until__gt=clock.now())


def approval_end(*, approval_id: UUID, by: Identity, key: UUID | None = None) -> RecordApproval:
    """End an approval now."""

    def write(act: Act[RecordApproval]) -> RecordApproval:
        act.object.until = act.now
        return act.object

    return engine.change("approval.end", by=by, scope=ending(by), pk=approval_id, write=write, key=key)


@outbox.register("approval.decided")
def decided(item: OutboxItem) -> None:
    """The bell of the one who asked. As the worker."""
    row = RecordApproval.objects.get(pk=item.subject)
    notify([row.asker_id], kind="approval", url=reverse("cases:approval", args=[row.pk]), key=f"approval:{row.pk}")


def subjects(by: Identity, sources: Sequence[UUID]) -> Sequence[registry.SubjectRows]:
    """For the worklist: who asks; the number as asked."""
    rows = RecordApproval.objects.visible_to(by).filter(pk__in=sources)
    return [registry.SubjectRows(rows, "number", ["asker__name"])]
