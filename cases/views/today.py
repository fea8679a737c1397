"""Today: the home page of everyone who is logged in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies import facts
from agencies.enums import Role
from cases import registry, worklist
from cases.models import WorkItem
from core import clock
from core.identity import Identity
from core.views import Asked, page

SOON = dt.timedelta(hours=4)  # urgent work that falls due by then goes before what is merely late
OWES_WORK = (
    Role.OPERATOR, Role.SHIFT_SUPERVISOR, Role.MANAGER, Role.DIRECTOR, Role.LIAISON, Role.KEEPER, Role.AID_OFFICER, Role.EXPERT,
    Role.FIELD_WORKER,
)  # fmt: skip


@page()
def today(request: Asked) -> HttpResponse:
    """What is mine, what is late, what falls due next; those who owe no work find what their role is for."""
    by = request.identity
    buttons = [button for button in registry.today_buttons.values() if by.has(*button.roles)]
    context: dict[str, Any] = {"homes": facts.homes(by), "day": _day(), "buttons": buttons, **_lists(by)}
    if by.has(*OWES_WORK) or WorkItem.objects.owed_by(by).exists():  # a reviewer who is named for something
        context |= _worklist(request, by)
    return render(request, "cases/today.html", context)


def _worklist(request: Asked, by: Identity) -> dict[str, Any]:
    centre = request.GET.get("view") == "centre" and bool(by.case_offices)
    items = WorkItem.objects.owed_by(by)
    if centre:
        items = WorkItem.objects.open().visible_to(by).filter(office_id__in=by.case_offices)
    chosen, view = request.GET.get("owner" if centre else "kind", ""), request.GET.get("view", "")
    every = None if centre or chosen or view else worklist.rows(items, by)
    if every is not None and len(every) < worklist.LIMIT:  # they are all there: nothing needs counting twice
        tallies = worklist.kinds_of(every)
    else:
        tallies = worklist.by_owner(items, by) if centre else worklist.by_kind(items)
    if chosen not in {tally.key for tally in tallies}:
        chosen = ""
    shown = worklist.of_owner(items, chosen) if centre else items.filter(kind=chosen) if chosen else items
    rows = every if every is not None else worklist.rows(shown if centre else _only(shown, view), by)
    return {
        "works": True, "rests": _rests(by), "centre": centre, "tallies": tallies, "chosen": chosen, "tabs": _tabs(tallies, by, view, centre),
        "parts": _parts(rows), "rows": rows, "more": len(rows) == worklist.LIMIT, "view": view,
    }  # fmt: skip


def _only(items: QuerySet[WorkItem], view: str) -> QuerySet[WorkItem]:
    now, midnight = clock.now(), worklist.end_of_today()
    if view == "late":
        return items.filter(due_at__lt=now)
    if view == "today":
        return items.filter(due_at__gte=now, due_at__lt=midnight)
    return items.filter(due_at__gte=midnight) if view == "next" else items


def _tabs(tallies: list[worklist.Tally], by: Identity, view: str, centre: bool) -> list[dict[str, Any]]:
    if centre:
        tabs = [{"label": _("My work"), "url": "?", "active": False}]
    else:
        total, late, due = (sum(getattr(tally, name) for tally in tallies) for name in ("total", "late", "today"))
        counts = (
            ("", _("My work"), total),
            ("late", _("Late"), late),
            ("today", _("Due today"), due),
            ("next", _("Later"), total - late - due),
        )
        known = view if view in {code for code, _label, _count in counts} else ""
        tabs = [
            {"label": label, "url": f"?view={code}" if code else "?", "active": code == known, "count": count}
            for code, label, count in counts
        ]
    if by.case_offices:
        tabs.append({"label": _("Whole centre"), "url": "?view=centre", "active": centre})
    return tabs


def _parts(rows: list[worklist.Row]) -> list[dict[str, Any]]:
    """What is urgent and late or near, then late, then due today, then the rest; in each part urgent and of high risk first, then by due time."""
    midnight, soon = worklist.end_of_today(), clock.now() + SOON
    found: dict[str, list[worklist.Row]] = {"urgent": [], "late": [], "today": [], "next": []}
    for row in rows:
        urgent = row.item.is_urgent and row.item.due_at < soon
        found["urgent" if urgent else "late" if row.late else "today" if row.item.due_at < midnight else "next"].append(row)  # fmt: skip
    titles = (
        ("urgent", _("Before everything else"), "danger"), ("late", _("Late"), "danger"), ("today", _("Due today"), "warn"), ("next", _("Later"), ""),
    )  # fmt: skip
    return [
        {"code": code, "title": title, "tone": tone, "rows": sorted(found[code], key=lambda row: not row.presses)}
        for code, title, tone in titles
        if found[code]
    ]


def _rests(by: Identity) -> str:
    """Whose words an empty worklist speaks, where the role owes little by itself."""
    if by.case_offices or by.contact_offices:
        return ""
    return next((role.value for role in (Role.FIELD_WORKER, Role.EXPERT) if by.has(role)), "")


def _lists(by: Identity) -> dict[str, list[dict[str, Any]]]:
    """What is no work item, above and below the worklist."""
    lists: dict[str, list[dict[str, Any]]] = {"lists": [], "lists_below": []}
    for thing in registry.today_lists.values():
        if by.has(*thing.roles) and (rows := thing.find(by)):
            lists["lists" if thing.first else "lists_below"].append({"thing": thing, "rows": rows})
    return lists


def _day() -> str:
    """The date as one says it, with the day of the week."""
    return date_format(clock.today(), _("l, j F Y"))
