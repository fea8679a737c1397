"""Calls and visits that need no case: advice, silence, wrong numbers, questions for somebody's whereabouts, promised call-backs, drafts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from caremgmt.demo import mix, texts
from caremgmt.demo.humans import phone_number
from caremgmt.demo.names import person_name
from caremgmt.demo.stage import Script, Stage
from core import clock
from hotline.services.contact import contact_begin, contact_draft, contact_settle

NOTES = {
    "silent": "接通后无人说话，约二十秒后挂断。", "dropped": "刚说“我想问一下”即中断，未留姓名。", "wrong_number": "拨错号码，找政务服务热线。",
    "abusive": "来电人辱骂接线员，经提醒后挂断。",
}  # fmt: skip


def advice(stage: Stage, county: str, at: dt.datetime) -> Script:
    """One call that ends with advice, sometimes with a promise to call back."""
    yield at
    rng = stage.rng
    values: dict[str, Any] = {
        "channel": "hotline", "disposition": "advice", "danger": "no", "caller_relation": rng.choice(["self", "self", "parent", "relative"]),
        "category_id": mix.pick(rng, mix.ADVICE_CATEGORIES), "narrative": rng.choice(texts.ADVICE), "region_residence_id": county,
        "is_anonymous": rng.random() < 0.4, "client_birth_year": at.year - rng.randint(22, 60) if rng.random() < 0.6 else None,
    }  # fmt: skip
    if not values["is_anonymous"]:
        values |= {"caller_name": person_name(rng), "caller_phone": phone_number(rng)}
    stage.contact(
        rng.choice(stage.operators(county)), stage.directory.desk(county), "hotline", rng.uniform(3, 18), values
    )


def without_content(stage: Stage, county: str, at: dt.datetime, kind: str) -> Script:
    """A call about nothing that can be worked on."""
    yield at
    stage.contact(
        stage.rng.choice(stage.operators(county)),
        stage.directory.desk(county),
        "hotline",
        1,
        {"disposition": kind, "narrative": NOTES[kind]},
    )


def whereabouts(stage: Stage, county: str, at: dt.datetime, *, settled: bool, at_centre: bool = False) -> Script:
    """A man asks for his wife, on the phone or at the centre's door: nothing is told, the one responsible answers."""
    yield at
    rng = stage.rng
    taker = stage.managers(county)[0] if at_centre else rng.choice(stage.operators(county))
    office, channel = (
        (stage.directory.centre(county), "walk_in") if at_centre else (stage.directory.desk(county), "hotline")
    )
    contact = stage.contact(
        taker, office, channel, 5,
        {
            "channel": channel,
            "disposition": "whereabouts", "caller_relation": "relative", "caller_name": person_name(rng, "male"), "caller_phone": phone_number(rng),
            "narrative": "一名男子自称丈夫，询问“我老婆是不是在你们那里”，语气急促。按统一口径答复：不掌握也不提供任何人的去向，如有急事请拨打110。",
        },
    )  # fmt: skip
    if settled:
        yield stage.later(3)
        answerer = "zhiban.wuhua" if county == "530102" else stage.operators(county)[0].username
        stage.tries(
            stage.directory.user(answerer),
            contact_settle,
            contact_id=contact.pk,
            note="经主任答复：不掌握情况，已告知依法报警途径。",
        )


def promised(stage: Stage, county: str, at: dt.datetime, call_at: dt.datetime, *, settled: bool) -> Script:
    """Advice now, and a call back as promised."""
    yield at
    rng = stage.rng
    contact = stage.contact(
        rng.choice(stage.operators(county)), stage.directory.desk(county), "hotline", 9,
        {
            "disposition": "advice", "caller_relation": "self", "caller_name": person_name(rng), "caller_phone": phone_number(rng), "category_id": "A03",
            "narrative": rng.choice(texts.ADVICE), "agreed": "请律师核实后回电答复起诉材料清单。", "callback_at": call_at, "region_residence_id": county,
        },
    )  # fmt: skip
    if settled:
        yield call_at + dt.timedelta(minutes=12)
        stage.tries(
            stage.operators(county)[0],
            contact_settle,
            contact_id=contact.pk,
            note="已回电，逐项说明材料，来电人表示清楚。",
        )


def draft(stage: Stage, username: str, county: str, at: dt.datetime, values: dict[str, Any]) -> Script:
    """A contact that its writer has not finished."""
    yield at
    user = stage.directory.user(username)
    with clock.at(at - dt.timedelta(minutes=6)):
        begun = stage.do(user, contact_begin, office=stage.directory.desk(county), channel="hotline")
    stage.do(user, contact_draft, contact_id=begun.pk, values=values)
