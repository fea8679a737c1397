"""The workbook: a cover with the definitions, one sheet a table, merged heads, frozen panes, real numbers. Rows are streamed to disk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.worksheet import Worksheet

from core import clock
from core.ui.sentences import in_brackets, labelled
from reports.exports.sheets import Column, Sheet
from reports.indicators import TABLE
from reports.periods import Period
from reports.standing import Standing

_FONT = "宋体"
_HEAD_ROWS = 2


class Workbook:
    """Writes sheets one after the other: `with Workbook(path, …) as book: book.add(sheet)`."""

    def __init__(self, path: Path, *, period: Period, agency: str, asked_by: str, standing: Standing) -> None:
        self._book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "tmpdir": str(path.parent)})
        self._book.set_properties({"title": _("Monthly statistics of the care centres"), "author": agency})
        self._period, self._agency, self._standing = period, agency, standing
        base = {"font_name": _FONT, "font_size": 11, "valign": "vcenter"}
        box = base | {"border": 1}
        self._formats: dict[str, Any] = {
            "title": self._book.add_format(base | {"font_size": 18, "bold": True, "align": "center"}),
            "plain": self._book.add_format(base),
            "warning": self._book.add_format(base | {"bold": True, "font_color": "#9C2B2B"}),
            "right": self._book.add_format(base | {"align": "right"}),
            "wrap": self._book.add_format(base | {"text_wrap": True}),
            "head": self._book.add_format(
                box | {"bold": True, "align": "center", "text_wrap": True, "bg_color": "#F2E6EC"}
            ),
            "text": self._book.add_format(box | {"num_format": "@"}),
            "wraptext": self._book.add_format(box | {"text_wrap": True}),
            "number": self._book.add_format(box | {"num_format": "#,##0"}),
            "order": self._book.add_format(box | {"num_format": "0", "align": "center"}),
            "hidden": self._book.add_format(box | {"align": "right"}),
        }
        self._cover(asked_by)

    def _cover(self, asked_by: str) -> None:
        sheet = self._book.add_worksheet(_("Cover"))
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 1, 10)
        sheet.set_column(2, 2, 90)
        sheet.hide_gridlines(2)
        sheet.set_row(0, 34)
        sheet.merge_range(
            0, 0, 0, 2, _("Monthly statistics of the care centres for women and children"), self._formats["title"]
        )
        facts = [
            (_("Period"), str(self._period)), (_("Reporting body"), self._agency), (_("Exported by"), asked_by),
            (_("Exported at"), f"{clock.local(clock.now()):%Y-%m-%d %H:%M}"),
            (_("Centres' reports of %(month)s") % {"month": f"{self._standing.month:%Y-%m}"}, self._standing.in_words),
        ]  # fmt: skip
        for number, (label, value) in enumerate(facts, 2):
            sheet.write_string(number, 0, label, self._formats["plain"])
            sheet.write_string(number, 1, value, self._formats["plain"])
        first = len(facts) + 3
        if self._standing.warning:
            sheet.write_string(len(facts) + 2, 0, self._standing.warning, self._formats["warning"])
            first += 1
        for column, text in enumerate((_("Indicator"), _("Unit"), _("How it is counted"))):
            sheet.write_string(first, column, text, self._formats["head"])
        for number, item in enumerate(TABLE, first + 1):  # what the sheets hold, not all that is declared
            sheet.set_row(number, 34)
            sheet.write_string(number, 0, item.name, self._formats["wraptext"])
            sheet.write_string(number, 1, str(item.unit), self._formats["text"])
            sheet.write_string(number, 2, str(item.definition), self._formats["wraptext"])
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)

    def add(self, sheet: Sheet) -> int:
        """Write one table; the number of its rows."""
        page = self._book.add_worksheet(sheet.title[:31])
        width = len(sheet.first) + len(sheet.columns)
        for column, text in enumerate(sheet.first):
            page.set_column(column, column, 6 if column == 0 else 10 if text == _("Code") else 34)
        page.set_column(len(sheet.first), width - 1, 15)
        page.set_row(0, 30)
        page.merge_range(
            0,
            0,
            0,
            width - 1,
            _("Monthly statistics of the care centres for women and children") + in_brackets(sheet.title),
            self._formats["title"],
        )
        half = max(width // 2, 2)
        page.merge_range(1, 0, 1, half - 1, labelled(self._agency, _("Reporting body")), self._formats["plain"])
        state = "" if self._standing.is_final else in_brackets(_("not final"))
        page.merge_range(1, half, 1, width - 1, labelled(f"{self._period}{state}", _("Period")), self._formats["right"])
        self._head(page, sheet.first, sheet.columns)
        number = 2 + _HEAD_ROWS
        written = 0
        for row in sheet.rows:
            self._row(page, number, row, len(sheet.first))
            number, written = number + 1, written + 1
        for note in [*filter(None, [self._standing.warning]), *sheet.notes]:
            page.merge_range(number, 0, number, width - 1, note, self._formats["wrap"])
            number += 1
        page.freeze_panes(2 + _HEAD_ROWS, len(sheet.first))
        page.repeat_rows(2, 1 + _HEAD_ROWS)
        page.set_paper(9)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.set_footer("&C&P / &N")
        return written

    def _head(self, page: Worksheet, first: Sequence[str], columns: Sequence[Column]) -> None:
        """Two rows: what stands alone is merged downwards, what belongs together sideways.

        Rows are streamed in order, so cells are written row by row and the merges are named afterwards.
        """
        top, below = 2, 3
        page.set_row(top, 34)
        page.set_row(below, 24)
        heads = [*first, *(column.head for column in columns)]
        owns = ["" for _name in first] + [column.own for column in columns]
        for column, text in enumerate(heads):
            repeated = column > 0 and owns[column] and heads[column - 1] == text
            page.write_string(top, column, "" if repeated else text, self._formats["head"])
        for column, text in enumerate(owns):
            page.write_string(below, column, text, self._formats["head"])
        column = 0
        while column < len(heads):
            last = column
            while owns[column] and last + 1 < len(heads) and heads[last + 1] == heads[column]:
                last += 1
            if not owns[column]:
                page.merge.append([top, column, below, column])
            elif last > column:
                page.merge.append([top, column, top, last])
            column = last + 1

    def _row(self, page: Worksheet, number: int, row: Sequence[str | int], leading: int) -> None:
        formats = self._formats
        for column, value in enumerate(row):
            if isinstance(value, int):
                page.write_number(number, column, value, formats["order" if column == 0 and leading else "number"])
            else:
                page.write_string(number, column, value, formats["text" if column < leading else "hidden"])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._book.close()
