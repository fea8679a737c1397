"""The containers are given what the settings read from the environment."""

from __future__ import annotations

import ast
import re
from typing import Any

import pytest
import yaml

from caremgmt.local.environment import PROJECT

# Right as they are in a container, or a matter of one's own: whoever wants another value adds it.
LEFT_ALONE = re.compile(r"CAREMGMT_(VAR|LOG_HEADS|POLL_SECONDS|BURST_\w+|PAPER_MAX_\w+)")


def _read_by_settings() -> set[str]:
    source = ast.parse((PROJECT / "caremgmt" / "settings.py").read_text("utf-8"))
    calls = [node for node in ast.walk(source) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    names = {ast.literal_eval(call.args[0]) for call in calls if call.func.id == "_env" and len(call.args) > 0}  # type: ignore[attr-defined]
    return names | {"CAREMGMT_DB_WEB_PASSWORD", "CAREMGMT_DB_WORKER_PASSWORD"}


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    return dict(yaml.safe_load((PROJECT / "docker-compose.yml").read_text("utf-8"))["services"])


@pytest.mark.parametrize("name", ["prepare", "web", "worker", "beat"])
def test_a_container_is_given_every_setting(services: dict[str, Any], name: str) -> None:
    wanted = {variable for variable in _read_by_settings() if not LEFT_ALONE.fullmatch(variable)}
    assert wanted - set(services[name]["environment"]) == set()


def test_the_proxy_that_must_stand_in_front_is_counted(services: dict[str, Any]) -> None:
    assert services["web"]["environment"]["CAREMGMT_TRUSTED_PROXIES"] == "${CAREMGMT_TRUSTED_PROXIES:-1}"
    assert services["web"]["ports"] == ["127.0.0.1:8000:8000"]
