"""The screenings: pure functions over data."""

from __future__ import annotations

import pytest

from cases.enums import Risk
from cases.instruments import INSTRUMENTS, Instrument, proposed, screen

ALL = sorted(INSTRUMENTS)


def _answers(instrument: Instrument, value: str, **others: str) -> dict[str, str]:
    return {item.code: value for item in instrument.items} | others


@pytest.mark.parametrize("code", ALL)
def test_no_to_everything_is_low(code: str) -> None:
    outcome = screen(INSTRUMENTS[code], _answers(INSTRUMENTS[code], "no"))
    assert (outcome.score, outcome.alarms, outcome.band, outcome.unknown) == (0, (), Risk.LOW, 0)


@pytest.mark.parametrize("code", ALL)
def test_yes_to_everything_is_high_at_the_highest_score(code: str) -> None:
    outcome = screen(INSTRUMENTS[code], _answers(INSTRUMENTS[code], "yes"))
    assert (outcome.score, outcome.band) == (INSTRUMENTS[code].highest, Risk.HIGH)


@pytest.mark.parametrize("code", ALL)
def test_each_alarm_alone_overrides_the_score(code: str) -> None:
    instrument = INSTRUMENTS[code]
    alarms = [item.code for item in instrument.items if item.is_alarm]
    assert alarms
    for alarm in alarms:
        outcome = screen(instrument, _answers(instrument, "no", **{alarm: "yes"}))
        assert (outcome.band, outcome.alarms) == (Risk.HIGH, (alarm,))
        assert outcome.score < instrument.high


@pytest.mark.parametrize("code", ALL)
def test_what_nobody_knows_is_not_low(code: str) -> None:
    instrument = INSTRUMENTS[code]
    outcome = screen(instrument, {})
    assert (outcome.band, outcome.raised_by_doubt, outcome.unknown) == (Risk.MEDIUM, True, len(instrument.items))


@pytest.mark.parametrize("code", ALL)
def test_bands_begin_where_they_say(code: str) -> None:
    """Every sum that answers without an alarm can reach falls into its band."""
    instrument = INSTRUMENTS[code]
    quiet = [item for item in instrument.items if not item.is_alarm]
    assert 0 < instrument.medium < instrument.high <= instrument.highest
    for count in range(len(quiet) + 1):
        answers = _answers(instrument, "no", **{item.code: "yes" for item in quiet[:count]})
        score = sum(item.weight for item in quiet[:count])
        wanted = Risk.HIGH if score >= instrument.high else Risk.MEDIUM if score >= instrument.medium else Risk.LOW
        assert screen(instrument, answers).band == wanted


def test_an_answer_that_is_none_raises() -> None:
    with pytest.raises(ValueError, match="perhaps"):
        screen(INSTRUMENTS["violence"], {"weapon": "perhaps"})
    with pytest.raises(KeyError):
        screen(INSTRUMENTS["violence"], {"horoscope": "yes"})


def test_the_matter_proposes_its_instrument() -> None:
    assert proposed(concerns_minor=True, is_violence=True).code == "child"
    assert proposed(concerns_minor=False, is_violence=True).code == "violence"
    assert proposed(concerns_minor=False, is_violence=False).code == "general"


@pytest.mark.parametrize("code", ALL)
def test_codes_are_unique_and_texts_are_ours(code: str) -> None:
    instrument = INSTRUMENTS[code]
    codes = [item.code for item in instrument.items]
    assert len(set(codes)) == len(codes)
    assert all(str(item.text).strip() and item.weight > 0 for item in instrument.items)
