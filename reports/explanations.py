"""The director's words on a month: for each figure that stands out, and in general. They travel as one sealed text."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from core.ui.sentences import labelled
from reports.indicators import BY_CODE


@dataclass(frozen=True, slots=True)
class Explanation:
    """What was said. A figure's words stand in paragraphs that begin with its code in brackets; the rest is the general remark."""

    by_code: Mapping[str, str] = field(default_factory=dict)
    remark: str = ""

    @classmethod
    def read(cls, text: str) -> Explanation:
        """Out of the text of a step. Words without a known code are the remark, so older texts are remarks altogether."""
        parts: dict[str, list[str]] = {"": []}
        code = ""
        for line in text.splitlines():
            head, closed, rest = line.partition("] ")
            if closed and head.startswith("[") and head[1:] in BY_CODE:
                code, line = head[1:], rest
            parts.setdefault(code, []).append(line)
        words = {code: "\n".join(lines).strip() for code, lines in parts.items()}
        return cls({code: said for code, said in words.items() if code and said}, words[""])

    @property
    def text(self) -> str:
        """As it is kept; empty when nothing was said."""
        paragraphs = [self.remark, *(f"[{code}] {words}" for code, words in self.by_code.items() if words)]
        return "\n".join(part for part in paragraphs if part)

    @property
    def fields(self) -> dict[str, str]:
        """What was said by the names of the form's fields."""
        return {f"explain_{code}": words for code, words in self.by_code.items()} | {"explanation": self.remark}

    def of(self, code: str) -> str:
        """The words on one figure, else the general ones."""
        return self.by_code.get(code) or self.remark

    def unnamed(self, hidden: Collection[str]) -> list[str]:
        """The remark and the words on `hidden` figures, without a figure's name: that one of them stood out would tell of it."""
        found = (*(words for code, words in self.by_code.items() if code in hidden), self.remark)
        return list(dict.fromkeys(words for words in found if words))

    def in_words(self, hidden: Collection[str]) -> str:
        """All of it as people read it: named figures first, then what stands without a name."""
        named = [labelled(words, BY_CODE[code].name) for code, words in self.by_code.items() if code not in hidden]
        return "\n".join([*named, *self.unnamed(hidden)])
