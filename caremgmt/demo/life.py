"""The usual life of a case, from the first call to the closing: one script, whose slow or failing turns are chosen for each case."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from agencies.enums import UnitKind
from agencies.models import User
from caremgmt.demo import mix, texts
from caremgmt.demo.humans import Human, human, phone_number, stranger
from caremgmt.demo.stage import Script, Stage
from caremgmt.directory.reference import BY_CATEGORY, BY_GROUP
from caremgmt.directory.tables import divisions
from cases.services.case import case_assess, case_close, case_follow_up, case_plan, case_refuse, case_reopen
from cases.services.consents import Given
from cases.services.orders import order_record
from cases.services.records import service_record
from referrals import services as referring
from referrals.models import Referral

AT_THE_DESK = {"hotline", "platform_12345"}
RELATIONS = {
    "school": "teacher",
    "mandatory_report": "official",
    "hospital": "official",
    "police": "official",
    "community": "official",
    "subdistrict": "official",
    "grid_worker": "official",
}
CALLERS = {
    "school": "班主任",
    "mandatory_report": "学校德育处",
    "hospital": "急诊科护士",
    "police": "社区民警",
    "community": "社区干部",
    "subdistrict": "街道妇联",
    "grid_worker": "网格员",
}
RESPONDENTS = {"A01", "A02", "A10", "E01", "B02", "A08"}


@dataclass(slots=True)
class Part:
    """One case: where, what, when, and the turns that go wrong (triage, plan, accept, decline, return, respond, review, call, unreachable, refuse, reopen)."""

    county: str
    category: str
    channel: str
    risk: str
    begin: dt.datetime
    turns: frozenset[str] = field(default_factory=frozenset)
    registration: str = ""
    anonymous: bool = False


def _client(stage: Stage, part: Part) -> Human:
    rng, year = stage.rng, part.begin.year
    if part.category.startswith("E"):
        age = rng.randint(13, 16) if part.category in {"E08", "E10", "E12"} else rng.randint(6, 14)
        return human(rng, county=part.county, gender=rng.choice(["female", "female", "male"]), birth_year=year - age)
    age = rng.randint(61, 82) if part.category in mix.ELDERS else rng.randint(22, 55)
    return human(rng, county=part.county, gender="female", birth_year=year - age, anonymous=part.anonymous)


def _values(stage: Stage, part: Part, client: Human) -> dict[str, Any]:
    rng = stage.rng
    relation = RELATIONS.get(
        part.channel, "self" if not part.category.startswith("E") else rng.choice(["parent", "relative", "neighbour"])
    )
    age = part.begin.year - client.birth_year
    told = texts.narrative(rng, part.category, age if age < 18 or age >= 60 else None)
    values: dict[str, Any] = {
        "channel": part.channel, "danger": "yes" if part.risk == "high" and rng.random() < 0.5 else "no", "caller_relation": relation,
        "client_name": client.name, "client_gender": client.gender, "client_birth_year": client.birth_year, "is_anonymous": client.is_anonymous,
        "region_residence_id": part.county, "region_registration_id": part.registration or part.county, "category_id": part.category,
        "narrative": told, "needs": texts.SUMMARIES[part.category], "disposition": "case_opened", "safe_number": client.phone,
        "safe_whose": rng.choice(["本人", "本人", "姐姐", "同事"]), "agreed": rng.choice(["三日内回电告知进展", "等候中心工作人员联系", "本周内到中心面谈"]),
    }  # fmt: skip
    if relation == "self":
        values["caller_phone"] = client.phone
    else:
        values |= {"caller_name": CALLERS.get(part.channel) or stranger(rng), "caller_phone": phone_number(rng)}
    if part.category in RESPONDENTS:
        values["respondent_name"] = stranger(rng, "male")
    if part.category in {"A01", "A10"} and rng.random() < 0.5:
        begin = rng.choice([9, 10, 13])
        values |= {
            "safe_from": dt.time(begin),
            "safe_until": dt.time(begin + rng.choice([3, 4, 8])),
            "code_word": rng.choice(["桂花", "石榴", "云朵", "茶花"]),
        }
    if "missing" in part.turns:
        values |= {"client_name": "", "client_birth_year": None, "region_residence_id": None, "safe_number": ""}
    return values


def live(stage: Stage, part: Part) -> Script:
    """Play one case. Whatever has not happened by now is what somebody owes today."""
    yield part.begin
    rng, turns = stage.rng, part.turns
    client = _client(stage, part)
    centre = stage.directory.centre(part.county)
    manager = rng.choice(stage.managers(part.county)[:2])
    if part.channel in AT_THE_DESK:
        taker, office = rng.choice(stage.operators(part.county)), stage.directory.desk(part.county)
    else:
        taker, office = manager, centre
    contact = stage.contact(
        taker, office, part.channel, rng.uniform(4, 28), _values(stage, part, client), centre=centre
    )
    case_id: UUID = contact.case_id  # type: ignore[assignment]
    if turns & {"call"}:
        stage.left_alone.add(case_id)
    if "unreachable" in turns:
        stage.unreachable.add(case_id)
    if "triage" in turns:
        return
    yield stage.moment + dt.timedelta(minutes=rng.randint(15, 80)) if part.risk == "high" else stage.later(4)
    if "refuse" in turns:
        stage.do(
            manager,
            case_refuse,
            case_id=case_id,
            version=None,
            reason=rng.choice(["other_body", "withdrawn"]),
            pointed_to="已告知其向户籍地人民法院申请执行，并提供联系方式。",
        )
        return
    stage.do(
        manager,
        case_assess,
        case_id=case_id,
        version=None,
        risk=part.risk,
        reasons=rng.choice(texts.ASSESSMENTS[part.risk]),
        score={"high": 7, "medium": 4, "low": 1}[part.risk],
        manager=manager,
    )
    if turns & {"plan", "missing"}:
        return
    yield from _work(stage, part, case_id, manager)


def _work(stage: Stage, part: Part, case_id: UUID, manager: User) -> Script:
    rng, turns = stage.rng, part.turns
    yield stage.moment + dt.timedelta(minutes=rng.randint(10, 50)) if part.risk == "high" else stage.later(3)
    due = stage.office_hour(stage.moment + dt.timedelta(days=rng.choice([2, 3, 5, 7])))
    stage.do(manager, case_plan, case_id=case_id, version=None, text=rng.choice(texts.PLANS), due_at=due)
    sent = []
    for body, ask in _asks(part):
        yield stage.moment + dt.timedelta(minutes=rng.randint(5, 40))
        referral = _send(stage, part, case_id, manager, body, ask)
        if referral is not None:
            sent.append(referral)
            stage.add(_answer(stage, part, referral, manager, alone=len(sent) > 1))
    kinds = mix.SERVICES[part.category[0]]
    for _ in range(rng.randint(1, 3)):
        yield stage.later(30)
        kind = mix.pick(rng, kinds)
        stage.tries(
            manager, service_record, case_id=case_id, kind=kind, happened_at=stage.moment - dt.timedelta(minutes=rng.randint(30, 200)),
            minutes=rng.choice([30, 40, 60]), note=rng.choice(texts.SERVICE_NOTES[kind]),
        )  # fmt: skip
    if part.risk != "low" and rng.random() < 0.4:
        yield stage.later(20)
        stage.tries(
            manager, case_plan, case_id=case_id, version=None, text=rng.choice(texts.PLANS), due_at=stage.later(96)
        )
    if part.category in {"E01", "E04"} and part.risk != "low":
        yield stage.later(40)
        county = divisions()[part.county].name
        number = f"{county[:3]}检未督监〔{stage.moment.year}〕演{rng.randint(100, 999)}-{rng.randint(10, 99)}号"
        stage.tries(
            manager, order_record, case_id=case_id, kind="supervision_order", document_number=number, issuer=f"{county}人民检察院",
            issued_on=stage.moment.date(), valid_until=stage.moment.date() + dt.timedelta(days=183),
        )  # fmt: skip
    yield stage.later(90)
    if stage.tries(manager, case_follow_up, case_id=case_id, version=None) is None:
        return
    for _ in range(4):
        yield stage.later(110)
        if stage.tries(
            manager,
            case_close,
            case_id=case_id,
            version=None,
            reason=rng.choice(["resolved", "resolved", "court"]),
            note=rng.choice(texts.CLOSING_NOTES),
        ):
            break
    else:
        return
    if "reopen" in turns:
        yield stage.later(60)
        stage.do(manager, case_reopen, case_id=case_id, version=None, reason="来电反映对方未按协议履行，重新启动办理。")
        yield from _work(stage, part, case_id, manager)


def _asks(part: Part) -> list[tuple[str, str]]:
    kinds = [
        kind.value for kind in BY_CATEGORY.get(part.category, BY_GROUP[part.category[0]]) if kind.value in mix.ASKS
    ]
    return [mix.ASKS[kind] for kind in kinds[: {"high": 3, "medium": 2, "low": 1}[part.risk]]]


def _send(stage: Stage, part: Part, case_id: UUID, manager: User, body: str, ask: str) -> Referral | None:
    from cases.models import Category

    unit = stage.directory.unit(part.county, body)
    category = Category.objects.get(pk=part.category)
    named = (
        stage.liaison(unit) if category.is_violence or category.concerns_minor or stage.rng.random() < 0.25 else None
    )
    sections = ["identity", "contact", "incident"] + (["risk", "children"] if part.risk == "high" else [])
    basis = "minor" if category.concerns_minor else "danger" if part.risk == "high" else "consent"
    return stage.tries(
        manager, referring.referral_send, case_id=case_id, unit=unit, ask=ask, ask_note=texts.ASK_NOTES[ask], sections=sections, basis=basis,
        named_liaison=named, consent=Given(note="本人当面同意向该单位提供情况。") if basis == "consent" else None,
    )  # fmt: skip


def _answer(stage: Stage, part: Part, referral: Referral, manager: User, *, alone: bool) -> Script:
    """What the body does with a letter. `alone`: only the first letter of a case takes the case's bad turns."""
    rng = stage.rng
    turns = frozenset[str]() if alone else part.turns
    unit = stage.directory.units[referral.unit_id]
    liaison = stage.directory.users[referral.named_liaison_id] if referral.named_liaison_id else stage.liaison(unit)
    letter = {"referral_id": referral.pk, "version": None}
    if "accept" in turns:
        return
    if "recall" in turns:
        yield stage.later(6)
        stage.tries(manager, referring.referral_recall, **letter)
        return
    yield stage.moment + dt.timedelta(minutes=rng.randint(15, 100)) if part.risk == "high" else stage.later(6)
    if "decline" in turns:
        stage.tries(liaison, referring.referral_decline, reason="other_area", text=rng.choice(texts.DECLINES), **letter)
        return
    if stage.tries(liaison, referring.referral_accept, **letter) is not None and "respond" not in turns:
        yield from _handle(stage, referral, manager, liaison, turns)


def _handle(stage: Stage, referral: Referral, manager: User, liaison: User, turns: frozenset[str]) -> Script:
    """After acceptance: progress, then the answer (or giving it back), then the centre's look at it."""
    rng = stage.rng
    letter = {"referral_id": referral.pk, "version": None}
    yield stage.later(16)
    if rng.random() < 0.5:
        stage.tries(liaison, referring.referral_progress, referral_id=referral.pk, text=rng.choice(texts.PROGRESS))
    yield stage.later(30, spread=0.8)
    if "return" in turns:
        words = "经走访，当事人已搬离辖区，请转其现居住地单位办理。"
        stage.tries(liaison, referring.referral_return, text=words, **letter)
        return
    kind = stage.directory.units[referral.unit_id].kind
    answers = texts.ANSWERS.get("education" if kind == UnitKind.SCHOOL else kind) or texts.ANSWERS["township"]
    result = rng.choice(["done", "done", "partly"])
    answered = stage.tries(liaison, referring.referral_respond, result=result, text=rng.choice(answers), **letter)
    if answered is not None and "review" not in turns:
        yield stage.later(10)
        stage.tries(manager, referring.referral_close, **letter)


__all__ = ["Part", "live"]
