"""A transfer is asked of another centre, recalled by the one that asked, or returned by the one that was asked."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agencies.enums import Role
from agencies.models import Office
from cases.enums import Risk, Section, TransferReason, TransferStatus, WorkItemOutcome
from cases.models import Case, Transfer
from cases.services import clocks, guards, matters, timeline, workitems
from cases.services.centres import check_takers, is_another_centre
from cases.services.identifying import tells_who
from cases.services.transfers.common import OF_THE_SENDER, is_receiver, obstacles
from cases.workflow import TRANSFER
from core import engine
from core.engine import Act
from core.errors import DomainError
from core.identity import Identity


def transfer_ask(
    *, case_id: UUID, by: Identity, version: int | None, to_office: Office, reason: str, message: str, summary: str, key: UUID | None = None
) -> Transfer:  # fmt: skip
    """Ask another centre to go on with a case. `message` is read there before it decides; `summary` (the course so far) only afterwards.

    Nothing changes for the case: its centre stays responsible and owes what it owed.
    """
    TransferReason(reason)

    def write(act: Act[Case]) -> Transfer:
        case = act.object
        if Transfer.objects.filter(case=case, status=TransferStatus.ASKED).exists():
            raise DomainError("asked_already", _("Another centre is asked already. Recall that first."))
        check_takers(case, to_office)
        if tells_who(case.pk, [message]):
            raise DomainError(
                "names",
                _("The message is read before the case is taken over: take out the name, number or address."),
                field="message",
            )
        urgent = case.risk == Risk.HIGH
        due = clocks.due("transfer.answer", urgent=urgent)
        row = Transfer(
            case=case, office_id=case.office_id, to_office=to_office, reason=reason, category_id=case.category_id, risk=case.risk,
            concerns_minor=case.concerns_minor, message=message, asked_at=act.now, due_at=due.at,
        )  # fmt: skip
        row.save(force_insert=True)
        timeline.add(
            act,
            case,
            "transfer.asked",
            section=Section.COORDINATION,
            object_id=row.pk,
            centre=to_office.short_name,
            reason=reason,
        )
        timeline.add(act, case, "transfer.summary", section=Section.INCIDENT, text=summary, object_id=row.pk)
        _finish_answered(case)
        workitems.open_item(
            "transfer.answer", office_id=to_office.pk, source_id=row.pk, case=case, owner_role=Role.MANAGER, due_at=due.at, urgent=urgent,
        )  # fmt: skip
        return row

    return engine.change(
        "transfer.ask", by=by, scope=Case.objects.visible_to(by), pk=case_id, version=version,
        guards=[guards.is_manager, guards.is_open, guards.is_assessed, _nothing_undecided, is_another_centre(to_office)], write=write, key=key,
    )  # fmt: skip


def _finish_answered(case: Case) -> None:
    """What an earlier transfer, returned or silent, asked of the case's manager is answered by a new one."""
    for earlier in Transfer.objects.filter(case=case).values_list("pk", flat=True):
        workitems.finish(("transfer.returned", *OF_THE_SENDER), source_id=earlier)


def _nothing_undecided(case: Case, by: Identity) -> None:
    if found := obstacles(case):
        raise DomainError("not_ready_to_transfer", matters.in_words(found))


def transfer_recall(*, transfer_id: UUID, by: Identity, key: UUID | None = None) -> Transfer:
    """The asking centre takes it back before it is answered."""

    def write(act: Act[Transfer]) -> Transfer:
        row = act.object
        row.answered_at = act.now
        workitems.finish(("transfer.answer", *OF_THE_SENDER), source_id=row.pk, outcome=WorkItemOutcome.CANCELLED)
        timeline.add(act, row.case, "transfer.recalled", section=Section.COORDINATION, object_id=row.pk)
        return row

    return engine.change(
        "transfer.recall", by=by, scope=Transfer.objects.sent_by(by), pk=transfer_id, workflow=TRANSFER,
        guards=[guards.is_manager], write=write, key=key,
    )  # fmt: skip


def transfer_return(*, transfer_id: UUID, by: Identity, reason: str, key: UUID | None = None) -> Transfer:
    """退回: the receiving centre does not take it over, and says why; what comes next is the asking centre's next decision."""

    def write(act: Act[Transfer]) -> Transfer:
        row = act.object
        row.answered_at, row.answer = act.now, reason
        workitems.finish(("transfer.answer", *OF_THE_SENDER), source_id=row.pk)
        workitems.open_item(
            "transfer.returned",
            office_id=row.office_id,
            source_id=row.pk,
            case=row.case,
            urgent=row.case.risk == Risk.HIGH,
        )
        timeline.add(act, row.case, "transfer.returned", section=Section.COORDINATION, text=reason, object_id=row.pk)
        return row

    return engine.change(
        "transfer.return", by=by, scope=Transfer.objects.received_by(by), pk=transfer_id, workflow=TRANSFER,
        guards=[is_receiver], write=write, key=key,
    )  # fmt: skip
