"""What conferences tell the heart: kinds of work, timeline entries, a panel, an action of the case page, a closure check."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases import registry
from cases.enums import CaseStatus
from cases.models import Case
from cases.registry import Matter, Panel, PaperKind, WorkKind
from core.identity import Identity
from core.ui import times
from referrals.conferences.enums import RUNNING, DecisionStatus
from referrals.conferences.models import AgendaItem, Conference, Decision, Invitation
from referrals.conferences.services.inviting import hear_minor
from referrals.conferences.views import READERS
from referrals.enums import UNNAMED, UNNAMED_AT_CONFERENCE


def _room(item: Any) -> str:
    return reverse("referrals:conference-item", args=[item.source_id])


def _letter(item: Any) -> str:
    return reverse("referrals:invitation", args=[item.source_id])


def _action(item: Any) -> str:
    return reverse("referrals:decision", args=[item.source_id])


for _kind in (
    WorkKind("conference.hold", _("Hold the conference"), _("Go to the conference"), _room, "conference", "users-group"),
    WorkKind("conference.answer", _("Accept or decline an invitation"), _("Open the invitation"), _letter, "conference.answer", "mail", look=_("See the invitation")),
    WorkKind(UNNAMED_AT_CONFERENCE, _("The case is a minor's, and an invitation lies with a whole unit: withdraw it and invite a named liaison"), _("Decide"), _letter, UNNAMED, "user-check", by_plan=True),
    WorkKind("conference.moved", _("A conference has a new time: say whether you come"), _("Open the invitation"), _letter, "conference.answer", "calendar-time", look=_("See the invitation")),
    WorkKind("conference.minutes", _("Finish the minutes"), _("Write the minutes"), _room, "conference.minutes", "writing"),
    WorkKind("conference.confirm", _("Confirm the minutes"), _("Read the minutes"), _letter, "conference.confirm", "file-text", look=_("See the invitation")),
    WorkKind("conference.objection", _("A body objects to the minutes"), _("Read the objection"), _letter, "conference.minutes", "message-2"),
    WorkKind("conference.sign", _("Sign the minutes"), _("Go to the conference"), _room, "conference.sign", "signature"),
    WorkKind("conference.action", _("Do what the conference decided"), _("Report what was done"), _action, "conference.action", "checklist", look=_("See the measure")),
    WorkKind("conference.close", _("Everything decided is done: close the conference"), _("Close"), _room, "conference.close", "circle-check"),
):  # fmt: skip
    registry.work_kind(_kind)


def _say(text: Any) -> Any:
    def say(data: dict[str, Any]) -> Any:
        return text % {"unit": data.get("unit", ""), "number": data.get("number", "")}

    return say


def _moved(data: dict[str, Any]) -> Any:
    begins = data.get("begins_at")
    if not begins:
        return _("Conference moved")
    return _("Conference moved: %(when)s") % {"when": times.exact(dt.datetime.fromisoformat(begins))}


add = registry.entry_kind
add("conference.convened", _say(_("Put before a conference: %(number)s")), "users-group", "info")
add("conference.invited", _say(_("%(unit)s was invited to the conference")), "mail-forward")
add("conference.accepted", _say(_("%(unit)s comes to the conference")), "mail-check", "ok")
add("conference.declined", _say(_("%(unit)s does not come to the conference")), "mail-x", "warn")
add("conference.recused", _say(_("%(unit)s is recused from this matter")), "user-off", "warn")
add("conference.withdrawn", _say(_("Invitation to %(unit)s withdrawn")), "mail-x")
add("conference.held", _say(_("Conference held: %(number)s")), "users-group", "info")
add("conference.cancelled", _("Conference cancelled"), "calendar", "warn")
add("conference.moved", _moved, "calendar-time", "warn")
add("conference.kept", _say(_("%(unit)s comes at the new time")), "mail-check", "ok")
add("conference.decided", _say(_("Decided: a measure by %(unit)s")), "checklist", "info")
add("conference.minuted", _("Minutes out for confirmation"), "file-text")
add("conference.confirmed", _say(_("%(unit)s confirmed the minutes")), "file-text", "ok")
add("conference.objected", _say(_("%(unit)s objects to the minutes")), "message-2", "warn")
add("conference.signed", _say(_("Minutes signed: %(number)s")), "signature", "ok")
add("conference.action_done", _say(_("Measure of the conference done: %(unit)s")), "circle-check", "ok")
add("conference.action_dropped", _say(_("Measure of the conference dropped: %(unit)s")), "circle-x")
add(
    "conference.item_closed",
    _("Everything decided on this case is done: nothing is shared any more"),
    "circle-check",
    "ok",
)
add("conference.closed", _("Conference closed: everything decided is done"), "lock", "ok")

registry.panel(Panel("conferences", _("Conferences"), "referrals:conference-panel", ("header",), 32))
registry.case_action(
    registry.CaseAction(
        "conferences.convene",
        _("Convene a conference"),
        "users-group",
        "referrals:conference-convene",
        statuses=(CaseStatus.ASSESSED, CaseStatus.IN_PROGRESS, CaseStatus.FOLLOW_UP),
        key="m",
    )
)


@registry.closure_check("conferences")
def open_conferences(case: Case) -> list[Matter]:
    """No conference and no measure without an end; the letters of a conference are a part of it."""
    items = AgendaItem.objects.filter(case=case, ended_at__isnull=True, conference__status__in=RUNNING)
    letters: dict[UUID, set[UUID]] = {}
    for item, letter in Invitation.objects.filter(case=case).values_list("item_id", "pk"):
        letters.setdefault(item, set()).add(letter)
    found = [
        Matter(
            _("The conference %(number)s is not closed.") % {"number": number},
            reverse("referrals:conference-item", args=[pk]), frozenset({pk, *letters.get(pk, ())}),
        )
        for pk, number in items.values_list("pk", "conference__number")
    ]  # fmt: skip
    decided = Decision.objects.filter(case=case, status=DecisionStatus.OPEN).select_related("unit", "staff")
    return found + [
        Matter(
            _("A measure that the conference decided is still open: %(who)s.") % {"who": row.owner_name},
            reverse("referrals:decision", args=[row.pk]), frozenset({row.pk}),
        )
        for row in decided.order_by("due_at", "pk")
    ]  # fmt: skip


def _subjects(by: Identity, sources: Sequence[UUID]) -> Sequence[registry.SubjectRows]:
    """The conference's number: all that a unit may see before it accepts."""
    held = Conference.objects.visible_to(by)
    return [
        registry.SubjectRows(
            model.objects.visible_to(by).filter(pk__in=sources, conference__in=held), "conference__number"
        )
        for model in (Invitation, Decision, AgendaItem)
    ]


registry.minor_hearers.add("conferences", hear_minor)
registry.work_subjects.add("conference", _subjects)
registry.paper_kind(
    PaperKind("conference", _("Conference"), ["会商", "联席"], Conference.objects.visible_to, "referrals:conference", READERS)
)  # fmt: skip
registry.paper_kind(
    PaperKind("minutes", _("Minutes"), ["会商纪要"], AgendaItem.objects.visible_to, "referrals:conference-item", READERS, column="paper_number")
)  # fmt: skip
