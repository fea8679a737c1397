"""The access log in words: what the product writes into it as a code is read in Chinese."""

from __future__ import annotations

import ast

from django.utils import translation

from agencies.words import OBJECTS, REASONS
from tests.architecture.source import python_files, tree
from tests.stories.driver import english_in


def _codes_of_refusals() -> set[str]:
    """The codes with which the product raises NotAllowed."""
    return {
        ast.literal_eval(node.args[0])
        for _room, path in python_files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "NotAllowed"
    }


def test_every_refusal_has_a_word_in_the_access_log() -> None:
    codes = _codes_of_refusals()
    assert "not_keeper" in codes
    assert codes - set(REASONS) == set()


def test_the_words_of_the_access_log_are_chinese() -> None:
    with translation.override("zh-hans"):
        shown = {str(word) for word in (*OBJECTS.values(), *REASONS.values())}
    assert {word for text in shown for word in english_in(text)} == set()


def test_an_order_in_the_access_log_is_a_document_not_a_sequence() -> None:
    with translation.override("zh-hans"):
        assert str(OBJECTS["order"]) == "文书"


def test_the_language_test_sees_the_words_of_a_code() -> None:
    assert english_in("拒绝 not_keeper") == {"keeper"}
    assert english_in("报表_2026-10.xlsx a_person@mail.example /cases/") == set()
