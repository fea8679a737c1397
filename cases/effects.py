"""What the heart registers below and for itself: the lock and the next step around every verb, kinds of work, checks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases import entries, registry
from cases.enums import (
    FollowUpStatus,
    Risk,
    TransferStatus,
)
from cases.models import Case, FollowUp, FollowUpAttempt, SafeContact, Transfer, WorkItem
from cases.registry import Matter
from cases.services import (
    approvals,
    bursts,
    followups,
    glass,
    minors,
    missing,
    namesakes,
    seals,
    timeline,
    transfers,
    workitems,
)
from cases.services.people import Safety
from core import engine, outbox
from core.engine import Act
from core.identity import Identity
from core.models.outbox import OutboxItem
from core.ui import times

# The manager's own next step: closing the case decides it.
DECIDED_BY_CLOSING = {"case.review", "case.plan", "case.missing"}
LOOKS = {"followup.call": _("See the callback")}
# The verbs that enter a fact which nobody had the time to ask when the case was opened.
ENTERING = {"person.identity", "person.contact", "person.safety", "section.write", "case.assess"}


def _lock_cases(subjects: Sequence[UUID]) -> None:
    """One order for all verbs: the case rows first, by id."""
    list(
        Case._base_manager.select_for_update().filter(pk__in=sorted(subjects, key=str)).order_by("pk").values_list("pk")
    )


def _next_step(act: Act[Any]) -> None:
    case_id = getattr(act.object, "audit_case_id", None)
    if case_id and act.verb in ENTERING:
        missing.settle(case_id)  # here, because only now what was entered stands in the database
    for touched in {case_id, *(row.pk for _verb, row in act.more if isinstance(row, Case))} - {None}:
        workitems.ensure_next_step(touched)  # type: ignore[arg-type]


def _case_url(item: WorkItem) -> str:
    return reverse("cases:detail", args=[item.case_id])


def _consent_url(item: WorkItem) -> str:
    return reverse("cases:consent-decide", args=[item.case_id, item.source_id])


def _left_url(item: WorkItem) -> str:
    """Without a manager one is chosen first; the manager's plan then says what becomes of the work and the letters."""
    return reverse("cases:plan" if item.owner_user_id else "cases:assign", args=[item.case_id])


def _walls_url(item: WorkItem) -> str:
    return reverse("cases:walls", args=[item.case_id])


def _namesake_url(item: WorkItem) -> str:
    return reverse("cases:namesake", args=[item.source_id])


def _office_url(item: WorkItem) -> str:
    return reverse("agencies:office", args=[item.office_id])


def _glass_url(item: WorkItem) -> str:
    return reverse("cases:glass", args=[item.source_id])


def _approval_url(item: WorkItem) -> str:
    return reverse("cases:approval", args=[item.source_id])


def _burst_url(item: WorkItem) -> str:
    return reverse("cases:burst", args=[item.source_id])


def _transfer_url(item: WorkItem) -> str:
    return reverse("cases:transfer", args=[item.source_id])


def _install_work() -> None:
    kinds = [
        ("case.triage", _("Assess the new case"), _("Assess"), lambda i: reverse("cases:assess", args=[i.case_id]), "triage", "stethoscope"),
        ("case.plan", _("Decide what comes next"), _("Plan"), lambda i: reverse("cases:plan", args=[i.case_id]), "case.plan", "route"),
        ("case.reassess", _("Assess the danger again"), _("Assess again"), lambda i: reverse("cases:reassess", args=[i.case_id]), "triage", "stethoscope"),
        ("case.review", _("Review the case"), _("Review"), _case_url, "case.review", "eye-check"),
        ("case.missing", _("Complete what is missing"), _("Complete"), lambda i: f"{_case_url(i)}#missing", "case.missing", "forms"),
        ("followup.call", _("Call back"), _("Call back"), lambda i: reverse("cases:followup", args=[i.source_id]), "followup.call", "phone-outgoing"),
        ("followup.failed", _("She could not be reached"), _("Decide"), lambda i: reverse("cases:followup", args=[i.source_id]), "followup.failed", "phone-off"),
        ("wall.asked", _("The respondent or his kin work at a body: decide on a wall"), _("Decide"), _walls_url, "wall.decide", "shield-lock"),
        ("wall.lift", _("Agree to the lifting of a wall"), _("Decide"), _walls_url, "wall.decide", "lock-open"),
        ("seal.lift", _("Agree to the lifting of a seal"), _("Decide"), _walls_url, "wall.decide", "lock-open"),
        ("wall.left", _("Somebody stands aside: reassign the work, recall the letters"), _("Reassign"), _left_url, "wall.decide", "user-check"),
    ]  # fmt: skip
    same_name = _("Somebody of the staff has the same name as a party: find out and decide")
    overdue = _("A centre has not found out who a namesake of a party is: find out and decide")
    for code, title in ((namesakes.DECIDE, same_name), (namesakes.OVERDUE, overdue)):
        registry.work_kind(
            registry.WorkKind(code, title, _("Decide"), _namesake_url, "wall.match", "shield-lock", chain="wall.late")
        )
    nobody = _("Nobody at a centre can act on one of its cases: see that a manager or director is appointed there")
    registry.work_kind(
        registry.WorkKind(seals.EMPTY, nobody, _("See the centre"), _office_url, "wall.match", "user-plus")
    )
    registry.work_subjects.add("seal", seals.subjects)
    registry.late_steps.add("wall.late", namesakes.late_step)
    registry.work_subjects.add("wall", namesakes.subjects)
    registry.work_subjects.add("followup", _callbacks)
    decide = _("Consent was withdrawn: decide what follows")
    kinds.append(("consent.decide", decide, _("Decide"), _consent_url, "consent.decide", "shield-lock"))
    for code, title, button, url, clock, icon in kinds:
        registry.work_kind(
            registry.WorkKind(
                code, title, button, url, clock, icon, by_closing=code in DECIDED_BY_CLOSING, look=LOOKS.get(code, ""),
                by_plan=code == "wall.left",
            )
        )  # fmt: skip
    for code, title, button in (
        (glass.CONFIRM, _("Confirm an emergency view"), _("Decide")),
        (glass.REVIEW, _("Review an emergency view"), _("Review")),
    ):
        registry.work_kind(registry.WorkKind(code, title, button, _glass_url, code, "urgent", chain="glass"))
    registry.late_steps.add("glass", glass.escalate)
    registry.work_subjects.add("glass", glass.subjects)
    asked = _("Decide on an ask for a minor's record")
    registry.work_kind(
        registry.WorkKind(approvals.DECIDE, asked, _("Decide"), _approval_url, approvals.DECIDE, "lock-open")
    )
    registry.work_subjects.add("approval", approvals.subjects)
    registry.late_steps.add("late", approvals.late_step)
    unusual = _("Look into unusual access")
    registry.work_kind(
        registry.WorkKind(bursts.REVIEW, unusual, _("Look into it"), _burst_url, bursts.REVIEW, "eye-check")
    )
    registry.work_subjects.add("burst", bursts.subjects)
    kind = registry.WorkKind
    registry.work_kind(kind("transfer.answer", _("Another centre hands a case over: take it over or return it"), _("Open the request"),
                            _transfer_url, "transfer.answer", "share", chain="transfer.late"))  # fmt: skip
    for code, title, button, icon in (
        ("transfer.returned", _("A transfer was returned: decide what comes next"), _("Decide"), "arrow-back-up"),
        ("transfer.unanswered", _("A transfer is not answered: decide what comes next"), _("Decide"), "hourglass"),
        (
            "transfer.clear",
            _("Another centre waits to take the case over: end what is open"),
            _("Open the request"),
            "checklist",
        ),
    ):
        registry.work_kind(kind(code, title, button, _transfer_url, "transfer.decide", icon, by_plan=True))
    registry.late_steps.add("transfer.late", transfers.late_step)
    registry.work_subjects.add("transfer", transfers.subjects)


def _install_checks() -> None:
    @registry.closure_check("transfer")
    def asked_transfer(case: Case) -> list[Matter]:
        """Nothing is ended that another centre is asked to go on with."""
        asked = Transfer.objects.filter(case=case, status=TransferStatus.ASKED).values_list("pk", flat=True)
        text = _("Another centre is asked to take the case over. Recall that first.")
        return [Matter(text, reverse("cases:transfer", args=[pk]), frozenset({pk})) for pk in asked]

    @registry.closure_check("last_callback")
    def last_callback(case: Case) -> list[Matter]:
        """The last callback was reached, or its failure was accepted (its work item is then done). Of a reopened case: since it was reopened."""
        calls, reopened = FollowUp.objects.filter(case=case), timeline.last(case, "case.reopened")
        calls = calls.exclude(status=FollowUpStatus.CANCELLED)
        if reopened is not None:
            calls = calls.exclude(finished_at__lte=reopened)
        last = calls.order_by("-due_at").first()
        plan = reverse("cases:callback", args=[case.pk])
        if last is None:
            since = _("She has not been called back since the case was reopened.")
            return [Matter(since if reopened else _("She has not been called back yet."), plan)]
        when = {"when": times.when(last.due_at)}
        if last.status == FollowUpStatus.DUE:
            call = reverse("cases:followup", args=[last.pk])
            return [Matter(_("The callback of %(when)s has not been made.") % when, call, frozenset({last.pk}))]
        if last.status == FollowUpStatus.PLANNED:
            if (
                case.risk == Risk.HIGH
            ):  # her callbacks are the rules' own: a time of the manager's choice replaces none of them
                text = _(
                    "A callback is still planned for %(when)s, as the rules want it at high risk. Assess again when the danger is less: then an earlier time can be chosen."
                )
                return [Matter(text % when, reverse("cases:reassess", args=[case.pk]))]
            text = _("A callback is still planned for %(when)s. The manager may plan it for an earlier time.")
            return [Matter(text % when, plan)]
        return []


@outbox.register("notify.work_item")
def notify_work_item(item: OutboxItem) -> None:
    """Ring the bell of those who owe a new work item; it says only that something waits."""
    from agencies.services.notifications import notify
    from cases.services.recipients import recipients

    work = WorkItem.objects.filter(pk=item.arguments["item"], done_at__isnull=True).first()
    if work is not None:
        notify(
            recipients(work),
            kind="work_item",
            work_item_id=work.pk,
            case_id=work.case_id,
            url=reverse("cases:work", args=[work.pk]),
            key=item.key,
        )


@outbox.register("notify.access")
def notify_access(item: OutboxItem) -> None:
    """Ring the bell of a body whose access has changed: no case, no section, no reason."""
    from agencies.services.notifications import notify
    from cases.services.recipients import holders

    user = item.arguments["user"]
    notify(
        holders(item.subject, group_id=item.arguments["group"], user_id=UUID(user) if user else None),
        kind="access",
        key=item.key,
    )


def _callbacks(by: Identity, sources: Sequence[UUID]) -> Sequence[registry.SubjectRows]:
    """From when she is to be called, after an attempt anew: what is due on the worklist is the end of that time."""

    def say(moment: str, tried: str, hours: str) -> Any:
        tried_at, _space, outcome = tried.rpartition(" ")
        begin, _space, end = hours.partition(" ")
        safe = Safety(hour_from=dt.time.fromisoformat(begin), hour_until=dt.time.fromisoformat(end)) if hours else None
        begins = followups.call_from(
            dt.datetime.fromisoformat(moment), safe,
            tried_at=dt.datetime.fromisoformat(tried_at) if tried_at else None, outcome=outcome,
        )  # fmt: skip
        return gettext("to be called from %(when)s") % {"when": times.when(begins)}

    def joined(*paths: str) -> Any:
        first, second = (Cast(path, TextField()) for path in paths)
        return Concat(first, Value(" ", output_field=TextField()), second, output_field=TextField())

    tries = FollowUpAttempt.objects.visible_to(by).filter(follow_up_id=OuterRef("pk")).order_by("-at")
    agreed = SafeContact.objects.visible_to(by).filter(
        case_id=OuterRef("case_id"), party__is_primary=True, hour_from__isnull=False, hour_until__isnull=False
    )
    rows = FollowUp.objects.visible_to(by).filter(pk__in=sources).annotate(
        tried=Subquery(tries.annotate(said=joined("at", "outcome")).values("said")[:1]),
        hours=Subquery(agreed.annotate(said=joined("hour_from", "hour_until")).values("said")[:1]),
    )  # fmt: skip
    return [registry.SubjectRows(rows, words=["due_at", "tried", "hours"], say=say)]


def install() -> None:
    """Called once when the app is ready."""
    engine.register_lock(_lock_cases)
    engine.register_effect(_next_step)
    _install_work()
    entries.install()
    registry.minor_hearers.add("transfers", minors.hear_in_transfers)
    _install_checks()
