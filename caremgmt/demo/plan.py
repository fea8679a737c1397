"""What happened in a period, as plain data: drawn from one seed, with the totals that were asked for, before any row is made."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from dataclasses import dataclass, field, replace

from caremgmt.demo import mix
from caremgmt.demo.humans import Human, human, new_id
from caremgmt.directory.offices import COUNTY_DESKS
from caremgmt.directory.reference import BY_CATEGORY, BY_GROUP
from caremgmt.directory.tables import CentreRow, centre_rows, divisions
from core.clock import SHANGHAI


@dataclass(frozen=True, slots=True)
class Totals:
    """How much happened from `begin` (inclusive) to `end` (exclusive), both days in Shanghai."""

    begin: dt.date
    end: dt.date
    cases: int
    services: int
    assisted: int
    interviews: int
    orders: int
    until_now: bool = False  # everything is closed by the end
    growth: float = 1.0  # below 1 there is more of it the later it is


def usual(begin: dt.date, end: dt.date, cases_a_month: float, *, until_now: bool = False) -> Totals:
    """A period in the proportions of the article."""
    cases = round((end - begin).days / 30.4 * cases_a_month)
    share = cases / ARTICLE.cases
    services, assisted = round(ARTICLE.services * share), round(ARTICLE.assisted * share)
    return Totals(
        begin,
        end,
        cases,
        services,
        assisted,
        round(ARTICLE.interviews * share),
        round(ARTICLE.orders * share),
        until_now,
    )


# The article's province, to the end of November 2022 (中国妇女报, 2022-11-25).
ARTICLE = Totals(
    dt.date(2020, 1, 1),
    dt.date(2022, 12, 1),
    cases=788,
    services=2985,
    assisted=945,
    interviews=273,
    orders=292,
    growth=0.62,
)


@dataclass(slots=True)
class ServicePlan:
    """One service to one person."""

    kind: str
    human: Human
    at: dt.datetime


@dataclass(slots=True)
class ReferralPlan:
    """A referral that came to its end."""

    body: str
    kind: str
    ask: str
    sent_at: dt.datetime
    accepted_at: dt.datetime
    responded_at: dt.datetime
    closed_at: dt.datetime


@dataclass(slots=True)
class CasePlan:
    """A case from its intake to its closing."""

    id: uuid.UUID
    centre: CentreRow
    category: str
    channel: str
    risk: str
    received_at: dt.datetime
    accepted_at: dt.datetime
    closed_at: dt.datetime
    client: Human
    assisted: bool = True
    residence: str = ""
    registration: str = ""
    children: list[Human] = field(default_factory=list)
    services: list[ServicePlan] = field(default_factory=list)
    referrals: list[ReferralPlan] = field(default_factory=list)
    callback_at: dt.datetime | None = None
    close_reason: str = "resolved"
    seed: int = 0

    @property
    def concerns_minor(self) -> bool:
        return self.category.startswith("E")


@dataclass(slots=True)
class AdvicePlan:
    """A contact that needed no case."""

    id: uuid.UUID
    region: str
    is_desk: bool
    channel: str
    category: str
    kind: str  # advice_call or care
    at: dt.datetime
    seed: int


@dataclass(slots=True)
class OrderPlan:
    """A guardianship supervision order, with or without a case."""

    id: uuid.UUID
    region: str
    issued_on: dt.date
    case: uuid.UUID | None


@dataclass(slots=True)
class Plan:
    """Everything of one period."""

    totals: Totals
    cases: list[CasePlan]
    advice: list[AdvicePlan]
    orders: list[OrderPlan]


def make_plan(totals: Totals, seed: int) -> Plan:
    """Draw a period. The same totals and seed give the same plan."""
    rng = random.Random(f"{seed} {totals.begin}")
    cases = [_case(rng, totals) for _ in range(totals.cases)]
    cases.sort(key=lambda case: case.received_at)
    _unusual_clients(rng, cases)
    _children(rng, cases, totals.assisted)
    advice_calls = round(totals.services * 0.261)
    at_the_counter = round(totals.services * 0.02)
    _services(rng, cases, totals, totals.services - advice_calls - at_the_counter - totals.interviews)
    _interviews(rng, cases, totals)
    for case in cases:
        case.services.sort(key=lambda service: service.at)
        _chain(rng, case)
    advice = [_advice(rng, totals, "advice_call") for _ in range(advice_calls)]
    advice += [_advice(rng, totals, "care") for _ in range(at_the_counter)]
    return Plan(totals, cases, sorted(advice, key=lambda row: row.at), _orders(rng, cases, totals))


def at_work(rng: random.Random, day: dt.date) -> dt.datetime:
    """A moment of office hours; on a weekend the Friday before."""
    if day.weekday() >= 5 and rng.random() < 0.85:
        day -= dt.timedelta(days=day.weekday() - 4)
    return dt.datetime.combine(
        day, dt.time(rng.choice([8, 9, 9, 10, 10, 11, 14, 14, 15, 15, 16, 17]), rng.randint(0, 59)), SHANGHAI
    )


def _next_workday(day: dt.date) -> dt.date:
    day += dt.timedelta(days=1)
    return day if day.weekday() < 5 else day + dt.timedelta(days=7 - day.weekday())


def _weight(centre: CentreRow, totals: Totals) -> float:
    open_days = (totals.end - max(centre.opened_on, totals.begin)).days
    if open_days <= 0:
        return 0
    size = (
        9.0
        if centre.region == "530102"
        else 3.0
        if centre.is_demonstration
        else 1.6
        if centre.region.startswith("5301")
        else 1.0
    )
    return float(size * open_days**0.8)


def _centre(rng: random.Random, totals: Totals) -> CentreRow:
    rows = centre_rows()
    return rng.choices(rows, [_weight(row, totals) for row in rows])[0]


def _day(rng: random.Random, totals: Totals, opened_on: dt.date) -> dt.date:
    """A day on which the office existed: more of them the later it is while it all begins, and none in the period's last days (a case takes time)."""
    begin = max(opened_on, totals.begin)
    if begin.weekday() >= 5:
        begin += dt.timedelta(days=7 - begin.weekday())
    span = max((totals.end - begin).days - 5, 1)
    return begin + dt.timedelta(days=int(span * rng.random() ** totals.growth))


def _inside(moment: dt.datetime, totals: Totals, rng: random.Random) -> dt.datetime:
    """Not after the period's end."""
    last = dt.datetime.combine(totals.end, dt.time(), SHANGHAI) - dt.timedelta(
        hours=rng.randint(7, 15), minutes=rng.randint(0, 59)
    )
    return min(moment, last)


def _client(rng: random.Random, category: str, county: str, year: int) -> Human:
    if category.startswith("E"):
        age = (
            0 if category == "E03" else rng.randint(13, 16) if category in {"E10", "E12", "E08"} else rng.randint(5, 15)
        )
        return human(
            rng,
            county=county,
            gender="male" if rng.random() < 0.38 else "female",
            birth_year=year - age,
            with_id=rng.random() < 0.3,
        )
    age = (
        rng.randint(60, 84)
        if category in mix.ELDERS
        else rng.choice([rng.randint(20, 34), rng.randint(25, 45), rng.randint(30, 58)])
    )
    if category in {"A11", "F02"}:
        age = rng.randint(18, 24)
    return human(rng, county=county, gender="female", birth_year=year - age, with_id=rng.random() < 0.35)


def _case(rng: random.Random, totals: Totals) -> CasePlan:
    centre = _centre(rng, totals)
    category = mix.pick(rng, mix.CATEGORIES)
    channel = mix.pick(rng, mix.CHANNELS_OF_MINORS if category.startswith("E") else mix.CHANNELS)
    received = at_work(rng, _day(rng, totals, centre.opened_on))
    if channel == "hotline" and rng.random() < 0.2:
        received = received.replace(hour=rng.choice([19, 20, 21, 22]))
    received = _inside(received, totals, rng)
    accepted = (
        received + dt.timedelta(minutes=rng.randint(15, 200))
        if rng.random() < 0.6
        else at_work(rng, _next_workday(received.date()))
    )
    accepted = _inside(accepted, totals, rng)
    risk = mix.risk_of(rng, category)
    low, high = {"high": (25, 110), "medium": (14, 75), "low": (6, 50)}[risk]
    closed = at_work(rng, accepted.date() + dt.timedelta(days=rng.randint(low, high)))
    if totals.until_now and closed.date() >= totals.end:
        span = max((totals.end - accepted.date()).days - 2, 1)
        closed = max(
            _inside(at_work(rng, accepted.date() + dt.timedelta(days=rng.randint(1, span))), totals, rng),
            accepted + dt.timedelta(hours=30),
        )
    case = CasePlan(
        new_id(rng), centre, category, channel, risk, received, max(accepted, received), closed,
        _client(rng, category, centre.region, received.year), seed=rng.getrandbits(48),
    )  # fmt: skip
    case.residence = case.registration = centre.region
    if rng.random() < 0.13:  # 人户分离
        counties = [row.code for row in divisions().values() if row.level == "county" and row.code != centre.region]
        near = [code for code in counties if code[:4] == centre.region[:4]]
        case.registration = rng.choice(near if near and rng.random() < 0.6 else counties)
    case.close_reason = mix.pick(
        rng, {"resolved": 78, "court": 9, "declined": 7, "unreachable": 2, "moved": 2, "no_answer": 2}
    )
    if case.concerns_minor and case.close_reason == "declined":
        case.close_reason = "resolved"  # a minor's case does not end because somebody does not wish to continue
    return case


def _unusual_clients(rng: random.Random, cases: list[CasePlan]) -> None:
    """A few clients stay anonymous, a few are men, a few have got advice only, and a few come a second time (here or elsewhere)."""
    n = len(cases)
    adults = [case for case in cases if not case.concerns_minor]
    chosen = rng.sample(adults, min(len(adults), round(n * 0.018) + round(n * 0.036)))
    for index, case in enumerate(chosen):
        if index < round(n * 0.018):
            case.client = replace(case.client, name="", id_number="", is_anonymous=True)
        else:
            case.assisted = False
    taken = {case.id for case in chosen}
    men = [case for case in adults if case.category in mix.MEN_POSSIBLE and case.id not in taken]
    for case in rng.sample(men, min(len(men), round(n * 0.013))):
        year = min(case.client.birth_year, case.received_at.year - 30)
        case.client = human(rng, county=case.centre.region, gender="male", birth_year=year, with_id=True)
        taken.add(case.id)
    again = [case for case in adults if case.id not in taken]
    for case in rng.sample(again, min(len(again), round(n * 0.015))):
        earlier = [other for other in again if other.closed_at < case.received_at and other.id not in taken]
        here = [other for other in earlier if other.centre.region == case.centre.region]
        if here and rng.random() < 0.6:
            case.client = rng.choice(here).client
        elif with_id := [
            other for other in earlier if other.client.id_number and other.centre.region != case.centre.region
        ]:
            case.client = replace(rng.choice(with_id).client, person_id=new_id(rng))
        else:
            continue
        taken.add(case.id)


def counts_as_assisted(person: Human) -> bool:
    """A woman or a child who did not stay anonymous (minors of the plan are minors at every service)."""
    return not person.is_anonymous and (person.gender == "female" or person.birth_year > 2000)


def identity_key(person: Human) -> str:
    """One human is one: by the ID number where there is one, else as the office knows her."""
    return person.id_number or str(person.person_id)


def _children(rng: random.Random, cases: list[CasePlan], assisted: int) -> None:
    """Children who were helped beside the client, as many as are missing to the number of people assisted."""
    people = {identity_key(case.client) for case in cases if case.assisted and counts_as_assisted(case.client)}
    hosts = [
        case
        for case in cases
        if case.assisted
        and not case.client.is_anonymous
        and case.category in {"A01", "A03", "A04", "A05", "A12", "E01", "E04", "E09", "G01"}
    ]
    missing = assisted - len(people)
    if missing < 0 or (missing and not hosts):
        raise ValueError("more clients than people assisted")
    for _ in range(missing):
        case = rng.choice([host for host in rng.sample(hosts, min(6, len(hosts))) if len(host.children) < 3] or hosts)
        year = case.received_at.year
        eldest = 14 if case.concerns_minor else min(14, year - case.client.birth_year - 19)
        surname = rng.choice("李王张杨刘陈赵周") if not case.concerns_minor else case.client.name[:1]
        case.children.append(
            human(
                rng,
                county=case.centre.region,
                gender=rng.choice(["female", "male"]),
                birth_year=year - rng.randint(1, max(eldest, 2)),
                surname=surname,
            )
        )


def _moment(rng: random.Random, case: CasePlan, totals: Totals) -> dt.datetime:
    """A moment between acceptance and closing, inside the period."""
    days = max((min(case.closed_at.date(), totals.end) - case.accepted_at.date()).days - 3, 0)
    moment = _inside(at_work(rng, case.accepted_at.date() + dt.timedelta(days=rng.randint(0, days))), totals, rng)
    return (
        max(moment, case.accepted_at + dt.timedelta(minutes=rng.randint(5, 50)))
        if moment < case.accepted_at
        else moment
    )


def _services(rng: random.Random, cases: list[CasePlan], totals: Totals, wanted: int) -> None:
    made = 0
    for case in cases:
        kinds = mix.SERVICES[case.category[0]]
        helping = {kind: weight for kind, weight in kinds.items() if kind not in mix.NOT_ASSISTANCE}
        first = mix.pick(rng, helping) if case.assisted else "complaint"
        case.services.append(ServicePlan(first, case.client, _moment(rng, case, totals)))
        case.services += [
            ServicePlan(rng.choice(["care", "counselling", "care"]), child, _moment(rng, case, totals))
            for child in case.children
        ]
        made += 1 + len(case.children)
    if made > wanted:
        raise ValueError("fewer services than people")
    eager = [{"high": 3.0, "medium": 1.6, "low": 0.7}[case.risk] for case in cases]
    for case in rng.choices(cases, eager, k=wanted - made):
        kind = mix.pick(rng, mix.SERVICES[case.category[0]]) if case.assisted else rng.choice(mix.NOT_ASSISTANCE)
        case.services.append(ServicePlan(kind, case.client, _moment(rng, case, totals)))


def _interviews(rng: random.Random, cases: list[CasePlan], totals: Totals) -> None:
    """One forensic interview for each person where that is possible; a second session only when there are too few people."""
    people = [
        (case, person)
        for case in cases
        if case.assisted and case.category in mix.INTERVIEWED
        for person in (case.client, *case.children)
        if counts_as_assisted(person)
    ]
    people.sort(key=lambda pair: rng.random() ** (1 / mix.INTERVIEWED[pair[0].category]), reverse=True)
    for index in range(totals.interviews):
        case, person = people[index % len(people)]
        case.services.append(ServicePlan("interview", person, _moment(rng, case, totals)))


def _chain(rng: random.Random, case: CasePlan) -> None:
    """Referrals and the callback before closing."""
    kinds = [
        kind.value for kind in BY_CATEGORY.get(case.category, BY_GROUP[case.category[0]]) if kind.value in mix.ASKS
    ]
    for kind in kinds[: {"high": 2, "medium": 1, "low": rng.randint(0, 1)}[case.risk]]:
        body, ask = mix.ASKS[kind]
        room = (case.closed_at - case.accepted_at) * 0.7
        sent = case.accepted_at + dt.timedelta(minutes=rng.randint(20, 240))
        accepted = sent + min(dt.timedelta(hours=rng.choice([0.5, 1, 2, 5, 18, 22, 30, 50])), room * 0.3)
        answered = accepted + min(dt.timedelta(hours=rng.choice([5, 20, 30, 48, 70, 76, 120])), room * 0.4)
        case.referrals.append(
            ReferralPlan(body, kind, ask, sent, accepted, answered, answered + dt.timedelta(hours=rng.randint(1, 12)))
        )
    case.callback_at = case.closed_at - dt.timedelta(hours=rng.choice([1, 2, 3, 22, 26]))


def _advice(rng: random.Random, totals: Totals, kind: str) -> AdvicePlan:
    centre = _centre(rng, totals)
    channel = mix.pick(rng, mix.ADVICE_CHANNELS)
    at = at_work(rng, _day(rng, totals, centre.opened_on))
    if channel == "hotline" and rng.random() < 0.25:
        at = at.replace(hour=rng.choice([12, 18, 19, 20, 21]))
    region = centre.region
    is_desk = channel == "hotline" and kind == "advice_call"
    if is_desk:
        region = region if region in COUNTY_DESKS else "530000" if rng.random() < 0.1 else f"{region[:4]}00"
    return AdvicePlan(
        new_id(rng),
        region,
        is_desk,
        channel,
        mix.pick(rng, mix.ADVICE_CATEGORIES),
        kind,
        _inside(at, totals, rng),
        rng.getrandbits(48),
    )


def _orders(rng: random.Random, cases: list[CasePlan], totals: Totals) -> list[OrderPlan]:
    fitting = [
        case
        for case in cases
        if (case.category in {"E01", "E04", "E08", "E09", "E07", "E03", "E05"} and case.risk != "low")
        or case.category == "E04"
    ]
    with_case = rng.sample(fitting, min(len(fitting), totals.orders * 2 // 5))
    orders = []
    for index in range(totals.orders):
        case = with_case[index] if index < len(with_case) else None
        region = case.centre.region if case else _centre(rng, totals).region
        opened = next(row.opened_on for row in centre_rows() if row.region == region)
        day = _moment(rng, case, totals).date() if case else at_work(rng, _day(rng, totals, opened)).date()
        orders.append(
            OrderPlan(new_id(rng), region, min(day, totals.end - dt.timedelta(days=1)), case.id if case else None)
        )
    return sorted(orders, key=lambda order: order.issued_on)
