"""A case that another centre is asked to take over, and one that goes on there."""

from __future__ import annotations

from cases.models import Document
from cases.services.transfers import transfer_accept, transfer_ask
from tests.permissions.planted.scene import Planted, Scene
from tests.roles import as_owner


def asked(scene: Scene, case: Planted) -> None:
    """The Xishan centre is asked to go on with the case."""
    with scene.world.acting("manager") as by:
        case.transfer = transfer_ask(
            case_id=case.id, by=by, version=None, to_office=scene.world.offices["xishan"], reason="split_residence",
            message=case.tell("transfer"), summary=case.tell("incident"),
        ).pk  # fmt: skip


def handed(scene: Scene, case: Planted) -> None:
    """It goes on there: the successor knows what was told here, but not what lies between the professional and the manager."""
    asked(scene, case)
    with scene.world.acting("xishan_manager") as by:
        after = Planted("successor", transfer_accept(transfer_id=case.transfer, by=by).pk)  # type: ignore[arg-type]
    after.words = {
        name: set(words)
        for name, words in case.words.items()
        if name not in ("counselling", "coordination", "transfer")
    }
    with as_owner():  # its paper went on with it
        after.document = Document._base_manager.get(case_id=after.id).pk
    after.phones = {name: set(numbers) for name, numbers in case.phones.items()}
    scene.cases["successor"] = after
