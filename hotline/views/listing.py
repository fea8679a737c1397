"""The list of contacts: drafts first, filters in the URL, and exactly what is shown as a file."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from cases.keyset import keyset
from core import access, clock, keys
from core.spreadsheets import csv_file
from core.ui.masking import mask_phone
from core.ui.times import duration, exact
from core.views import Asked, page
from hotline.enums import ContactStatus
from hotline.forms import ContactFilter
from hotline.models import Contact
from hotline.views.contact import TAKERS, tone

PAGE = 30
EXPORT_AT_MOST = 5000


def _filtered(request: Asked) -> tuple[ContactFilter, Any]:
    form = ContactFilter(request.GET)
    saved = Contact.objects.visible_to(request.identity).exclude(status=ContactStatus.DRAFT)
    return form, form.applied(saved, request.identity).select_related("operator", "category", "office")


@page(*TAKERS)
def contacts(request: Asked) -> HttpResponse:
    """The contacts of the own offices; on top the own drafts, and those that a colleague left."""
    form, rows = _filtered(request)
    shown = keyset(
        rows,
        "occurred_at",
        descending=True,
        size=PAGE,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    drafts = (
        Contact.objects.visible_to(request.identity)
        .filter(status=ContactStatus.DRAFT)
        .select_related("office", "operator")
        .order_by("-entered_at")
    )
    waiting = list(drafts[:10])
    keys.preload([row.pk for row in (*shown.rows, *waiting)])
    places = [(row.case_id, row.office_id) for row in (*shown.rows, *waiting)]
    access.note_list(access.Action.VIEW, places, object_type="hotline.contact", reason="list")
    listed = [{"row": row, "tone": tone(row), "stripe": _stripe(row)} for row in shown.rows]
    context = {
        "form": form,
        "contacts": listed,
        "slice": shown,
        "drafts": waiting,
        "narrowed": any(request.GET.get(n) for n in form.fields),
    }
    return render(request, "hotline/contact_list.html", context)


def _stripe(row: Contact) -> str:
    if row.status == ContactStatus.OPEN:
        late = row.callback_at is not None and row.callback_at < clock.now()
        return "danger" if late else "warn"
    return ""


@page(*TAKERS)
def export(request: Asked) -> HttpResponse:
    """What the list shows, masked as it is there, as a file; logged with its count."""
    _form, rows = _filtered(request)
    found = list(rows.order_by("-occurred_at", "-pk")[:EXPORT_AT_MOST])
    keys.preload(row.pk for row in found)
    places = [(row.case_id, row.office_id) for row in found]
    access.note_list(access.Action.EXPORT, places, object_type="hotline.contact", reason="list")
    head = [_("Contact number"), _("When"), _("Channel"), _("Client"), _("Phone"), _("Category"), _("Outcome"), _("Status"),
            _("Duration"), _("Taken by")]  # fmt: skip
    return csv_file("contacts", head, (_cells(row) for row in found))


def _cells(row: Contact) -> list[Any]:
    return [
        row.number, exact(row.occurred_at), row.get_channel_display(), row.shown_name,
        "" if row.is_anonymous else mask_phone(row.caller_phone), row.category, row.get_disposition_display(),
        row.get_status_display(), duration(row.duration), row.operator,
    ]  # fmt: skip
