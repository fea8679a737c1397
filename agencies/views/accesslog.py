"""The access log: who looked at what. The auditor sees all of it, a director what concerns the own centre; nobody's name from a case."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from agencies.enums import Role
from agencies.forms import AccessLogFilter, SinceForm
from agencies.models import Office
from agencies.words import described, numbers_of
from core import access, clock, heads, seal
from core.identity import Identity
from core.keyset import keyset
from core.models.accesslog import AccessLog
from core.views import Asked, page

SIZE = 50
CHECKED_AT_FIRST = dt.timedelta(days=31)  # older links were checked when they were young


def _visible_to(by: Identity) -> QuerySet[AccessLog]:
    """The auditor's whole log, a director's own offices. Row-level security says the same, and takes walled cases away."""
    rows = AccessLog.objects.all()
    return rows if Role.AUDITOR in by.flags else rows.filter(office_id__in=by.director_offices)


def _filtered(rows: QuerySet[AccessLog], form: AccessLogFilter) -> QuerySet[AccessLog]:
    if not form.is_valid():
        return rows
    data = form.cleaned_data
    if data["action"]:
        rows = rows.filter(action=data["action"])
    if data["office"]:
        rows = rows.filter(office_id=data["office"].pk)
    if data["who"]:
        rows = rows.filter(actor_id=data["who"])
    if data["day"]:
        begin, end = clock.day_bounds(data["day"])
        rows = rows.filter(at__gte=begin, at__lt=end)
    return rows


@page(Role.AUDITOR, Role.DIRECTOR)
def access_log(request: Asked) -> HttpResponse:
    """Newest first, by action, office and day; looking at the log is itself logged."""
    by = request.identity
    form = AccessLogFilter(request.GET or None)
    if Role.AUDITOR not in by.flags:
        form.fields["office"].queryset = Office.objects.filter(pk__in=by.director_offices)  # type: ignore[attr-defined]
    found = keyset(
        _filtered(_visible_to(by), form), "at", descending=True, size=SIZE, after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )  # fmt: skip
    offices = dict(Office.objects.filter(pk__in={row.office_id for row in found.rows}).values_list("pk", "short_name"))
    numbers = numbers_of(by, found.rows)
    rows = [
        described(row, numbers) | {"office": offices.get(row.office_id, "") if row.office_id else ""}
        for row in found.rows
    ]
    access.note(access.Action.VIEW, object_type="core.accesslog", count=len(rows))
    context = {
        "form": form,
        "rows": rows,
        "next": found.next,
        "prev": found.prev,
        "may_verify": Role.AUDITOR in by.flags,
        "who": found.rows[0].actor_name if found.rows and form.is_valid() and form.cleaned_data["who"] else "",
    }
    return render(request, "agencies/access_log.html", context)


@page(Role.AUDITOR, methods=("GET", "HEAD", "POST"))
def verify(request: Asked) -> HttpResponse:
    """Check every chain, link by link, from a day on: whether anything was changed or removed."""
    verdicts, kept = [], None
    form = SinceForm(
        request.POST if request.method == "POST" else None, initial={"since": clock.today() - CHECKED_AT_FIRST}
    )
    if request.method == "POST" and form.is_valid():
        since = form.moment
        names = dict(Office.objects.values_list("pk", "short_name"))
        verdicts = [
            {"verdict": verdict, "office": names.get(verdict.office_id, "") if verdict.office_id else ""}
            for verdict in seal.verify(since)
        ]
        verdicts.sort(key=lambda one: (not one["verdict"].broken, str(one["office"])))  # type: ignore[attr-defined]
        kept = heads.compare(since)
        access.note(access.Action.VIEW, object_type="core.accesslog", reason="verify", count=len(verdicts))
    context = {
        "checked": kept is not None, "form": form, "verdicts": verdicts, "at": clock.now(), "kept": kept,
        "shortened": [names.get(office_id, "") if office_id else "" for office_id in kept.shortened] if kept else [],
        "broken": sum(bool(one["verdict"].broken) for one in verdicts),  # type: ignore[attr-defined]
    }  # fmt: skip
    return render(request, "agencies/access_log_verify.html", context)
