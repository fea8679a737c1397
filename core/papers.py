"""Official papers as .docx and PDF, from one plain description: what stands in one stands in the other.

Nothing is fetched and no template runs: the words are data for python-docx and for Typst, never code of either.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn as fonts
import typst
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

WORD_FACE = "宋体"  # of the machine that opens the paper
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"


@dataclass(frozen=True)
class Block:
    """A part of a paper under its heading: paragraphs, then a table whose first row is its head."""

    title: str
    paragraphs: Sequence[str] = ()
    table: Sequence[Sequence[str]] = ()


@dataclass(frozen=True)
class Paper:
    """One paper: who issues it, what it is, its number, facts as name and value, parts, and what stands at the foot."""

    issuer: str
    title: str
    number: str
    facts: Sequence[tuple[str, str]] = ()
    blocks: Sequence[Block] = ()
    foot: Sequence[str] = ()
    language: str = field(default="zh")


def docx_of(paper: Paper) -> bytes:
    """The paper for Word and WPS. It carries no author and no history."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.6)
    style: Any = document.styles["Normal"]
    style.font.name, style.font.size = WORD_FACE, Pt(12)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), WORD_FACE)
    properties = document.core_properties
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.title = paper.title
    _line(document, paper.issuer, size=14, centred=True)
    _line(document, paper.title, size=20, centred=True, bold=True)
    _line(document, paper.number, centred=True)
    if paper.facts:
        _table(document, paper.facts, head=False)
    for block in paper.blocks:
        _line(document, block.title, size=14, bold=True)
        for text in block.paragraphs:
            for piece in text.splitlines() or [""]:
                document.add_paragraph(piece)
        if block.table:
            _table(document, block.table, head=True)
    for text in paper.foot:
        _line(document, text, size=10)
    into = io.BytesIO()
    document.save(into)
    return into.getvalue()


def _line(document: Any, text: str, *, size: int = 12, centred: bool = False, bold: bool = False) -> None:
    paragraph = document.add_paragraph()
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(size), bold


def _table(document: Any, rows: Sequence[Sequence[str]], *, head: bool) -> None:
    table = document.add_table(rows=0, cols=len(rows[0]))
    table.style = "Table Grid"
    for number, row in enumerate(rows):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
            if head and number == 0:
                for run in cell.paragraphs[0].runs:
                    run.bold = True
    document.add_paragraph()


# The layout. The paper comes in as JSON of `sys.inputs`: its words are strings to Typst and cannot become markup.
_LAYOUT = """
#let paper = json(bytes(sys.inputs.paper))
#set document(title: paper.title, author: (), date: none)
#set page(paper: "a4", margin: 2.4cm, numbering: "1 / 1")
#set text(font: "Noto Serif SC", size: 11pt, lang: paper.language)
#set par(leading: 0.8em, justify: true)
#set table(stroke: 0.5pt, inset: 6pt)
#let said(words) = words.split("\\n").map(piece => [#piece]).join(linebreak())
#align(center)[
  #text(size: 13pt, paper.issuer) \\
  #v(2pt)
  #text(size: 20pt, weight: "bold", paper.title) \\
  #v(2pt)
  #paper.number
]
#v(6pt)
#if paper.facts.len() > 0 {
  table(columns: (7em, 1fr), ..paper.facts.flatten().map(words => said(words)))
}
#for block in paper.blocks {
  v(6pt)
  text(size: 13pt, weight: "bold", block.title)
  parbreak()
  for words in block.paragraphs { par(said(words)) }
  if block.table.len() > 0 {
    table(
      columns: block.table.first().len() * (1fr,),
      table.header(..block.table.first().map(words => strong(words))),
      ..block.table.slice(1).flatten().map(words => said(words)),
    )
  }
}
#v(8pt)
#for words in paper.foot { text(size: 9pt, words); parbreak() }
"""


@cache
def _compiler_fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(Path(fonts.serif_path()).parent)]
    )


def pdf_of(paper: Paper) -> bytes:
    """The paper as PDF, with its own fonts, offline."""
    told = {
        "issuer": paper.issuer, "title": paper.title, "number": paper.number, "language": paper.language,
        "facts": [list(pair) for pair in paper.facts], "foot": list(paper.foot),
        "blocks": [
            {"title": block.title, "paragraphs": list(block.paragraphs), "table": [list(row) for row in block.table]}
            for block in paper.blocks
        ],
    }  # fmt: skip
    compiler = typst.Compiler(
        _LAYOUT.encode(), font_paths=_compiler_fonts(), sys_inputs={"paper": json.dumps(told, ensure_ascii=False)}
    )
    made: Any = compiler.compile(format="pdf")
    return bytes(made)
