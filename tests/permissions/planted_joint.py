"""Joint handling in the planted scene: a request that waits, one that was declined before it, a case that two centres handle together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from cases.services import joint
from core import clock

OFFERED = ("identity", "incident", "medical")
OPEN = frozenset({"header", "safe_contact", *OFFERED})
# person -> case -> what joint handling opens to them.
SEES_TOGETHER: dict[str, dict[str, frozenset[str]]] = {"xishan_manager": {"together": OPEN}}
# person -> cases whose joint handling is open to them: both centres', never past a wall.
JOINTS: dict[str, frozenset[str]] = dict.fromkeys(
    ("manager", "manager2", "director", "xishan_manager"), frozenset({"asked", "together"})
)


def _ask(scene: Any, case: Any) -> None:
    new = joint.NewJoint(
        to_office=scene.world.offices["xishan"], reason="others_there", wish=case.tell("joint"), ends_at=clock.now() + dt.timedelta(days=170),
        sections=OFFERED, basis="duty",
    )  # fmt: skip
    with scene.world.acting("manager") as by:
        case.joint = joint.joint_ask(case_id=case.id, by=by, version=None, new=new).pk


def plant_joint(scene: Any, ready: Callable[[Any, str], Any]) -> None:
    """Xishan declines once what is asked again of it; of another case it helps, and has written what it did."""
    world, case = scene.world, scene["asked"]
    _ask(scene, case)
    case.words["coordination"] = case.words.get("coordination", set()) | case.words.pop(
        "joint"
    )  # declined, it is the centre's own
    with world.acting("xishan_manager") as by:
        joint.joint_decline(joint_id=case.joint, by=by, reason=case.tell("coordination"))
    _ask(scene, case)
    case = ready(scene, "together")
    _ask(scene, case)
    with world.acting("xishan_manager") as by:
        joint.joint_accept(joint_id=case.joint, by=by, person=world.users["xishan_manager"])
        joint.joint_report(
            joint_id=case.joint, by=by, how="visit", happened_at=clock.now(), text=case.tell("incident"), section="incident",
            due_at=clock.now() + dt.timedelta(days=160),
        )  # fmt: skip
