"""What legal aid tells the heart: kinds of work, timeline entries, a panel of the case page, closure checks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases import registry
from cases.enums import CaseStatus
from cases.models import Case
from cases.registry import CaseAction, Panel, PaperKind, WorkKind
from core.identity import Identity
from legalaid.enums import OPEN_AID, EndReason, Matter, Outcome, RefuseReason
from legalaid.models import Application, Mediation
from legalaid.services.mediating import stop_for_danger
from legalaid.views import READERS

ACTIVE = (CaseStatus.ASSESSED, CaseStatus.IN_PROGRESS, CaseStatus.FOLLOW_UP)


def _url(item: Any) -> str:
    return reverse("legalaid:detail", args=[item.source_id])


def _mediation(item: Any) -> str:
    return reverse("legalaid:mediation", args=[item.source_id])


registry.work_kind(
    WorkKind(
        "legalaid.decide",
        _("Decide on an application for legal aid"),
        _("Open the application"),
        _url,
        "legal_aid.decide",
        "scale",
    )
)
registry.work_kind(
    WorkKind("legalaid.assign", _("Assign a lawyer"), _("Assign a lawyer"), _url, "legal_aid.assign", "user-plus")
)
registry.work_kind(
    WorkKind(
        "legalaid.tell",
        _("Tell her what came of the application for legal aid"),
        _("Open"),
        _url,
        "legal_aid.tell",
        "message",
    )
)
registry.work_kind(
    WorkKind(
        "legalaid.mediate",
        _("Hold the mediation and record it"),
        _("Record"),
        _mediation,
        "mediation.pretrial",
        "users-group",
    )
)


def _sentence(text: Any, choices: Any = None, field: str = "") -> Any:
    def say(data: dict[str, Any]) -> Any:
        values = {"unit": data.get("unit", "")}
        if choices is not None:
            values[field] = choices(data[field]).label if data.get(field) else ""
        return text % values

    return say


add = registry.entry_kind
add(
    "legalaid.applied", _sentence(_("Legal aid applied for at %(unit)s: %(matter)s"), Matter, "matter"), "scale", "info"
)
add("legalaid.granted", _sentence(_("%(unit)s granted legal aid")), "scale", "ok")
add("legalaid.refused", _sentence(_("%(unit)s refused legal aid: %(reason)s"), RefuseReason, "reason"), "scale", "warn")
add("legalaid.assigned", _sentence(_("%(unit)s assigned a lawyer")), "user-check", "ok")
add("legalaid.told", _("She was told what came of the application for legal aid"), "message", "neutral")
add("legalaid.closed", _sentence(_("Legal aid closed: %(reason)s"), EndReason, "reason"), "scale", "neutral")
add("mediation.planned", _("Mediation planned"), "calendar", "info")
add("mediation.recorded", _sentence(_("Mediation: %(outcome)s"), Outcome, "outcome"), "users-group", "neutral")

registry.case_action(CaseAction("legalaid", _("Apply for legal aid"), "scale", "legalaid:apply", ACTIVE))
registry.panel(Panel("legalaid", _("Legal aid and mediation"), "legalaid:panel", ("legal",), 50))


@registry.closure_check("legalaid")
def open_applications(case: Case) -> list[registry.Matter]:
    """No application without an end."""
    rows = Application.objects.filter(case=case, status__in=OPEN_AID).select_related("unit")
    text = _("The application to %(unit)s is not closed.")
    return [
        registry.Matter(
            text % {"unit": row.unit.short_name}, reverse("legalaid:detail", args=[row.pk]), frozenset({row.pk})
        )
        for row in rows
    ]


@registry.closure_check("mediations")
def planned_mediations(case: Case) -> list[registry.Matter]:
    """No mediation that is still to come."""
    rows = Mediation.objects.filter(case=case, outcome="").values_list("pk", flat=True)
    text = _("A mediation is planned and not recorded.")
    return [registry.Matter(text, reverse("legalaid:mediation", args=[pk]), frozenset({pk})) for pk in rows]


def _subjects(by: Identity, sources: Sequence[UUID]) -> Sequence[registry.SubjectRows]:
    """The application's number and matter: all that a list shows of it."""
    rows = Application.objects.visible_to(by).filter(pk__in=sources)
    return [registry.SubjectRows(rows, "number", ["matter"], lambda matter: Matter(matter).label)]


registry.work_subjects.add("legalaid", _subjects)
registry.paper_kind(
    PaperKind("legalaid", _("Application for legal aid"), ["援助"], Application.objects.visible_to, "legalaid:detail", READERS)
)  # fmt: skip


registry.risk_hearers.add("mediations", stop_for_danger)
