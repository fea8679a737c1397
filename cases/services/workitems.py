"""待办: opened and finished inside verbs; what is owed is never only remembered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from uuid import UUID

from django.db.models import Exists, Min, OuterRef, Q, Subquery

from agencies.enums import Role
from agencies.models import RoleGrant
from cases import registry
from cases.enums import OPEN_STATUSES, WorkItemOutcome
from cases.models import Case, WorkItem
from cases.services import clocks
from core import clock, outbox
from core.engine import write_later
from core.identity import current


def open_item(
    kind: str,
    *,
    office_id: UUID,
    source_id: UUID,
    case: Case | None = None,
    contact_id: UUID | None = None,
    matter_id: UUID | None = None,
    owner_user_id: UUID | None = None,
    owner_group_id: int | None = None,
    owner_role: str = "",
    due_at: dt.datetime | None = None,
    urgent: bool = False,
    tell: bool = True,
    tell_at: dt.datetime | None = None,
) -> WorkItem:
    """Open an item, unless one is open for this kind and source already (the database decides). Inside a verb on the case, contact or matter.

    Without `due_at` the kind's clock says when; without an owner it belongs to the case's manager, else to the managers of the centre.
    The bell rings at once, or at `tell_at`: for what may not be begun before.
    """
    if not (owner_user_id or owner_group_id or owner_role):
        owner_user_id = case.manager_id if case else None
        owner_role = "" if owner_user_id else Role.MANAGER
    due = clocks.Due(due_at, "") if due_at else clocks.due(registry.work_kinds[kind].clock, urgent=urgent)
    item = WorkItem(
        office_id=office_id, case=case, contact_id=None if case else contact_id, matter_id=matter_id, kind=kind, source_id=source_id,
        owner_user_id=owner_user_id, owner_group_id=owner_group_id, owner_role=owner_role, opened_at=clock.now(), due_at=due.at,
        clock=due.rule, is_urgent=urgent,
    )  # fmt: skip
    write_later(item)
    if tell:
        delay = tell_at - item.opened_at if tell_at and tell_at > item.opened_at else None
        outbox.put(
            "notify.work_item", subject=item.subject_id, key=f"work-item:{item.pk}", delay=delay, item=str(item.pk)
        )
    return item


def finish(kinds: str | Iterable[str], *, source_id: UUID, outcome: WorkItemOutcome = WorkItemOutcome.DONE) -> int:
    """Finish the open items of these kinds and source. Returns how many there were."""
    wanted = [kinds] if isinstance(kinds, str) else list(kinds)
    return WorkItem.objects.filter(kind__in=wanted, source_id=source_id, done_at__isnull=True).update(
        done_at=clock.now(), done_by_id=current().user_id, outcome=outcome
    )


def hasten(kinds: Iterable[str], *, source_id: UUID, due_at: dt.datetime | None, urgent: bool) -> int:
    """Give the open items of these kinds and source a new due time and urgency. Returns how many there were."""
    items = WorkItem.objects.filter(kind__in=list(kinds), source_id=source_id, done_at__isnull=True)
    return items.update(is_urgent=urgent, **({"due_at": due_at} if due_at else {}))


def make_urgent(kind: str, *, source_id: UUID) -> int:
    """What is owed of this kind and source is urgent now: due as an urgent one begun now, never later than it was; its owner is told once more.

    Returns how many items that were.
    """
    due = clocks.due(registry.work_kinds[kind].clock, urgent=True)
    items = WorkItem.objects.select_for_update().filter(kind=kind, source_id=source_id, done_at__isnull=True)
    found = list(items)
    for item in found:
        if item.is_urgent:
            continue
        item.is_urgent = True
        if due.at < item.due_at:
            item.due_at, item.clock = due.at, due.rule
        item.save(update_fields=["is_urgent", "due_at", "clock"])
        remind(kind, source_id=source_id)
    return len(found)


def put_off(kind: str, *, source_id: UUID, until: Callable[[dt.datetime], dt.datetime]) -> int:
    """Move what is owed of this kind and source to the time that `until` makes of its own; what is late stays late. Returns how many moved."""
    items = WorkItem.objects.select_for_update().filter(
        kind=kind, source_id=source_id, done_at__isnull=True, due_at__gt=clock.now()
    )
    moved = [(item, due_at) for item in items if (due_at := until(item.due_at)) != item.due_at]
    for item, due_at in moved:
        item.due_at = due_at
        item.save(update_fields=["due_at"])
    return len(moved)


def pass_on(
    kinds: Iterable[str], *, source_id: UUID, owner_user_id: UUID | None, owner_group_id: int | None
) -> list[str]:
    """Give the open items of these kinds and source to another person or unit, due as before; whoever owes them now is told. Returns their kinds."""
    items = WorkItem.objects.select_for_update().filter(kind__in=list(kinds), source_id=source_id, done_at__isnull=True)
    found = list(items)
    for item in found:
        item.owner_user_id, item.owner_group_id = owner_user_id, None if owner_user_id else owner_group_id
        item.owner_role = ""  # what a wall had given to the managers is the new holder's again
        item.save(update_fields=["owner_user_id", "owner_group_id", "owner_role"])
        remind(item.kind, source_id=source_id)
    return [item.kind for item in found]


def remind(kind: str, *, source_id: UUID, due_at: dt.datetime | None = None) -> int:
    """Ring once more for what is owed, because of a decision on it; with `due_at` it is owed by then and was never late.

    Returns how many items that were.
    """
    items = WorkItem.objects.select_for_update().filter(kind=kind, source_id=source_id, done_at__isnull=True)
    found = list(items)
    for item in found:
        if due_at is not None:
            item.due_at, item.clock, item.reminders = due_at, "", 0
            item.save(update_fields=["due_at", "clock", "reminders"])
        outbox.put(
            "notify.work_item",
            subject=item.subject_id,
            key=f"work-item:{item.pk}:{clock.now():%Y%m%d%H%M%S%f}",
            item=str(item.pk),
        )
    return len(found)


def finish_decided(case: Case) -> int:
    """Finish what the manager's plan answers: what became known of the case and asks her what comes next."""
    kinds = [kind.code for kind in registry.work_kinds.values() if kind.by_plan]
    return WorkItem.objects.filter(case=case, kind__in=kinds, done_at__isnull=True).update(
        done_at=clock.now(), done_by_id=current().user_id, outcome=WorkItemOutcome.DONE
    )


def finish_all(case: Case, *, outcome: WorkItemOutcome) -> int:
    """Finish everything open on a case (when it is closed or refused)."""
    return WorkItem.objects.filter(case=case, done_at__isnull=True).update(
        done_at=clock.now(), done_by_id=current().user_id, outcome=outcome
    )


def hand_over(case: Case, *, to_user_id: UUID) -> int:
    """Give the open items of the centre's managers on this case to its (new) manager; what another centre was asked stays there."""
    staff = RoleGrant.objects.filter(office_id=case.office_id, role__in=[Role.MANAGER, Role.DIRECTOR]).values("user_id")
    # what a named liaison or an expert owes stays theirs
    theirs = Q(owner_role=Role.MANAGER) | Q(owner_user_id__in=staff)
    items = WorkItem.objects.filter(
        theirs, case=case, office_id=case.office_id, done_at__isnull=True, owner_group__isnull=True
    )
    return items.update(owner_user_id=to_user_id, owner_role="")


def ensure_next_step(case_id: UUID) -> None:
    """Nothing falls between two chairs: an open case without an open item of its own centre gets a review by its manager. Keeps

    `next_due_at` true.
    """
    own = WorkItem.objects.filter(case_id=case_id, office_id=OuterRef("office_id"), done_at__isnull=True).order_by(
        "due_at"
    )
    open_case = Case.objects.filter(pk=case_id, status__in=OPEN_STATUSES)
    if open_case.filter(Exists(own)).update(next_due_at=Subquery(own.values("due_at")[:1]), touched_at=clock.now()):
        return
    case = open_case.first()
    if case is None:
        return
    planned = case.followups.filter(status="planned").aggregate(Min("due_at"))["due_at__min"]
    soonest = clocks.due("case.review", urgent=case.risk == "high").at
    if planned:
        # Where a callback is planned the review comes after it: one step at a time, the burden stays small.
        soonest = max(soonest, planned + dt.timedelta(days=1))
    open_item("case.review", office_id=case.office_id, source_id=case.pk, case=case, due_at=soonest, tell=False)
    open_case.update(next_due_at=soonest, touched_at=clock.now())
