"""A wall of a planted case."""

from __future__ import annotations

from cases.services import access
from core.identity import as_verb
from tests.permissions.planted.scene import Planted, Scene


def wall_off(scene: Scene, case: Planted) -> None:
    """Put manager2 and the justice bureau behind a wall of this case."""
    with scene.world.acting("director"), as_verb([case.id]):
        access.wall(case_id=case.id, reason="kin", user_id=scene.world.users["manager2"].pk)
        access.wall(case_id=case.id, reason="kin", group_id=scene.world.units["justice"].group_id)
