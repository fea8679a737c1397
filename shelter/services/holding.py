"""A bed is held for a guest, and set free again when she does not come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from agencies.enums import Role
from cases.enums import GrantBasis, Risk, WorkItemOutcome
from cases.models import Case, PartyIdentity
from cases.services import clocks, guards, numbers, timeline, workitems
from cases.services.case import begin_if_assessed
from core import clock, engine
from core.engine import Act
from core.errors import DomainError, NotFound
from core.identity import Identity, acting_as, worker_identity
from shelter.enums import GIVEN, ReleaseReason, StayStatus
from shelter.models import Bed, Stay
from shelter.services.common import (
    CHECK_IN,
    bed_is_mine,
    bed_taken,
    change,
    fits,
    is_keeper_or_manager,
    open_to_holder,
)
from shelter.workflow import STAY


def stay_hold(
    *,
    case_id: UUID,
    by: Identity,
    bed_id: UUID,
    since: dt.datetime,
    until: dt.datetime,
    basis: str,
    persons: int = 1,
    children: int = 0,
    is_minor: bool = False,
    dangers: Sequence[str] = (),
    health_needs: str = "",
    key: UUID | None = None,
) -> Stay:
    """Hold a bed of the own centre's refuge for a case's client. The keepers are told; a hold that nobody checks in runs out.

    The keepers see her name, the number of people, health needs and dangers, by her consent or another legal `basis`.
    """
    GrantBasis(basis)
    bed = (
        Bed.objects.visible_to(by)
        .select_related("house")
        .filter(pk=bed_id, is_active=True, house__is_active=True)
        .first()
    )
    if bed is None:
        raise NotFound

    def write(act: Act[Case]) -> Stay:
        case = act.object
        fits(bed.kind, persons, children, dangers)
        if until <= max(since, act.now):
            raise DomainError("past", _("Choose an end that is still to come, after the beginning."), field="until")
        if since < act.now - dt.timedelta(hours=1):
            raise DomainError("past", _("A bed is held from now on, or from a later day."), field="since")
        if not is_minor and until > clocks.due("refuge.stay", start=since).at:
            raise DomainError(
                "too_long",
                _("Adults usually stay up to ten days; extend the stay later if she needs it."),
                field="until",
            )
        if not is_free(bed.pk, since, until):
            raise bed_taken()
        held_until = min(clocks.due("shelter.hold", start=max(since, act.now)).at, until)
        client = PartyIdentity.objects.filter(case=case, party__is_primary=True).first()
        stay = Stay.objects.create(
            case=case, office_id=case.office_id, number=numbers.next_paper_number("庇护", case.office), house_id=bed.house_id, bed=bed,
            keeper_office_id=bed.office_id, guest_name=client.name if client else "", persons=persons, children=children, is_minor=is_minor,
            health_needs=health_needs, dangers=list(dangers), basis=basis, held_at=act.now, held_until=held_until, since=since, until=until,
        )  # fmt: skip
        if case.manager_id is None:
            open_to_holder(stay, act.by.person_id)
        workitems.open_item(
            CHECK_IN,
            office_id=bed.office_id,
            source_id=stay.pk,
            case=case,
            owner_role=Role.KEEPER,
            due_at=held_until,
            urgent=case.risk == Risk.HIGH,
        )
        workitems.finish(("case.plan", "case.review"), source_id=case.pk)
        begin_if_assessed(act, case)
        timeline.add(act, case, "shelter.held", section="shelter", object_id=stay.pk, persons=persons)
        act.detail |= {"stay": str(stay.pk), "basis": basis}
        return stay

    with bed_is_mine():
        return engine.change(
            "stay.hold", by=by, scope=Case.objects.visible_to(by).select_related("office"), pk=case_id,
            guards=[guards.is_manager, guards.is_open, guards.is_assessed, _own_house(bed)], also=[bed.house_id], write=write, key=key,
        )  # fmt: skip


def is_free(bed_id: UUID, since: dt.datetime, until: dt.datetime) -> bool:
    """Whether nobody has or holds the bed at any moment of this time, as far as known before the constraint decides."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM caremgmt_bed_occupancy(%s, %s) WHERE bed_id = %s", [since, until, bed_id])
        return cursor.fetchone() is None


def _own_house(bed: Bed) -> engine.Guard:
    def check(case: Case, by: Identity) -> None:
        if bed.office_id != case.office_id:
            raise DomainError("other_centre", _("Choose a bed of the case's own centre."), field="bed")

    return check


def stay_release(*, stay_id: UUID, by: Identity, version: int | None, reason: str, key: UUID | None = None) -> Stay:
    """Set a held bed free. When the keeper does it, the manager decides what comes next for her."""
    if reason not in GIVEN:
        raise DomainError("reason", _("Say why the bed is released."), field="reason")

    def write(act: Act[Stay]) -> Stay:
        return _let_go(act, reason, tell=act.object.office_id not in by.case_offices)

    return change("release", stay_id, by=by, version=version, write=write, guard=is_keeper_or_manager, key=key)


def _let_go(act: Act[Stay], reason: str, *, tell: bool) -> Stay:
    row = act.object
    row.release_reason = reason
    workitems.finish(CHECK_IN, source_id=row.pk, outcome=WorkItemOutcome.CANCELLED)
    if tell:
        workitems.open_item(
            "case.plan",
            office_id=row.office_id,
            source_id=row.case_id,
            case=row.case,
            urgent=row.case.risk == Risk.HIGH,
        )
    timeline.add(act, row.case, "shelter.released", section="shelter", object_id=row.pk, reason=reason)
    return row


def stale_holds(limit: int = 500) -> list[UUID]:
    """Holds that have run out, oldest first (beat polls)."""
    with acting_as(worker_identity("shelter")):
        rows = Stay._base_manager.filter(status=StayStatus.HELD, held_until__lte=clock.now()).order_by("held_until")
        return list(rows.values_list("pk", flat=True)[:limit])


def hold_expire(stay_id: UUID) -> bool:
    """Free one bed whose hold has run out, in its own transaction; safe to run twice. True when this call did it."""

    def has_run_out(row: Stay, by: Identity) -> None:
        if row.held_until > clock.now():
            raise DomainError("still_held", _("This bed is still held."))

    with acting_as(worker_identity("shelter")) as by:
        try:
            engine.change(
                "stay.expire", by=by, scope=Stay._base_manager.all(), pk=stay_id, workflow=STAY, guards=[has_run_out],
                write=lambda act: _let_go(act, ReleaseReason.EXPIRED, tell=True),
            )  # fmt: skip
        except DomainError:  # checked in or released while the poll was on its way
            return False
    return True
