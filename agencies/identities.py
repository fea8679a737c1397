"""How a user becomes an identity: roles in force, with the offices, groups and regions where they are held."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from agencies.enums import Role
from agencies.models import RoleGrant, User
from agencies.programs import Program
from core import clock
from core.identity import Identity

CASE_ROLES = {Role.MANAGER, Role.DIRECTOR}
CONTACT_ROLES = {Role.OPERATOR, Role.SHIFT_SUPERVISOR, Role.MANAGER, Role.DIRECTOR}
DESK_ROLES = {Role.OPERATOR, Role.SHIFT_SUPERVISOR}
# The role that stands in the log when several are held: the one nearest to people first.
PRECEDENCE = [
    Role.DIRECTOR, Role.MANAGER, Role.OPERATOR, Role.SHIFT_SUPERVISOR, Role.LIAISON, Role.KEEPER, Role.AID_OFFICER, Role.EXPERT,
    Role.FIELD_WORKER, Role.SUPERVISOR, Role.PROVINCE, Role.AUDITOR, Role.SYSTEM,
]  # fmt: skip


def in_force(grants: QuerySet[RoleGrant]) -> QuerySet[RoleGrant]:
    """Those of today."""
    today = clock.today()
    return grants.filter(since__lte=today).filter(Q(until__isnull=True) | Q(until__gte=today))


def roles_in_force(user: User) -> list[RoleGrant]:
    """The user's role grants of today, with their places."""
    return list(in_force(RoleGrant.objects.filter(user=user)).select_related("office", "unit", "region"))


def identity_of_user(user: Any) -> Identity:
    """The identity of an active user (one query, none where the session has read the roles already), or of an agency's system."""
    if isinstance(user, Program):
        return user.identity()
    read = getattr(user, "roles_read", None)
    grants: list[RoleGrant] = roles_in_force(user) if read is None else read
    user.held_roles = grants  # the shell and the profile show them without asking again
    case_offices: set[UUID] = set()
    contact_offices: set[UUID] = set()
    director_offices: set[UUID] = set()
    keeper_offices: set[UUID] = set()
    groups: set[int] = set()
    regions: set[str] = set()
    flags: set[str] = set()
    agency = ""
    for grant in grants:
        role = Role(grant.role)
        agency = agency or str(grant.office.name if grant.office else grant.unit.name if grant.unit else grant.region)
        if grant.office_id:
            if role in CASE_ROLES:
                case_offices.add(grant.office_id)
            if role in CONTACT_ROLES:
                contact_offices.add(grant.office_id)
            if role == Role.DIRECTOR:
                director_offices.add(grant.office_id)
            if role == Role.KEEPER:
                keeper_offices.add(grant.office_id)
            if role in DESK_ROLES and grant.office:
                groups.add(grant.office.group_id)
        if grant.unit and role in {Role.LIAISON, Role.AID_OFFICER}:
            groups.add(grant.unit.group_id)
        if role in {Role.SUPERVISOR, Role.PROVINCE} and grant.region:
            regions.add(grant.region.prefix)
        if role in {Role.PROVINCE, Role.AUDITOR, Role.SYSTEM}:
            flags.add(role.value)
    held = {Role(grant.role) for grant in grants}
    acting = next((role.value for role in PRECEDENCE if role in held), "")
    return Identity(
        kind="user", user_id=user.pk, name=user.name, role=acting, agency=agency, roles=frozenset(role.value for role in held),
        case_offices=frozenset(case_offices), contact_offices=frozenset(contact_offices), director_offices=frozenset(director_offices),
        keeper_offices=frozenset(keeper_offices), groups=frozenset(groups), regions=frozenset(regions), flags=frozenset(flags),
    )  # fmt: skip
