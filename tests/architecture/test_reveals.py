"""Whoever shows what stands masked everywhere else asks for the second factor again before it (security.md, 5)."""

from __future__ import annotations

import ast

from tests.architecture.source import place, python_files, tree


def test_every_reveal_asks_for_the_second_factor_again() -> None:
    views = [
        (place(path, node), ast.unparse(node))
        for _room, path in python_files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef) and "views" in path.parts
    ]
    reveals = [(where, text) for where, text in views if "Action.REVEAL" in text]
    assert len(reveals) == 6  # masked values, callbacks, emergency views, contacts, houses, agencies' keys
    assert [where for where, text in reveals if "stepup.is_due(" not in text] == []
