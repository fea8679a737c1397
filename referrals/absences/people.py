"""Who works with the letters of a unit, and who of them sees to it that nothing is left lying."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count, QuerySet

from agencies.enums import Role
from agencies.identities import in_force
from agencies.models import RoleGrant, Unit, User
from core.identity import Identity

LIAISON_ROLES = (Role.LIAISON, Role.AID_OFFICER)


def own_units(by: Identity) -> QuerySet[Unit]:
    """The units whose letters `by` works with."""
    return Unit.objects.filter(group_id__in=by.groups, is_active=True).order_by("region_id", "short_name")


def members(unit: Unit) -> QuerySet[User]:
    """Those who work with the unit's letters today, by name."""
    held = in_force(RoleGrant.objects.filter(unit=unit, role__in=LIAISON_ROLES))
    return User.objects.filter(pk__in=held.values("user_id"), is_active=True).order_by("name", "pk")


def heads(unit: Unit) -> set[UUID]:
    """The unit's designated members."""
    held = in_force(unit.role_grants.filter(role__in=LIAISON_ROLES, is_designated=True, user__is_active=True))
    return set(held.values_list("user_id", flat=True))


def headed(by: Identity) -> set[UUID]:
    """The units whose designated member `by` is. One query."""
    held = in_force(RoleGrant.objects.filter(user_id=by.person_id, role__in=LIAISON_ROLES, is_designated=True))
    return set(held.filter(unit__group_id__in=by.groups).values_list("unit_id", flat=True))


def sizes(units: Iterable[Unit]) -> dict[UUID, int]:
    """How many people work with the letters of each unit. One query."""
    held = in_force(RoleGrant.objects.filter(unit__in=list(units), role__in=LIAISON_ROLES, user__is_active=True))
    counted = held.order_by().values("unit_id").annotate(people=Count("user_id", distinct=True))
    return dict(counted.values_list("unit_id", "people"))


def is_head(by: Identity, unit: Unit) -> bool:
    """Whether `by` is the unit's designated member."""
    return unit.group_id in by.groups and by.user_id in heads(unit)
