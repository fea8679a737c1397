"""What several modules of tests of the heart ask for."""

from __future__ import annotations

import pytest

from agencies.enums import Role
from tests.world import World


@pytest.fixture
def asking(world: World) -> World:
    """A director at the other centre, who confirms for the desk."""
    world.person("xishan_director", Role.DIRECTOR, "xishan")
    world.only_above()
    return world
