"""Message catalogues of the rooms, made with Babel: a bare machine has no gettext.

Each room owns `<room>/locale/zh_Hans/LC_MESSAGES/django.po` for its code and `templates/<room>/`; what belongs to no room (the shell,
components, account pages, errors, the project) belongs to core.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOMS = ("core", "agencies", "cases", "hotline", "referrals", "shelter", "legalaid", "reports")
LOCALE = "zh_Hans"
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
SKIPPED = {"migrations", "tests", "node_modules", "__pycache__", "local"}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|(?<!%)%[sd]|\{\w*\}")

MessageId = str | tuple[str, ...] | list[str]


@dataclass
class Catalogues:
    """The catalogues of the project in `base`."""

    base: Path
    rooms: tuple[str, ...] = field(default=ROOMS)

    def po_path(self, room: str) -> Path:
        """Where a room's translations are kept."""
        return self.base / room / "locale" / LOCALE / "LC_MESSAGES" / "django.po"

    def sources(self, room: str) -> Iterator[Path]:
        """The room's Python files and templates, in a stable order."""
        folders = [self.base / room] + ([self.base / "caremgmt"] if room == "core" else [])
        for folder in folders:
            yield from (p for p in sorted(folder.rglob("*.py")) if not SKIPPED & set(p.relative_to(self.base).parts))
        templates = self.base / "templates"
        suffixes = {".html", ".txt"}
        if room != "core":
            yield from (p for p in sorted((templates / room).rglob("*")) if p.suffix in suffixes)
            return
        others = set(self.rooms) - {"core"}
        yield from (
            p
            for p in sorted(templates.rglob("*"))
            if p.suffix in suffixes and p.relative_to(templates).parts[0] not in others
        )

    def _messages(self, path: Path) -> Iterator[tuple[MessageId, list[str], str | None]]:
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            # Within brackets Python's tokenizer minds no indentation, which a template's text does not keep.
            text = f"(\n{templatize(text, origin=str(path))}\n)"
        for _line, message, comments, context in extract(
            "python", io.BytesIO(text.encode()), keywords=KEYWORDS, comment_tags=("Translators:",)
        ):
            yield message, comments, context

    def found(self, room: str) -> Catalog:
        """What the room's sources say now, untranslated."""
        catalog = Catalog(locale=LOCALE, domain="django", project="caremgmt", fuzzy=False)
        for path in self.sources(room):
            where = path.relative_to(self.base).as_posix()
            for message, comments, context in self._messages(path):
                if message and message != "":
                    catalog.add(message, locations=[(where, 0)], auto_comments=comments, context=context)
        return catalog

    def kept(self, room: str) -> Catalog:
        """What the room's catalogue holds."""
        path = self.po_path(room)
        if not path.exists():
            return Catalog(locale=LOCALE)
        with path.open("rb") as file:
            return read_po(file, locale=LOCALE)

    def extract(self, room: str, memory: dict[tuple[str, str | None], Message] | None = None) -> int:
        """Bring a room's catalogue up to its sources: translations stay, what is gone goes; returns how many are still to be translated."""
        fresh, old = self.found(room), self.kept(room)
        open_count = 0
        for message in fresh:
            if not message.id:
                continue
            key = (_first(message.id), message.context)
            before = old.get(_first(message.id), message.context)
            if before is None or not _translated(before):
                before = (memory or {}).get(key)
            if before is not None and isinstance(before.id, tuple) == isinstance(message.id, tuple):
                message.string = before.string
                message.flags |= before.flags & {"fuzzy"}
            open_count += not _translated(message)
        path = self.po_path(room)
        path.parent.mkdir(parents=True, exist_ok=True)
        buffer = io.BytesIO()
        write_po(buffer, fresh, width=130, sort_output=True, include_lineno=False, omit_header=True)
        header = (
            'msgid ""\nmsgstr ""\n"Language: zh_Hans\\n"\n"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
            '"Content-Transfer-Encoding: 8bit\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
        )
        path.write_bytes(header.encode() + buffer.getvalue().lstrip())
        return open_count

    def memory(self) -> dict[tuple[str, str | None], Message]:
        """Every translation of every room, so that the same words need no second one."""
        return {
            (_first(message.id), message.context): message
            for room in reversed(self.rooms)
            for message in self.kept(room)
            if message.id and _translated(message)
        }

    def compile(self, room: str) -> bool:
        """Write the room's .mo; says whether there was anything to write."""
        path = self.po_path(room)
        if not path.exists():
            return False
        target = path.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime > path.stat().st_mtime:
            return True
        with target.open("wb") as file:
            write_mo(file, self.kept(room))
        return True

    def problems(self, room: str) -> list[str]:
        """What is missing, fuzzy or wrong in a room's catalogue, one line each."""
        kept, said = self.kept(room), []
        for message in self.found(room):
            if not message.id:
                continue
            first = _first(message.id)
            here = kept.get(first, message.context)
            name = f"{room}: {first!r}" + (f" ({message.context})" if message.context else "")
            if here is None:
                said.append(f"{name} is not in the catalogue: extract again")
            elif not _translated(here):
                said.append(f"{name} is not translated")
            elif "fuzzy" in here.flags:
                said.append(f"{name} is fuzzy")
            elif wrong := _placeholder_fault(here):
                said.append(f"{name} {wrong}")
        return said

    def disagreements(self) -> list[str]:
        """Words that two rooms translate differently: Django joins the catalogues, and one of the two would be read everywhere."""
        said: dict[tuple[str | None, str], dict[str, set[str]]] = {}
        for room in self.rooms:
            for message in self.kept(room):
                if message.id and _translated(message):
                    by_words = said.setdefault((message.context, _first(message.id)), {})
                    by_words.setdefault(str(message.string), set()).add(room)
        return [
            f"{first!r} is said differently: " + "; ".join(f"{words} in {', '.join(sorted(at))}" for words, at in found.items())
            for (_context, first), found in said.items() if len(found) > 1
        ]  # fmt: skip


def _first(message_id: MessageId) -> str:
    return message_id if isinstance(message_id, str) else message_id[0]


def _translated(message: Message) -> bool:
    string = message.string
    if string is None or isinstance(string, str):
        return bool(string)
    return bool(string) and all(string)


def _placeholder_fault(message: Message) -> str:
    """A translation may leave out a number that the singular leaves out, but never invent or misspell a placeholder."""
    ids = (message.id,) if isinstance(message.id, str) else message.id
    strings = (message.string,) if isinstance(message.string, str) else message.string or ()
    wanted = set(PLACEHOLDER.findall(ids[-1]))
    for string in strings:
        given = set(PLACEHOLDER.findall(string))
        if given != wanted:
            return f"has the placeholders {sorted(given)} where {sorted(wanted)} are wanted"
    return ""
