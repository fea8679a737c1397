"""What is asked for with a reason: an emergency view, the closed record of a minor."""

from __future__ import annotations

from uuid import UUID

from cases.services import approvals, glass
from core.identity import acting_as, worker_identity
from core.models.outbox import OutboxItem
from tests.permissions.planted.scene import Planted, Scene
from tests.roles import as_worker


def emergency_view(scene: Scene, case: Planted) -> UUID:
    """An operator's emergency view of another centre's case, confirmed by a director of a third."""
    world, number = scene.world, case.tell("glass", min(case.words["header"]))
    world.only_above()
    with world.acting("operator") as by:
        row = glass.glass_ask(
            by=by, number=number, reason=case.tell("glass.words"), office=world.offices["desk"], confirm=world.offices["wuhua"]
        )  # fmt: skip
    with world.acting("director") as by:
        assert glass.glass_answer(glass_id=row.pk, by=by, agreed=True) == "opened"
    with as_worker(), acting_as(worker_identity("test")):
        glass.answered(OutboxItem.objects.get(kind="glass.answered", subject=row.pk))
    with world.acting("supervisor") as by:  # named, because the centre has no director
        glass.glass_review(glass_id=row.pk, by=by, finding="justified", note=case.tell("glass.words"))
    return row.pk


def asked_for(scene: Scene, case: Planted) -> UUID:
    """A manager asks for the closed record of a minor that is a colleague's."""
    number = case.tell("approval", min(case.words["header"]))
    with scene.world.acting("manager2") as by:
        return approvals.approval_ask(
            by=by, office=scene.world.offices["wuhua"], number=number, reason=case.tell("approval.words"), days=7
        ).pk  # fmt: skip
