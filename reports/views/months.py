"""Monthly reports: the list of a month or of a centre, one report with its checks, and the steps of its way."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.enums import Role
from agencies.models import Region
from core import keys
from core.errors import DomainError, DuplicateRequest, NotAllowed, NotFound, StaleVersion
from core.identity import Identity
from core.months import shift
from core.views import Asked, page, request_key, seen_version
from reports import checks
from reports.dimensions import names_of
from reports.enums import TONES, By, MonthStatus
from reports.explanations import Explanation
from reports.exports.sheets import columns_of, groups_of
from reports.folding import folded
from reports.forms import ReturnForm, SubmitForm
from reports.indicators import BY_CODE, TABLE
from reports.models import MonthReport, MonthStep, Revision, state_label
from reports.periods import Period, is_over, month_period, parse_month, this_month
from reports.places import Place
from reports.services import months as service
from reports.suppression import is_small
from reports.totals import Breakdown, by_dimensions, month_rows
from reports.views.common import FIGURES, SUPERIORS, asked_month, month_links, tabs
from reports.workflow import MONTH


@page(*FIGURES)
def months(request: Asked) -> HttpResponse:
    """A centre's months, or all reports of one month in a region with the state of each."""
    by = request.identity
    if not by.has(*SUPERIORS):
        rows = (
            MonthReport.objects.visible_to(by)
            .filter(office_id__in=by.case_offices)
            .select_related("office")
            .order_by("-month")
        )
        paged = Paginator(rows, 24).get_page(request.GET.get("page"))
        return render(
            request,
            "reports/months_own.html",
            {"tabs": tabs(by, "months"), "page": paged, "several": len(by.case_offices) > 1},
        )
    month = asked_month(request, shift(this_month(), -1))
    rows = (
        MonthReport.objects.visible_to(by)
        .filter(month=month, office__kind="centre")
        .select_related("office")
        .order_by("region_code")
    )
    counts = {row["status"]: row["n"] for row in rows.order_by().values("status").annotate(n=Count("pk"))}
    chosen = request.GET.get("status", "")
    shown = list(rows.filter(status=chosen) if chosen in MonthStatus.values else rows)
    names = dict(Region.objects.filter(level="prefecture").values_list("code", "name"))
    for row in shown:
        row.prefecture = names.get(f"{row.region_code[:4]}00", "")  # type: ignore[attr-defined]
    states = [{"label": _("All"), "url": f"?month={month:%Y-%m}", "active": not chosen, "count": sum(counts.values())}]
    states += [
        {
            "label": state_label(status, month), "url": f"?month={month:%Y-%m}&status={status}", "active": chosen == status,
            "count": counts.get(status, 0),
        }
        for status in MonthStatus
    ]  # fmt: skip
    context = {
        "tabs": tabs(by, "months"), "rows": shown, "several": len({row.region_code[:4] for row in shown}) > 1, "states": states, **month_links(month), "is_over": is_over(month),
        "may_accept": counts.get(MonthStatus.SUBMITTED),
        "chasing": _chasing(by, month),
        "locking": _locking(by, month, counts) if by.has(Role.PROVINCE) and counts.get(MonthStatus.ACCEPTED) else "",
    }  # fmt: skip
    return render(request, "reports/months_region.html", context)


def _chasing(by: Identity, month: dt.date) -> str:
    """What is asked before centres are reminded of what they owe: how many they are. Empty when there is none."""
    count = service.chaseable(month, by).count()
    if not count:
        return ""
    return ngettext(
        "Remind the director of %(n)s centre that has not submitted this month?",
        "Remind the directors of %(n)s centres that have not submitted this month?",
        count,
    ) % {"n": count}


def _locking(by: Identity, month: dt.date, counts: dict[str, int]) -> str:
    """What is asked before a month is locked: how many centres, and how many are left out. Empty when there is none to lock."""
    ready = service.lockable(month, by).count()
    if not ready:
        return ""
    asked = ngettext(
        "Lock the report of %(n)s centre? What is found later becomes a revision.",
        "Lock the reports of %(n)s centres? What is found later becomes a revision.",
        ready,
    ) % {"n": ready}
    left = sum(counts.values()) - counts.get(MonthStatus.LOCKED, 0) - ready
    more = ngettext(
        "%(n)s centre is left out: its month is not approved, or you approved it yourself.",
        "%(n)s centres are left out: their months are not approved, or you approved them yourself.",
        left,
    ) % {"n": left}
    return f"{asked} {more}" if left else asked


def _report(by: Identity, pk: UUID) -> MonthReport:
    report = MonthReport.objects.visible_to(by).filter(pk=pk).select_related("office").first()
    if report is None:
        raise NotFound
    return report


def _page(request: Asked, pk: UUID, *, status: int = 200, **more: Any) -> HttpResponse:
    by = request.identity
    report = _report(by, pk)
    own = report.office_id in by.case_offices
    place = Place(by, report.month, TABLE, office=report.office_id)
    lines = month_rows(by, Period(shift(report.month, -12), report.month), office=report.office_id, place=place)
    asked = {
        "service": Breakdown(names_of("service"), [BY_CODE["SERVICES"]]),
        "category": Breakdown(names_of("category"), [BY_CODE["CASES"], BY_CODE["SERVICES"]]),
    }
    parts = by_dimensions(by, month_period(report.month), asked, office=report.office_id, place=place)
    columns = columns_of([item for item in TABLE if item.code in lines[-1].cells])
    rows = [
        (_("This month"), lines[-1]),
        (_("Last month"), lines[-2]),
        (_("Same month last year"), lines[0]),
    ]
    steps, revisions = _steps_of(by, report), _revisions(by, report, own)
    said, waits = _said(steps), report.status in service.WITH_CENTRE
    hidden = {jump.item.code for jump in checks.jumps(lines) if jump.hidden}
    context: dict[str, Any] = {
        "report": report, "tone": TONES[MonthStatus(report.status)], "own": own, "columns": columns, "groups": groups_of(columns),
        "head": [_("Period")], "shown_rows": [(label, row, [row.cells[column.code] for column in columns]) for label, row in rows],
        "kinds": folded(parts["service"]), "categories": folded(parts["category"]), "steps": [_step(step, hidden) for step in steps], "tabs": tabs(by, "months"),
        "revision_rows": revisions, "return_form": ReturnForm(), "is_over": is_over(report.month),
        "year": urlencode({
            "first": f"{report.month:%Y}-01", "last": f"{report.month:%Y-%m}", "by": By.CENTRE.value, "within": report.region_code[:6],
        }),
        "has_hidden": any(cell.hidden for _label, row in rows for cell in row.values) or any(part.has_hidden for part in parts.values()),
        **_may(by, report), **more,
    }  # fmt: skip
    if context["may_submit"] and "submit_form" not in context:
        context["submit_form"] = SubmitForm(jumps=checks.to_explain(lines), said=said)
    if not report.is_running or own:
        context["checks"] = checks.checks_of(
            by, report.office_id, report.month, lines, parts["category"], said=None if waits else said or Explanation(),
            revised=bool(revisions) if report.status == MonthStatus.LOCKED else None,
        )  # fmt: skip
    return render(request, "reports/month_detail.html", context, status=status)


_LOOKS = {
    "submit": (MonthStatus.SUBMITTED, "send"), "return": (MonthStatus.RETURNED, "arrow-back-up"), "accept": (MonthStatus.ACCEPTED, "circle-check"),
    "lock": (MonthStatus.LOCKED, "lock"), "chase": (None, "bell"),
}  # fmt: skip


def _steps_of(by: Identity, report: MonthReport) -> list[MonthStep]:
    keys.preload([report.pk])
    return list(MonthStep.objects.visible_to(by).filter(report=report).order_by("-at"))


def _said(steps: list[MonthStep]) -> Explanation | None:
    """The words with which the month was submitted last."""
    return next((Explanation.read(step.text) for step in steps if step.verb == "submit"), None)


def _step(step: MonthStep, hidden: set[str]) -> dict[str, Any]:
    status, icon = _LOOKS[step.verb]
    label, tone = (status.label, TONES[status]) if status else (_("Reminded to submit"), "warn")
    who = f"{step.actor_name} · {step.actor_agency}" if step.actor_agency else step.actor_name
    text = Explanation.read(step.text).in_words(hidden) if step.verb == "submit" else step.text
    return {"label": label, "icon": icon, "tone": tone, "at": step.at, "who": who, "text": text}


def _revisions(by: Identity, report: MonthReport, own: bool) -> list[dict[str, Any]]:
    """What was found after locking; who carried it out is the centre's own affair, and a small difference too."""
    rows = (
        Revision.objects.visible_to(by)
        .filter(office_id=report.office_id, month=report.month)
        .order_by("-at", "indicator")
    )
    return [
        {
            "name": BY_CODE[row.indicator].name, "difference": f"{row.difference:+d}" if own or not is_small(row.difference, settings.SMALL_CELL) else "※",
            "at": row.at, "by": (row.actor_name if own else "") or "–",
        }
        for row in rows if row.indicator in BY_CODE
    ]  # fmt: skip


def _may(by: Identity, report: MonthReport) -> dict[str, bool]:
    def allowed(verb: str, *guards: Any) -> bool:
        if not MONTH.allows(verb, report.status):
            return False
        try:
            for guard in guards:
                guard(report, by)
        except DomainError:
            return False
        return True

    return {
        "may_submit": allowed("submit", service.is_director, service.month_is_over),
        "may_return": allowed("return", service.is_superior, service.not_own_submission),
        "may_chase": service.chaseable(report.month, by).filter(pk=report.pk).exists(),
        "may_accept": allowed("accept", service.is_superior, service.not_own_submission),
        "may_lock": allowed("lock", service.is_province, service.not_own_act),
    }  # fmt: skip


@page(*FIGURES)
def month(request: Asked, pk: UUID) -> HttpResponse:
    """One report."""
    return _page(request, pk)


def _to_explain(by: Identity, pk: UUID) -> list[checks.Jump]:
    report = _report(by, pk)
    asked = report.status in service.WITH_CENTRE and is_over(report.month)
    if not asked or report.office_id not in by.director_offices:
        return []  # the service says why not
    return checks.to_explain(month_rows(by, Period(shift(report.month, -1), report.month), office=report.office_id))


def _refused(request: Asked, pk: UUID, form: SubmitForm | ReturnForm, error: DomainError, name: str) -> HttpResponse:
    """The page again with what was typed and why it was not done; where the step is gone meanwhile, the words stand above it."""
    form.add_error(error.field if error.field in form.fields else None, error.message)
    return _page(
        request,
        pk,
        status=error.status,
        kept=[str(text) for text in form.cleaned_data.values() if text],
        refusal=error.message,
        **{name: form},
    )


@page(Role.DIRECTOR, methods=("POST",))
def submit(request: Asked, pk: UUID) -> HttpResponse:
    """Submit the own month."""
    form = SubmitForm(request.POST, jumps=_to_explain(request.identity, pk))
    if not form.is_valid():
        return _page(request, pk, status=422, submit_form=form)
    try:
        service.month_submit(
            report_id=pk,
            by=request.identity,
            explanation=form.said.text,
            version=seen_version(request),
            key=request_key(request),
        )
    except DuplicateRequest:
        return redirect("reports:month", pk)
    except StaleVersion as error:
        return _page(request, pk, status=409, submit_form=form, changes=error.changes, stale=True)
    except (NotFound, NotAllowed):
        raise
    except DomainError as error:
        return _refused(request, pk, form, error, "submit_form")
    messages.success(request, _("The month is submitted."))
    return redirect("reports:month", pk)


@page(*SUPERIORS, methods=("POST",))
def send_back(request: Asked, pk: UUID) -> HttpResponse:
    """Return a month with a reason."""
    form = ReturnForm(request.POST)
    if form.is_valid():
        try:
            service.month_return(
                report_id=pk,
                by=request.identity,
                reason=form.cleaned_data["reason"],
                version=seen_version(request),
                key=request_key(request),
            )
        except DuplicateRequest:
            return redirect("reports:month", pk)
        except StaleVersion as error:
            return _page(request, pk, status=409, return_form=form, changes=error.changes, stale=True)
        except (NotFound, NotAllowed):
            raise
        except DomainError as error:
            return _refused(request, pk, form, error, "return_form")
        messages.success(request, _("The month is returned to the centre."))
        return redirect("reports:month", pk)
    return _page(request, pk, status=422, return_form=form)


@page(*SUPERIORS, methods=("POST",))
def accept(request: Asked, pk: UUID) -> HttpResponse:
    """Accept one month."""
    try:
        service.month_accept(report_id=pk, by=request.identity, version=seen_version(request), key=request_key(request))
    except DuplicateRequest:
        return redirect("reports:month", pk)
    messages.success(request, _("The month is accepted."))
    return redirect("reports:month", pk)


@page(*SUPERIORS, methods=("POST",))
def chase(request: Asked, pk: UUID) -> HttpResponse:
    """Remind a centre of a month that it owes."""
    try:
        service.month_chase(report_id=pk, by=request.identity, key=request_key(request))
    except DuplicateRequest:
        return redirect("reports:month", pk)
    messages.success(request, _("The centre's directors are reminded."))
    return redirect("reports:month", pk)


def _posted_month(request: Asked) -> dt.date:
    return parse_month(request.POST.get("month", ""), "month")


@page(*SUPERIORS, methods=("POST",))
def accept_all(request: Asked) -> HttpResponse:
    """Accept all that was submitted of one month."""
    chosen = _posted_month(request)
    count = service.region_accept(month=chosen, by=request.identity)
    messages.success(request, ngettext("%(n)s report accepted.", "%(n)s reports accepted.", count) % {"n": count})
    return redirect(f"{reverse('reports:months')}?month={chosen:%Y-%m}")


@page(*SUPERIORS, methods=("POST",))
def chase_all(request: Asked) -> HttpResponse:
    """Remind all centres that owe one month."""
    chosen = _posted_month(request)
    count = service.region_chase(month=chosen, by=request.identity)
    said = ngettext("%(n)s centre is reminded.", "%(n)s centres are reminded.", count)
    messages.success(request, said % {"n": count})
    return redirect(f"{reverse('reports:months')}?month={chosen:%Y-%m}")


@page(Role.PROVINCE, methods=("POST",))
def lock(request: Asked) -> HttpResponse:
    """Lock all that was accepted of one month."""
    chosen = _posted_month(request)
    count = service.province_lock(month=chosen, by=request.identity)
    said = ngettext("The report of %(n)s centre is locked.", "The reports of %(n)s centres are locked.", count)
    messages.success(request, said % {"n": count})
    return redirect(f"{reverse('reports:months')}?month={chosen:%Y-%m}")
