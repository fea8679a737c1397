"""A case of Wuhua that Xishan is asked to help with: what the tests of joint handling share."""

from __future__ import annotations

import datetime as dt
from typing import Any

from cases.models import (
    AccessGrant,
    Case,
    JointHandling,
    PartyIdentity,
    WorkItem,
)
from cases.services import joint
from core import clock
from tests.cases.test_merging import begun
from tests.roles import as_owner
from tests.world import World

WISH = "请上门了解其子女的居住和照料情况。"
SECTIONS = ("identity", "incident", "children")
IN_FORCE = {"header", "safe_contact", *SECTIONS}


def new_joint(world: World, **more: Any) -> joint.NewJoint:
    values: dict[str, Any] = {
        "to_office": world.offices["xishan"], "reason": "others_there", "wish": WISH, "ends_at": clock.now() + dt.timedelta(days=60),
        "sections": SECTIONS, "basis": "duty",
    }  # fmt: skip
    return joint.NewJoint(**(values | more))


def asked(world: World, case: Case, who: str = "manager", **more: Any) -> JointHandling:
    """A request that waits for the second centre."""
    with world.acting(who) as by:
        return joint.joint_ask(case_id=case.pk, by=by, version=None, new=new_joint(world, **more))


def agreed(world: World, row: JointHandling, *, person: str = "xishan_manager", who: str = "xishan_manager", deputy: str = "", **more: Any) -> JointHandling:  # fmt: skip
    with world.acting(who) as by:
        return joint.joint_accept(
            joint_id=row.pk, by=by, person=world.users[person], deputy=world.users[deputy] if deputy else None, **more
        )


def together(world: World, **more: Any) -> tuple[Case, JointHandling]:
    """An assessed case of Wuhua that Xishan helps with."""
    case = begun(world)
    return case, agreed(world, asked(world, case, **more))


def report(world: World, row: JointHandling, who: str = "xishan_manager", **more: Any) -> JointHandling:
    values: dict[str, Any] = {
        "how": "visit", "happened_at": clock.now(), "text": "已上门，孩子由外婆照看。", "section": "children", "due_at": clock.now() + dt.timedelta(days=3),
    }  # fmt: skip
    with world.acting(who) as by:
        return joint.joint_report(joint_id=row.pk, by=by, **(values | more))


def open_to(world: World, who: str, case: Case) -> set[str]:
    """The sections that a person holds by grants in force; the bare policies give the case's rows by the same."""
    with world.acting(who) as by:
        scoped = Case.objects.visible_to(by).filter(pk=case.pk).exists()
        assert scoped == Case._base_manager.filter(pk=case.pk).exists()
        named = PartyIdentity._base_manager.filter(case=case).exists()
        assert named == PartyIdentity.objects.visible_to(by).filter(case=case).exists()
        now = clock.now()
        rows = AccessGrant.objects.filter(
            case=case, user_id=by.user_id, withdrawn_at=None, valid_from__lte=now, valid_until__gt=now
        )
        found = set(rows.values_list("section", flat=True)) if scoped else set()
        assert scoped == ("header" in found)
        assert named == ("identity" in found)
        return found


def state(row: JointHandling) -> tuple[str, str]:
    with as_owner():
        fresh = JointHandling._base_manager.get(pk=row.pk)
        return fresh.status, fresh.end_reason


def nothing_left(row: JointHandling) -> bool:
    with as_owner():
        open_grants = AccessGrant.objects.filter(source_id=row.pk, withdrawn_at=None).exists()
        open_work = WorkItem.objects.filter(
            source_id=row.pk, done_at=None, kind__in=["joint.answer", "joint.work"]
        ).exists()
        return not open_grants and not open_work
