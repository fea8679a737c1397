"""The access log: who looked at what. The auditor sees all of it, a director what concerns the own centre; nobody's name from a case."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db.models import F
from django.db.models.lookups import IsNull
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from agencies.enums import Role
from agencies.forms import AccessLogFilter, SinceForm
from agencies.models import Office
from agencies.words import case_name, described, numbers_of
from core import access, clock, heads, seal
from core.casecode import case_code
from core.identity import Identity
from core.keyset import keyset
from core.models.accesslog import AccessLog, AccessLogQuerySet
from core.spreadsheets import csv_file
from core.ui.sentences import joined
from core.views import Asked, page, refusal

SIZE = 50
EXPORT_AT_MOST = 50_000
CHECKED_AT_FIRST = dt.timedelta(days=31)  # older links were checked when they were young


def _visible_to(by: Identity) -> AccessLogQuerySet:
    """The auditor's whole log, a director's own offices. Row-level security says the same, and takes walled cases away."""
    rows = AccessLog.objects.all()
    return rows if Role.AUDITOR in by.flags else rows.filter(office_id__in=by.director_offices)


def _asked(request: Asked) -> tuple[AccessLogFilter, AccessLogQuerySet]:
    """The filter of the address, and what the asker may see under it; a filter that cannot be read filters nothing."""
    by = request.identity
    form = AccessLogFilter(request.GET)
    if Role.AUDITOR not in by.flags:
        form.fields["office"].queryset = Office.objects.filter(pk__in=by.director_offices)  # type: ignore[attr-defined]
    rows = _visible_to(by)
    return form, _filtered(rows, form.cleaned_data) if form.is_valid() else rows


def _filtered(rows: AccessLogQuerySet, chosen: dict[str, Any]) -> AccessLogQuerySet:
    if chosen["action"]:
        rows = rows.filter(action=chosen["action"])
    if chosen["office"]:
        rows = rows.filter(office_id=chosen["office"].pk)
    if chosen["who"]:
        rows = rows.filter(actor_id=chosen["who"])
    if chosen["case"]:
        rows = rows.of_case(chosen["case"])
    if chosen["day"]:
        begin, end = clock.day_bounds(chosen["day"])
        rows = rows.filter(at__gte=begin, at__lt=end)
    return rows


@page(Role.AUDITOR, Role.DIRECTOR)
def access_log(request: Asked) -> HttpResponse:
    """Newest first, by action, office, day, person and case; looking at the log is itself logged."""
    by = request.identity
    form, asked = _asked(request)
    found = keyset(
        asked,
        "at",
        descending=True,
        size=SIZE,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    who, case_id = (form.cleaned_data[name] if form.is_valid() else None for name in ("who", "case"))
    offices = dict(Office.objects.filter(pk__in={row.office_id for row in found.rows}).values_list("pk", "short_name"))
    numbers = numbers_of(by, {pk for pk in (case_id, *(row.case_id for row in found.rows)) if pk})
    rows = [
        described(row, numbers) | {"office": offices.get(row.office_id, "") if row.office_id else ""}
        for row in found.rows
    ]
    access.note(access.Action.VIEW, object_type="core.accesslog", object_id=case_id, count=len(rows))
    context = {
        "form": form,
        "rows": rows,
        "next": found.next,
        "prev": found.prev,
        "is_auditor": Role.AUDITOR in by.flags,
        "narrowed": any(request.GET.get(name) for name in form.fields),
        "who": found.rows[0].actor_name if found.rows and who else "",
        "of_case": case_name(case_id, numbers) if case_id else "",
    }
    return render(request, "agencies/access_log.html", context)


@page(Role.AUDITOR)
def export(request: Asked) -> HttpResponse:
    """What the filter shows, newest first, as a file: codes of cases, nobody's name from a case; itself logged as an export."""
    form, asked = _asked(request)
    if not form.is_valid():
        return refusal(request, 400)  # a file of everything in the place of what was asked for would be believed
    case_id = form.cleaned_data["case"]
    # The cases of a list may be thousands, and are not written.
    rows = asked.defer("case_ids").annotate(is_list=IsNull(F("case_ids"), False)).order_by("-at", "-pk")
    found = list(rows[: EXPORT_AT_MOST + 1])
    is_cut, found = len(found) > EXPORT_AT_MOST, found[:EXPORT_AT_MOST]
    offices = dict(Office.objects.values_list("pk", "short_name"))
    access.note(access.Action.EXPORT, object_type="core.accesslog", object_id=case_id, count=len(found))
    lines = [_cells(row, offices, case_id) for row in found]
    if is_cut:
        lines.append(
            [_("Only the newest %(n)d entries are in this file. Choose a day for older ones.") % {"n": EXPORT_AT_MOST}]
        )
    head = [_("When"), _("Who"), _("Role"), _("Works at"), _("Action"), _("What"), _("Case"), _("In a list"), _("Sections"), _("Rows"),
            _("Office"), _("Reason"), _("From the address")]  # fmt: skip
    return csv_file("access-log", head, lines)


def _cells(row: AccessLog, offices: dict[UUID, str], case_id: UUID | None) -> list[Any]:
    """One line of the file. A list has many cases: it is of the one that was asked for, else of none."""
    said = described(row, {})
    sections: Any = said["sections"]
    is_list = row.is_list  # type: ignore[attr-defined]
    return [
        f"{clock.local(row.at):%Y-%m-%d %H:%M:%S}", row.actor_name, said["role"], row.actor_agency, said["action"], said["what"],
        said["case"] or (case_code(case_id) if is_list and case_id else ""), _("yes") if is_list else "",
        joined(sections), row.count,
        offices.get(row.office_id, "") if row.office_id else "", said["reason"], row.address,
    ]  # fmt: skip


@page(Role.AUDITOR, methods=("GET", "HEAD", "POST"))
def verify(request: Asked) -> HttpResponse:
    """Check every chain, link by link, from a day on: whether anything was changed or removed."""
    verdicts, kept, since = [], None, None
    form = SinceForm(
        request.POST if request.method == "POST" else None, initial={"since": clock.today() - CHECKED_AT_FIRST}
    )
    if request.method == "POST" and form.is_valid():
        since = form.cleaned_data["since"]
        names = dict(Office.objects.values_list("pk", "short_name"))
        verdicts = [
            {"verdict": verdict, "office": names.get(verdict.office_id, "") if verdict.office_id else ""}
            for verdict in seal.verify(form.moment)
        ]
        verdicts.sort(key=lambda one: (not one["verdict"].broken, str(one["office"])))  # type: ignore[attr-defined]
        kept = heads.compare(form.moment)
        access.note(access.Action.VIEW, object_type="core.accesslog", reason="verify", count=len(verdicts))
    context = {
        "checked": kept is not None, "form": form, "verdicts": verdicts, "at": clock.now(), "kept": kept, "since": since,
        "links": sum(one["verdict"].links for one in verdicts), "entries": sum(one["verdict"].rows for one in verdicts),  # type: ignore[attr-defined]
        "shortened": [names.get(office_id, "") if office_id else "" for office_id in kept.shortened] if kept else [],
        "broken": sum(bool(one["verdict"].broken) for one in verdicts),  # type: ignore[attr-defined]
    }  # fmt: skip
    refused = request.method == "POST" and kept is None
    return render(request, "agencies/access_log_verify.html", context, status=422 if refused else 200)
