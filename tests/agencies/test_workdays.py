"""The calendar of working days: a year's notice is entered by a command, and what was entered stays."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command

from caremgmt.directory.reference import load_reference
from cases.services.clocks import calendar
from core import clock
from core.calendar import is_published, refresh_year
from core.models import WorkDay
from tests.cases.scenes import client_of
from tests.roles import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db
NEXT = 2040  # a year that nobody has announced yet
NOTICE = "day,kind,name\n2039-12-31,workday,\n2040-01-02,holiday,元旦\n2040-02-13,holiday,春节\n2040-02-18,workday,\n"


def load(*arguments: str) -> str:
    out = io.StringIO()
    with as_owner():
        call_command("load_workdays", *arguments, stdout=out)
    cache.clear()  # the calendar is kept for a minute
    return out.getvalue()


@pytest.fixture
def computed(db: None) -> None:
    """The year before its notice: the festivals of law alone."""
    with as_owner():
        WorkDay.objects.filter(day__gte=dt.date(2039, 12, 1)).delete()
        refresh_year(NEXT)
    cache.clear()


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    # 31 December 2039 and 18 February 2040 are Saturdays.
    path = tmp_path / "2040.csv"
    path.write_text(NOTICE, "utf-8-sig")
    return path


@pytest.mark.usefixtures("computed")
def test_a_notice_replaces_what_was_computed(notice: Path) -> None:
    assert not is_published(NEXT)
    assert not calendar().is_workday(dt.date(2040, 10, 1))
    assert "4 days" in load(str(NEXT), "--file", str(notice))
    days = calendar()
    assert is_published(NEXT)
    assert not days.is_workday(dt.date(2040, 2, 13))
    assert days.is_workday(dt.date(2040, 2, 18))
    assert days.is_workday(dt.date(2039, 12, 31))
    assert days.is_workday(dt.date(2040, 10, 1))  # not in this notice


@pytest.mark.usefixtures("computed")
def test_an_entered_notice_stays_until_it_is_corrected_by_name(notice: Path) -> None:
    load(str(NEXT), "--file", str(notice))
    with as_owner():
        assert refresh_year(NEXT) == 0
    with pytest.raises(CommandError, match="--correct"):
        load(str(NEXT), "--file", str(notice))
    notice.write_text("day,kind\n2040-02-14,holiday\n", "utf-8")
    load(str(NEXT), "--file", str(notice), "--correct")
    assert list(WorkDay.objects.filter(day__year=NEXT).values_list("day", "name")) == [(dt.date(2040, 2, 14), "节假日")]


@pytest.mark.usefixtures("computed")
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("date,what\n2040-01-02,holiday\n", "first line"),
        ("day,kind\n2040-13-02,holiday\n", "line 2: not a day"),
        ("day,kind\n2040-01-02,rest\n", "line 2: the kind"),
        ("day,kind\n2040-01-02,holiday\n2040-01-02,holiday\n", "line 3: .* twice"),
        ("day,kind\n2041-01-02,holiday\n", "line 2: .* not of 2040"),
        ("day,kind\n2040-01-02,holiday\n2040-02-15,workday\n", "line 3: .* worked anyway"),
        ("day,kind\n2040-02-18,workday\n", "no holiday"),
    ],
)
def test_a_file_that_is_no_notice_changes_nothing(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "wrong.csv"
    path.write_text(text, "utf-8")
    before = list(WorkDay.objects.values_list("day", "is_workday").order_by("day"))
    with pytest.raises(CommandError, match=why):
        load(str(NEXT), "--file", str(path))
    assert list(WorkDay.objects.values_list("day", "is_workday").order_by("day")) == before


@pytest.mark.usefixtures("computed")
def test_without_a_file_the_package_must_know_the_notice() -> None:
    with pytest.raises(CommandError, match="--file"):
        load(str(NEXT))
    with pytest.raises(CommandError, match="cannot be read"):
        load(str(NEXT), "--file", "/nowhere/2040.csv")


def test_a_newer_package_brings_the_notice_of_a_year_that_was_computed(db: None) -> None:
    """As with every update: the year stood there from the festivals of law, and the package has learned its notice since."""
    with as_owner():
        WorkDay.objects.filter(day__year=2026).delete()
        WorkDay.objects.create(day=dt.date(2026, 10, 1), is_workday=False, name="国庆节", published=False)
        load_reference()
    assert is_published(2026)
    assert WorkDay.objects.get(day=dt.date(2026, 2, 14)).is_workday  # a make-up day
    assert load("2025", "--correct").startswith("working days of 2025")


def test_the_years_go_with_the_clock(db: None) -> None:
    with as_owner():
        load_reference()
    years = {day.year for day in WorkDay.objects.filter(day__lt=dt.date(2039, 1, 1)).values_list("day", flat=True)}
    assert max(years) == clock.today().year + 1


def test_the_administrator_sees_whether_the_next_year_is_entered(world: World, tmp_path: Path) -> None:
    year = clock.today().year + 1
    with as_owner():
        WorkDay.objects.filter(day__year=year).delete()
    assert "尚未公布" in client_of(world, "system").get("/").content.decode()
    path = tmp_path / "notice.csv"
    path.write_text(f"day,kind\n{year}-01-01,holiday\n", "utf-8")
    load(str(year), "--file", str(path))
    text = client_of(world, "system").get("/").content.decode()
    assert "尚未公布" not in text
    assert f"{year}年工作日" in text
