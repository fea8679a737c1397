"""What is guarded at the Wuhua centre: a sealed case, a wall whose lifting is asked for, emergency views at every step, an ask for a
minor's record, alerts of unusual access."""

from __future__ import annotations

from agencies.models import Office, User
from caremgmt.demo.stage import Script, Stage
from cases.enums import BurstKind
from cases.models import BreakGlass, Burst, Case, RecordApproval, Wall
from cases.services import approvals, bursts, glass, seals, walls
from core.identity import acting_as, worker_identity

WUHUA, XISHAN, GUANDU, MENGZI = "530102", "530112", "530111", "532503"


def _open(stage: Stage, county: str, *, before: int) -> list[Case]:
    """Cases in progress of a centre that have a manager, without walls; the oldest first."""
    with acting_as(worker_identity("demo")):
        walled = Wall.objects.filter(lifted_at__isnull=True).values("case_id")
        rows = Case.objects.filter(
            office=stage.directory.centre(county), status="in_progress", manager__isnull=False, received_at__lt=stage.day(before, 0),
        ).exclude(pk__in=walled)  # fmt: skip
        return list(rows.select_related("office").order_by("received_at", "pk"))


def sealed(stage: Stage) -> Script:
    """主任决定密封：只有承办的个案管理员和主任知道这件案（事）件。"""
    yield stage.day(6, 10, 10)
    director = stage.directory.user("zhuren.wuhua")
    for case in _open(stage, WUHUA, before=7)[-1:]:
        stage.tries(director, seals.case_seal, case_id=case.pk, named=[stage.users_manager(case).pk])


def walled(stage: Stage) -> Script:
    """回避：一名部门联络员与当事人相识；两天后主任申请解除，等第二人同意。"""
    yield stage.day(5, 9, 40)
    directory = stage.directory
    director, kin = directory.user("zhuren.wuhua"), directory.user("minzheng.wuhua")
    found = _open(stage, WUHUA, before=6)
    wall = (
        stage.tries(director, walls.wall_set, case_id=found[0].pk, reason="acquainted", person=kin) if found else None
    )
    yield stage.day(3, 15, 0)
    if wall is not None:
        stage.tries(director, walls.wall_lift, wall_id=wall.pk)


def _asked(stage: Stage, case: Case, reason: str, by: User, office: Office, confirm: str) -> BreakGlass | None:
    return stage.tries(
        by, glass.glass_ask, number=case.number, reason=reason, office=office, confirm=stage.directory.centre(confirm)
    )  # fmt: skip


def emergencies(stage: Stage) -> Script:
    """紧急查看：一件已复核，一件待五华主任复核，一件待五华主任确认。"""
    yield stage.day(4, 22, 10)
    directory, mine = stage.directory, _open(stage, WUHUA, before=5)
    if len(mine) < 2:
        return
    operator, desk = directory.operator(MENGZI), directory.desk(MENGZI)
    confirmer = directory.director(stage.centre_row(GUANDU))
    first = _asked(
        stage, mine[0], "其丈夫持刀在楼下，民警已到场，急需安全联系方式；中心值班电话无人接听。", operator, desk, GUANDU
    )
    yield stage.day(4, 22, 20)
    if first:
        stage.tries(confirmer, glass.glass_answer, glass_id=first.pk, agreed=True)
    yield stage.day(3, 10, 0)
    stage.ring()
    if first:
        director, note = directory.user("zhuren.wuhua"), "与110接警记录核对一致，情况属实。"
        stage.tries(director, glass.glass_review, glass_id=first.pk, finding="justified", note=note)
    yield stage.day(0, 0, 15)
    second = _asked(stage, mine[1], "当事人刚来电称被尾随，通话中断，须立即安全回拨。", operator, desk, GUANDU)
    yield stage.day(0, 0, 20)
    if second:
        stage.tries(confirmer, glass.glass_answer, glass_id=second.pk, agreed=True)
    yield stage.day(0, 0, 25)
    for case in _open(stage, XISHAN, before=2)[:1]:
        manager, centre = directory.manager(stage.centre_row(MENGZI)), directory.centre(MENGZI)
        _asked(stage, case, "当事人到本中心门口求助，不愿说明住处，须向承办人核实并安全联系。", manager, centre, WUHUA)


def records(stage: Stage) -> Script:
    """查阅审批：同事申请查阅已办结的未成年人档案，等主任审批。"""
    yield stage.day(1, 11, 0)
    colleague = stage.directory.user("anjian2.wuhua")
    with acting_as(worker_identity("demo")):
        closed = Case.objects.filter(
            office=stage.directory.centre(WUHUA), status="closed", concerns_minor=True, manager__isnull=False
        ).exclude(manager=colleague)  # fmt: skip
        numbers = list(closed.order_by("-closed_at").values_list("number", flat=True)[:1])
    for number in numbers:
        made: RecordApproval | None = stage.tries(
            colleague, approvals.approval_ask, office=stage.directory.centre(WUHUA), number=number,
            reason="同一家庭又有新的求助，须参考上次的监护评估。", days=7,
        )  # fmt: skip
        if made is None:
            break


def alerts(stage: Stage) -> Script:
    """异常访问：一件已核查，一件待主任核查。"""
    yield stage.day(8, 17, 0)
    director = stage.directory.user("zhuren.wuhua")
    first = _alert(stage, "anjian2.wuhua", BurstKind.VIEW, 46, 9)
    yield stage.day(7, 10, 0)
    stage.tries(
        director, bursts.burst_review, burst_id=first.pk, finding="explained", note="季度回访抽查，按计划逐件查看。"
    )
    yield stage.day(1, 16, 0)
    _alert(stage, "anjian.wuhua", BurstKind.SEARCH, 52, 12)


def _alert(stage: Stage, username: str, kind: BurstKind, count: int, usual: int) -> Burst:
    at = stage.moment
    row = Burst(
        actor=stage.directory.user(username), office=stage.directory.centre(WUHUA), kind=kind, hour=at.replace(minute=0), found_at=at, count=count,
        usual=usual,
    )  # fmt: skip
    with acting_as(worker_identity("demo")):
        bursts.raise_alert(row)
    return row


SCRIPTS = (sealed, walled, emergencies, records, alerts)
