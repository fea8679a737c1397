"""The list of cases: the own centre's, or those that were shared and accepted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.models import Permission
from django.db.models import Case as Switch
from django.db.models import DateTimeField as MomentColumn
from django.db.models import IntegerField, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from cases.enums import OPEN_STATUSES, CaseStatus, Risk, Section
from cases.forms.filters import CaseFilter
from cases.keyset import Slice, keyset
from cases.models import Case, PartyContact, PartyIdentity
from cases.models.access import CaseGroupObjectPermission, CaseUserObjectPermission
from cases.views.scope import MANAGERS
from cases.views.steps import Step, next_steps
from core import access, clock, keys
from core.identity import Identity
from core.spreadsheets import csv_file
from core.ui import times
from core.ui.masking import mask_phone
from core.views import Asked, page

PAGE_SIZE = 50
EXPORT_LIMIT = 5000
NEVER = clock.month_start(9999, 1)
SHARED_ROLES = ("liaison", "aid_officer", "expert", "keeper")
RISK_RANK = {Risk.HIGH: 3, Risk.MEDIUM: 2, Risk.LOW: 1, Risk.UNKNOWN: 0}


@dataclass(frozen=True)
class Row:
    """One line of the list."""

    case: Case
    client: str
    step: Step | None
    days: int
    tone: str


def own_cases(by: Identity) -> QuerySet[Case]:
    """The cases of the own centres: the part of what is visible that needs no grant, walked along the office's index."""
    return Case.objects.own(by)


def shared_cases(by: Identity) -> QuerySet[Case]:
    """Cases that others' grants open, driven from guardian's keyed tables; a grant that has run out is filtered by the scope."""
    header = Subquery(
        Permission.objects.filter(content_type__app_label="cases", codename=f"view_{Section.HEADER.value}").values(
            "pk"
        )[:1]
    )
    units = CaseGroupObjectPermission.objects.filter(group_id__in=by.groups, permission_id=header).values(
        "content_object_id"
    )
    people = CaseUserObjectPermission.objects.filter(user_id__in=[by.user_id], permission_id=header).values(
        "content_object_id"
    )
    return (
        Case.objects.visible_to(by).filter(pk__in=units.union(people, all=True)).exclude(office_id__in=by.case_offices)
    )


def _is_own(request: Asked) -> bool:
    """Whether the own centre's list is meant; who holds both kinds of role chooses by a tab."""
    by = request.identity
    return bool(by.case_offices) and not (request.GET.get("shared") and by.has(*SHARED_ROLES))


def _selected(request: Asked) -> tuple[CaseFilter, QuerySet[Case]]:
    by = request.identity
    own = _is_own(request)
    chosen = CaseFilter(request.GET, by=by, own=own)
    if own:
        rows = own_cases(by)
    elif by.has(*SHARED_ROLES):
        rows = shared_cases(by)
    else:
        rows = Case.objects.none()
    return chosen, chosen.apply(rows).select_related("category", "manager")


def _ordered(request: Asked, chosen: CaseFilter, rows: QuerySet[Case]) -> tuple[QuerySet[Case], str, bool]:
    """The rows with their sort key: late things first unless asked otherwise."""
    asked = request.GET.get("sort", "")
    name, down = asked.removeprefix("-"), asked.startswith("-")
    if name == "received":
        return rows, "received_at", down
    if name == "risk":
        rank = Switch(
            *(When(risk=code, then=Value(n)) for code, n in RISK_RANK.items()),
            default=Value(0),
            output_field=IntegerField(),
        )
        return rows.annotate(risk_rank=rank), "risk_rank", down
    if chosen.only_open and (name == "due" or not asked):
        return rows, "next_due_at", down
    if name == "due":
        return rows.annotate(due_key=Coalesce("next_due_at", Value(NEVER, MomentColumn()))), "due_key", down
    return rows, "received_at", True


def _rows(by: Identity, found: Iterable[Case]) -> list[Row]:
    cases = list(found)
    names = client_names(by, [case.pk for case in cases])
    steps = next_steps((case.pk for case in cases), by)
    now = clock.now()
    return [
        Row(case, names.get(case.pk, ""), steps.get(case.pk), (clock.local(case.closed_at or now).date() - clock.local(case.received_at).date()).days,
            _tone(case, now))
        for case in cases
    ]  # fmt: skip


def _tone(case: Case, now: Any) -> str:
    if case.status not in OPEN_STATUSES:
        return "neutral"
    if case.next_due_at and case.next_due_at < now:
        return "danger"
    if case.risk == Risk.HIGH or case.status == CaseStatus.RECEIVED:
        return "warn"
    return "info"


def client_names(by: Identity, case_ids: list[UUID]) -> dict[UUID, str]:
    """The clients' names where the identity section is open: one query, one more for the keys."""
    if not case_ids:
        return {}
    rows = list(PartyIdentity.objects.visible_to(by).filter(case_id__in=case_ids, party__is_primary=True))
    keys.preload(row.case_id for row in rows)
    return {row.case_id: (_("Anonymous") if row.is_anonymous or not row.name else row.name) for row in rows}


def _places(rows: list[Row]) -> list[tuple[UUID, UUID]]:
    return [(row.case.pk, row.case.office_id) for row in rows]


@page()
def case_list(request: Asked) -> HttpResponse:
    """Cases, filtered and sorted; the address remembers how."""
    by = request.identity
    chosen, rows = _selected(request)
    rows, key, down = _ordered(request, chosen, rows)
    found: Slice[Case] = keyset(
        rows,
        key,
        descending=down,
        size=PAGE_SIZE,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    shown = _rows(by, found.rows)
    access.note_list(
        access.Action.VIEW, _places(shown), object_type="case_list", sections=[Section.HEADER, Section.IDENTITY]
    )
    own = _is_own(request)
    context = {
        "filter": chosen, "rows": shown, "page": found, "own": own, "has_filters": bool(chosen.asked),
        "tabs": [{"label": _("Your centre"), "url": "?", "active": own}, {"label": _("Shared with you"), "url": "?shared=1", "active": not own}],
        "both": bool(by.case_offices) and by.has(*SHARED_ROLES), "keeps": by.has(*MANAGERS), "is_stranger": not by.case_offices and not by.has(*SHARED_ROLES),
    }  # fmt: skip
    return render(request, "cases/case_list.html", context)


@page("manager", "director", *SHARED_ROLES)
def case_export(request: Asked) -> HttpResponse:
    """The list as it is shown, as a table of its own: scoped the same way, phones masked, logged with its count."""
    by = request.identity
    chosen, rows = _selected(request)
    rows, key, down = _ordered(request, chosen, rows)
    sign = "-" if down else ""
    found = _rows(by, rows.order_by(f"{sign}{key}", f"{sign}pk")[:EXPORT_LIMIT])
    phones = _masked_phones(by, [row.case.pk for row in found])
    access.note_list(access.Action.EXPORT, _places(found), object_type="case_list",
                     sections=[Section.HEADER, Section.IDENTITY, Section.CONTACT])  # fmt: skip
    head = [_("Number"), _("Client"), _("Phone"), _("Category"), _("Risk"), _("Status"), _("Case manager"), _("Channel"),
            _("Received at"), _("Age in days"), _("Next step"), _("Owner"), _("Due")]  # fmt: skip
    return csv_file("cases", head, (_cells(row, phones) for row in found))


def _cells(row: Row, phones: dict[UUID, str]) -> list[Any]:
    case, step = row.case, row.step
    return [
        case.number, row.client, phones.get(case.pk, ""), case.category.name, case.get_risk_display(), case.get_status_display(),
        case.manager.name if case.manager else "", case.get_channel_display(), times.exact(case.received_at), row.days,
        step.title if step else "", step.owner if step else "", times.exact(step.due_at) if step else "",
    ]  # fmt: skip


def _masked_phones(by: Identity, case_ids: list[UUID]) -> dict[UUID, str]:
    rows = list(PartyContact.objects.visible_to(by).filter(case_id__in=case_ids, party__is_primary=True))
    keys.preload(row.case_id for row in rows)
    return {row.case_id: mask_phone(row.phone) for row in rows}
