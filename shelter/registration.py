"""What refuges tell the heart: kinds of work, timeline entries, a panel, a closure check."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases import registry
from cases.enums import CaseStatus
from cases.models import Case
from cases.registry import CaseAction, Matter, Panel, PaperKind, WorkKind
from core.identity import Identity
from shelter.enums import CURRENT, LeaveReason, ReleaseReason
from shelter.models import Bed, Stay
from shelter.views import READERS

ACTIVE = (CaseStatus.ASSESSED, CaseStatus.IN_PROGRESS, CaseStatus.FOLLOW_UP)


def _url(item: Any) -> str:
    return reverse("shelter:stay", args=[item.source_id])


registry.work_kind(
    WorkKind("shelter.check_in", _("Receive a guest in the refuge"), _("Check in"), _url, "shelter.hold", "door-enter")
)
registry.work_kind(
    WorkKind(
        "shelter.check_out", _("A stay in the refuge ends"), _("Check out or extend"), _url, "refuge.stay", "door-exit"
    )
)


def _coded(text: Any, choices: Any, field: str) -> Any:
    def say(data: dict[str, Any]) -> Any:
        return text % {field: choices(data[field]).label if data.get(field) else ""}

    return say


add = registry.entry_kind
add("shelter.held", _("A bed in the refuge is held"), "bed", "info")
add(
    "shelter.checked_in",
    lambda d: _("Checked in to the refuge: %(persons)s people") % {"persons": d.get("persons", "")},
    "door-enter",
    "ok",
)
add("shelter.extended", _("The stay in the refuge was extended"), "calendar", "neutral")
add("shelter.checked_out", _coded(_("Left the refuge: %(reason)s"), LeaveReason, "reason"), "door-exit", "info")
add(
    "shelter.released",
    _coded(_("The bed in the refuge was released: %(reason)s"), ReleaseReason, "reason"),
    "bed",
    "warn",
)

registry.case_action(CaseAction("shelter", _("Hold a bed"), "bed", "shelter:hold", ACTIVE))
registry.panel(Panel("shelter", _("Refuge"), "shelter:panel", ("own_office", "shelter"), 60))


@registry.closure_check("shelter")
def open_stays(case: Case) -> list[Matter]:
    """Nobody is forgotten in a bed."""
    rows = Stay._base_manager.filter(case=case, status__in=CURRENT).values_list("pk", flat=True)
    text = _("A stay in the refuge is not over.")
    return [Matter(text, reverse("shelter:stay", args=[pk]), frozenset({pk})) for pk in rows]


def _subjects(by: Identity, sources: Sequence[UUID]) -> Sequence[registry.SubjectRows]:
    """The stay's number and its bed: what a keeper's list shows."""
    rows = Stay.objects.visible_to(by).filter(pk__in=sources)
    return [registry.SubjectRows(rows, "number", ["house__code_name", "bed__kind", "bed__label"], _place)]


def _place(house: str, kind: str, label: str) -> str:
    return f"{house} · {Bed(kind=kind, label=label)}" if kind else house


registry.work_subjects.add("shelter", _subjects)
registry.paper_kind(
    PaperKind("stay", _("Stay in the refuge"), ["庇护"], Stay.objects.visible_to, "shelter:stay", READERS)
)  # fmt: skip
