"""Conferences of the Wuhua centre: one followed through (with a measure that is late), one to come, a standing meeting; and its task force."""

from __future__ import annotations

import datetime as dt
from typing import Any

from agencies.enums import UnitKind
from agencies.models import Room, Unit, User
from caremgmt.demo.names import person_name
from caremgmt.demo.stage import Script, Stage
from cases.models import Case
from core.identity import acting_as, worker_identity
from referrals.conferences import services
from referrals.conferences.models import AgendaItem, Conference, Invitation, MinuteText, Seat
from referrals.conferences.services import Invitee, Matter, Meeting
from referrals.services.letters import needs_named_liaison
from referrals.taskforces.services import Person, member_name

WUHUA, XISHAN = "530102", "530112"
OPINIONS = {
    UnitKind.JUSTICE: "当事人符合法律援助条件，可由法律援助中心指派律师代理赡养费诉讼。",
    UnitKind.COMMUNITY: "社区每日上门一次，先陪同就医，协助申请高龄补贴。",
    UnitKind.FEDERATION: "妇联继续做其子女的思想工作，督促履行赡养义务。",
    UnitKind.POLICE: "社区民警配合走访，如有遗弃情形依法处理。",
    UnitKind.GOVERNANCE: "综治中心协调两地街道，明确由居住地牵头。",
}
DEPARTMENTS = (
    ("federation", "副主席"), ("police", "副大队长"), ("procuratorate", "检察官"), ("court", "审判员"), ("justice", "科长"), ("civil_affairs", "科长"),
    ("education", "副科长"),
)  # fmt: skip


def _cases(stage: Stage, *, before: int, violence: bool, category: str = "") -> list[Case]:
    """Cases in progress of the centre, the oldest first."""
    with acting_as(worker_identity("demo")):
        rows = Case.objects.filter(
            office=stage.directory.centre(WUHUA), status="in_progress", manager__isnull=False, received_at__lt=stage.day(before, 0),
            category__is_violence=violence,
        ).select_related("category", "office")  # fmt: skip
        if category:
            rows = rows.filter(category_id=category)
        return list(rows.order_by("-received_at", "pk"))


def _meeting(stage: Stage, begins: dt.datetime, hours: float, chair: User) -> Meeting:
    room = Room.objects.filter(office=stage.directory.centre(WUHUA), name="会商室").first()
    return Meeting(chair, begins, begins + dt.timedelta(hours=hours), room, "" if room else "会商室")


def _invitees(stage: Stage, case: Case, units: list[Unit]) -> list[Invitee]:
    named = needs_named_liaison(case)
    return [Invitee(unit, stage.liaison(unit) if named and unit.has_accounts else None) for unit in units]


def _letters(conference: Conference) -> list[tuple[Invitation, Unit]]:
    with acting_as(worker_identity("demo")):
        rows = Invitation.objects.filter(conference=conference).select_related("unit").order_by("sent_at", "pk")
        return [(row, row.unit) for row in rows]


def _accept(stage: Stage, conference: Conference, host: User, *, all_but: int = 0) -> None:
    letters = _letters(conference)
    for row, unit in letters[: len(letters) - all_but]:
        if unit.has_accounts and (liaison := stage.liaison(unit)):
            stage.tries(liaison, services.invitation_accept, invitation_id=row.pk, version=None, pledge=True)
        elif not unit.has_accounts:
            stage.tries(host, services.invitation_enter, invitation_id=row.pk, version=None)


def followed(stage: Stage) -> Script:
    """人户分离老人的会商：两个区的部门坐在一起，议定事项一件逾期。"""
    yield stage.day(9, 14, 30)
    found = _cases(stage, before=9, violence=False, category="A06") or _cases(stage, before=9, violence=False)
    if not found:
        return
    case, directory = found[0], stage.directory
    chair, host = directory.user("zhuren.wuhua"), stage.users_manager(case)
    units = [
        directory.unit(WUHUA, "justice"), directory.unit(XISHAN, "federation"), directory.unit(WUHUA, "community-1"),
        directory.unit(WUHUA, "governance"), directory.unit(WUHUA, "station-1"),
    ]  # fmt: skip
    matter = Matter("cross_department", ["identity", "contact", "incident"], "duty", _invitees(stage, case, units))
    conference = stage.tries(
        host,
        services.conference_convene,
        case_id=case.pk,
        meeting=_meeting(stage, stage.day(8, 10, 0), 1.5, chair),
        matter=matter,
    )
    if conference is None:
        return
    whole: dict[str, Any] = {"conference_id": conference.pk, "version": None}
    yield stage.day(9, 16, 0)
    _accept(stage, conference, host)
    yield stage.day(8, 10, 0)
    stage.do(chair, services.conference_hold, **whole)
    yield stage.day(8, 11, 20)
    _write(stage, conference, host)
    item = _item(conference)
    decided = []
    for unit, measure, who, days in (
        (units[0], "指派法律援助律师上门，了解赡养费诉求", "李律师", 3), (units[2], "陪同就医并办理高龄补贴申请", "社区网格员", 1),
        (units[1], "走访户籍地亲属，核实赡养能力", "", 4),
    ):  # fmt: skip
        decided.append(stage.do(
            host, services.decision_add, item_id=item.pk, measure=measure, responsible=who, due_at=stage.day(8 - days, 18, 0),
            invitee=_invitees(stage, case, [unit])[0],
        ))  # fmt: skip
    stage.do(host, services.conference_minute, **whole)
    yield stage.day(7, 9, 30)
    for row, unit in _letters(conference):
        if unit.has_accounts and (liaison := stage.liaison(unit)):
            stage.tries(liaison, services.minutes_confirm, invitation_id=row.pk, version=None)
    stage.do(
        stage.liaison(units[2]) or host,
        services.decision_finish,
        decision_id=decided[1].pk,
        version=None,
        note="已陪同就医，高龄补贴申请已递交。",
    )
    yield stage.day(5, 9, 10)
    stage.tries(chair, services.conference_sign, **whole)
    yield stage.day(5, 15, 0)
    stage.do(
        stage.liaison(units[0]),
        services.decision_finish,
        decision_id=decided[0].pk,
        version=None,
        note="律师已上门，已签委托手续，拟起诉。",
    )


def _item(conference: Conference) -> AgendaItem:
    with acting_as(worker_identity("demo")):
        return AgendaItem.objects.get(conference=conference)


def _write(stage: Stage, conference: Conference, host: User) -> None:
    with acting_as(worker_identity("demo")):
        seats = list(Seat.objects.filter(item__conference=conference).select_related("unit"))
        texts = {row.seat_id: row.pk for row in MinuteText.objects.filter(item__conference=conference)}
    facts = "当事人年逾六十，独居，行动不便，子女不愿承担赡养费用；户籍地与居住地不在同一区，前期电话沟通无果。"
    stage.do(host, services.minute_write, text_id=texts[None], version=None, text=facts)
    for seat in seats:
        if seat.unit is None:
            continue
        stage.do(host, services.seat_mark, seat_id=seat.pk, is_present=True, attendee=person_name(stage.rng))
        words = OPINIONS.get(UnitKind(seat.unit.kind), "无不同意见，按分工落实。")
        stage.do(host, services.minute_write, text_id=texts[seat.pk], version=None, text=words)


def to_come(stage: Stage) -> Script:
    """高风险案（事）件的会商，邀请已发出，一个单位尚未答复；下周的联席会议已有议题。"""
    yield stage.day(1, 15, 0)
    directory, tomorrow = stage.directory, stage.day(-1, 9, 30)
    chair = directory.user("zhuren.wuhua")
    violent = _cases(stage, before=1, violence=True)
    if violent:
        case = violent[0]
        units = [directory.unit(WUHUA, key) for key in ("police", "court", "procuratorate", "civil_affairs")]
        matter = Matter("high_risk", ["identity", "incident", "risk"], "danger", _invitees(stage, case, units))
        conference = stage.tries(
            stage.users_manager(case),
            services.conference_convene,
            case_id=case.pk,
            meeting=_meeting(stage, tomorrow, 1, chair),
            matter=matter,
        )
        if conference is not None:
            _accept(stage, conference, chair, all_but=1)
    standing = stage.tries(
        chair,
        services.conference_plan,
        office=directory.centre(WUHUA),
        meeting=_meeting(stage, stage.day(-6, 14, 30), 2, chair),
    )
    for case in _cases(stage, before=3, violence=False)[-2:]:
        if standing is None:
            break
        units = [directory.unit(WUHUA, key) for key in ("justice", "governance")]
        matter = Matter("stalled", ["incident"], "duty", _invitees(stage, case, units))
        stage.tries(
            stage.users_manager(case), services.item_add, conference_id=standing.pk, case_id=case.pk, matter=matter
        )


def task_force(stage: Stage) -> Script:
    """工作专班：七个部门有人，两个部门还空着；公安换过一次联络员。"""
    yield stage.day(40, 10, 0)
    director, office = stage.directory.user("zhuren.wuhua"), stage.directory.centre(WUHUA)

    def name(key: str, place: str, post: str) -> None:
        unit = stage.directory.unit(WUHUA, key)
        person = Person(unit, person_name(stage.rng), post, f"0871-6{stage.rng.randint(3000000, 3999999)}")
        stage.do(director, member_name, office=office, kind=unit.kind, place=place, person=person)

    for key, post in DEPARTMENTS:
        name(key, "member", post)
        name(key, "liaison", "联络员")
    yield stage.day(12, 11, 0)
    name("police", "liaison", "联络员")


SCRIPTS = (followed, to_come, task_force)
