"""Working days: the published years of China, their make-up days, and counting over them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.workdays import Calendar, NoWorkday, local_date, seed_days, seed_is_published

YEARS = range(2018, 2027)


def seeded(*years: int) -> Calendar:
    return Calendar({day: worked for year in years for day, worked, _ in seed_days(year)})


CALENDAR = seeded(*YEARS)


def days(year: int, *month_days: tuple[int, int]) -> set[dt.date]:
    return {dt.date(year, month, day) for month, day in month_days}


def span(year: int, first: tuple[int, int], last: tuple[int, int]) -> set[dt.date]:
    start, end = dt.date(year, *first), dt.date(year, *last)
    return {start + dt.timedelta(days=n) for n in range((end - start).days + 1)}


# From the State Council's notices 国办发明电〔2023〕7号, 〔2024〕12号, 〔2025〕7号, not from the package.
MAKE_UP_DAYS = {
    2024: days(2024, (2, 4), (2, 18), (4, 7), (4, 28), (5, 11), (9, 14), (9, 29), (10, 12)),
    2025: days(2025, (1, 26), (2, 8), (4, 27), (9, 28), (10, 11)),
    2026: days(2026, (1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)),
}
HOLIDAYS = {
    2024: span(2024, (1, 1), (1, 1)) | span(2024, (2, 10), (2, 17)) | span(2024, (4, 4), (4, 6))
    | span(2024, (5, 1), (5, 5)) | span(2024, (6, 10), (6, 10)) | span(2024, (9, 15), (9, 17))
    | span(2024, (10, 1), (10, 7)),
    2025: span(2025, (1, 1), (1, 1)) | span(2025, (1, 28), (2, 4)) | span(2025, (4, 4), (4, 6))
    | span(2025, (5, 1), (5, 5)) | span(2025, (5, 31), (6, 2)) | span(2025, (10, 1), (10, 8)),
    2026: span(2026, (1, 1), (1, 3)) | span(2026, (2, 15), (2, 23)) | span(2026, (4, 4), (4, 6))
    | span(2026, (5, 1), (5, 5)) | span(2026, (6, 19), (6, 21)) | span(2026, (9, 25), (9, 27))
    | span(2026, (10, 1), (10, 7)),
}  # fmt: skip


@pytest.mark.parametrize("year", MAKE_UP_DAYS)
def test_every_day_of_a_published_year_is_as_the_notice_says(year: int) -> None:
    assert seed_is_published(year)
    for day in span(year, (1, 1), (12, 31)):
        expected = day in MAKE_UP_DAYS[year] or (day.weekday() < 5 and day not in HOLIDAYS[year])
        assert CALENDAR.is_workday(day) is expected, day


def test_make_up_day_before_the_turn_of_the_year_is_seeded_in_its_own_year() -> None:
    assert (dt.date(2018, 12, 29), True, "调休上班") in seed_days(2018)


def test_seed_is_ordered_named_and_stays_in_its_year() -> None:
    for year in (*YEARS, 2040):
        found = seed_days(year)
        assert [day for day, _, _ in found] == sorted({day for day, _, _ in found})
        assert all(day.year == year and name for day, _, name in found)
    assert (dt.date(2026, 2, 17), False, "春节") in seed_days(2026)


def test_year_without_a_notice_has_its_festivals_but_no_make_up_days() -> None:
    assert not seed_is_published(2040)
    assert (dt.date(2040, 10, 1), False, "国庆节") in seed_days(2040)
    assert not any(worked for _, worked, _ in seed_days(2040))


def test_override_wins_over_the_week() -> None:
    calendar = Calendar({dt.date(2026, 3, 7): True, dt.date(2026, 3, 9): False})
    assert calendar.is_workday(dt.date(2026, 3, 7))
    assert not calendar.is_workday(dt.date(2026, 3, 9))
    assert calendar.next_workday(dt.date(2026, 3, 7)) == dt.date(2026, 3, 10)
    assert calendar.workday_from(dt.date(2026, 3, 7)) == dt.date(2026, 3, 7)


def test_working_days_are_counted_over_the_spring_festival() -> None:
    friday = dt.datetime(2026, 2, 13, 9, 0, tzinfo=dt.UTC)
    # 14 February is worked, 15 to 23 are off, 24 and 25 are worked.
    assert CALENDAR.add_workdays(friday, 3) == dt.datetime(2026, 2, 25, 10, 0, tzinfo=dt.UTC)


def test_day_begins_at_midnight_in_shanghai() -> None:
    before = dt.datetime(2026, 3, 2, 15, 59, tzinfo=dt.UTC)
    assert local_date(before) == dt.date(2026, 3, 2)
    assert CALENDAR.add_workdays(before, 1) == dt.datetime(2026, 3, 3, 10, 0, tzinfo=dt.UTC)
    after = dt.datetime(2026, 3, 2, 16, 0, tzinfo=dt.UTC)
    assert CALENDAR.add_workdays(after, 1) == dt.datetime(2026, 3, 4, 10, 0, tzinfo=dt.UTC)


def test_end_of_the_working_day_can_be_set() -> None:
    calendar = Calendar({}, end_of_day=dt.time(17, 30))
    monday = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)
    assert calendar.add_workdays(monday, 1) == dt.datetime(2026, 3, 3, 9, 30, tzinfo=dt.UTC)


@given(
    st.datetimes(dt.datetime(2018, 1, 1), dt.datetime(2026, 11, 1), timezones=st.just(dt.UTC)),  # noqa: DTZ001
    st.integers(1, 30),
    st.integers(1, 10),
)
def test_working_days_add_up(start: dt.datetime, n: int, more: int) -> None:
    end = CALENDAR.add_workdays(start, n)
    assert end > start
    assert end.tzinfo is dt.UTC
    assert CALENDAR.is_workday(local_date(end))
    assert CALENDAR.add_workdays(end, more) == CALENDAR.add_workdays(start, n + more)


def test_naive_moment_and_empty_term_are_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        CALENDAR.add_workdays(dt.datetime(2026, 3, 2, tzinfo=dt.UTC).replace(tzinfo=None), 1)
    with pytest.raises(ValueError, match="at least one"):
        CALENDAR.add_workdays(dt.datetime(2026, 3, 2, tzinfo=dt.UTC), 0)


def test_calendar_without_any_working_day_is_an_error_and_not_an_endless_search() -> None:
    start = dt.date(2026, 1, 1)
    calendar = Calendar({start + dt.timedelta(days=n): False for n in range(500)})
    with pytest.raises(NoWorkday):
        calendar.next_workday(start)


def at(text: str) -> dt.datetime:
    """A moment by the wall clock of Kunming."""
    return dt.datetime.fromisoformat(f"{text}+08:00")


@pytest.mark.parametrize(
    ("start", "end", "days_between", "hours"),
    [
        ("2026-03-02T09:00", "2026-03-02T17:30", 0, 8.5),
        ("2026-03-06T09:00", "2026-03-09T09:00", 1, 24.0),  # over a weekend
        ("2026-03-07T09:00", "2026-03-08T21:00", 0, 0.0),  # within it
        ("2026-09-30T12:00", "2026-10-08T12:00", 1, 24.0),  # over the National Day
        ("2026-02-13T12:00", "2026-02-14T12:00", 1, 24.0),  # a Saturday that is worked
        ("2026-03-02T09:00", "2026-03-02T09:00", 0, 0.0),
    ],
)
def test_what_lies_between_leaves_out_what_is_not_worked(start: str, end: str, days_between: int, hours: float) -> None:
    assert CALENDAR.workdays_between(at(start), at(end)) == days_between
    assert CALENDAR.hours_between(at(start), at(end)) == pytest.approx(hours)


@given(st.integers(1, 40), st.integers(0, 300))
def test_counting_working_days_is_the_inverse_of_adding_them(n: int, offset: int) -> None:
    start = at("2025-01-02T10:00") + dt.timedelta(days=offset)
    assert CALENDAR.workdays_between(start, CALENDAR.add_workdays(start, n)) == n
