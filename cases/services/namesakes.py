"""同名: a party has the name of somebody on the staff. The wall stands at once (cases/sql/40_namesakes.sql); here is what follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from agencies.enums import Role
from agencies.identities import in_force
from agencies.models import RoleGrant
from cases import registry
from cases.enums import PartyRole, WorkItemOutcome
from cases.models import Case, Wall, WorkItem
from cases.services import workitems
from cases.services.above import above, directors_of
from core import engine
from core.engine import Act
from core.errors import DomainError, NotFound
from core.identity import Identity, acting_as, as_verb, worker_identity

DECIDE = "wall.match"  # the director's, else a remaining manager's, else the reviewer's of the level above
OVERDUE = "wall.overdue"  # the reviewer's: nobody has decided in time
STEP_ABOVE = 2


def _walled(case_id: UUID) -> set[UUID]:
    rows = Wall.objects.filter(case_id=case_id, lifted_at__isnull=True, user__isnull=False)
    return {row for row in rows.values_list("user_id", flat=True) if row}


def _managers(office_id: UUID) -> set[UUID]:
    held = in_force(RoleGrant.objects.filter(office_id=office_id, role=Role.MANAGER, user__is_active=True))
    return set(held.values_list("user_id", flat=True))


@dataclass(frozen=True, slots=True)
class Owed:
    """Who is asked to find out: a role at the centre or one person; `of_case` says whether the item hangs on the case or stands alone."""

    role: str = ""
    user: UUID | None = None
    of_case: bool = True


def who_decides(wall: Wall) -> Owed | None:
    """A director for whom the case exists, else a manager, else the level above: never the one whom it is about. As the worker.

    The level above is told of the match and of nothing in the case. None where nobody is there, or the case is closed.
    """
    case = Case._base_manager.select_related("office").get(pk=wall.case_id)
    if not (wall.is_provisional and case.is_open):
        return None
    walled = _walled(case.pk)
    if directors_of(case.office_id) - walled:
        return Owed(role=Role.DIRECTOR)
    left = _managers(case.office_id) - walled
    if left:
        return Owed(user=_named(wall, case.manager_id if case.manager_id in left else min(left, key=str)))
    return _above(wall, case, walled)


def _above(wall: Wall, case: Case, walled: set[UUID]) -> Owed | None:
    named = above(case.office, but=walled)
    return Owed(user=_named(wall, named), of_case=False) if named else None


def _named(wall: Wall, reviewer: UUID) -> UUID:
    Wall.objects.filter(pk=wall.pk).update(reviewer_id=reviewer)
    return reviewer


def owe(wall: Wall, case: Case, owed: Owed | None, kind: str = DECIDE) -> None:
    """Ask for the decision, in a verb on the case and the wall; what has been decided meanwhile is asked of nobody."""
    if not wall.is_provisional:
        workitems.finish((DECIDE, OVERDUE), source_id=wall.pk, outcome=WorkItemOutcome.SUPERSEDED)
    elif owed is not None:
        workitems.open_item(
            kind, office_id=wall.office_id, source_id=wall.pk, case=case if owed.of_case else None, matter_id=None if owed.of_case else wall.pk,
            owner_role=owed.role, owner_user_id=owed.user, urgent=True,
        )  # fmt: skip


def late_step(item: WorkItem, step: int) -> None:
    """Not decided in time it stays closed, and goes to the level above as well."""
    if item.kind != DECIDE or step != STEP_ABOVE:
        return
    with acting_as(worker_identity("walls")):  # a verb reads no walls
        wall = Wall.objects.filter(pk=item.source_id).first()
        if wall is None or not wall.is_provisional:
            return
        case = Case._base_manager.select_related("office").get(pk=wall.case_id)
        owed = _above(wall, case, _walled(case.pk))
        with as_verb([wall.case_id, wall.pk]):
            owe(wall, case, owed, OVERDUE)


def provisional(by: Identity, wall_id: UUID) -> Wall | None:
    """One that `by` may decide."""
    rows = Wall.objects.visible_to(by).filter(pk=wall_id, reason="name", confirmed_at=None, lifted_at=None)
    row = rows.select_related("user").first()
    mine = row is not None and (row.office_id in by.director_offices or row.reviewer_id == by.user_id)
    return row if mine else None


def namesake_decide(*, wall_id: UUID, by: Identity, is_he: bool, key: UUID | None = None) -> str:
    """It is he (or kin of the party's): the wall stands. It is somebody else: the wall is lifted, and the same name sets it no more.

    Returns "confirmed" or "rejected".
    """
    row = Wall.objects.visible_to(by).filter(pk=wall_id, reason="name").first()
    if row is None:
        raise NotFound
    if not row.is_provisional:
        raise DomainError("decided", _("This was decided already."))

    def write(act: Act[Wall]) -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT caremgmt_wall_namesake(%s::uuid, %s)", [wall_id, is_he])
            outcome = str(cursor.fetchone()[0])
        workitems.finish((DECIDE, OVERDUE), source_id=wall_id)
        act.detail |= {"outcome": outcome}
        return outcome

    return engine.create("wall.namesake", by=by, row=row, write=write, also=[wall_id], key=key)


def subjects(by: Identity, sources: Sequence[UUID]) -> Sequence[registry.SubjectRows]:
    """Of a match: as whom the party stands in the case. Nothing of the case, and no name."""
    rows = Wall.objects.visible_to(by).filter(pk__in=sources, reason="name")
    return [registry.SubjectRows(rows, words=["party_role"], say=lambda role: PartyRole(role).label if role else "")]
