"""What is late is told to its owner, then to the one above: reminders are counted on the item, the steps are clocks like all others."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from cases import registry
from cases.models import Case, WorkItem
from cases.services import clocks
from core import clock, outbox
from core.identity import acting_as, as_verb, worker_identity

MOST = 2000  # items of one poll


def late() -> list[tuple[UUID, UUID]]:
    """Items whose next step of lateness has come, with their case or contact, the latest first."""
    now, chains = clock.now(), defaultdict(list)
    for kind in registry.work_kinds.values():
        chains[kind.chain].append(kind.code)
    found: list[WorkItem] = []
    with acting_as(worker_identity("lateness")):
        for chain, kinds in chains.items():
            waiting = WorkItem.objects.filter(kind__in=kinds, done_at__isnull=True, due_at__lte=now).order_by("due_at")
            found += waiting.filter(reminders=0)[:MOST]
            for told, rule in enumerate(clocks.steps(chain), start=1):
                items = waiting.filter(reminders=told).iterator()
                found += [item for item in items if clocks.due(rule, start=item.due_at).at <= now]
    found.sort(key=lambda item: item.due_at)
    return [(item.pk, item.subject_id) for item in found[:MOST]]


def remind(item_id: UUID, subject: UUID) -> bool:
    """Take the next step of one late item; safe to run twice at once. True when this call did it."""
    with acting_as(worker_identity("lateness")), as_verb([subject]):
        # the case first, like every verb
        list(Case._base_manager.select_for_update().filter(pk=subject).values_list("pk"))
        item = WorkItem.objects.select_for_update().filter(pk=item_id, done_at__isnull=True).first()
        if item is None or not _has_come(item):
            return False
        item.reminders += 1
        item.save(update_fields=["reminders"])
        outbox.put("notify.work_item", subject=subject, key=f"work-item:{item_id}:{item.reminders}", item=str(item_id))
        step = registry.late_steps.get(registry.work_kinds[item.kind].chain)
        if step is not None:
            step(item, item.reminders)
    return True


def _has_come(item: WorkItem) -> bool:
    now, rules = clock.now(), clocks.steps(registry.work_kinds[item.kind].chain)
    if item.due_at > now or item.reminders > len(rules):
        return False
    return not item.reminders or clocks.due(rules[item.reminders - 1], start=item.due_at).at <= now


def chase() -> int:
    """Take the next step of each late item. Each step of each item is taken once."""
    return sum(remind(*row) for row in late())
