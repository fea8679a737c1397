"""A list as a CSV file that office programs read right and take no cell of for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.http import HttpResponse

from core import clock

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def plain(cell: Any) -> str:
    """A cell that no spreadsheet takes for a formula; nothing is an empty one."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text


def csv_file(name: str, head: Sequence[Any], rows: Iterable[Iterable[Any]]) -> HttpResponse:
    """`name-20261126.csv`, made at once: the identity that may read the rows ends with the request, so that nothing is streamed after it."""
    text = io.StringIO()
    text.write("\ufeff")  # spreadsheets read Chinese right only with it
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([plain(cell) for cell in row] for row in rows)
    return HttpResponse(
        text.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}-{clock.today():%Y%m%d}.csv"'},
    )
