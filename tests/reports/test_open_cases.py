"""What is open in a whole region is shown where it tells no hidden month."""

from __future__ import annotations

import datetime as dt

from reports.hiding import TOTAL, History
from reports.indicators import FLOWS
from reports.periods import month_period

MONTHS = ("2022-01-01", "2022-02-01", "2022-03-01", "2022-04-01")


def is_cut(last: int, **flows: tuple[int, ...]) -> bool:
    """Whether the open cases at the end of this month are hidden for the sake of the flows."""
    months = MONTHS[: last + 1]
    levels = {
        flow: {month: [{TOTAL: flows.get(flow, (9,) * 4)[at]}] for at, month in enumerate(months)} for flow in FLOWS
    }
    history = History({}, levels)  # type: ignore[arg-type]
    figures = history.month(dt.date.fromisoformat(months[-1]), "CASES_OPEN")
    return TOTAL in history.hide(
        month_period(dt.date.fromisoformat(months[-1])), "CASES_OPEN", [{TOTAL: 50} for _level in figures]
    )


def test_nothing_hidden_nothing_told() -> None:
    assert not is_cut(3)


def test_one_hidden_month_hides_what_is_open_from_then_on() -> None:
    cases = (9, 3, 0, 0)
    assert not is_cut(0, CASES=cases)
    assert is_cut(1, CASES=cases)
    assert is_cut(3, CASES=cases)


def test_hidden_cells_of_two_flows_are_told_as_one_difference() -> None:
    assert not is_cut(1, CASES=(9, 3, 9, 9), CASES_CLOSED=(9, 2, 9, 9))


def test_two_months_of_one_flow_are_told_when_their_sum_names_nobody() -> None:
    assert is_cut(2, CASES=(9, 1, 1, 9))
    assert not is_cut(2, CASES=(9, 3, 4, 9))
