"""The same tables as a workbook, as CSV files in one archive, or as JSON."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from reports.exports.sheets import HIDDEN, Sheet
from reports.exports.workbook import Workbook
from reports.indicators import catalogue
from reports.periods import Period
from reports.standing import Standing


class Format(models.TextChoices):
    """What a person may ask for."""

    XLSX = "xlsx", _("Workbook (.xlsx)")
    CSV = "csv", _("CSV files (.zip)")
    JSON = "json", _("JSON")


SUFFIX = {Format.XLSX: "xlsx", Format.CSV: "zip", Format.JSON: "json"}
MIME = {
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Format.CSV: "application/zip",
    Format.JSON: "application/json",
}  # fmt: skip


class Writer(Protocol):
    """Takes one table after the other."""

    def add(self, sheet: Sheet) -> int: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class CsvArchive:
    """One CSV file a table; with a mark at the beginning, so that office programs read the Chinese."""

    def __init__(self, path: Path, **_about: Any) -> None:
        self._archive = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)

    def add(self, sheet: Sheet) -> int:
        """Write one table; the number of its rows."""
        written = 0
        with (
            self._archive.open(f"{sheet.code}.csv", "w") as raw,
            io.TextIOWrapper(raw, "utf-8-sig", newline="") as text,
        ):
            out = csv.writer(text)
            out.writerow(
                [*sheet.first, *(column.head + (f" {column.own}" if column.own else "") for column in sheet.columns)]
            )
            for row in sheet.rows:
                out.writerow(row)
                written += 1
        return written

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._archive.close()


class JsonDocument:
    """All tables in one document; a hidden cell is null."""

    def __init__(self, path: Path, *, period: Period, agency: str, asked_by: str, standing: Standing) -> None:
        self._path = path
        self._document: dict[str, Any] = {
            "from": f"{period.first:%Y-%m}", "to": f"{period.last:%Y-%m}", "agency": agency,
            "reports": {"month": f"{standing.month:%Y-%m}", "states": standing.counts, "final": standing.is_final, "warning": standing.warning},
            "indicators": catalogue(), "tables": {},
        }  # fmt: skip

    def add(self, sheet: Sheet) -> int:
        """Keep one table; the number of its rows."""
        names = [f"column{number}" for number in range(len(sheet.first))] + [column.code for column in sheet.columns]
        leading = len(sheet.first)
        rows = [self._named(names, row, leading) for row in sheet.rows]
        self._document["tables"][sheet.code] = {
            "title": sheet.title,
            "columns": sheet.first,
            "rows": rows,
            "notes": sheet.notes,
        }
        return len(rows)

    @staticmethod
    def _named(names: Iterable[str], row: list[str | int], leading: int) -> dict[str, Any]:
        values = [None if value == HIDDEN else value for value in row]
        named = dict(zip(names, values, strict=True))
        place = [named.pop(f"column{number}") for number in range(leading)][1:]
        return {"name": place[-1], **({"code": place[0]} if len(place) > 1 else {}), **named}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._path.write_text(json.dumps(self._document, ensure_ascii=False, indent=1), encoding="utf-8")


WRITERS: dict[Format, Callable[..., Writer]] = {
    Format.XLSX: Workbook,
    Format.CSV: CsvArchive,
    Format.JSON: JsonDocument,
}
