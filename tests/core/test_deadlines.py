"""Due times: each unit by its own rule."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import SHANGHAI
from core.deadlines import Term, Unit, due_at
from core.workdays import Calendar, local_date, seed_days

YEARS = range(2020, 2027)
CALENDAR = Calendar({day: worked for year in YEARS for day, worked, _ in seed_days(year)})

moments = st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2026, 12, 31), timezones=st.just(dt.UTC))  # noqa: DTZ001
terms = st.builds(Term, st.integers(1, 60), st.sampled_from(Unit))
switches = st.fixed_dictionaries({"exclude_first_day": st.booleans(), "roll_past_holidays": st.booleans()})


def shanghai(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=SHANGHAI)  # type: ignore[arg-type, misc]


def end_of(year: int, month: int, day: int) -> dt.datetime:
    return shanghai(year, month, day, 23, 59, 59)


MONDAY = shanghai(2026, 3, 2, 10, 30)


def test_hours_are_exact_by_day_and_night_and_over_holidays() -> None:
    start = shanghai(2026, 2, 14, 20, 15)
    term = Term(72, Unit.HOURS)
    assert due_at(start, term, CALENDAR) == shanghai(2026, 2, 17, 20, 15)
    assert due_at(start, term, CALENDAR, exclude_first_day=True, roll_past_holidays=True) == shanghai(
        2026, 2, 17, 20, 15
    )


def test_days_end_at_the_end_of_the_last_day_in_shanghai() -> None:
    assert due_at(MONDAY, Term(3, Unit.DAYS), CALENDAR) == end_of(2026, 3, 4)
    assert due_at(shanghai(2026, 3, 2, 0, 30), Term(1, Unit.DAYS), CALENDAR) == end_of(2026, 3, 2)


def test_court_period_leaves_out_its_first_day() -> None:
    assert due_at(MONDAY, Term(3, Unit.DAYS), CALENDAR, exclude_first_day=True) == end_of(2026, 3, 5)


def test_court_period_that_ends_on_a_holiday_ends_on_the_next_working_day() -> None:
    start = shanghai(2026, 9, 21, 9, 0)
    found = due_at(start, Term(10, Unit.DAYS), CALENDAR, exclude_first_day=True, roll_past_holidays=True)
    assert found == end_of(2026, 10, 8)


def test_court_period_that_ends_on_a_make_up_day_stays() -> None:
    start = shanghai(2026, 9, 30, 9, 0)
    found = due_at(start, Term(10, Unit.DAYS), CALENDAR, exclude_first_day=True, roll_past_holidays=True)
    assert found == end_of(2026, 10, 10)


def test_working_days_leave_out_the_first_day_and_end_with_the_working_day() -> None:
    assert due_at(MONDAY, Term(1, Unit.WORKDAYS), CALENDAR) == shanghai(2026, 3, 3, 18, 0)
    assert due_at(shanghai(2026, 3, 6, 17, 50), Term(3, Unit.WORKDAYS), CALENDAR) == shanghai(2026, 3, 11, 18, 0)


@pytest.mark.parametrize(
    ("start", "months", "excluded", "included"),
    [
        ((2026, 1, 15), 1, (2026, 2, 15), (2026, 2, 14)),
        ((2026, 1, 31), 1, (2026, 2, 28), (2026, 2, 28)),
        ((2024, 1, 31), 1, (2024, 2, 29), (2024, 2, 29)),
        ((2026, 3, 1), 1, (2026, 4, 1), (2026, 3, 31)),
        ((2025, 8, 31), 6, (2026, 2, 28), (2026, 2, 28)),
        ((2025, 12, 1), 1, (2026, 1, 1), (2025, 12, 31)),
        ((2024, 2, 29), 12, (2025, 2, 28), (2025, 2, 28)),
    ],
)
def test_months_end_on_the_corresponding_day(
    start: tuple[int, int, int], months: int, excluded: tuple[int, int, int], included: tuple[int, int, int]
) -> None:
    moment, term = shanghai(*start, 9, 0), Term(months, Unit.MONTHS)
    assert due_at(moment, term, CALENDAR, exclude_first_day=True) == end_of(*excluded)
    assert due_at(moment, term, CALENDAR) == end_of(*included)


@given(moments, terms, switches)
def test_nothing_is_due_before_it_begins(start: dt.datetime, term: Term, switches: dict[str, bool]) -> None:
    due = due_at(start.replace(microsecond=0), term, CALENDAR, **switches)
    assert due >= start.replace(microsecond=0)
    assert due.tzinfo is dt.UTC


@given(moments, st.timedeltas(dt.timedelta(), dt.timedelta(days=400)), terms, switches)
def test_what_begins_later_is_not_due_earlier(
    start: dt.datetime, delay: dt.timedelta, term: Term, switches: dict[str, bool]
) -> None:
    assert due_at(start, term, CALENDAR, **switches) <= due_at(start + delay, term, CALENDAR, **switches)


@given(moments, st.integers(1, 60), st.integers(0, 12), st.sampled_from(Unit), switches)
def test_longer_term_is_not_due_earlier(
    start: dt.datetime, length: int, more: int, unit: Unit, switches: dict[str, bool]
) -> None:
    shorter, longer = Term(length, unit), Term(length + more, unit)
    assert due_at(start, shorter, CALENDAR, **switches) <= due_at(start, longer, CALENDAR, **switches)


@given(moments, terms, switches)
def test_switches_only_ever_give_more_time(start: dt.datetime, term: Term, switches: dict[str, bool]) -> None:
    assert due_at(start, term, CALENDAR) <= due_at(start, term, CALENDAR, **switches)


@given(moments, st.integers(1, 60), st.sampled_from([Unit.DAYS, Unit.MONTHS]), st.booleans())
def test_rolled_period_ends_on_a_working_day(
    start: dt.datetime, length: int, unit: Unit, exclude_first_day: bool
) -> None:
    due = due_at(start, Term(length, unit), CALENDAR, exclude_first_day=exclude_first_day, roll_past_holidays=True)
    assert CALENDAR.is_workday(local_date(due))


def test_term_goes_over_the_turn_of_a_year_whose_notice_is_still_to_come() -> None:
    assert due_at(shanghai(2026, 12, 30, 9, 0), Term(3, Unit.WORKDAYS), CALENDAR) == shanghai(2027, 1, 4, 18, 0)


def test_empty_term_and_naive_start_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Term(0, Unit.DAYS)
    for unit in Unit:
        with pytest.raises(ValueError, match="time zone"):
            due_at(MONDAY.replace(tzinfo=None), Term(1, unit), CALENDAR)


def test_unit_is_kept_as_one_letter() -> None:
    assert [unit.value for unit in Unit] == ["h", "d", "w", "m"]
