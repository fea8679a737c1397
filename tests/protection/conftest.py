"""The planted scene of the access matrix, here too."""

from tests.permissions.conftest import planted_scene, scene

__all__ = ["planted_scene", "scene"]
