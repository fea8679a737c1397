"""跟踪回访: planned by rule, found by beat, attempted by people, escalated when they fail."""

from __future__ import annotations

import datetime as dt
from typing import Any, Protocol
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.enums import Role
from cases.enums import (
    OPEN_STATUSES,
    AttemptOutcome,
    FollowUpStatus,
    GrantBasis,
    Risk,
    Satisfaction,
    Section,
    WorkItemOutcome,
)
from cases.models import Case, FollowUp, FollowUpAttempt, FollowUpRule, SafeContact
from cases.services import access, clocks, guards, timeline, workitems
from cases.workflow import FOLLOW_UP
from core import clock, engine
from core.engine import Act
from core.errors import DomainError, NotAllowed
from core.identity import Identity, acting_as, as_verb, worker_identity

RETRY_HOURS = {AttemptOutcome.NO_ANSWER: 4, AttemptOutcome.UNSAFE: 24}
MAX_ATTEMPTS = 3
NEAR = dt.timedelta(hours=6)  # a callback so near to one that is owed already is the same one
CALL_WITHIN = dt.timedelta(hours=4)
# A call that began in her safe hours may end, and is written down, a little after them.
LONGEST_CALL = dt.timedelta(hours=1)
_DAY = 24 * 60  # minutes
CALL_SECTIONS = (Section.HEADER, Section.IDENTITY, Section.SAFE_CONTACT, Section.CALLBACK)


def _desk_group(case: Case) -> int | None:
    """The desk that took the first call of this case, else the desk of the county, else none (the manager calls)."""
    from agencies.models import Office

    desks = Office.objects.desks().in_operation(clock.today()).order_by("-region_id")
    region = case.office.region_id
    own = [desk for desk in desks if region.startswith(desk.region.prefix)] if case.channel == "hotline" else []
    own.sort(key=lambda desk: len(desk.region.prefix), reverse=True)
    return own[0].group_id if own else None


def plan(case: Case, event: str, start: dt.datetime) -> list[FollowUp]:
    """Plan what the rules owe after `event` (the office's own rules, else the province's). A low-risk case owes one callback in all.

    One contact may complete several items: what falls near to an owed callback is not planned again.
    """
    risk = case.risk if case.risk != Risk.UNKNOWN else Risk.LOW
    rules = FollowUpRule.objects.filter(event=event, risk=risk)
    own = list(rules.filter(office_id=case.office_id)) or list(rules.filter(office_id__isnull=True))
    owed = FollowUp.objects.filter(case=case, status__in=[FollowUpStatus.PLANNED, FollowUpStatus.DUE])
    if own and risk in (Risk.LOW, Risk.MEDIUM) and owed.exists():
        return []
    safe = SafeContact.objects.filter(case=case, party__is_primary=True).first()
    planned = []
    for rule in own:
        due_at = start + dt.timedelta(hours=rule.after_hours)
        rings = within_safe_hours(due_at, safe)
        if owed.filter(due_at__range=(rings - NEAR, rings + NEAR)).exists():  # she is not rung up twice for two letters
            continue
        planned.append(plan_one(case, reason=event, due_at=due_at, by_desk=rule.by_desk))
    return planned


def plan_one(
    case: Case, *, reason: str, due_at: dt.datetime, by_desk: bool = True, desk_group_id: int | None = None
) -> FollowUp:
    """Plan one callback, moved into her safe hours. Inside a verb on the case."""
    safe = SafeContact.objects.filter(case=case, party__is_primary=True).first()
    group = desk_group_id or (_desk_group(case) if by_desk else None)
    row, _made = FollowUp.objects.get_or_create(
        case=case,
        reason=reason,
        due_at=within_safe_hours(due_at, safe),
        defaults={"office_id": case.office_id, "desk_group_id": group},
    )
    if row.status == FollowUpStatus.CANCELLED:  # this very time was planned before and then given up
        _move(row, "plan_again", None)
        row.save()
    return row


def _move(row: FollowUp, edge: str, finished_at: dt.datetime | None) -> None:
    """Along an edge of its table, without saving."""
    row.status, row.finished_at = FOLLOW_UP.edge(edge, row.status).target, finished_at


class SafeHours(Protocol):
    """From when until when she can be called: a case's safe contact, or what a caller has just said."""

    @property
    def hour_from(self) -> dt.time | None: ...

    @property
    def hour_until(self) -> dt.time | None: ...


def within_safe_hours(moment: dt.datetime, safe: SafeHours | None) -> dt.datetime:
    """The first moment not before `moment` at which it is safe to call."""
    if safe is None or safe.hour_from is None or safe.hour_until is None:
        return moment
    local = clock.local(moment)
    begin = local.replace(hour=safe.hour_from.hour, minute=safe.hour_from.minute, second=0, microsecond=0)
    end = local.replace(hour=safe.hour_until.hour, minute=safe.hour_until.minute, second=0, microsecond=0)
    if end <= begin:  # the window crosses midnight
        return moment if local >= begin or local < end else begin
    if local < begin:
        return begin
    return moment if local < end else begin + dt.timedelta(days=1)


def _minutes(moment: dt.time) -> int:
    return moment.hour * 60 + moment.minute


def narrower(one: SafeHours, other: SafeHours) -> SafeHours | None:
    """Of two agreements on her safe hours the one that lies within the other; None where neither does. Without hours any hour is safe."""
    for inner, outer in ((one, other), (other, one)):
        if outer.hour_from is None or outer.hour_until is None:
            return inner
        if inner.hour_from is None or inner.hour_until is None:
            continue
        begin = _minutes(outer.hour_from)  # counted from here, so that a window over midnight is one like any other
        length = (_minutes(outer.hour_until) - begin) % _DAY
        inside = (_minutes(inner.hour_from) - begin) % _DAY
        if inside + (_minutes(inner.hour_until) - _minutes(inner.hour_from)) % _DAY <= length:
            return inner
    return None


def call_by(begins: dt.datetime, safe: SafeHours | None, *, latest: dt.datetime | None = None) -> dt.datetime:
    """By when a call that may be made from `begins` on is owed: by `latest` (within four hours), and before her safe hours end."""
    latest = latest or begins + CALL_WITHIN
    if safe is None or safe.hour_from is None or safe.hour_until is None:
        return latest
    local = clock.local(begins)
    end = local.replace(hour=safe.hour_until.hour, minute=safe.hour_until.minute, second=0, microsecond=0)
    return min(latest, end if end > local else end + dt.timedelta(days=1))


def call_from(
    due_at: dt.datetime, safe: SafeHours | None, *, tried_at: dt.datetime | None = None, outcome: str = ""
) -> dt.datetime:
    """From when she is to be called: from when it was planned for, after an attempt some hours later, always within her safe hours."""
    hours = RETRY_HOURS.get(AttemptOutcome(outcome)) if outcome else None
    begins = tried_at + dt.timedelta(hours=hours) if tried_at and hours else due_at
    return within_safe_hours(begins, safe)


def put_off_to(due_at: dt.datetime, safe: SafeHours) -> dt.datetime:
    """By when a call that was owed by `due_at` is owed under new hours: by then where the last moment before is safe, else in the next ones."""
    if _was_safe(due_at - dt.timedelta.resolution, safe):
        return due_at
    return call_by(within_safe_hours(due_at, safe), safe)


def window(safe: SafeHours | None) -> str:
    """Her safe hours in words, a window over midnight as what it is; nothing where none are agreed."""
    if safe is None or safe.hour_from is None or safe.hour_until is None:
        return ""
    begin, end = f"{safe.hour_from:%H:%M}", f"{safe.hour_until:%H:%M}"
    return _("%(begin)s to %(end)s the next day") % {"begin": begin, "end": end} if begin > end else f"{begin}–{end}"


def is_safe_now(safe: SafeContact | None) -> bool:
    """Whether the present moment lies in her safe hours."""
    now = clock.now()
    return within_safe_hours(now, safe) == now


def _was_safe(moment: dt.datetime, safe: SafeHours | None) -> bool:
    return within_safe_hours(moment, safe) == moment


def cancel_planned(case: Case) -> int:
    """Callbacks that are not owed any more (the case is closed)."""
    owed = list(FollowUp.objects.filter(case=case, status__in=[FollowUpStatus.PLANNED, FollowUpStatus.DUE]))
    for row in owed:
        if row.status == FollowUpStatus.DUE and row.desk_group_id:
            access.withdraw(source_id=row.pk)
        _move(row, "cancel", clock.now())
        row.save()
    return len(owed)


def keep_to_hours(act: Act[Any], case: Case, safe: SafeHours) -> None:
    """Her safe hours have changed: what is owed outside them moves to the first safe moment or ones, a planned callback and a due one's attempt.

    What is late stays late. Inside a verb on the case.
    """
    owed = FollowUp.objects.filter(case=case, status__in=[FollowUpStatus.PLANNED, FollowUpStatus.DUE])
    moved = []
    for row in list(owed.order_by("due_at")):
        if row.status == FollowUpStatus.DUE:
            workitems.put_off("followup.call", source_id=row.pk, until=lambda moment: put_off_to(moment, safe))
            continue
        due_at = within_safe_hours(row.due_at, safe)
        if due_at == row.due_at:
            continue
        moved.append((row.due_at, due_at))
        other = FollowUp.objects.filter(case=case, reason=row.reason, due_at=due_at).first()
        if other is None:
            row.due_at = due_at
        else:  # one call for the same reason at the same time
            if other.status == FollowUpStatus.CANCELLED:
                _move(other, "plan_again", None)
                other.save()
            _move(row, "cancel", act.now)
        row.version += 1
        row.save()
    if moved:
        times = [[before.isoformat(), after.isoformat()] for before, after in moved]
        timeline.add(act, case, "followup.moved", section=Section.CALLBACK, moved=times)


def replaced_by_own(rows: QuerySet[FollowUp], case: Case) -> QuerySet[FollowUp]:
    """Of these callbacks of a case those that a time of the manager's choice replaces: one is owed in all, but where the risk is high."""
    return rows.none() if case.risk == Risk.HIGH else rows.filter(status=FollowUpStatus.PLANNED).order_by("due_at")


def follow_up_plan(
    *, case_id: UUID, by: Identity, due_at: dt.datetime, by_desk: bool, key: UUID | None = None
) -> FollowUp:
    """The manager plans a callback for a time of her choice; it must lie in the safe hours."""

    def write(act: Act[Case]) -> FollowUp:
        case = act.object
        clocks.check_to_come(due_at, now=act.now, field="due_at", tolerance=dt.timedelta(minutes=5))
        safe = SafeContact.objects.filter(case=case, party__is_primary=True).first()
        if within_safe_hours(due_at, safe) != due_at:
            raise DomainError("unsafe_hour", _("She can be called safely only within her safe hours."), field="due_at")
        row = plan_one(case, reason=FollowUpRule.Event.IN_FOLLOW_UP, due_at=due_at, by_desk=by_desk)
        others = list(replaced_by_own(FollowUp.objects.filter(case=case).exclude(pk=row.pk), case))
        for other in others:
            _move(other, "cancel", act.now)
            other.save()
        timeline.add(
            act,
            case,
            "followup.planned",
            section=Section.CALLBACK,
            object_id=row.pk,
            replaced=[other.due_at.isoformat() for other in others],
        )
        return row

    return engine.change(
        "followup.plan",
        by=by,
        scope=Case.objects.visible_to(by),
        pk=case_id,
        guards=[guards.is_manager, guards.is_open],
        write=write,
        key=key,
    )


def make_due(follow_up_id: UUID) -> bool:
    """Open the work item of one planned callback that has come due, as the worker; safe to run twice. True when this call did it."""
    with acting_as(worker_identity("followups")):
        seen = FollowUp.objects.filter(pk=follow_up_id, status=FollowUpStatus.PLANNED, due_at__lte=clock.now()).first()
        if seen is None:
            return False
        with as_verb([seen.case_id]):
            case = Case._base_manager.select_for_update().get(pk=seen.case_id)
            row = FollowUp._base_manager.select_for_update().get(pk=follow_up_id)
            if row.status != FollowUpStatus.PLANNED or not case.is_open:
                return False
            _move(row, "come_due", None)
            row.version += 1
            row.save()
            safe = SafeContact.objects.filter(case=case, party__is_primary=True).first()
            workitems.open_item(
                "followup.call", office_id=case.office_id, source_id=row.pk, case=case, owner_group_id=row.desk_group_id,
                due_at=call_by(row.due_at, safe), urgent=case.risk == Risk.HIGH,
            )  # fmt: skip
            if row.desk_group_id:
                access.grant(
                    case_id=case.pk, sections=CALL_SECTIONS, source_kind="follow_up", source_id=row.pk, basis=GrantBasis.DUTY,
                    group_id=row.desk_group_id,
                )  # fmt: skip
            workitems.ensure_next_step(case.pk)
    return True


def due_ids(limit: int = 1000) -> list[UUID]:
    """Planned callbacks that have come due, oldest first (beat polls; the broker keeps no appointments)."""
    with acting_as(worker_identity("followups")):
        rows = FollowUp.objects.filter(
            status=FollowUpStatus.PLANNED, due_at__lte=clock.now(), case__status__in=OPEN_STATUSES
        )
        rows = rows.order_by("due_at")
        return list(rows.values_list("pk", flat=True)[:limit])


def attempt_record(
    *,
    follow_up_id: UUID,
    by: Identity,
    version: int | None,
    outcome: str,
    note: str,
    satisfaction: str = "",
    key: UUID | None = None,
) -> FollowUp:
    """Record one attempt to reach her. Three failures of a high-risk case go to the manager and the director, never just expire."""
    result = AttemptOutcome(outcome)

    def write(act: Act[FollowUp]) -> FollowUp:
        row = act.object
        case = row.case
        safe = SafeContact.objects.filter(case=case, party__is_primary=True).first()
        if not is_safe_now(safe) and not _was_safe(act.now - LONGEST_CALL, safe):
            raise DomainError("unsafe_hour", _("It is outside her safe hours: she must not be called now."))
        if result == AttemptOutcome.REACHED and not satisfaction:
            raise DomainError(
                "required", _("Say how she found the help, or that it was not asked."), field="satisfaction"
            )
        said = satisfaction if result == AttemptOutcome.REACHED else ""  # who was not reached found nothing good or bad
        row.attempts += 1
        FollowUpAttempt.objects.create(
            case=case, office_id=case.office_id, follow_up=row, at=act.now, outcome=result, note=note,
            actor_id=act.by.person_id, actor_name=act.by.name,
        )  # fmt: skip
        timeline.add(
            act, case, "followup.attempted", section=Section.CALLBACK, text=note, object_id=row.pk, outcome=result.value,
            satisfaction=said,
        )  # fmt: skip
        if result == AttemptOutcome.REACHED:
            _move(row, "reach", act.now)
            row.satisfaction = Satisfaction(said)
            workitems.finish("followup.call", source_id=row.pk)
            _reach_others(row, act.now)
        elif result in RETRY_HOURS and row.attempts < MAX_ATTEMPTS:
            again = call_from(row.due_at, safe, tried_at=act.now, outcome=result)
            workitems.finish("followup.call", source_id=row.pk, outcome=WorkItemOutcome.SUPERSEDED)
            workitems.open_item(
                "followup.call", office_id=case.office_id, source_id=row.pk, case=case, owner_group_id=row.desk_group_id,
                due_at=call_by(again, safe), urgent=case.risk == Risk.HIGH, tell_at=again,
            )  # fmt: skip
        else:
            _move(row, "fail", act.now)
            workitems.finish("followup.call", source_id=row.pk)
            workitems.open_item(
                "followup.failed", office_id=case.office_id, source_id=row.pk, case=case,
                owner_role=Role.DIRECTOR if case.risk == Risk.HIGH else "", urgent=case.risk == Risk.HIGH,
            )  # fmt: skip
        if row.status != FollowUpStatus.DUE and row.desk_group_id:
            access.withdraw(source_id=row.pk)
        return row

    return engine.change(
        "followup.attempt", by=by, scope=FollowUp.objects.visible_to(by), pk=follow_up_id, version=version,
        guards=[_may_call, guards.is_open, _is_due], write=write, key=key,
    )  # fmt: skip


def _reach_others(row: FollowUp, now: dt.datetime) -> None:
    """One call answers every callback that is due: she is not rung up again for each (the burden stays small). What was late stays late."""
    for other in FollowUp.objects.filter(case_id=row.case_id, status=FollowUpStatus.DUE).exclude(pk=row.pk):
        _move(other, "reach", now)
        other.satisfaction = Satisfaction.NOT_ASKED
        other.version += 1
        other.save()
        workitems.finish("followup.call", source_id=other.pk)
        if other.desk_group_id:
            access.withdraw(source_id=other.pk)


def _may_call(row: FollowUp, by: Identity) -> None:
    # Safe-contact rules travel with every grant; calling her back is for the centre and the desk that was asked to.
    if row.office_id not in by.case_offices and row.desk_group_id not in by.groups:
        raise NotAllowed("not_caller", _("Only the handling centre and the hotline desk that it asked call her back."))


def _is_due(row: FollowUp, by: Identity) -> None:
    if row.status != FollowUpStatus.DUE:
        raise DomainError("wrong_status", _("This callback is not due, or it was carried out meanwhile."))


def _has_failed(row: FollowUp, by: Identity) -> None:
    if row.status != FollowUpStatus.FAILED:
        raise DomainError("wrong_status", _("There is no failed callback to decide on."))


def failure_accept(*, follow_up_id: UUID, by: Identity, note: str, key: UUID | None = None) -> FollowUp:
    """The director (for high risk) or the manager accepts that she could not be reached, and says what is done instead."""

    def write(act: Act[FollowUp]) -> FollowUp:
        row = act.object
        workitems.finish("followup.failed", source_id=row.pk)
        timeline.add(act, row.case, "followup.failure_accepted", section=Section.CALLBACK, text=note, object_id=row.pk)
        return row

    def may_accept(row: FollowUp, by: Identity) -> None:
        (guards.is_director if row.case.risk == Risk.HIGH else guards.is_manager)(row, by)

    return engine.change(
        "followup.accept_failure",
        by=by,
        scope=FollowUp.objects.visible_to(by),
        pk=follow_up_id,
        guards=[may_accept, guards.is_open, _has_failed],
        write=write,
        key=key,
    )
