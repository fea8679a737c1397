"""回避: who must not know of a case; set at once, lifted by two, and never told."""

from __future__ import annotations

from uuid import UUID

from django.db import connection
from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.enums import Role
from agencies.identities import in_force
from agencies.models import RoleGrant, Unit, User
from cases.enums import OPEN_STATUSES, CaseStatus, WallReason
from cases.models import AccessGrant, Case, Wall, WorkItem
from cases.services import access, guards, namesakes, workitems
from core import clock, engine
from core.engine import Act
from core.errors import DomainError, NotAllowed, NotFound
from core.identity import Identity, acting_as, as_verb, worker_identity

PROVISIONAL = (WallReason.NAME, WallReason.MATCH)  # what a name had said, and what has become certain since


def may_wall(case: Case, by: Identity) -> bool:
    """The director; at intake the case's managers as well."""
    return case.office_id in by.director_offices or (
        case.office_id in by.case_offices and case.status == CaseStatus.RECEIVED
    )


def involved_units(case: Case) -> QuerySet[Unit]:
    """The units that were ever given something of the case: a letter, an invitation, an application."""
    held = AccessGrant.objects.filter(case_id=case.pk, group__isnull=False).values("group_id")
    return Unit.objects.filter(group_id__in=held).select_related("region")


def near_units(case: Case) -> QuerySet[Unit]:
    """The units that a letter of the case would usually go to: those of the centre's county, of the prefecture and the province above it."""
    county = case.office.region_id[:6]
    near = Q(region__code__startswith=county) | Q(region_id__in=[f"{county[:4]}00", f"{county[:2]}0000"])
    return Unit.objects.filter(near, is_active=True).select_related("region")


def farther_units(case: Case) -> QuerySet[Unit]:
    """The other units of the prefecture: he may work at one, and a letter may be passed on to it."""
    within = Unit.objects.filter(region__code__startswith=case.office.region_id[:4], is_active=True)
    return within.exclude(pk__in=near_units(case).values("pk"))


def person_choices(case: Case):  # type: ignore[no-untyped-def]
    """People who could come near the case: those with a role at an office or unit of its prefecture."""
    prefix = case.office.region_id[:4]
    held = RoleGrant.objects.filter(
        Q(office__region__code__startswith=prefix) | Q(unit__region__code__startswith=prefix)
    )
    posts = Prefetch("role_grants", in_force(RoleGrant.objects.select_related("office", "unit").order_by("since")))
    people = User.objects.filter(pk__in=held.values("user_id"), is_active=True)
    return people.prefetch_related(posts).order_by("name")


def _case_for(case_id: UUID, by: Identity) -> Case:
    case = Case.objects.visible_to(by).select_related("office").filter(pk=case_id).first()
    if case is None:
        raise NotFound
    guards.is_manager(case, by)
    return case


def wall_set(
    *,
    case_id: UUID,
    by: Identity,
    reason: str,
    unit: Unit | None = None,
    person: User | None = None,
    key: UUID | None = None,
) -> Wall:
    """Put one unit or one person behind a wall of a case, open or closed. What they owed goes to others by `settle`.

    Raises DomainError when nobody at the centre would be left to handle the case.
    """
    case = _case_for(case_id, by)
    # a director who is the conflict is walled off by any other manager: he could not do it for himself
    directs = (
        person is not None
        and RoleGrant.objects.filter(user=person, office_id=case.office_id, role=Role.DIRECTOR).exists()
    )
    if not (may_wall(case, by) or directs):
        raise NotAllowed("not_director", _("Only the centre's director may do this."))
    row = Wall(
        case=case, office_id=case.office_id, group_id=unit.group_id if unit else None, user=person, reason=reason
    )

    def write(act: Act[Wall]) -> Wall:
        made = access.wall(case_id=case.pk, reason=WallReason(reason), group_id=row.group_id, user_id=row.user_id)
        if made is None:
            raise DomainError(
                "nobody_left",
                _("Nobody at the centre would be left to handle the case. Name another manager first."),
                field="unit" if unit else "person",
            )
        workitems.finish(("wall.lift", namesakes.DECIDE, namesakes.OVERDUE), source_id=made)
        if unit:
            workitems.finish("wall.asked", source_id=case.pk)
        act.detail |= {"reason": reason}
        row.pk = made
        return row

    return engine.create("wall.set", by=by, row=row, write=write, key=key)


def wall_lift(*, wall_id: UUID, by: Identity, agreed: bool = True, key: UUID | None = None) -> str:
    """The director asks to lift a wall; a second person of the centre agrees, or lets it stand (`agreed` false).

    Where the centre has no second person the asking lifts it. Returns "asked", "lifted" or "kept".
    """
    row = Wall.objects.visible_to(by).select_related("case").filter(pk=wall_id, lifted_at__isnull=True).first()
    if row is None:
        raise NotFound
    if row.lift_asked_at is None:
        guards.is_director(row, by)
    elif row.lift_asked_by_id == by.user_id and agreed:
        raise NotAllowed("own_act", _("Somebody else has to agree: nobody approves an own act."))

    def write(act: Act[Wall]) -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT caremgmt_wall_lift(%s::uuid, %s)", [wall_id, agreed])
            outcome = str(cursor.fetchone()[0])
        if outcome == "asked":
            workitems.open_item(
                "wall.lift", office_id=row.office_id, source_id=wall_id, case=row.case, owner_role=Role.MANAGER
            )
        else:
            workitems.finish("wall.lift", source_id=wall_id)
        act.detail |= {"outcome": outcome}
        return outcome

    return engine.create("wall.lift", by=by, row=row, write=write, key=key)


def kin_reported(*, case_id: UUID, by: Identity) -> None:
    """Whoever was about to send says that the respondent or his kin work there: the director decides on a wall. Once while it waits."""
    case = _case_for(case_id, by)
    guards.is_open(case, by)

    def write(act: Act[Case]) -> None:
        workitems.open_item(
            "wall.asked", office_id=case.office_id, source_id=case.pk, case=case, owner_role=Role.DIRECTOR, urgent=True
        )

    engine.create("wall.asked", by=by, row=case, write=write)


def unsettled() -> list[UUID]:
    """Walls whose consequences have not been drawn yet, oldest first."""
    with acting_as(worker_identity("walls")):
        rows = Wall.objects.filter(settled_at__isnull=True)
        # a namesake's wall of a closed case waits for its reopening
        waiting = Q(reason=WallReason.NAME, confirmed_at__isnull=True, lifted_at__isnull=True) & ~Q(
            case__status__in=OPEN_STATUSES
        )
        return list(rows.exclude(waiting).order_by("since").values_list("pk", flat=True)[:500])


def settle(wall_id: UUID) -> bool:
    """What the walled one owed on an open case goes to the centre's managers, who are told to reassign it or recall the letters.

    As the worker; safe to run twice. True when this call did it.
    """
    with acting_as(worker_identity("walls")):
        wall = Wall.objects.filter(pk=wall_id, settled_at__isnull=True).first()
        if wall is None:
            return False
        owed = namesakes.who_decides(wall) if wall.reason in PROVISIONAL else None
        with as_verb([wall.case_id, wall.pk]):
            case = Case._base_manager.select_for_update().get(pk=wall.case_id)
            if case.is_open:
                _reassign(case, wall)
                workitems.ensure_next_step(case.pk)
            if wall.reason in PROVISIONAL:
                namesakes.owe(wall, case, owed)
                if wall.is_provisional and not case.is_open:
                    return False  # asked for once the case is open again
        return bool(Wall.objects.filter(pk=wall_id, settled_at__isnull=True).update(settled_at=clock.now()))


def _reassign(case: Case, wall: Wall) -> None:
    owed = WorkItem.objects.filter(case=case, done_at__isnull=True)
    left = owed.filter(owner_group_id=wall.group_id).exists() if wall.group_id else False
    if wall.user_id:
        left = bool(owed.filter(owner_user_id=wall.user_id).update(owner_user_id=None, owner_role=Role.MANAGER))
        if case.manager_id == wall.user_id:
            left = True
            case.manager_id = None
            access.end_managing(case_id=case.pk)
            case.version += 1
            case.save(update_fields=["manager_id", "version"])
    if left:
        workitems.open_item(
            "wall.left", office_id=case.office_id, source_id=wall.pk, case=case, owner_user_id=case.manager_id,
            owner_role="" if case.manager_id else Role.MANAGER, urgent=True,
        )  # fmt: skip
