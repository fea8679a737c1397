"""A guest comes, stays longer, and leaves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agencies.enums import Role
from cases.enums import PartyRole, Section, ServiceKind, WorkItemOutcome
from cases.models import FollowUpRule, Party, ServiceRecord
from cases.services import clocks, followups, timeline, workitems
from core.engine import Act
from core.errors import DomainError
from core.identity import Identity
from shelter.enums import CURRENT, LeaveReason
from shelter.models import Bed, Stay, StayNote
from shelter.services.common import CHECK_IN, CHECK_OUT, change, fits, is_keeper, is_keeper_or_manager, note


def stay_check_in(
    *,
    stay_id: UUID,
    by: Identity,
    version: int | None,
    persons: int,
    children: int,
    location_off: bool,
    rules_told: bool,
    health_needs: str = "",
    dangers: Sequence[str] = (),
    key: UUID | None = None,
) -> Stay:
    """入住登记 by a keeper: who really came, what she needs; no telephone or child's watch may go on telling where she is."""

    def write(act: Act[Stay]) -> Stay:
        row = act.object
        fits(Bed.objects.get(pk=row.bed_id).kind, persons, children, dangers)
        if not location_off:
            raise DomainError(
                "location",
                _("Switch off the location services of every telephone and child's watch first."),
                field="location_off",
            )
        if not rules_told:
            raise DomainError("rules", _("Tell her the rules of the house first."), field="rules_told")
        row.persons, row.children, row.health_needs, row.dangers = persons, children, health_needs, list(dangers)
        row.checked_in_at = row.since = act.now
        row.until = max(row.until, act.now + dt.timedelta(days=1))
        workitems.finish(CHECK_IN, source_id=row.pk)
        _owe_check_out(row)
        _record_service(act)
        timeline.add(
            act,
            row.case,
            "shelter.checked_in",
            section=Section.SHELTER,
            object_id=row.pk,
            persons=persons,
            children=children,
        )
        return row

    return change("check_in", stay_id, by=by, version=version, write=write, guard=is_keeper, key=key)


def _owe_check_out(row: Stay) -> None:
    workitems.open_item(
        CHECK_OUT,
        office_id=row.keeper_office_id,
        source_id=row.pk,
        case=row.case,
        owner_role=Role.KEEPER,
        due_at=row.until,
        tell=False,
    )


def _record_service(act: Act[Stay]) -> None:
    row = act.object
    client = Party.objects.filter(case_id=row.case_id, is_primary=True).first()
    people = [client.person_id if client else None]
    # The children who come with her are sheltered too. Where the case knows more of them than came, nobody can tell which: the manager
    # records it for each.
    children = list(
        Party.objects.filter(case_id=row.case_id, role=PartyRole.CHILD, is_primary=False).values_list(
            "person_id", flat=True
        )
    )
    people += children if len(children) <= row.children else []
    for person_id in people:
        ServiceRecord.objects.create(
            office_id=row.office_id, case_id=row.case_id, person_id=person_id, kind=ServiceKind.SHELTER, section=Section.SHELTER,
            occasion=row.pk, happened_at=act.now, entered_at=act.now, by_name=act.by.name, by_agency=act.by.agency,
        )  # fmt: skip


def stay_extend(
    *,
    stay_id: UUID,
    by: Identity,
    version: int | None,
    until: dt.datetime,
    reason: str,
    filed: bool = False,
    key: UUID | None = None,
) -> Stay:
    """She stays longer, by the keeper or the case's manager. An adult's stay beyond the usual term is filed with civil affairs (`filed`)."""

    def write(act: Act[Stay]) -> Stay:
        row = act.object
        if until <= row.until or until <= act.now:
            raise DomainError("past", _("Choose a day after the present end of the stay."), field="until")
        if not row.is_minor and until > clocks.due("refuge.stay", start=row.since).at and not filed:
            raise DomainError(
                "not_filed",
                _("Beyond ten days the extension of an adult's stay is filed with civil affairs."),
                field="filed",
            )
        note(act, StayNote.Kind.EXTENDED, reason)
        row.until = until
        if workitems.finish(CHECK_OUT, source_id=row.pk, outcome=WorkItemOutcome.SUPERSEDED):
            _owe_check_out(row)
        timeline.add(
            act, row.case, "shelter.extended", section=Section.SHELTER, text=reason, object_id=row.pk, filed=filed
        )
        act.detail |= {"filed": filed}
        return row

    return change(
        "extend",
        stay_id,
        by=by,
        version=version,
        write=write,
        guard=is_keeper_or_manager,
        key=key,
        moves=False,
        guards=[_is_current],
    )


def _is_current(row: Stay, by: Identity) -> None:
    if row.status not in CURRENT:
        raise DomainError("wrong_status", _("This stay is over."))


def stay_check_out(
    *,
    stay_id: UUID,
    by: Identity,
    version: int | None,
    reason: str,
    note_text: str = "",
    exit_application: bool = False,
    guardian_verified: bool = False,
    key: UUID | None = None,
) -> Stay:
    """She leaves, on her written application; a minor only with a verified guardian who signs. A callback is planned by the rules."""
    where = LeaveReason(reason)

    def write(act: Act[Stay]) -> Stay:
        row = act.object
        if (
            row.is_minor
            and not guardian_verified
            and where not in (LeaveReason.HOSPITAL, LeaveReason.OTHER_REFUGE, LeaveReason.LEFT)
        ):
            raise DomainError(
                "guardian",
                _("A minor leaves only with a verified guardian and a signed hand-over."),
                field="guardian_verified",
            )
        if not row.is_minor and not exit_application and where != LeaveReason.LEFT:
            raise DomainError("application", _("She applies in writing before she leaves."), field="exit_application")
        row.checked_out_at, row.leave_reason = act.now, where
        row.until = max(act.now, row.since + dt.timedelta(seconds=1))
        if note_text.strip():
            note(act, StayNote.Kind.LEFT, note_text.strip())
        workitems.finish(CHECK_OUT, source_id=row.pk)
        followups.plan(row.case, FollowUpRule.Event.IN_FOLLOW_UP, act.now)
        timeline.add(
            act,
            row.case,
            "shelter.checked_out",
            section=Section.SHELTER,
            text=note_text.strip(),
            object_id=row.pk,
            reason=where.value,
        )
        return row

    return change("check_out", stay_id, by=by, version=version, write=write, guard=is_keeper, key=key)
