"""One name for one thing: what the glossary calls things is what the screens say."""

from __future__ import annotations

import re

from babel.messages.pofile import read_po

from caremgmt.local.environment import PROJECT
from core.ui.catalogues import ROOMS, Catalogues

CHINESE = re.compile("[\u4e00-\u9fff]+")
# What only papers, guides and data say, and no message of a screen.
ELSEWHERE = {"一站式关爱服务中心", "办理动作"}


def _said() -> str:
    """Every Chinese text of the catalogues."""
    texts = []
    for room in ROOMS:
        with Catalogues(PROJECT).po_path(room).open("rb") as file:
            for message in read_po(file):
                texts += message.string if isinstance(message.string, tuple) else [message.string]
    return "\n".join(texts)


def _rows(table: int) -> list[list[str]]:
    """The rows of one of the glossary's tables, as cells."""
    lines = (PROJECT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    starts = [at for at, line in enumerate(lines) if line.startswith("|---")]
    found = []
    for line in lines[starts[table] + 1 :]:
        if not line.startswith("|"):
            break
        found.append([cell.strip() for cell in line.strip("|").split("|")])
    return found


def test_what_stands_in_the_glossary_is_said_by_a_screen() -> None:
    said = _said()
    words = {word for cells in _rows(0) for word in CHINESE.findall(cells[1])}
    assert len(words) > 30
    assert {word for word in words - ELSEWHERE if word not in said} == set()


def test_no_screen_uses_a_word_that_has_been_given_up() -> None:
    said = _said()
    # 答复, 处理结果 and the like are right for another thing; these are right for nothing.
    given_up = {"岗位", "账户", "第二因素", "心理辅导", "名录", "查阅日志", "信息分区", "待发事项", "转办函"}
    assert {word for word in given_up if word in said} == set()
