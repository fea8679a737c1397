"""议定事项: decided while people talk, owed by a unit or by the centre's own staff, done with a word on what was done."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agencies.models import User
from cases.enums import Risk, Section, WorkItemOutcome
from cases.services import access, clocks, workitems
from cases.services.identifying import tells_who
from core import engine
from core.engine import Act
from core.errors import DomainError
from core.identity import Identity
from referrals.conferences.enums import ConferenceStatus, InvitationStatus
from referrals.conferences.models import AgendaItem, Conference, Decision, Invitation
from referrals.conferences.services.common import (
    ACTION,
    close_if_through,
    is_addressee,
    is_host,
    owe_unit,
    said,
    seen,
    tell,
)
from referrals.conferences.services.convening import chairs
from referrals.conferences.services.inviting import RECUSED, Invitee, not_walled_off, note_checked
from referrals.conferences.workflow import DECISION
from referrals.services.letters import NAMED_LIAISON_NEEDED, liaisons, needs_named_liaison


def decision_add(
    *,
    item_id: UUID,
    by: Identity,
    measure: str,
    due_at: dt.datetime,
    responsible: str = "",
    invitee: Invitee | None = None,
    staff: User | None = None,
    key: UUID | None = None,
) -> Decision:
    """Decide that a unit, or one of the centre's own staff, does something by a time. It stands on their worklist at once."""
    found: AgendaItem = seen(AgendaItem.objects.visible_to(by), item_id)

    def write(act: Act[AgendaItem]) -> Decision:
        item = act.object
        conference = Conference._base_manager.select_related("office").get(pk=found.conference_id)
        if conference.status != ConferenceStatus.HELD:
            raise DomainError("not_held", _("Decisions are made while the conference is held."))
        clocks.check_to_come(due_at, now=act.now, field="due_at")
        if (invitee is None) == (staff is None):
            raise DomainError("nobody", _("Say who does it."), field="owner")
        row = Decision(
            case=item.case, office_id=item.office_id, conference=conference, item=item, measure=said(measure, "measure"),
            responsible=responsible.strip(), decided_at=act.now, due_at=due_at,
        )  # fmt: skip
        _names_nobody(row)
        if staff is not None:
            if staff not in chairs(conference.office):
                raise DomainError("staff", _("Choose somebody of the centre."), field="owner")
            row.staff = staff
            row.save(force_insert=True)
            owner: dict[str, Any] = {"owner_user_id": staff.pk, "tell": staff.pk != by.user_id}
            workitems.open_item(
                ACTION,
                office_id=row.office_id,
                source_id=row.pk,
                case=row.case,
                due_at=due_at,
                urgent=item.case.risk == Risk.HIGH,
                **owner,
            )
        elif invitee is not None:
            note_checked(act, invitee)
            _give_to_unit(row, invitee)
        tell(act, item, "conference.decided", unit=invitee.unit.short_name if invitee else "")
        act.detail |= {"decision": str(row.pk)}
        return row

    return engine.change(
        "conference.decide", by=by, scope=AgendaItem.objects.visible_to(by).select_related("case__category"), pk=item_id, guards=[is_host],
        also=[found.conference_id], write=write, key=key,
    )  # fmt: skip


def _names_nobody(row: Decision) -> None:
    """Whoever owes the measure reads it at once, long before the minutes are looked over. Raises DomainError beside the field."""
    for field, words in (("measure", row.measure), ("responsible", row.responsible)):
        if tells_who(row.case_id, [words]):
            text = _(
                "A measure leaves the centre: take out the name, number or address. Write “the client”, “the respondent” instead."
            )
            raise DomainError("names", text, field=field)


def _give_to_unit(row: Decision, invitee: Invitee) -> None:
    """The unit that sits at the item does it, else it gets a letter of its own: what is to be done, and nothing of the case."""
    unit, liaison = invitee.unit, invitee.liaison
    joined = Invitation._base_manager.filter(item=row.item, unit=unit, status=InvitationStatus.ACCEPTED).first()
    if joined is not None and liaison is None:
        liaison = joined.named_liaison
    if (
        joined is None
        and unit.has_accounts
        and Invitation._base_manager.filter(item=row.item, unit=unit, status=InvitationStatus.RECUSED).exists()
    ):
        raise DomainError("recused", RECUSED, field="owner")
    if liaison is None and unit.has_accounts and needs_named_liaison(row.case):
        raise DomainError("named_liaison", NAMED_LIAISON_NEEDED, field="owner")
    if liaison is not None and not liaisons(unit).filter(pk=liaison.pk).exists():
        raise DomainError("named_liaison", _("This person is not a liaison of that unit."), field="owner")
    not_walled_off(row.case_id, Invitee(unit, liaison), field="owner")
    row.unit, row.group_id, row.named_liaison = unit, unit.group_id, liaison
    row.save(force_insert=True)
    access.grant(
        case_id=row.case_id,
        sections=[Section.LETTER],
        source_kind="conference",
        source_id=row.pk,
        basis=row.item.basis,
        group_id=unit.group_id,
        user_id=liaison.pk if liaison else None,
    )
    owe_unit(row, ACTION, due_at=row.due_at, urgent=row.case.risk == Risk.HIGH)


def may_finish(row: Decision, by: Identity) -> None:
    """Who owes it; the centre enters what it was told (代录)."""
    if row.office_id in by.case_offices:
        return
    is_addressee(row, by)


def _change(
    verb: str,
    write: Any,
    guard: engine.Guard,
    *,
    decision_id: UUID,
    by: Identity,
    version: int | None,
    key: UUID | None,
) -> Decision:
    found = seen(Decision.objects.visible_to(by), decision_id)
    done: Decision = engine.change(
        f"decision.{verb}", by=by, scope=Decision.objects.visible_to(by).select_related("unit"), pk=decision_id, version=version,
        workflow=DECISION, guards=[guard], also=[found.conference_id], write=write, key=key,
    )  # fmt: skip
    return done


def decision_finish(
    *, decision_id: UUID, by: Identity, version: int | None, note: str, key: UUID | None = None
) -> Decision:
    """It is done; what was done is said in words and read by everybody who sat at the item, and by the unit that owed it.

    Where the centre writes it down for a unit (代录), its words name nobody: the unit may have the measure alone, and nothing of the case.
    """

    def write(act: Act[Decision]) -> Decision:
        row = act.object
        if row.unit_id is not None and row.office_id in act.by.case_offices and tells_who(row.case_id, [note]):
            text = _("The unit reads this: take out the name, number or address.")
            raise DomainError("names", text, field="note")
        row.note, row.done_at, row.done_by_name = said(note, "note"), act.now, act.by.name
        workitems.finish(ACTION, source_id=row.pk)
        tell(act, row.item, "conference.action_done", unit=row.unit.short_name if row.unit else "")
        row.save()
        close_if_through(row.item)
        return row

    return _change("finish", write, may_finish, decision_id=decision_id, by=by, version=version, key=key)


def decision_drop(
    *, decision_id: UUID, by: Identity, version: int | None, note: str, key: UUID | None = None
) -> Decision:
    """It is not needed any more, with the reason."""

    def write(act: Act[Decision]) -> Decision:
        row = act.object
        row.note = said(note, "note")
        workitems.finish(ACTION, source_id=row.pk, outcome=WorkItemOutcome.CANCELLED)
        tell(act, row.item, "conference.action_dropped", unit=row.unit.short_name if row.unit else "")
        access.withdraw(source_id=row.pk)
        row.save()
        close_if_through(row.item)
        return row

    return _change("drop", write, is_host, decision_id=decision_id, by=by, version=version, key=key)


__all__ = ["decision_add", "decision_drop", "decision_finish", "may_finish"]
