"""诉前调解: planned only when nobody is in danger, recorded with what came of it."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

from django.utils.translation import gettext_lazy as _

from agencies.models import Room
from cases.enums import Risk, Section, ServiceKind, WorkItemOutcome
from cases.models import Case, Party, ServiceRecord
from cases.services import bookings, clocks, guards, timeline, workitems
from cases.services.case import begin_if_assessed
from core import engine
from core.dates import check_reach
from core.engine import Act
from core.errors import DomainError
from core.identity import Identity, as_verb
from legalaid.enums import HELD, Outcome
from legalaid.models import Mediation
from legalaid.services.common import MEDIATE

USUAL_LENGTH = dt.timedelta(hours=2)  # [default]


def _danger_is_known(case: Case, by: Identity) -> None:
    if case.risk == Risk.UNKNOWN:
        raise DomainError("not_assessed", _("Assess the case first."))


def mediation_plan(
    *,
    case_id: UUID,
    by: Identity,
    at: dt.datetime,
    mediator: str,
    she_is_safe: bool,
    she_knows: bool,
    source_hidden: bool,
    until: dt.datetime | None = None,
    room: Room | None = None,
    venue: str = "",
    key: UUID | None = None,
) -> Mediation:
    """Plan a mediation. Before a respondent hears of it: she is safe, she knows when, and who told of it is not revealed.

    A room of the centre is booked until `until` (two hours where nothing is said): conferences and other mediations find it taken.
    """
    mediation_id = uuid4()

    def write(act: Act[Case]) -> Mediation:
        case = act.object
        clocks.check_to_come(at, now=act.now, field="at")
        ends = until or at + USUAL_LENGTH
        if room is None and not venue.strip():
            raise DomainError("somewhere", _("Say where: a room of the centre or another place."), field="room")
        if room is not None and room.office_id != case.office_id:
            raise DomainError("room", _("Choose a room of the own centre."), field="room")
        for name, ticked in (("she_is_safe", she_is_safe), ("she_knows", she_knows), ("source_hidden", source_hidden)):
            if not ticked:
                raise DomainError(
                    "before_respondent", _("Make sure of this before the other side hears of it."), field=name
                )
        bookings.book(
            office_id=case.office_id, source_kind="mediation", source_id=mediation_id, since=at, until=ends, room_id=room.pk if room else None,
            end_field="until",
        )  # fmt: skip
        row = Mediation.objects.create(
            id=mediation_id, case=case, office_id=case.office_id, at=at, until=ends, room=room, venue="" if room else venue.strip(), mediator=mediator
        )  # fmt: skip
        workitems.open_item(
            MEDIATE, office_id=case.office_id, source_id=row.pk, case=case, due_at=at + dt.timedelta(days=1), tell=False
        )
        workitems.finish(("case.plan", "case.review"), source_id=case.pk)
        begin_if_assessed(act, case)
        timeline.add(act, case, "mediation.planned", section=Section.LEGAL, object_id=row.pk)
        act.detail |= {"mediation": str(row.pk), "she_is_safe": True, "she_knows": True, "source_hidden": True}
        return row

    return engine.change(
        "mediation.plan", by=by, scope=Case.objects.visible_to(by), pk=case_id,
        guards=[guards.is_manager, guards.is_open, guards.is_assessed, _danger_is_known, guards.no_high_risk], also=[mediation_id], write=write, key=key,
    )  # fmt: skip


def mediation_record(
    *,
    mediation_id: UUID,
    by: Identity,
    version: int | None,
    outcome: str,
    note: str,
    held_at: dt.datetime | None = None,
    key: UUID | None = None,
) -> Mediation:
    """Record what came of it. While the risk is high only that it did not take place can be recorded."""
    what = Outcome(outcome)

    def may_be_held(row: Mediation, by: Identity) -> None:
        if row.outcome:
            raise DomainError("wrong_status", _("This mediation has been recorded already."))
        if what in HELD:
            guards.no_high_risk(row, by)

    def write(act: Act[Mediation]) -> Mediation:
        row = act.object
        moment = held_at or min(row.at, act.now)
        if moment > act.now:
            raise DomainError("future", _("A mediation is recorded after it was held."), field="held_at")
        check_reach(moment, field="held_at")
        row.outcome, row.note = what, note
        bookings.free(source_id=row.pk)
        workitems.finish(
            MEDIATE, source_id=row.pk, outcome=WorkItemOutcome.DONE if what in HELD else WorkItemOutcome.CANCELLED
        )
        if what in HELD:
            row.held_at = moment
            _record_service(act, moment)
        timeline.add(
            act, row.case, "mediation.recorded", section=Section.LEGAL, text=note, object_id=row.pk, outcome=what.value
        )
        return row

    return engine.change(
        "mediation.record", by=by, scope=Mediation.objects.visible_to(by).select_related("case"), pk=mediation_id, version=version,
        guards=[guards.is_manager, guards.is_open, may_be_held], also=[mediation_id], write=write, key=key,
    )  # fmt: skip


def _record_service(act: Act[Mediation], moment: dt.datetime) -> None:
    row = act.object
    client = Party.objects.filter(case_id=row.case_id, is_primary=True).first()
    ServiceRecord.objects.create(
        office_id=row.office_id, case_id=row.case_id, person_id=client.person_id if client else None, kind=ServiceKind.MEDIATION,
        section=Section.HEADER, occasion=row.pk, happened_at=moment, entered_at=act.now, by_name=row.mediator[:32], by_agency=act.by.agency,
    )  # fmt: skip


def stop_for_danger(act: Act[Case], case: Case) -> None:
    """The risk has become high: no mediation that was planned takes place. The manager's urgent plan says who tells both sides."""
    if case.risk != Risk.HIGH:
        return
    for row in Mediation.objects.filter(case=case, outcome=""):
        row.outcome = Outcome.CANCELLED
        with as_verb([row.pk]):  # the ticket of the assessment names the case, a booking its occasion
            bookings.free(source_id=row.pk)
        row.version += 1
        row.save()
        workitems.finish(MEDIATE, source_id=row.pk, outcome=WorkItemOutcome.CANCELLED)
        timeline.add(
            act, case, "mediation.recorded", section=Section.LEGAL, object_id=row.pk, outcome=Outcome.CANCELLED.value
        )
