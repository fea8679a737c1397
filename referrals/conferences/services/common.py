"""What all verbs of a conference share: who may act, the frame around a change, who owes what."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from cases.enums import Risk, Section, WorkItemOutcome
from cases.services import access, timeline, workitems
from core import engine
from core.engine import Act
from core.errors import DomainError, NotAllowed, NotFound
from core.identity import Identity
from referrals.conferences.enums import ConferenceStatus, DecisionStatus, InvitationStatus
from referrals.conferences.models import AgendaItem, Conference, Decision, Invitation
from referrals.conferences.workflow import CONFERENCE

HOLD, ANSWER, MINUTES, CONFIRM = "conference.hold", "conference.answer", "conference.minutes", "conference.confirm"
OBJECTION, SIGN, ACTION, CLOSE = "conference.objection", "conference.sign", "conference.action", "conference.close"
MOVED = "conference.moved"
OF_ITEM = (HOLD, MINUTES, SIGN, CLOSE)  # their source is the agenda item
BEYOND_THE_LETTER = tuple(section.value for section in Section if section != Section.LETTER)
M = TypeVar("M", Invitation, Decision)


def is_host(row: Any, by: Identity) -> None:
    """The managers of the centre whose conference it is. Asks the row alone."""
    if row.office_id not in by.case_offices:
        raise NotAllowed("not_host", _("Only the centre that convened this may do this."))


def is_addressee(row: Any, by: Identity) -> None:
    """A member of the unit, and where one is named the named liaison alone."""
    if row.group_id not in by.groups or (row.named_liaison_id and row.named_liaison_id != by.user_id):
        raise NotAllowed("not_addressee", _("Only the unit that this was sent to may do this."))


def said(text: str, field: str = "text") -> str:
    """The words that this step needs. Raises DomainError beside the field when there are none."""
    if not text.strip():
        raise DomainError("required", _("Please say it in words."), field=field)
    return text.strip()


def cases_of(conference_id: UUID) -> list[UUID]:
    """The cases on the agenda, for the ticket of a verb on the whole conference; none for another centre."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT caremgmt_conference_cases(%s::uuid)", [conference_id])
        return [row[0] for row in cursor.fetchall()]


def change(
    verb: str,
    write: Callable[[Act[Conference], list[AgendaItem]], None],
    *,
    conference_id: UUID,
    by: Identity,
    version: int | None,
    key: UUID | None,
    guards: Iterable[engine.Guard] = (),
) -> Conference:
    """Run one verb on a whole conference along its edge; `write` gets the agenda too, whatever of it the one who acts may see."""

    def run(act: Act[Conference]) -> Conference:
        items = list(AgendaItem._base_manager.filter(conference=act.object).select_related("case").order_by("place"))
        write(act, items)
        act.more += [
            (f"conference.{verb}", item.case) for item in items
        ]  # each case has it in its audit and keeps a next step
        return act.object

    return engine.change(
        f"conference.{verb}", by=by, scope=Conference.objects.visible_to(by).select_related("office", "room"), pk=conference_id,
        version=version, workflow=CONFERENCE, edge=verb, guards=[is_host, *guards], also=cases_of(conference_id), write=run, key=key,
    )  # fmt: skip


def seen(rows: Any, pk: UUID) -> Any:
    """A row in scope, to name what its verb writes. Raises NotFound."""
    row = rows.filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def owe(item: AgendaItem, kind: str, **more: Any) -> None:
    """The chair owes the next step of a case's conference."""
    if item.conference.chair_id and "owner_user_id" not in more:
        more["owner_user_id"] = item.conference.chair_id
    urgent = item.case.risk == Risk.HIGH
    workitems.open_item(kind, office_id=item.office_id, source_id=item.pk, case=item.case, urgent=urgent, **more)


def owe_unit(row: Invitation | Decision, kind: str, **more: Any) -> None:
    """A unit owes it: its named liaison, else its members; for a unit without accounts the case's manager chases instead."""
    owner: dict[str, Any] = {}
    if row.unit is not None and row.unit.has_accounts:
        owner = {"owner_user_id": row.named_liaison_id} if row.named_liaison_id else {"owner_group_id": row.group_id}
    workitems.open_item(kind, office_id=row.office_id, source_id=row.pk, case=row.case, **owner, **more)


def tell(act: Act[Any], item: AgendaItem, kind: str, **data: Any) -> None:
    """An entry in the case's timeline: which bodies sit together is the centre's own."""
    timeline.add(act, item.case, kind, section=Section.COORDINATION, object_id=item.conference_id, **data)


def joined(item: AgendaItem) -> Any:
    """The bodies that have accepted to sit at this item."""
    return Invitation._base_manager.filter(item=item, status=InvitationStatus.ACCEPTED).select_related("unit")


def close_if_through(item: AgendaItem) -> None:
    """Once nothing of a signed item is open any more the chair looks it over and closes."""
    left = Decision._base_manager.filter(item=item, status=DecisionStatus.OPEN).exists()
    if item.conference.status == ConferenceStatus.CONFIRMED and not left and item.ended_at is None:
        owe(item, CLOSE, tell=False)


def end(item: AgendaItem, act: Act[Any], *, letters_too: bool = False) -> None:
    """Nothing of the case is open to the bodies of this item any more; their letter, and so the minutes, stay unless `letters_too`."""
    for invitation in Invitation._base_manager.filter(item=item):
        access.withdraw(source_id=invitation.pk, sections=None if letters_too else BEYOND_THE_LETTER)
        workitems.finish(
            (ANSWER, MOVED, CONFIRM, OBJECTION), source_id=invitation.pk, outcome=WorkItemOutcome.CANCELLED
        )
    item.ended_at = act.now
    item.save(update_fields=["ended_at"])
