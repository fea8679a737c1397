"""The heart's kinds of timeline entries, each with its sentence."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from cases import registry
from cases.enums import (
    AccessEnd,
    AttemptOutcome,
    Channel,
    CloseReason,
    OrderKind,
    PaperKind,
    PartyRole,
    RefuseReason,
    Risk,
    Satisfaction,
    ServiceKind,
    TransferReason,
)
from core.ui import times


def _label(choices: Any, code: str) -> Any:
    return choices(code).label if code else ""


def _papers_added(data: dict[str, Any]) -> Any:
    count = int(data.get("count", 1))
    said = ngettext_lazy("Paper added: %(paper)s", "%(count)s papers added: %(paper)s", count)
    return said % {"count": count, "paper": _label(PaperKind, data.get("paper", ""))}


def _callback_planned(data: dict[str, Any]) -> Any:
    moments = [times.exact(dt.datetime.fromisoformat(moment)) for moment in data.get("replaced", [])]
    if not moments:
        return _("Callback planned")
    return _("Callback planned; it replaces the one of %(when)s") % {"when": gettext(", ").join(moments)}


def _callbacks_moved(data: dict[str, Any]) -> Any:
    moved = [[times.exact(dt.datetime.fromisoformat(moment)) for moment in pair] for pair in data.get("moved", [])]
    said = [gettext("%(before)s to %(after)s") % {"before": before, "after": after} for before, after in moved]
    return _("Callback moved into her safe hours: %(moves)s") % {"moves": gettext(", ").join(said)}


def install() -> None:
    """Called once when the app is ready."""
    add = registry.entry_kind
    add(
        "case.opened",
        lambda d: _("Case opened: %(channel)s") % {"channel": _label(Channel, d.get("channel", ""))},
        "folder-plus",
        "info",
    )
    add("case.missing", _("Some facts are still missing"), "forms", "warn")
    add(
        "case.assessed",
        lambda d: _("Assessed and accepted: %(risk)s") % {"risk": _label(Risk, d.get("risk", ""))},
        "stethoscope",
        "info",
    )
    add(
        "case.reassessed",
        lambda d: _("Assessed again: %(risk)s") % {"risk": _label(Risk, d.get("risk", ""))},
        "stethoscope",
        "info",
    )
    add(
        "case.refused",
        lambda d: _("Not accepted: %(reason)s") % {"reason": _label(RefuseReason, d.get("reason", ""))},
        "circle-x",
        "neutral",
    )
    add("case.begun", _("Work began"), "player-play", "info")
    add("case.planned", _("Plan made"), "route", "info")
    add("case.follow_up", _("Work done, now in follow-up"), "phone-outgoing", "info")
    add(
        "case.closed",
        lambda d: _("Closed: %(reason)s") % {"reason": _label(CloseReason, d.get("reason", ""))},
        "lock",
        "ok",
    )
    add("case.resumed", _("Work resumed"), "player-play", "warn")
    add("case.reopened", _("Reopened"), "lock-open", "warn")
    add("case.merged", _("Merged into another case of the same person"), "link", "neutral")
    add("case.absorbed", _("Another case of the same person was merged into this one"), "link", "info")
    add("case.transferred", _("Another centre has taken the case over"), "share", "neutral")
    add(
        "case.taken_over",
        lambda d: (
            _("Taken over from %(centre)s: %(reason)s")
            % {"centre": d.get("centre", ""), "reason": _label(TransferReason, d.get("reason", ""))}
        ),
        "share",
        "info",
    )
    add(
        "transfer.asked",
        lambda d: _("%(centre)s was asked to take the case over") % {"centre": d.get("centre", "")},
        "share",
        "info",
    )
    add("transfer.recalled", _("The transfer was recalled"), "share", "neutral")
    add("transfer.returned", _("The transfer was returned"), "arrow-back-up", "warn")
    add("transfer.summary", _("The course so far, for the centre that takes over"), "notes", "neutral")
    add(
        "order.in_force",
        lambda d: _("Order in force: %(order)s") % {"order": _label(OrderKind, d.get("order", ""))},
        "gavel",
        "info",
    )
    add("case.assigned", lambda d: _("Case manager: %(name)s") % {"name": d.get("name", "")}, "user-check", "neutral")
    add("section.written", _("Text written"), "pencil", "neutral")
    add(
        "service.recorded",
        lambda d: _("Service given: %(service)s") % {"service": _label(ServiceKind, d.get("service", ""))},
        "heart-handshake",
        "ok",
    )
    add(
        "order.recorded",
        lambda d: _("Order entered: %(order)s") % {"order": _label(OrderKind, d.get("order", ""))},
        "gavel",
        "info",
    )
    add("document.added", _papers_added, "paperclip", "info")
    add(
        "document.withdrawn",
        lambda d: _("Paper withdrawn: %(paper)s") % {"paper": _label(PaperKind, d.get("paper", ""))},
        "arrow-back-up",
        "warn",
    )
    add(
        "person.added",
        lambda d: _("Person added: %(role)s") % {"role": _label(PartyRole, d.get("role", ""))},
        "user-plus",
        "neutral",
    )
    add("person.changed", _("Personal facts corrected"), "id", "neutral")
    add("person.safety", _("Safe-contact rules changed"), "shield-lock", "warn")
    add("followup.planned", _callback_planned, "calendar", "neutral")
    add("followup.moved", _callbacks_moved, "calendar", "warn")
    add(
        "followup.attempted",
        lambda d: (
            (_("Callback: %(outcome)s, %(satisfaction)s") if d.get("satisfaction") else _("Callback: %(outcome)s"))
            % {
                "outcome": _label(AttemptOutcome, d.get("outcome", "")),
                "satisfaction": _label(Satisfaction, d.get("satisfaction", "")),
            }
        ),
        "phone-outgoing",
        "neutral",
    )
    add(
        "consent.described",
        lambda d: _("Consent written down: %(body)s") % {"body": d.get("body", "")},
        "shield-lock",
        "neutral",
    )
    add(
        "consent.withdrawn",
        lambda d: _("Consent withdrawn: %(body)s sees nothing more that rested on it") % {"body": d.get("body", "")},
        "shield-lock",
        "warn",
    )
    add(
        "consent.decided",
        lambda d: _("Decided after the withdrawn consent: %(body)s") % {"body": d.get("body", "")},
        "shield-lock",
        "neutral",
    )
    add(
        "access.ended",
        lambda d: _("Access ended: %(reason)s") % {"reason": _label(AccessEnd, d.get("reason", ""))},
        "shield-lock",
        "warn",
    )
    add("glass.opened", _("Emergency view: her safe contact was opened"), "urgent", "danger")
    add("followup.failure_accepted", _("It was accepted that she could not be reached"), "phone-off", "warn")
