"""What the front door tells the heart: its kinds of work and entries."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases import registry
from cases.enums import Channel
from cases.registry import PaperKind, WorkKind
from hotline import home  # noqa: F401 - registers what the home page shows
from hotline.models import Contact
from hotline.services import ringing, told  # noqa: F401 - the first registers its effect
from hotline.services.contact import NUMBER_WORDS, OTHER_WORD


def _contact(item: Any) -> str:
    return reverse("hotline:contact", args=[item.source_id])


def _plan(item: Any) -> str:
    return reverse("cases:plan", args=[item.case_id])


def _joined(data: dict[str, Any]) -> Any:
    channel = data.get("channel", "")
    return _("New contact on this case: %(channel)s") % {"channel": Channel(channel).label if channel else ""}


for kind in (
    WorkKind("contact.callback", _("Call back as promised"), _("Call back"), _contact, "contact.callback", "phone-outgoing"),
    WorkKind("contact.whereabouts", _("Answer a whereabouts enquiry"), _("Answer it"), _contact, "contact.whereabouts", "map-pin"),
    WorkKind("contact.draft", _("Finish a call that was left unsaved"), _("Take it over"), _contact, "contact.draft", "pencil"),
    WorkKind("contact.joined", _("New contact on your case"), _("Read it"), _contact, "contact.joined", "phone-incoming", by_plan=True),
    WorkKind("contact.lost_call", _("A silent call came from a number on your case: do not ring back without the safe-contact rules"),
             _("Decide"), _plan, "contact.callback", "phone-off", by_plan=True),
    WorkKind("contact.respondent", _("The respondent's number has called the desk"), _("Decide"), _plan, "contact.callback", "alert-triangle", by_plan=True),
):  # fmt: skip
    registry.work_kind(kind)
registry.entry_kind("contact.joined", _joined, "phone-incoming", "info")
registry.panel(registry.Panel("contacts", _("Contacts"), "hotline:panel", ("header",), 50, for_desk=True))
registry.front_doors.add("contacts", registry.FrontDoor(told.told, told.danger, told.workplaces))
registry.paper_kind(
    PaperKind(
        "contact", _("Contact"), sorted({*NUMBER_WORDS.values(), OTHER_WORD}), Contact.objects.visible_to, "hotline:contact",
        ("operator", "shift_supervisor", "manager", "director"),
    )
)  # fmt: skip
