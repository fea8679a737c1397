"""A case that goes from one centre to another."""

from __future__ import annotations

from typing import Any

from cases.models import (
    Case,
    Transfer,
    WorkItem,
)
from cases.services import transfers
from tests.roles import as_owner
from tests.world import World

MESSAGE, SUMMARY = "长期居住在贵辖区", "已两次走访，子女态度缓和。"


def handed(world: World, case: Case, who: str = "manager", to: str = "xishan", **more: Any) -> Transfer:
    """A transfer of the case that waits for the other centre."""
    values = {"reason": "split_residence", "message": MESSAGE, "summary": SUMMARY} | more
    with world.acting(who) as by:
        version = Case.objects.get(pk=case.pk).version
        return transfers.transfer_ask(case_id=case.pk, by=by, version=version, to_office=world.offices[to], **values)


def taken(world: World, row: Transfer, who: str = "xishan_manager") -> Case:
    """The case that follows it there."""
    with world.acting(who) as by:
        return transfers.transfer_accept(transfer_id=row.pk, by=by)


def owed(case: Case) -> set[tuple[str, Any]]:
    """What is open on a case, and which office answers for it."""
    with as_owner():
        return set(WorkItem.objects.filter(case=case, done_at__isnull=True).values_list("kind", "office__short_name"))
