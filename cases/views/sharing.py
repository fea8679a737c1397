"""Who can see what of a case, and who has looked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from agencies.enums import Role
from cases.enums import GrantBasis, Section
from cases.models import AccessGrant
from cases.views.scope import READERS, case_view
from core import clock
from core.errors import NotFound
from core.models.accesslog import AccessLog
from core.views import Asked, page

SOURCES = {
    "referral": _("Referral"),
    "contact": _("Took the first call"),
    "follow_up": _("Callback due"),
    "manager": _("Manages the case"),
    "conference": _("Case conference"),
    "stay": _("Stay in the refuge"),
    "legal_aid": _("Legal aid"),
    "care_team": _("Care team"),
}
ACTIONS: dict[str, Any] = {
    AccessLog.Action.VIEW: _("Viewed"), AccessLog.Action.REVEAL: _("Revealed"), AccessLog.Action.EXPORT: _("Exported"),
    AccessLog.Action.SEARCH: _("Searched"), AccessLog.Action.DENIED: _("Refused"),
}  # fmt: skip
LOG_SIZE = 30


def _holder(grant: AccessGrant) -> str:
    if grant.user:
        return str(grant.user.name)
    place = getattr(grant.group, "unit", None) or getattr(grant.group, "office", None)
    return place.short_name if place else ""


def _state(grant: AccessGrant) -> tuple[Any, str]:
    now = clock.now()
    if grant.withdrawn_at:
        return _("Withdrawn"), "neutral"
    if grant.valid_until and grant.valid_until <= now:
        return _("Ended"), "neutral"
    if grant.valid_from is None:
        return _("Offered, not yet open"), "warn"
    return _("Open now"), "info"


@page(*READERS)
def sharing_panel(request: Asked, pk: UUID) -> HttpResponse:
    """Each body or person outside, with what is open to it, why, since when and until when."""
    seen = case_view(request, pk)
    if not seen.is_staff:
        raise NotFound
    grants = AccessGrant.objects.filter(case_id=pk, office_id__in=seen.by.case_offices).select_related(
        "user", "group__unit", "group__office"
    )
    shares: dict[Any, dict[str, Any]] = {}
    for grant in grants.order_by("-offered_at", "section"):
        label, tone = _state(grant)
        key = (grant.source_id, grant.group_id, grant.user_id, str(label))
        share = shares.setdefault(key, {
            "holder": _holder(grant), "state": label, "tone": tone, "source": SOURCES.get(grant.source_kind, grant.source_kind),
            "basis": GrantBasis(grant.basis).label, "since": grant.valid_from or grant.offered_at, "until": grant.withdrawn_at or grant.valid_until,
            "sections": [], "is_over": tone == "neutral",
        })  # fmt: skip
        share["sections"].append(Section(grant.section).label)
    rows = list(shares.values())
    return render(request, "cases/_case_sharing.html", {
        "open": [row for row in rows if not row["is_over"]], "over": [row for row in rows if row["is_over"]],
    })  # fmt: skip


@page("director")
def log_panel(request: Asked, pk: UUID) -> HttpResponse:
    """Who has looked at this case, newest first (the director's)."""
    seen = case_view(request, pk)
    if not seen.is_director:
        raise NotFound
    rows = []
    for row in AccessLog.objects.filter(case_id=pk, office_id=seen.case.office_id).order_by("-at")[:LOG_SIZE]:
        sections = [Section(code).label for code in row.sections.split(",") if code in Section.values]
        role = Role(row.actor_role).label if row.actor_role in Role.values else ""
        rows.append({"row": row, "action": ACTIONS.get(row.action, row.action), "sections": sections, "role": role})
    return render(request, "cases/_case_log.html", {"rows": rows, "limit": LOG_SIZE})
