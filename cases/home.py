"""What the heart shows outside its own pages: the cases that are open to an expert on Today, the numbers of cases in the access log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.enums import Role
from agencies.facts import Fact, Way, audit_parts
from agencies.words import case_numbers, notice_words
from cases import worklist
from cases.enums import OPEN_STATUSES, Section
from cases.models import AccessGrant, BreakGlass, Case, RecordApproval
from cases.registry import TodayList, TodayRow, today_list
from cases.services import bursts, glass
from cases.views.case_list import client_names, shared_cases
from core import access, clock
from core.identity import Identity
from core.ui import times

SHOWN = 20


def opened_to(by: Identity) -> Sequence[TodayRow]:
    """The open cases that managers have opened to `by`, newest first; the names that are shown go to the access log."""
    rows = list(
        shared_cases(by).filter(status__in=OPEN_STATUSES).select_related("category").order_by("-received_at")[:SHOWN]
    )
    names = client_names(by, [row.pk for row in rows])
    access.note_list(
        access.Action.VIEW, [(row.pk, row.office_id) for row in rows], object_type="case_list",
        sections=[Section.HEADER, Section.IDENTITY], reason="list",
    )  # fmt: skip
    until = _open_until(by, [row.pk for row in rows])
    said = gettext("open to you until %(when)s")
    return [
        TodayRow(" · ".join(part for part in (row.number, names.get(row.pk, ""), row.category.name) if part),
                 reverse("cases:detail", args=[row.pk]), note=said % {"when": times.when(until[row.pk])} if until.get(row.pk) else gettext("open to you"))
        for row in rows
    ]  # fmt: skip


def _open_until(by: Identity, cases: Sequence[UUID]) -> dict[UUID, dt.datetime]:
    """Until when these cases stand in the own list; one that stays without an end is not named. One query."""
    held = AccessGrant.objects.filter(
        user_id=by.person_id, case_id__in=cases, section=Section.HEADER, withdrawn_at=None
    )
    ends = (
        held.order_by()
        .values("case_id")
        .annotate(last=Max("valid_until"), endless=Count("pk", filter=Q(valid_until=None)))
    )
    return {row["case_id"]: row["last"] for row in ends if row["last"] and not row["endless"]}


def unusual_access(by: Identity) -> Sequence[TodayRow]:
    """Alerts that the auditor can look into: who, and what far more than usual; no case. One query."""
    rows = list(bursts.waiting(by).select_related("actor").order_by("-found_at")[:SHOWN])
    if rows:
        access.note(access.Action.VIEW, object_type="cases.burst", reason="list", count=len(rows))
    return [
        TodayRow(f"{row.actor.name} · {row.get_kind_display()}", reverse("cases:burst", args=[row.pk]), row.found_at)
        for row in rows
    ]


def unreviewed_views(by: Identity) -> Sequence[TodayRow]:
    """Emergency views that were opened and nobody has reviewed yet: who and from where; the number stands on its own page. One query."""
    rows = list(
        BreakGlass.objects.visible_to(by).filter(case__isnull=False, reviewed_at=None)
        .select_related("opener", "opener_office").order_by("answered_at")[:SHOWN]
    )  # fmt: skip
    if rows:
        access.note(access.Action.VIEW, object_type="cases.breakglass", reason="list", count=len(rows))
    return [
        TodayRow(f"{row.opener.name} · {row.opener_office.short_name}", reverse("cases:glass", args=[row.pk]), row.answered_at)
        for row in rows
    ]  # fmt: skip


def for_the_auditor(by: Identity) -> tuple[list[Fact], list[Way]]:
    """How many alerts and emergency views wait, how many approvals are in force; and the ways to all of them. Three counts."""
    alerts = bursts.waiting(by).count()
    views = BreakGlass.objects.visible_to(by).filter(case__isnull=False, reviewed_at=None).count()
    approved = RecordApproval.objects.visible_to(by).filter(until__gt=clock.now()).count()
    to_alerts, to_views, to_approvals = reverse("cases:bursts"), reverse("cases:glasses"), reverse("cases:approvals")
    facts = [
        Fact(_("Unusual access not looked into"), alerts, to_alerts, "warn" if alerts else ""),
        Fact(_("Emergency views not reviewed"), views, to_views, "warn" if views else ""),
        Fact(_("Approvals for minors' records in force"), approved, to_approvals),
    ]
    ways = [
        Way(_("Unusual access"), to_alerts, "alert-triangle", _("Who looked at far more than usual within an hour; ask why, and write down what it was")),
        Way(_("Emergency views"), to_views, "urgent", _("Who asked, who confirmed, and what the review found")),
        Way(_("Approvals for minors' records"), to_approvals, "lock-open", _("Who may read a closed record of a minor, and until when")),
    ]  # fmt: skip
    return facts, ways


def emergency_views(by: Identity) -> Sequence[TodayRow]:
    """The own emergency views that show something now, with the time at which each ends. One query."""
    rows = glass.running(by).order_by("ends_at").values_list("pk", "number", "ends_at")[:SHOWN]
    said = gettext("%(number)s, open until %(when)s")
    return [
        TodayRow(said % {"number": number, "when": times.when(ends_at)}, reverse("cases:glass", args=[pk]))
        for pk, number, ends_at in rows
        if ends_at
    ]


def _numbers(by: Identity, ids: set[UUID]) -> dict[UUID, str]:
    return dict(Case.objects.visible_to(by).filter(pk__in=ids).values_list("pk", "number"))


def install() -> None:
    """Called once when the app is ready."""
    case_numbers.append(_numbers)
    notice_words.append(worklist.titles)
    askers = (Role.OPERATOR, Role.SHIFT_SUPERVISOR, Role.MANAGER, Role.DIRECTOR)
    today_list(
        TodayList(
            "glass", _("Emergency views open to you"), _("Open"), askers, emergency_views, "urgent", tone="danger"
        )
    )
    audit_parts.append(for_the_auditor)
    looks = (
        "alerts",
        _("Unusual access that nobody has looked into"),
        _("Look into it"),
        unusual_access,
        "alert-triangle",
    )
    views = ("unreviewed", _("Emergency views that nobody has reviewed"), _("Open"), unreviewed_views, "urgent")
    for code, title, button, find, icon in (looks, views):
        today_list(TodayList(code, title, button, (Role.AUDITOR,), find, icon))
    today_list(
        TodayList("opened", _("Cases opened to you"), _("Open"), (Role.EXPERT,), opened_to, "folder-open", tone="")
    )
