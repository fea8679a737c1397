"""The code and the templates as text and as syntax trees, by the room that they belong to."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from caremgmt.local.environment import PROJECT

# Higher floors may know of lower ones; rooms of the same floor never of each other (docs/architecture.md, Floors).
FLOORS = {
    "core": 1,
    "agencies": 2,
    "cases": 3,
    "hotline": 4,
    "referrals": 4,
    "shelter": 4,
    "legalaid": 4,
    "reports": 5,
    "caremgmt": 6,
}
TEMPLATES = PROJECT / "templates"


def may_know(room: str, other: str) -> bool:
    """Whether `room` may import, point to, link or include what belongs to `other`."""
    return room == other or FLOORS[other] < FLOORS[room]


def python_files(*, room: str | None = None) -> Iterator[tuple[str, Path]]:
    """(room, path) of all product code; migrations are frozen history and not code."""
    for name in FLOORS if room is None else [room]:
        for path in sorted((PROJECT / name).rglob("*.py")):
            if not {"migrations", "__pycache__"} & set(path.parts):
                yield name, path


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of one file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def place(path: Path, node: ast.AST) -> str:
    """Where a finding stands, for a failure that can be clicked."""
    return f"{path.relative_to(PROJECT)}:{node.lineno}"  # type: ignore[attr-defined]


def room_of_template(path: Path) -> str:
    """The room of a template: its folder's; the shell belongs to the composition root, the rest of the kit to the ground floor."""
    first = path.relative_to(TEMPLATES).parts[0]
    if first in FLOORS:
        return first
    return "caremgmt" if first.startswith("base") else "core"
