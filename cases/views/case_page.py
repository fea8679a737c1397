"""The case page: a header that stays, how to reach her, one timeline, and panels that load themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from cases import registry
from cases.enums import SHAREABLE, CaseStatus, Section, TransferStatus
from cases.keyset import Slice, keyset
from cases.models import Case, SafeContact, TimelineEntry, Transfer
from cases.services import intake, joint
from cases.services.followups import is_safe_now, window
from cases.views.actions import main_action, next_of, other_actions, panel_actions, sooner_of
from cases.views.case_list import client_names
from cases.views.missing import gaps
from cases.views.scope import READERS, View, case_view, note_view
from cases.views.steps import Step, open_steps
from core import clock, keys
from core.ui.masking import mask_phone
from core.ui.sentences import in_brackets
from core.views import Asked, page

TIMELINE_SIZE = 50


@dataclass(frozen=True)
class Shown:
    """One timeline entry in words."""

    entry: TimelineEntry
    title: Any
    icon: str
    tone: str
    who: str  # the name, with the agency of one from elsewhere


def safe_rules(seen: View) -> dict[str, Any] | None:
    """How to reach her, for the banner; None when this viewer may not know."""
    if not seen.shows(Section.SAFE_CONTACT):
        return None
    row = SafeContact.objects.visible_to(seen.by).filter(case_id=seen.case.pk, party__is_primary=True).first()
    if row is None:
        return {"missing": True}
    keys.preload([seen.case.pk])
    hours = window(row)
    number = mask_phone(row.safe_number)
    whose = in_brackets(row.whose_number) if number and row.whose_number else ""
    return {
        "hours": hours, "number": f"{number}{whose}", "code_word": row.code_word, "no_message": row.never_message, "no_text": row.never_text,
        "note": row.note, "unsafe_now": (not is_safe_now(row)) if hours else None, "party_id": row.party_id, "has_number": bool(number),
    }  # fmt: skip


def shown_entries(entries: Iterable[TimelineEntry], case: Case) -> list[Shown]:
    """Entries of a case in words; its office is loaded with it."""
    keys.preload([case.pk])
    shown = []
    for entry in entries:
        kind = registry.entry_kinds.get(entry.kind)
        agency = "" if entry.actor_agency == case.office.name else entry.actor_agency
        shown.append(
            Shown(
                entry,
                kind.sentence(entry.data) if kind else entry.kind,
                kind.icon if kind else "point",
                kind.tone if kind else "neutral",
                _("The system")
                if entry.actor_role == "worker"
                else " ".join(part for part in (agency, entry.actor_name) if part),
            )
        )
    return shown


def timeline_slice(seen: View, after: str = "") -> tuple[list[Shown], Slice[TimelineEntry]]:
    """One page of the timeline, newest first: entries of the sections that are open."""
    rows = TimelineEntry.objects.visible_to(seen.by).filter(case_id=seen.case.pk)
    found = keyset(rows, "at", descending=True, size=TIMELINE_SIZE, after=after)
    return shown_entries(found.rows, seen.case), found


def _panels(seen: View) -> list[dict[str, Any]]:
    if seen.is_stub:
        return []
    doors, actions = seen.doors, panel_actions(seen)
    open_ones = [
        panel
        for panel in registry.panels.values()
        if doors.intersection(panel.sections) and (panel.for_desk or not seen.is_desk)
    ]
    return [
        {"code": panel.code, "title": panel.title, "url": panel.url(seen.case.pk), "action": actions.get(panel.code)}
        for panel in sorted(open_ones, key=lambda panel: panel.order)
    ]


def merged_with(seen: View) -> dict[str, Any]:
    """The case that this one was merged into, and those merged into this one: for the centre's staff, as far as they may see them."""
    if not seen.is_staff:
        return {}
    mine = Case.objects.own(seen.by)
    into = mine.filter(pk=seen.case.merged_into_id).first() if seen.case.merged_into_id else None
    absorbed = list(mine.filter(merged_into_id=seen.case.pk).order_by("received_at")) if seen.has_absorbed else []
    return {"merged_into": into, "absorbed": absorbed}


def _danger(seen: View) -> registry.Text:
    """That she was in danger when she called: for the centre that has not assessed the case yet."""
    if not (seen.is_staff and seen.case.status == CaseStatus.RECEIVED):
        return ""
    return intake.danger(seen.by, seen.case.pk)


def _desk(seen: View, steps: list[Step]) -> dict[str, Any]:
    """What a desk can do with a case of which it sees the head: the callbacks that it owes, a new call; and whom to ask."""
    if not seen.is_desk:
        return {}
    buttons = [button for button in registry.today_buttons.values() if seen.by.has(*button.roles)]
    return {"calls": [step for step in steps if step.is_mine], "buttons": buttons}


def handed_over(seen: View) -> dict[str, Any]:
    """The transfer that waits for an answer, or the one by which the case came here: for the centre's staff."""
    if not (seen.is_staff and seen.has_transfer):
        return {}
    rows = Transfer.objects.visible_to(seen.by).select_related("office", "to_office")
    mine = rows.filter(Q(case_id=seen.case.pk, status=TransferStatus.ASKED) | Q(successor_id=seen.case.pk))
    by_case = {row.case_id == seen.case.pk: row for row in mine}
    return {"asked": by_case.get(True), "taken": by_case.get(False)}


@page(*READERS)
def case_detail(request: Asked, pk: UUID) -> HttpResponse:
    """The page of one case, as much of it as is open to the viewer."""
    seen = case_view(request, pk)
    case = seen.case
    steps = open_steps(case.pk, seen.by)
    handed = handed_over(seen)
    primary = main_action(seen, steps, is_asked=bool(handed.get("asked")))
    rules = safe_rules(seen)
    entries, found = (
        ([], Slice[TimelineEntry]([])) if seen.is_desk else timeline_slice(seen, request.GET.get("after", ""))
    )
    used = (
        {Section.HEADER.value}
        | ({Section.SAFE_CONTACT.value} if rules else set())
        | {shown.entry.section for shown in entries}
    )
    names = client_names(seen.by, [case.pk]) if seen.shows(Section.IDENTITY) else {}
    used |= {Section.IDENTITY.value} if names else set()
    note_view(seen, used)
    step = next_of(seen, steps)
    context = {
        "seen": seen, "case": case, "client": names.get(case.pk, ""), "step": step, "sooner": sooner_of(seen, steps, step), "rules": rules,
        "days": ((case.closed_at or clock.now()) - case.received_at).days, "primary": primary, "menu": other_actions(seen, primary),
        "danger": _danger(seen), "gaps": gaps(seen), "entries": entries, "earlier": found.next, "panels": _panels(seen),
        "shared": [Section(code).label for code in SHAREABLE if seen.shows(code)],
        **merged_with(seen), **handed, **_desk(seen, steps), "joint": joint.of_case(case.pk, seen.by) if seen.has_joint else None,
    }  # fmt: skip
    return render(request, "cases/case_detail.html", context)


@page(*READERS)
def case_timeline(request: Asked, pk: UUID) -> HttpResponse:
    """Earlier entries, asked for by the page."""
    seen = case_view(request, pk)
    entries, found = (
        ([], Slice[TimelineEntry]([])) if seen.is_desk else timeline_slice(seen, request.GET.get("after", ""))
    )
    note_view(seen, {shown.entry.section for shown in entries})
    return render(request, "cases/_case_timeline.html", {"case": seen.case, "entries": entries, "earlier": found.next})
