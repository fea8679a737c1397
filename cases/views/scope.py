"""Fetching one case for a page: in scope or not there at all, and what of it is open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Subquery

from cases.enums import CaseStatus, FollowUpStatus, Section, TransferStatus
from cases.enums_joint import JOINT_OPEN
from cases.models import AccessGrant, Case, FollowUp, JointHandling, Transfer
from cases.models.scope import held_by
from cases.permissions import open_sections
from cases.services import guards
from cases.services.followups import CALL_SECTIONS
from core import access
from core.engine import done_before
from core.errors import NotFound
from core.identity import Identity
from core.views import Asked, request_key

READERS = ("manager", "director", "liaison", "aid_officer", "expert", "keeper", "operator", "shift_supervisor")
MANAGERS = ("manager", "director")
# Grants from a call or a callback let a desk see the header (and how to call), never the course of the case.
DESK_SOURCES = ("contact", "follow_up")
WORDS = ("category", "manager", "office", "region_residence", "region_registration")


@dataclass(frozen=True)
class View:
    """A case as one person may see it."""

    case: Case
    by: Identity
    sections: frozenset[str]
    is_staff: bool
    is_desk: bool  # sees the header alone
    has_absorbed: bool = False  # another case was merged into this one
    planned_callback: dt.datetime | None = None  # the next one that is not due yet; what is due stands among the steps
    has_transfer: bool = False  # another centre is asked to go on with it, or it was taken over from one
    has_joint: bool = False  # a second centre is asked to help, or helps

    def shows(self, section: str) -> bool:
        """Whether a section is open to the viewer."""
        return section in self.sections

    @property
    def may_change(self) -> bool:
        return self.is_staff and self.case.is_open

    @property
    def is_stub(self) -> bool:
        """Another centre has taken the case over: its head is all that remains here."""
        return self.case.status == CaseStatus.TRANSFERRED

    @property
    def doors(self) -> frozenset[str]:
        """Open sections, and what is no section: `own_office` for staff."""
        return self.sections | ({"own_office"} if self.is_staff else set())


def case_view(request: Asked, pk: UUID) -> View:
    """The case `pk` as this person may see it. Raises NotFound for unknown, foreign and walled ones alike."""
    by = request.identity
    absorbed = Exists(Case._base_manager.filter(merged_into=OuterRef("pk")))
    planned = FollowUp.objects.visible_to(by).filter(case_id=OuterRef("pk"), status=FollowUpStatus.PLANNED)
    asked = Transfer._base_manager.filter(case_id=OuterRef("pk"), status=TransferStatus.ASKED)
    taken = Transfer._base_manager.filter(successor_id=OuterRef("pk"))
    case = (
        Case.objects.visible_to(by)
        .select_related(*WORDS)
        .annotate(
            has_absorbed=absorbed,
            has_transfer=Exists(asked) | Exists(taken),
            has_joint=Exists(JointHandling._base_manager.filter(case_id=OuterRef("pk"), status__in=JOINT_OPEN)),
            planned_callback=Subquery(planned.order_by("due_at").values("due_at")[:1]),
        )
        .filter(pk=pk)
        .first()
    )
    if case is None:
        raise NotFound
    sections = open_sections(by, case)
    if Section.HEADER not in sections:
        raise NotFound
    is_staff = case.office_id in by.case_offices
    return View(
        case=case, by=by, sections=sections, is_staff=is_staff, is_desk=not is_staff and _is_desk(by, case, sections),
        has_absorbed=case.has_absorbed, has_transfer=case.has_transfer, has_joint=case.has_joint,
        planned_callback=case.planned_callback if Section.CALLBACK in sections and case.is_open else None,
    )  # fmt: skip


def _is_desk(by: Identity, case: Case, sections: frozenset[str]) -> bool:
    """Whether nothing but a call or a callback opens the case; asked of the grants only where the sections leave it open."""
    if sections - set(CALL_SECTIONS):
        return False
    held = AccessGrant.objects.filter(
        held_by(by),
        case_id=case.pk,
        withdrawn_at__isnull=True,
        valid_from__isnull=False,
    )
    return not held.exclude(source_kind__in=DESK_SOURCES).exists()


def note_view(seen: View, sections: Iterable[str], what: str = "case") -> None:
    """Log what was looked at."""
    case = seen.case
    access.note(
        access.Action.VIEW,
        object_type=what,
        object_id=case.pk,
        case_id=case.pk,
        office_id=case.office_id,
        sections=sections,
    )


def managed_case(request: Asked, pk: UUID) -> View:
    """The case `pk` for one who wants to change it. Raises NotFound, or NotAllowed for one who only sees it."""
    seen = case_view(request, pk)
    guards.is_manager(seen.case, seen.by)
    if request.method != "POST":
        note_view(seen, [Section.HEADER])
    return seen


def changing_case(request: Asked, pk: UUID) -> View:
    """The case `pk` for a form that changes it. A closed case is locked, and says so before anybody has typed (DomainError)."""
    seen = managed_case(request, pk)
    if request.method != "POST":
        guards.is_open(seen.case, seen.by)
    return seen


def is_second_press(request: Asked, pk: UUID, verb: str) -> bool:
    """Whether this very press has carried out `verb` on the case, which is shut since to the one who pressed.

    Raises NotFound where the case is shut and it has not.
    """
    by = request.identity
    if request.method != "POST" or Case.objects.visible_to(by).filter(pk=pk).exists():
        return False
    if done_before(verb, by=by, subject=pk, key=request_key(request)):
        return True
    raise NotFound
