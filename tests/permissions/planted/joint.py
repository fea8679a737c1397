"""Joint handling: a request that waits, one that was declined before it, a case that two centres handle together."""

from __future__ import annotations

import datetime as dt

from cases.services import joint
from core import clock
from tests.permissions.planted.oracle import OFFERED
from tests.permissions.planted.scene import Planted, Scene


def _ask(scene: Scene, case: Planted) -> None:
    new = joint.NewJoint(
        to_office=scene.world.offices["xishan"], reason="others_there", wish=case.tell("joint"), ends_at=clock.now() + dt.timedelta(days=170),
        sections=OFFERED, basis="duty",
    )  # fmt: skip
    with scene.world.acting("manager") as by:
        case.joint = joint.joint_ask(case_id=case.id, by=by, version=None, new=new).pk


def asked_again(scene: Scene, case: Planted) -> None:
    """Xishan declines once what is asked again of it."""
    _ask(scene, case)
    assert case.joint
    case.words.setdefault("coordination", set()).update(case.words.pop("joint"))  # declined, it is the centre's own
    with scene.world.acting("xishan_manager") as by:
        joint.joint_decline(joint_id=case.joint, by=by, reason=case.tell("coordination"))
    _ask(scene, case)


def together(scene: Scene, case: Planted) -> None:
    """Xishan helps, and has written what it did."""
    _ask(scene, case)
    assert case.joint
    with scene.world.acting("xishan_manager") as by:
        joint.joint_accept(joint_id=case.joint, by=by, person=scene.world.users["xishan_manager"])
        joint.joint_report(
            joint_id=case.joint, by=by, how="visit", happened_at=clock.now(), text=case.tell("incident"), section="incident",
            due_at=clock.now() + dt.timedelta(days=160),
        )  # fmt: skip
