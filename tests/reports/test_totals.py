"""Figures of ranges, read by people."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from agencies.enums import Level
from agencies.models import Office, Region
from cases.enums import CaseStatus
from reports.charts import bars, compares
from reports.directory import Directory
from reports.enums import By
from reports.folding import folded
from reports.forms import StatisticsForm
from reports.indicators import BY_CODE
from reports.periods import Period, parse_month
from reports.places import by_place
from reports.tables import Cell, Row, Table
from reports.totals import by_dimension, by_month, headline
from tests.reports.conftest import Records
from tests.roles import as_owner


def period(first: str, last: str = "") -> Period:
    return Period(parse_month(first, "from"), parse_month(last or first, "to"))


def cell(table: Table, key: str, code: str) -> int | None:
    row = next(row for row in table.rows if key in (row.key, row.code))
    return row.cells[code].shown


@pytest.fixture
def july(records: Records) -> Records:
    for number in range(6):
        case = records.case(
            "wuhua", "2022-07-02", id_number=f"53010219850101000{number}", category="A01" if number else "E01"
        )
        records.service(case, "2022-07-03")
    for _number in range(7):
        records.service(records.case("xishan", "2022-07-02"), "2022-07-03")
    double = records.case("xishan", "2022-06-02", id_number="530102198501010000")
    records.service(double, "2022-07-04")
    records.compute("2022-06", "2022-08")
    return records


@pytest.mark.parametrize(
    ("language", "province", "prefecture"),
    [("zh-hans", "云南省本级", "昆明市本级"), ("en", "云南省 (provincial level)", "昆明市 (prefectural level)")],
)
def test_what_stands_at_a_regions_own_level_is_named_so(language: str, province: str, prefecture: str) -> None:
    regions = {
        "530000": Region(code="530000", name="云南省", level=Level.PROVINCE),
        "530100": Region(code="530100", name="昆明市", level=Level.PREFECTURE),
    }
    directory = Directory(regions, [])
    with translation.override(language):
        assert directory.name("530000", own_level=True) == province
        assert directory.name("530100", own_level=True) == prefecture
        assert directory.name("530100", own_level=False) == "昆明市"


def test_director_sees_the_own_centre_and_no_other(july: Records) -> None:
    with july.world.acting("director") as by:
        table = by_place(by, period("2022-07"), By.CENTRE)
        assert [row.name for row in table.rows] == [july.office("wuhua").name]
        assert (table.whole.cells["SERVICES"].value, table.whole.cells["ASSISTED"].value) == (6, 6)


def test_province_counts_who_was_at_two_centres_once_and_prints_the_doubles(july: Records) -> None:
    with july.world.acting("province") as by:
        table = by_place(by, period("2022-07"), By.COUNTY)
        assert (cell(table, "530102", "ASSISTED"), cell(table, "530112", "ASSISTED")) == (6, 8)
        assert (table.whole.cells["ASSISTED"].value, table.doubles["ASSISTED"]) == (13, 1)


def test_range_counts_each_person_once(july: Records) -> None:
    with july.world.acting("province") as by:
        assert by_place(by, period("2022-01", "2022-08"), By.PREFECTURE).whole.cells["ASSISTED"].value == 13


def test_open_cases_are_those_that_came_less_those_that_left(july: Records) -> None:
    july.case("wuhua", "2022-07-02", closed="2022-08-01")
    july.compute("2022-07", "2022-08")
    with july.world.acting("director") as by:
        assert by_place(by, period("2022-07"), By.CENTRE).whole.cells["CASES_OPEN"].value == 7
        august = by_place(by, period("2022-08"), By.CENTRE).whole.cells
        assert (august["CASES_OPEN"].value, august["CASES_CLOSED"].value) == (6, 1)


def test_small_cells_are_hidden_from_supervisor_and_shown_to_the_centre(july: Records) -> None:
    july.service(july.case("wuhua", "2022-08-01"), "2022-08-02")
    july.compute("2022-08")
    with july.world.acting("supervisor") as by:
        table = by_place(by, period("2022-08"), By.COUNTY)
        assert cell(table, "530102", "SERVICES") is None
        assert cell(table, "530112", "SERVICES") == 0
        assert table.whole.cells["SERVICES"].shown is None
        assert cell(table, "530102", "CENTRES")  # a centre is nobody's secret
    with july.world.acting("director") as by:
        assert by_place(by, period("2022-08"), By.CENTRE).whole.cells["SERVICES"].shown == 1


def test_hidden_cell_cannot_be_subtracted(july: Records) -> None:
    july.service(july.case("wuhua", "2022-08-01"), "2022-08-02")
    for _number in range(9):
        july.service(july.case("xishan", "2022-08-01"), "2022-08-02")
    july.compute("2022-08")
    with july.world.acting("supervisor") as by:
        table = by_place(by, period("2022-08"), By.CENTRE)
        assert table.whole.cells["SERVICES"].shown == 10
        assert [row.cells["SERVICES"].shown for row in table.rows if row.cells["SERVICES"].value] == [None, None]


@pytest.mark.parametrize("piece", ["53010", "530"])
def test_a_piece_of_a_code_is_no_region_whose_sum_is_told(july: Records, piece: str) -> None:
    """530102 is hidden with 530112; the sum of all that begins with 53010 would be its figure."""
    july.service(july.case("wuhua", "2022-08-01"), "2022-08-02")
    for _number in range(9):
        july.service(july.case("xishan", "2022-08-01"), "2022-08-02")
    july.compute("2022-08")
    with july.world.acting("province") as by:
        for level in (By.PREFECTURE, By.COUNTY, By.CENTRE):
            assert by_place(by, period("2022-08"), level, within=piece).whole.cells["SERVICES"].shown is None
        assert by_place(by, period("2022-08"), By.COUNTY, within="5301").whole.cells["SERVICES"].shown == 10
        assert by_place(by, period("2022-08"), By.COUNTY, within="530102").whole.cells["SERVICES"].shown is None
    assert not StatisticsForm({"first": "2022-08", "last": "2022-08", "within": piece}).is_valid()


def test_a_region_among_its_own_parts_is_hidden_for_itself(july: Records) -> None:
    """What the prefecture's own centre does is one row of it: its figure stands in no total because the whole prefecture's may be shown."""
    with as_owner():
        Office.objects.filter(pk=july.office("wuhua").pk).update(region_id="530100")
    july.service(july.case("wuhua", "2022-08-01"), "2022-08-02")
    for _number in range(9):
        july.service(july.case("xishan", "2022-08-01"), "2022-08-02")
    july.compute("2022-08")
    with july.world.acting("province") as by:
        table = by_place(by, period("2022-08"), By.COUNTY, within="530100")
        assert [row.cells["SERVICES"].shown for row in table.rows] == [None]
        assert table.whole.cells["SERVICES"].shown is None


def _august(july: Records) -> None:
    for number in range(14):  # six at Wuhua, eight at Xishan
        july.case("wuhua" if number < 6 else "xishan", "2022-08-02")
    july.compute("2022-08")


def test_figures_that_give_each_other_away_are_hidden_together(july: Records) -> None:
    for number in range(17):
        july.case("wuhua" if number < 8 else "xishan", "2022-05-02", closed="2022-05-20" if number < 10 else None)
    july.compute("2022-05")
    with july.world.acting("supervisor") as by:
        table = by_place(by, period("2022-05"), By.COUNTY)
        xishan = next(row for row in table.rows if row.code == "530112").cells
        assert (xishan["CASES"].shown, xishan["CASES_CLOSED"].shown, xishan["CASES_OPEN"].shown) == (9, None, None)


def test_longer_range_does_not_tell_the_month_that_is_hidden(july: Records) -> None:
    """One case of June at Xishan: its July is hidden with it, and Wuhua's, which needs its August; their sum is told when the quarter ends."""
    _august(july)
    with july.world.acting("supervisor") as by:
        assert cell(by_place(by, period("2022-06", "2022-09"), By.COUNTY), "530112", "CASES") == 16
        assert cell(by_place(by, period("2022-06", "2022-08"), By.COUNTY), "530112", "CASES") is None
        for month in ("2022-06", "2022-07", "2022-08"):
            assert cell(by_place(by, period(month), By.COUNTY), "530112", "CASES") is None
        assert cell(by_place(by, period("2022-06", "2022-07"), By.COUNTY), "530112", "CASES") is None
        months = by_month(by, period("2022-06", "2022-09"))
        assert [row.cells["CASES"].shown for row in months.rows] == [None, None, 14, 0]
        assert (
            months.whole.cells["CASES"].shown == headline(by, period("2022-06", "2022-09")).cells["CASES"].shown == 28
        )
        kinds = by_dimension(by, period("2022-07"), "category", {}, indicators=[BY_CODE["CASES"]])
        assert kinds.whole.cells["CASES"].shown is None
    with july.world.acting("director") as by:
        assert by_place(by, period("2022-07"), By.COUNTY).whole.cells["CASES"].shown == 6


def test_breakdown_names_every_category_and_adds_up(july: Records) -> None:
    with july.world.acting("director") as by:
        table = by_dimension(
            by, period("2022-07"), "category", {"A01": "violence", "E01": "child"}, indicators=[BY_CODE["CASES"]]
        )
        assert [(row.name, row.cells["CASES"].value) for row in table.rows] == [("violence", 5), ("child", 1)]


@pytest.fixture
def kinds(records: Records) -> Records:
    """July at Wuhua: nine and seven cases of two kinds, two and one of others; August: three cases alone."""
    for category, count in (("A01", 9), ("Z99", 7), ("A06", 2), ("E01", 1)):
        for _number in range(count):
            records.case("wuhua", "2022-07-02", category=category)
    for _number in range(3):
        records.case("wuhua", "2022-08-02", category="E01")
    records.compute("2022-07", "2022-08")
    return records


NAMES = {"A01": "violence", "A06": "support", "E01": "child", "Z99": "other"}


def test_hidden_kinds_stand_in_one_row_without_their_names(kinds: Records) -> None:
    with kinds.world.acting("supervisor") as by:
        table = folded(by_dimension(by, period("2022-07"), "category", NAMES, indicators=[BY_CODE["CASES"]]))
        assert [(row.key, row.cells["CASES"].shown) for row in table.rows] == [("A01", 9), ("Z99", 7), ("", None)]
        assert not table.is_withheld
    with kinds.world.acting("director") as by:
        table = folded(by_dimension(by, period("2022-07"), "category", NAMES, indicators=[BY_CODE["CASES"]]))
        assert [row.cells["CASES"].shown for row in table.rows] == [9, 2, 1, 7]


def test_parts_of_a_hidden_whole_are_withheld(kinds: Records) -> None:
    with kinds.world.acting("supervisor") as by:
        items = [BY_CODE["CASES"], BY_CODE["SERVICES"]]
        table = folded(by_dimension(by, period("2022-08"), "category", NAMES, indicators=items[:1]))
        assert table.is_withheld
        assert [(row.key, row.cells["CASES"].shown) for row in table.rows] == [("", None)]
        both = folded(by_dimension(by, period("2022-08"), "category", NAMES, indicators=items))
        assert ([item.code for item in both.withheld], both.is_withheld) == (["CASES"], False)
        assert [row.cells["CASES"].shown for row in both.rows] == [None]


def _of_cases(values: list[int], *, hidden: int) -> Table:
    item = BY_CODE["CASES"]
    rows = [Row(str(n), str(n), f"r{n}", "category", {"CASES": Cell(value)}) for n, value in enumerate(values)]
    for row in rows[:hidden]:
        row.cells["CASES"].hidden = True
    return Table(period("2022-07"), "category", [item], rows, Row("", "", "", "total", {"CASES": Cell()}), {}, {})


@pytest.mark.parametrize(
    ("values", "hidden", "expected"), [([7], 0, True), ([], 0, False), ([4, 7], 1, False), ([4, 7, 9], 1, True), ([4, 3], 2, False)]
)  # fmt: skip
def test_one_bar_beside_hidden_figures_is_not_drawn(values: list[int], hidden: int, expected: bool) -> None:
    assert compares(_of_cases(values, hidden=hidden)) is expected


def test_bars_beyond_the_tenth_are_one_bar_of_what_is_shown() -> None:
    table = _of_cases

    def drawn(table: Table) -> tuple[list[str], list[int]]:
        option = bars(table)
        return option["yAxis"]["data"], option["series"][0]["data"]

    names, values = drawn(table(list(range(5, 18)), hidden=0))
    assert (names[0], names[-1], len(names)) == ("r12", "其余", 11)
    assert sum(values) == sum(range(5, 18))
    assert "其余" not in drawn(table(list(range(5, 16)), hidden=0))[0]  # eleven stand for themselves
    names, values = drawn(table([4, 3, *range(5, 18)], hidden=2))
    assert names[-1] == "其余（不含※）"
    assert sum(values) == sum(range(5, 18))


def test_each_month_has_its_row(july: Records) -> None:
    with july.world.acting("province") as by:
        table = by_month(by, period("2022-06", "2022-08"))
        assert [row.cells["SERVICES"].value for row in table.rows] == [0, 14, 0]
        assert [row.cells["ASSISTED"].value for row in table.rows] == [0, 13, 0]


def test_liaison_reads_no_figures(july: Records) -> None:
    with july.world.acting("police_liaison") as by:
        assert by_place(by, period("2022-07"), By.CENTRE).rows == []
        with connection.cursor() as cursor:  # row-level security holds by itself
            cursor.execute("SELECT count(*) FROM reports_fact")
            assert cursor.fetchone()[0] == 0


def test_supervisor_reads_the_own_prefecture_alone(july: Records) -> None:
    from agencies.enums import Role

    july.world.person("dali_supervisor", Role.SUPERVISOR, "dali")
    with july.world.acting("dali_supervisor"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM reports_fact WHERE region_code LIKE '5301%'")
        assert cursor.fetchone()[0] == 0


@pytest.mark.parametrize("level", [By.PREFECTURE, By.CENTRE])
def test_queries_do_not_grow_with_cases(july: Records, level: By) -> None:
    def asked() -> int:
        with july.world.acting("province") as by, CaptureQueriesContext(connection) as queries:
            by_place(by, period("2022-07"), level)
        return len(queries)

    before = asked()
    for _number in range(10):
        july.case("wuhua", "2022-07-05", status=CaseStatus.ASSESSED)
    july.compute("2022-07")
    assert asked() == before
