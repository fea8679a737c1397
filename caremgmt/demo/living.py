"""Who plays today: the stories, and in a dozen centres cases at every point of their way, with something late, refused, or waiting."""

from __future__ import annotations

import datetime as dt
import itertools

from django.db import transaction

from caremgmt.demo import conferences, counter, experts, guarded, mix, papers, rounds, stories, together, transfers
from caremgmt.demo.directory import Directory
from caremgmt.demo.life import Part, live
from caremgmt.demo.stage import Stage
from caremgmt.directory.tables import divisions

DAYS = 56
WUHUA, XISHAN = "530102", "530112"
OTHERS = ("530111", "530302", "530402", "530502", "530602", "530702", "532503", "532601", "532801", "532901", "533325")
# Turns with the days ago at which such a case must have begun to show today.
TURNS: tuple[tuple[str, float, str], ...] = (
    ("", 0.2, ""), ("triage", 0.6, ""), ("triage", 3.5, "late"), ("plan", 1.2, ""), ("plan", 6, "late"), ("accept", 1.5, ""), ("accept", 6, "late"),
    ("respond", 4, ""), ("respond", 11, "late"), ("review", 7, ""), ("decline", 5, ""), ("return", 8, ""), ("recall", 9, ""), ("call", 9, ""),
    ("unreachable", 12, ""), ("refuse", 15, ""), ("reopen", 50, ""), ("missing", 2, ""), ("missing", 4, "late"),
)  # fmt: skip
VIOLENT = ("A01", "E01", "A10", "A02")


def play(directory: Directory, now: dt.datetime, seed: int) -> None:
    """Play the last weeks up to `now`, in one transaction, as worker and (for every act) as web."""
    stage = Stage(directory, now, seed)
    with transaction.atomic():
        stage.add(stage.clockwork(DAYS))
        stage.add(stage.callers(DAYS))
        stage.add(stage.deciders(DAYS))
        stage.add(rounds.reviews(stage, DAYS))
        stage.add(rounds.papers(stage, DAYS))
        scripts = (*conferences.SCRIPTS, *guarded.SCRIPTS, *papers.SCRIPTS, *transfers.SCRIPTS, *together.SCRIPTS)
        for story in (*stories.STORIES, *scripts):
            stage.add(story(stage))
        stage.add(experts.opened(stage))
        _cases(stage)
        _counter(stage)
        stage.play()
        stage.ring()


def _cases(stage: Stage) -> None:
    for county, turns, usual in ((WUHUA, TURNS, 16), (XISHAN, TURNS[::2], 6)):
        _centre(stage, county, turns, usual)
    cycle = itertools.cycle(TURNS)
    for county in OTHERS:
        _centre(stage, county, tuple(itertools.islice(cycle, 4)), 3)


def _centre(stage: Stage, county: str, turns: tuple[tuple[str, float, str], ...], usual: int) -> None:
    rng = stage.rng
    channels = itertools.cycle(rng.sample(list(mix.CHANNELS), len(mix.CHANNELS))) if county == WUHUA else None
    for turn, ago, _why in turns:
        begin = stage.now - dt.timedelta(days=ago, minutes=rng.randint(0, 90))
        stage.add(
            live(
                stage, _part(stage, county, begin, frozenset({turn} - {""}), channel=next(channels) if channels else "")
            )
        )
    for _ in range(usual):
        begin = stage.now - dt.timedelta(days=1 + (DAYS - 4) * rng.random() ** 1.4)
        stage.add(live(stage, _part(stage, county, begin, frozenset(), channel=next(channels) if channels else "")))


def _part(stage: Stage, county: str, begin: dt.datetime, turns: frozenset[str], *, channel: str = "") -> Part:
    rng = stage.rng
    category = mix.pick(rng, mix.CATEGORIES)
    if turns & {"unreachable"}:
        category = rng.choice(VIOLENT[::2])
    minor = category.startswith("E")
    chosen = mix.pick(rng, mix.CHANNELS_OF_MINORS if minor else mix.CHANNELS)
    if channel and not minor:
        chosen = channel
    risk = "high" if turns & {"unreachable"} else "low" if turns & {"refuse", "reopen"} else mix.risk_of(rng, category)
    if risk == "high" and turns & {"accept", "respond", "plan", "decline", "call"}:
        risk = "medium"  # nobody is in danger where the demo shows something late
    registration = ""
    if rng.random() < 0.2:
        near = [
            row.code
            for row in divisions().values()
            if row.level == "county" and row.code[:4] == county[:4] and row.code != county
        ]
        registration = rng.choice(near)
    # What came in the night came by the hotline; everything else comes in office hours.
    local = begin.astimezone(stage.now.tzinfo)
    if not 8 <= local.hour < 18 and chosen != "hotline":
        local = local.replace(hour=rng.randint(9, 17)) - dt.timedelta(days=1)
    elif local.hour < 7:
        local = local.replace(hour=rng.randint(19, 21)) - dt.timedelta(days=1)
    return Part(county, category, chosen, risk, local, turns, registration, anonymous=not minor and rng.random() < 0.05)


def _counter(stage: Stage) -> None:
    rng = stage.rng
    yesterday = stage.now - dt.timedelta(days=1)
    for county, calls, days in ((WUHUA, 18, 4), (XISHAN, 5, 4), *((other, 1, 3) for other in OTHERS)):
        for _ in range(calls):
            at = stage.day(rng.randint(0, days), rng.randint(8, 21), rng.randint(0, 59))
            stage.add(counter.advice(stage, county, at))
    for kind, count in (("silent", 4), ("dropped", 3), ("wrong_number", 3), ("abusive", 2)):
        for _ in range(count):
            stage.add(
                counter.without_content(
                    stage, WUHUA, stage.day(rng.randint(0, 30), rng.randint(8, 23), rng.randint(0, 59)), kind
                )
            )
    stage.add(counter.whereabouts(stage, WUHUA, stage.day(17, 14, 20), settled=True))
    stage.add(
        counter.whereabouts(stage, WUHUA, min(stage.now, stage.day(0, 8, 40)) - dt.timedelta(minutes=50), settled=False)
    )
    stage.add(counter.whereabouts(stage, "530302", yesterday, settled=False))
    stage.add(counter.whereabouts(stage, WUHUA, stage.day(1, 16, 20), settled=False, at_centre=True))
    stage.add(counter.promised(stage, WUHUA, stage.day(5, 15, 10), stage.day(4, 10, 0), settled=True))
    stage.add(counter.promised(stage, WUHUA, yesterday, stage.now + dt.timedelta(hours=3), settled=False))
    stage.add(counter.promised(stage, WUHUA, stage.day(2, 16, 10), stage.day(1, 16, 30), settled=False))
    stage.add(counter.promised(stage, XISHAN, yesterday, stage.now + dt.timedelta(hours=5), settled=False))
    stage.add(counter.draft(stage, "jiexian.wuhua", WUHUA, stage.now - dt.timedelta(minutes=25), {
        "caller_relation": "neighbour", "client_gender": "female", "category_id": "A01", "danger": "unknown",
        "narrative": "来电人称住同一单元，昨晚听到隔壁女人哭喊和摔东西的声音，不敢敲门，想知道能不能匿名反映。",
    }))  # fmt: skip
    stage.add(
        counter.draft(
            stage,
            "jiexian2.wuhua",
            WUHUA,
            stage.now - dt.timedelta(hours=3),
            {"caller_relation": "self", "narrative": "咨询孩子转学与抚养权变更……"},
        )
    )
