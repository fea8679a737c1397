"""The province as a map of tiles: each prefecture stands about where it lies, its counties as small squares inside it."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.ui.figures import grouped
from reports.indicators import Indicator
from reports.tables import Cell, Row, Table

# Column and row of each prefecture, north-west at the top left.
PLACES = {
    "533400": (1, 0), "530600": (4, 0), "533300": (0, 1), "530700": (1, 1), "530500": (0, 2), "532900": (1, 2), "532300": (2, 2),
    "530100": (3, 2), "530300": (4, 2), "533100": (0, 3), "530900": (1, 3), "530400": (2, 3), "532500": (3, 3), "532600": (4, 3),
    "530800": (1, 4), "532800": (2, 4),
}  # fmt: skip
WIDTH, HEIGHT, GAP = 150, 96, 8
# A unit more on each side: half of a tile's line lies outside it, and would be cut off at the edge.
VIEW_BOX = f"-1 -1 {5 * (WIDTH + GAP) - GAP + 2} {5 * (HEIGHT + GAP) - GAP + 2}"
SQUARE, SQUARE_GAP, IN_A_ROW = 10, 4, 10
STEPS = (0.1, 0.22, 0.36, 0.52)


@dataclass(slots=True)
class Square:
    """A county inside its prefecture's tile."""

    x: int
    y: int
    opacity: float
    label: str


@dataclass(slots=True)
class Tile:
    """A prefecture."""

    x: int
    y: int
    code: str
    name: str
    shown: str
    opacity: float
    squares: list[Square] = field(default_factory=list)


def shade(cell: Cell, largest: int) -> float:
    """How full a tile is painted: nothing for zero and for what is hidden, else one of a few steps."""
    if cell.hidden or cell.value <= 0 or largest <= 0:
        return 0.0
    return STEPS[min(len(STEPS) - 1, (cell.value - 1) * len(STEPS) // largest)]


def _short(name: str) -> str:
    """昆明 for 昆明市, 西双版纳 for 西双版纳傣族自治州."""
    for people in (
        "傣族景颇族自治州",
        "哈尼族彝族自治州",
        "壮族苗族自治州",
        "傈僳族自治州",
        "藏族自治州",
        "彝族自治州",
        "白族自治州",
        "傣族自治州",
    ):
        name = name.removesuffix(people)
    return name.removesuffix("市")


def _largest(rows: list[Row], code: str) -> int:
    return max((row.cells[code].value for row in rows if not row.cells[code].hidden), default=0)


def tiles(prefectures: Table, counties: Table, indicator: Indicator) -> list[Tile]:
    """All tiles with their squares."""
    code = indicator.code
    most, most_in_county = _largest(prefectures.rows, code), _largest(counties.rows, code)
    found = []
    for row in prefectures.rows:
        if row.code not in PLACES:
            continue
        column, line = PLACES[row.code]
        cell = row.cells[code]
        tile = Tile(
            column * (WIDTH + GAP),
            line * (HEIGHT + GAP),
            row.code,
            _short(row.name),
            "※" if cell.hidden else grouped(cell.value),
            shade(cell, most),
        )
        inside = [county for county in counties.rows if county.code[:4] == row.code[:4] and county.code != row.code]
        for number, county in enumerate(inside):
            value = county.cells[code]
            tile.squares.append(Square(
                tile.x + 8 + number % IN_A_ROW * (SQUARE + SQUARE_GAP), tile.y + 62 + number // IN_A_ROW * (SQUARE + SQUARE_GAP),
                shade(value, most_in_county), f"{county.name} {'※' if value.hidden else grouped(value.value)}",
            ))  # fmt: skip
        found.append(tile)
    return found
