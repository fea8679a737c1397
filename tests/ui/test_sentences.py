"""Marks between words: those of the page's language, never typed into a template or a sentence."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

import pytest
from django.template import engines
from django.utils import translation

from caremgmt.local.environment import PROJECT
from core.ui import sentences
from tests.architecture.source import TEMPLATES, place, python_files, tree

MARKS = re.compile("[、；：，。（）]")
# Official papers are written in Chinese whatever language the reader works in; what reads Chinese text knows its marks.
CHINESE_IN = ("core/styleguide.py", "referrals/conferences/papers.py", "reports/small_counts.py", "core/ui/errors.py")


@dataclass
class Somebody:
    name: str


@pytest.mark.parametrize(
    ("language", "listed", "named", "set_behind"),
    [("zh-hans", "甲、乙", "依据：法", "甲（乙）"), ("en", "甲, 乙", "依据: 法", "甲 (乙)")],
)
def test_marks_are_those_of_the_language(language: str, listed: str, named: str, set_behind: str) -> None:
    people = [Somebody("甲"), Somebody("乙")]
    with translation.override(language):
        assert sentences.joined(["甲", "乙"]) == sentences.joined(people, "name") == listed
        assert sentences.labelled("法", "依据") == named
        assert "甲" + sentences.in_brackets("乙") == set_behind
        text = engines["django"].from_string('{{ people|joined:"name" }}').render({"people": people})
        assert text == listed


def test_what_is_joined_is_escaped_and_nothing_is_empty() -> None:
    text = engines["django"].from_string("{{ names|joined }}|{{ none|joined }}").render({"names": ["<b>"]})
    assert text == "&lt;b&gt;|"


def test_no_template_types_a_chinese_mark() -> None:
    texts = [path for path in sorted(TEMPLATES.rglob("*.html")) if "styleguide" not in path.parts]
    assert [str(path.relative_to(PROJECT)) for path in texts if MARKS.search(path.read_text(encoding="utf-8"))] == []


def test_no_sentence_is_put_together_with_a_chinese_mark() -> None:
    wrong = []
    for _room, path in python_files():
        where = str(path.relative_to(PROJECT))
        if where in CHINESE_IN or {"demo", "directory", "local", "management"} & set(path.relative_to(PROJECT).parts):
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.JoinedStr):
                parts = [part.value for part in node.values if isinstance(part, ast.Constant)]
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "join":
                parts = [node.func.value.value] if isinstance(node.func.value, ast.Constant) else []
            else:
                continue
            wrong += [place(path, node) for part in parts if MARKS.search(str(part))]
    assert wrong == []
