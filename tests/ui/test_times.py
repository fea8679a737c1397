"""Times as people say them, in Chinese."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import translation

from core import clock
from core.ui import times

NOW = dt.datetime(2026, 11, 23, 10, 32, tzinfo=clock.SHANGHAI)


@pytest.fixture(autouse=True)
def _monday_morning_in_chinese(monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with translation.override("zh-hans"):
        yield


@pytest.mark.parametrize(
    ("left", "words", "tone"),
    [
        (dt.timedelta(minutes=25), "剩 25 分钟", "warn"),
        (dt.timedelta(hours=2, minutes=5), "剩 2 小时 5 分", "warn"),
        (dt.timedelta(hours=30), "剩 30 小时", "neutral"),
        (dt.timedelta(days=5), "剩 5 天", "neutral"),
        (-dt.timedelta(minutes=1), "逾期 1 分钟", "danger"),
        (-dt.timedelta(days=2), "逾期 2 天", "danger"),
    ],
)
def test_due_time_says_what_is_left_and_how_loudly(left: dt.timedelta, words: str, tone: str) -> None:
    said = times.due(NOW + left)
    assert (said.words, said.tone) == (words, tone)


def test_what_is_done_no_longer_counts_as_late() -> None:
    assert times.due(NOW, done=NOW - dt.timedelta(hours=1)).words == "按时完成"
    late = times.due(NOW, done=NOW + dt.timedelta(hours=3))
    assert (late.words, late.tone) == ("迟 3 小时 完成", "neutral")


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (NOW, "今天 10:32"),
        (NOW - dt.timedelta(days=1), "昨天 10:32"),
        (NOW.date() + dt.timedelta(days=1), "明天"),
        (dt.datetime(2026, 11, 2, 23, 30, tzinfo=dt.UTC), "11月3日 07:30"),
        (dt.date(2025, 1, 5), "2025年1月5日"),
        (dt.datetime(2027, 1, 4, 10, 0, tzinfo=dt.UTC), "2027年1月4日 18:00"),
        (dt.datetime(2025, 1, 4, 10, 0, tzinfo=dt.UTC), "2025年1月4日"),
    ],
)
def test_moment_is_said_as_one_would_say_it_today(moment: dt.datetime | dt.date, words: str) -> None:
    assert times.when(moment) == words


def test_length_of_a_call_in_its_two_largest_units() -> None:
    assert times.duration(205) == "3 分 25 秒"
    assert times.duration(dt.timedelta(hours=2, minutes=5)) == "2 小时 5 分"
    assert times.duration(None) == ""


def test_recent_moment_is_told_by_its_distance() -> None:
    assert times.ago(NOW - dt.timedelta(seconds=20)) == "刚刚"
    assert times.ago(NOW - dt.timedelta(minutes=3)) == "3 分钟前"
    assert times.ago(NOW - dt.timedelta(days=4)) == "11月19日 10:32"
