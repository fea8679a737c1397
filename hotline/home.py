"""What the front door shows on the home page: whom a promised callback is for, and calls that were left open."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases import registry
from cases.enums import Channel
from core import keys
from core.identity import Identity
from core.ui import times
from hotline.enums import ContactStatus, Danger, Disposition
from hotline.models import Contact


def subjects(by: Identity, sources: Sequence[UUID]) -> dict[UUID, registry.WorkSubject]:
    """The contacts' numbers and whom they are about. One query."""
    rows = list(
        Contact.objects.visible_to(by)
        .filter(pk__in=sources)
        .select_related("operator")
        .only(
            "pk", "number", "channel", "client_name", "caller_name", "caller_relation", "is_anonymous", "status", "occurred_at", "danger",
            "operator__name", "callback_at", "disposition", "case_id",
        )
    )  # fmt: skip
    keys.preload(row.pk for row in rows)
    return {
        row.pk: registry.WorkSubject(row.number or "", _of_draft(row) if row.is_draft else _whom(row)) for row in rows
    }


def _whom(row: Contact) -> registry.Text:
    """The person, and for when she was promised a call: what is due on the worklist is the end of that time."""
    whom = row.shown_name or row.caller_name or Channel(row.channel).label
    is_promised = (
        row.status == ContactStatus.OPEN and row.case_id is None and row.disposition != Disposition.WHEREABOUTS
    )
    if not (is_promised and row.callback_at):
        return whom
    return " · ".join((str(whom), gettext("promised for %(when)s") % {"when": times.when(row.callback_at)}))


def _of_draft(row: Contact) -> str:
    """A call that somebody left, told apart without a name: whether she was in danger, when it came, who took it."""
    danger = Danger.YES.label if row.danger == Danger.YES else ""
    parts = (danger, Channel(row.channel).label, times.when(row.occurred_at), row.operator.name if row.operator else "")
    return " · ".join(str(part) for part in parts if part)


def drafts(by: Identity) -> list[registry.TodayRow]:
    """The own calls that are not saved yet: whoever is in danger first, then the newest. One that was left is the office's work already."""
    own = Contact.objects.visible_to(by).filter(
        operator_id=by.user_id, status=ContactStatus.DRAFT, left_at__isnull=True
    )
    rows = list(own.order_by("-occurred_at")[:20])
    keys.preload(row.pk for row in rows)
    return [
        registry.TodayRow(_of_own_draft(row), reverse("hotline:contact", args=[row.pk]), row.occurred_at)
        for row in sorted(rows, key=lambda row: row.danger != Danger.YES)
    ]


def _of_own_draft(row: Contact) -> str:
    danger = Danger.YES.label if row.danger == Danger.YES else ""
    parts = (danger, Channel(row.channel).label, row.shown_name or row.caller_name)
    return " · ".join(str(part) for part in parts if part)


registry.today_buttons.add(
    "new-call", registry.TodayButton(_("New call"), "hotline:new", "phone-plus", "n", ("operator", "shift_supervisor"))
)
registry.sealed_subjects.add("contact", subjects)
registry.today_list(
    registry.TodayList(
        "drafts", _("Calls that are not saved yet"), _("Go on"), ("operator", "shift_supervisor", "manager", "director"), drafts, "note",
    )
)  # fmt: skip
