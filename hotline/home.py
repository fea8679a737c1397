"""What the front door shows on the home page: whom a promised callback is for, and calls that were left open."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases import registry
from cases.enums import Channel
from core import keys
from core.identity import Identity
from hotline.enums import ContactStatus
from hotline.models import Contact


def subjects(by: Identity, sources: Sequence[UUID]) -> dict[UUID, registry.WorkSubject]:
    """The contacts' numbers and whom they are about. One query."""
    rows = list(
        Contact.objects.visible_to(by)
        .filter(pk__in=sources)
        .only("pk", "number", "channel", "client_name", "caller_name", "caller_relation", "is_anonymous")
    )
    keys.preload(row.pk for row in rows)
    return {
        row.pk: registry.WorkSubject(row.number or "", row.shown_name or row.caller_name or Channel(row.channel).label)
        for row in rows
    }


def drafts(by: Identity) -> list[registry.TodayRow]:
    """The own calls that are not saved yet, newest first."""
    own = (
        Contact.objects.visible_to(by)
        .filter(operator_id=by.user_id, status=ContactStatus.DRAFT)
        .order_by("-occurred_at")
    )
    rows = own.values_list("pk", "channel", "occurred_at")[:20]
    return [
        registry.TodayRow(Channel(channel).label, reverse("hotline:contact", args=[pk]), at) for pk, channel, at in rows
    ]


registry.today_buttons.add(
    "new-call", registry.TodayButton(_("New call"), "hotline:new", "phone-plus", "n", ("operator", "shift_supervisor"))
)
registry.sealed_subjects.add("contact", subjects)
registry.today_list(
    registry.TodayList(
        "drafts", _("Calls that are not saved yet"), _("Go on"), ("operator", "shift_supervisor", "manager", "director"), drafts, "note",
    )
)  # fmt: skip
