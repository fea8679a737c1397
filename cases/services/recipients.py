"""Whom a work item's bell rings for."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from agencies.enums import Role
from agencies.identities import CONTACT_ROLES, in_force
from agencies.models import Office, RoleGrant, Unit, User
from cases.models import AccessGrant, Seal, SealMember, Wall, WorkItem
from core import clock


def recipients(item: WorkItem) -> list[UUID]:
    """Ids of the active users who can carry the item out: its person, the members of its unit or desk, the holders of its role.
    Whose post has ended carries nothing out any more: the centre's own are told instead.

    Nobody behind a wall of the case is told, and of a matter that is no case nobody but its owner. The second reminder tells the office's director too, and what nobody can carry out its managers.
    """
    if item.owner_user_id:
        wanted = {item.owner_user_id} if item.matter_id or _is_in_post(item, item.owner_user_id) else set()
    elif item.owner_group_id:
        wanted = _members(item.owner_group_id)
    else:
        held = _held_today().filter(office_id=item.office_id, role=item.owner_role)
        wanted = set(held.values_list("user_id", flat=True))
    walled = _walled(item.case_id)
    wanted = set(User.objects.filter(pk__in=wanted - walled, is_active=True).values_list("pk", flat=True))
    if item.matter_id:
        return sorted(wanted, key=str)  # it may be about anybody else
    if item.reminders > 1:  # late for a day: the one above is told as well
        wanted |= _staff(item.office_id, [Role.DIRECTOR]) - walled
    # Nobody is left who could carry it out: those who answer for the case are told, or it would be owed by nobody.
    return sorted(wanted or _staff(item.office_id, [Role.MANAGER, Role.DIRECTOR]) - walled, key=str)


def holders(case_id: UUID, *, group_id: int | None, user_id: UUID | None) -> list[UUID]:
    """Ids of the active users for whom an access was given, to a unit or to one of them; nobody behind a wall of the case."""
    wanted = {user_id} if user_id else _members(group_id) if group_id else set()
    active = User.objects.filter(pk__in=wanted - _walled(case_id), is_active=True)
    return sorted(active.values_list("pk", flat=True), key=str)


def _held_today() -> QuerySet[RoleGrant]:
    today = clock.today()
    held = RoleGrant.objects.filter(since__lte=today, user__is_active=True)
    return held.filter(Q(until__isnull=True) | Q(until__gte=today))


def _is_in_post(item: WorkItem, owner: UUID) -> bool:
    """Whether the item's person still holds the post for which it is hers: at its office, in the unit for which the case is open to her, or above."""
    held = RoleGrant.objects.filter(user_id=owner)
    posts = in_force(held)
    if posts.filter(office_id=item.office_id).exists():
        return True
    groups: set[int | None] = set()
    if item.case_id:
        given = AccessGrant.objects.filter(case_id=item.case_id, user_id=owner, withdrawn_at__isnull=True)
        groups = set(given.values_list("member_of", flat=True)) - {None}
    if groups:
        return posts.filter(unit__group_id__in=[one for one in groups if one]).exists()
    return posts.exists() and not held.filter(office_id=item.office_id).exists()


def _members(group_id: int) -> set[UUID]:
    """Who works with what comes to a unit, or to a desk."""
    unit = Unit.objects.filter(group_id=group_id).first()
    if unit:
        held = _held_today().filter(unit=unit, role__in=["liaison", "aid_officer"])
    else:
        office = Office.objects.filter(group_id=group_id).first()
        held = _held_today().filter(office=office, role__in=["operator", "shift_supervisor"])
    return set(held.values_list("user_id", flat=True))


def _staff(office_id: UUID, roles: list[Role]) -> set[UUID]:
    held = in_force(RoleGrant.objects.filter(office_id=office_id, role__in=roles, user__is_active=True))
    return set(held.values_list("user_id", flat=True))


def _walled(case_id: UUID | None) -> set[UUID]:
    """Everybody for whom the case does not exist: behind a wall, by name or with the whole unit or desk, or not named by its seal."""
    if case_id is None:
        return set()
    walls = list(Wall.objects.filter(case_id=case_id, lifted_at__isnull=True).values_list("user_id", "group_id"))
    groups = [group for _user, group in walls if group is not None]
    members = RoleGrant.objects.filter(Q(unit__group_id__in=groups) | Q(office__group_id__in=groups)).values_list(
        "user_id", flat=True
    )
    return {user for user, _group in walls if user is not None} | set(members) | _sealed_out(case_id)


def _sealed_out(case_id: UUID) -> set[UUID]:
    """Of a sealed case: the staff of its office and of every desk who are not named (as `caremgmt_walled()` says it)."""
    seal = Seal.objects.filter(case_id=case_id, lifted_at__isnull=True).first()
    if seal is None:
        return set()
    named = SealMember.objects.filter(seal=seal, until__isnull=True).values_list("user_id", flat=True)
    answering = Q(role__in=sorted(CONTACT_ROLES)) | Q(office_id=seal.office_id)
    staff = RoleGrant.objects.filter(answering).values_list("user_id", flat=True)
    return set(staff) - set(named)
