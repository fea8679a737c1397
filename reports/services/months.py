"""The month's way: computed, submitted by the centre, accepted or returned by its superior, locked by the province."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.enums import Role
from core import clock, engine, keys, outbox
from core.engine import Act
from core.errors import DomainError, NotAllowed, NotFound
from core.identity import WORKER, Identity, acting_as, worker_identity
from core.months import shift
from reports.enums import MonthStatus
from reports.explanations import Explanation
from reports.models import MonthReport, MonthStep
from reports.periods import first_of, is_over, starts
from reports.services.compute import Outcome, compute_months
from reports.services.naming import explanation_names_nobody, reason_names_nobody, words_count_nobody
from reports.workflow import MONTH

CLOSING_HOUR = 2  # on the 1st, Shanghai
REFRESH = dt.timedelta(minutes=5) if settings.DEMO else dt.timedelta(hours=1)
WITH_CENTRE = (MonthStatus.COMPUTED, MonthStatus.RETURNED)
NOT_OWED_ANY_MORE = (
    "chased",
    "wrong_status",
)  # another was faster with one of many: the others are reminded all the same
WATCHED_MONTHS = 24  # so far back locked months are looked through for revisions every night


def poll() -> list[Outcome]:
    """What is due now: last month after its closing hour, the running month at intervals, every month of the last years each night."""
    now = clock.now()
    running = first_of(clock.today())
    done = []
    if _computed_since(shift(running, -WATCHED_MONTHS), _last_closing_hour(now)):
        done.append(compute_months(shift(running, -WATCHED_MONTHS), running))
    elif _computed_since(shift(running, -1), now - REFRESH):
        done.append(compute_months(shift(running, -1), running))
    return done


def _last_closing_hour(now: dt.datetime) -> dt.datetime:
    local = clock.local(now)
    hour = local.replace(hour=CLOSING_HOUR, minute=0, second=0, microsecond=0)
    return hour if local >= hour else hour - dt.timedelta(days=1)


def _computed_since(first: dt.date, moment: dt.datetime) -> bool:
    """Whether an office's month from `first` on is missing or older than `moment`, among those that may still be computed."""
    with acting_as(worker_identity("months")):
        waiting = (MonthStatus.SUBMITTED, MonthStatus.ACCEPTED)
        oldest = (
            MonthReport.objects.filter(month__gte=first).exclude(status__in=waiting).order_by("computed_at").first()
        )
        running = MonthReport.objects.filter(month=first_of(clock.today())).exists()
    return oldest is None or not running or oldest.computed_at < moment


# --- guards ---------------------------------------------------------------------------------------------------------------
def is_director(report: MonthReport, by: Identity) -> None:
    """A month is submitted by the director of the centre."""
    if report.office_id not in by.director_offices:
        raise NotAllowed("not_director", _("Only the centre's director submits its month."))


def month_is_over(report: MonthReport, by: Identity) -> None:
    """A month that still runs cannot be submitted, nor one that was last computed while it ran."""
    if not is_over(report.month):
        raise DomainError("month_runs", _("The month is not over yet."))
    if report.computed_at < starts(shift(report.month, 1)):
        raise DomainError("not_computed", _("The final figures of this month have not been computed yet."))


def is_superior(report: MonthReport, by: Identity) -> None:
    """Months are accepted or returned by the supervisor of the region around the centre, or by the province."""
    covered = any(report.region_code.startswith(prefix) for prefix in by.regions)
    if not (covered and by.has(Role.SUPERVISOR, Role.PROVINCE)):
        raise NotAllowed("not_superior", _("Only the supervising federation accepts or returns a month."))


def is_province(report: MonthReport, by: Identity) -> None:
    """Months are locked by the province."""
    if not by.has(Role.PROVINCE):
        raise NotAllowed("not_province", _("Only the province locks a month."))


def not_own_act(report: MonthReport, by: Identity) -> None:
    """Nobody approves an own act: not the own submission, nor (locking) the own acceptance."""
    if by.user_id in {report.submitted_by_id, report.accepted_by_id if report.status == MonthStatus.ACCEPTED else None}:
        raise NotAllowed("own_act", _("Nobody approves an own act."))


def not_own_submission(report: MonthReport, by: Identity) -> None:
    """Who submitted does not return."""
    if by.user_id == report.submitted_by_id:
        raise NotAllowed("own_act", _("Nobody approves an own act."))


def not_submitted(report: MonthReport, by: Identity) -> None:
    """A centre is reminded of a month that is over and still with it."""
    if not is_over(report.month):
        raise DomainError("month_runs", _("The month is not over yet."))
    if report.status not in WITH_CENTRE or report.office.kind != "centre":
        raise DomainError("wrong_status", _("This month is not with the centre any more."))


# --- verbs ----------------------------------------------------------------------------------------------------------------
def _new_step(report: MonthReport, verb: str, by: Identity, now: dt.datetime, text: str = "") -> MonthStep:
    return MonthStep(
        id=uuid4(), report=report, office_id=report.office_id, region_code=report.region_code, verb=verb, at=now,
        actor_id=by.user_id,  # type: ignore[misc]
        actor_name=by.name, actor_agency=by.agency, text=text,
    )  # fmt: skip


def _step(act: Act[MonthReport], verb: str, text: str) -> None:
    report = act.object
    text = text.strip()
    if text:
        try:
            keys.data_key(report.pk)
        except KeyError:
            keys.create_data_key(report.pk)
    _new_step(report, verb, act.by, act.now, text).save(force_insert=True)
    act.detail |= {"month": f"{report.month:%Y-%m}"}


def month_submit(
    *, report_id: UUID, by: Identity, explanation: str = "", version: int | None = None, key: UUID | None = None
) -> MonthReport:
    """Submit the own centre's month. Raises NotFound, NotAllowed, DomainError("names", "small_counts", "month_runs", "not_computed", "wrong_status"), StaleVersion."""
    scope = MonthReport.objects.visible_to(by)
    # Before the verb: inside it only the report's own rows can be seen. Whose month it is not is told so by the guards.
    own = scope.filter(pk=report_id, office_id__in=by.director_offices).first()
    if own is not None:
        said = Explanation.read(explanation)
        explanation_names_nobody(own, by, said)
        words_count_nobody(said.fields)

    def write(act: Act[MonthReport]) -> MonthReport:
        act.object.submitted_at, act.object.submitted_by_id = act.now, by.user_id
        _step(act, "submit", explanation)
        return act.object

    return engine.change(
        "month.submit", by=by, scope=scope, pk=report_id, write=write, version=version, workflow=MONTH,
        guards=[is_director, month_is_over], key=key,
    )  # fmt: skip


def month_return(
    *, report_id: UUID, by: Identity, reason: str, version: int | None = None, key: UUID | None = None
) -> MonthReport:
    """Give a month back with a reason. Raises NotFound, NotAllowed, DomainError("no_reason", "names", "small_counts", "wrong_status"), StaleVersion."""
    if not reason.strip():
        raise DomainError("no_reason", _("Say why the month is returned."), field="reason")
    reason_names_nobody(reason)
    words_count_nobody({"reason": reason})  # the province reads it too

    def write(act: Act[MonthReport]) -> MonthReport:
        act.object.accepted_at = act.object.accepted_by_id = None
        _step(act, "return", reason)
        outbox.put("month.returned", subject=act.object.pk, key=f"month:{uuid4()}")  # a month may be returned again
        return act.object

    return engine.change(
        "month.return", by=by, scope=MonthReport.objects.visible_to(by), pk=report_id, write=write, version=version, workflow=MONTH,
        guards=[is_superior, not_own_submission], key=key,
    )  # fmt: skip


def month_accept(*, report_id: UUID, by: Identity, version: int | None = None, key: UUID | None = None) -> MonthReport:
    """Accept a submitted month. Raises NotFound, NotAllowed, DomainError("wrong_status"), StaleVersion."""

    def write(act: Act[MonthReport]) -> MonthReport:
        act.object.accepted_at, act.object.accepted_by_id = act.now, by.user_id
        _step(act, "accept", "")
        return act.object

    return engine.change(
        "month.accept", by=by, scope=MonthReport.objects.visible_to(by), pk=report_id, write=write, version=version, workflow=MONTH,
        guards=[is_superior, not_own_submission], key=key,
    )  # fmt: skip


def _chased_today(steps: QuerySet[MonthStep]) -> QuerySet[MonthStep]:
    return steps.filter(verb="chase", at__gte=clock.day_bounds(clock.today())[0])


def chaseable(month: dt.date, by: Identity) -> QuerySet[MonthReport]:
    """The centres' reports of `month` that are still with their centre, of which nobody was reminded today."""
    rows = MonthReport.objects.visible_to(by).filter(month=month, office__kind="centre", status__in=WITH_CENTRE)
    if not is_over(month) or not by.has(Role.SUPERVISOR, Role.PROVINCE):
        return rows.none()
    return rows.exclude(pk__in=_chased_today(MonthStep.objects.visible_to(by)).values("report_id"))


def month_chase(*, report_id: UUID, by: Identity, key: UUID | None = None) -> MonthStep:
    """Remind a centre's directors of a month that it owes, once a day. What they are writing meanwhile stays as it is.

    Raises NotFound, NotAllowed, DomainError("month_runs", "wrong_status", "chased"), DuplicateRequest.
    """
    report = MonthReport.objects.visible_to(by).filter(pk=report_id).select_related("office").first()
    if report is None:
        raise NotFound
    is_superior(report, by)

    def write(act: Act[MonthStep]) -> MonthStep:
        locked = MonthReport.objects.select_for_update(of=("self",)).select_related("office").get(pk=report_id)
        not_submitted(locked, by)
        if _chased_today(MonthStep.objects.filter(report=locked)).exists():
            raise DomainError("chased", _("The centre was reminded today already."))
        act.object.save(force_insert=True)
        outbox.put("month.chased", subject=locked.pk, key=f"month:{act.object.pk}")
        act.detail |= {"month": f"{locked.month:%Y-%m}"}
        return act.object

    row = _new_step(report, "chase", by, clock.now())
    return engine.create("month.chase", by=by, row=row, also=[report.pk], write=write, key=key)


def region_chase(*, month: dt.date, by: Identity) -> int:
    """Remind every centre of the own region that owes `month`. Returns how many. Raises DomainError("nothing_to_chase")."""
    done = 0
    for pk in list(chaseable(month, by).values_list("pk", flat=True)):
        try:
            month_chase(report_id=pk, by=by)
        except DomainError as error:
            if error.code not in NOT_OWED_ANY_MORE:
                raise
        else:
            done += 1
    if not done:
        raise DomainError("nothing_to_chase", _("No centre is left to be reminded of this month today."))
    return done


def month_lock(*, report_id: UUID, by: Identity, version: int | None = None, key: UUID | None = None) -> MonthReport:
    """Lock one accepted month (a desk's, which nobody submits, as it was computed). Raises NotFound, NotAllowed, DomainError, StaleVersion."""

    def write(act: Act[MonthReport]) -> MonthReport:
        act.object.locked_at = act.now
        _step(act, "lock", "")
        return act.object

    scope = MonthReport.objects.visible_to(by)
    seen = scope.filter(pk=report_id).select_related("office").first()
    desk = seen is not None and seen.office.kind == "desk"
    return engine.change(
        "month.lock", by=by, scope=scope, pk=report_id, write=write, version=version, workflow=MONTH, edge="lock_desk" if desk else "lock",
        guards=[is_province, month_is_over if desk else not_own_act], key=key,
    )  # fmt: skip


def lockable(month: dt.date, by: Identity) -> QuerySet[MonthReport]:
    """The centres' reports of `month` that `by` may lock now: accepted, and by somebody else."""
    rows = MonthReport.objects.visible_to(by).filter(month=month, office__kind="centre", status=MonthStatus.ACCEPTED)
    return rows.exclude(accepted_by_id=by.user_id).exclude(submitted_by_id=by.user_id)


def province_lock(*, month: dt.date, by: Identity) -> int:
    """Lock every centre's report of `month` that is accepted, and the desks' figures with it. Returns how many centres' were locked.

    Raises NotAllowed, DomainError("nothing_to_lock").
    """
    if not by.has(Role.PROVINCE):
        raise NotAllowed("not_province", _("Only the province locks a month."))
    centres = list(lockable(month, by).values_list("pk", flat=True))
    if not centres:
        raise DomainError("nothing_to_lock", _("No accepted report is waiting to be locked."))
    desks = MonthReport.objects.visible_to(by).filter(month=month, status=MonthStatus.COMPUTED, office__kind="desk")
    for pk in (*centres, *desks.values_list("pk", flat=True)):
        month_lock(report_id=pk, by=by)
    return len(centres)  # desks report to nobody, and nobody counts them


def region_accept(*, month: dt.date, by: Identity) -> int:
    """Accept everything of `month` that was submitted in the own region. Raises NotAllowed, DomainError("nothing_to_accept")."""
    rows = (
        MonthReport.objects.visible_to(by)
        .filter(month=month, status=MonthStatus.SUBMITTED)
        .exclude(submitted_by_id=by.user_id)
    )
    waiting = list(rows.values_list("pk", flat=True))
    if not waiting:
        raise DomainError("nothing_to_accept", _("No submitted report is waiting."))
    return len([month_accept(report_id=pk, by=by) for pk in waiting])


def settle_range(first: dt.date, last: dt.date) -> int:
    """Mark all months of a demo's invented past as submitted, accepted and locked, without persons. Raises RuntimeError in a real installation."""
    if not settings.DEMO:
        raise RuntimeError("only an invented past is settled in bulk")
    role = WORKER if settings.DB_ROLE == "web" else None
    with acting_as(worker_identity("months"), role=role), connection.cursor() as cursor:
        for before, after, column in (
            (MonthStatus.COMPUTED, MonthStatus.SUBMITTED, "submitted_at"), (MonthStatus.SUBMITTED, MonthStatus.ACCEPTED, "accepted_at"),
            (MonthStatus.ACCEPTED, MonthStatus.LOCKED, "locked_at"),
        ):  # fmt: skip
            cursor.execute(
                f"UPDATE reports_monthreport SET status = %s, {column} = %s WHERE status = %s AND month BETWEEN %s AND %s",  # noqa: S608 -- our own names
                [after.value, clock.now(), before.value, first_of(first), first_of(last)],
            )
        return int(cursor.rowcount)
