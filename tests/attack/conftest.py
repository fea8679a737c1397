"""The planted scene of tests/permissions, for attacks on it."""

from tests.permissions.conftest import planted_scene, scene

__all__ = ["planted_scene", "scene"]
