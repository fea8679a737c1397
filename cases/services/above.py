"""Who decides where nobody of a centre may: the named reviewer of the level above (nobody approves an own act)."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from agencies.enums import Role
from agencies.identities import in_force
from agencies.models import Office, RoleGrant


def colleagues(users: Iterable[UUID | None]) -> set[UUID]:
    """These people and all who hold a role at one of their centres or desks: superiors, subordinates, colleagues."""
    wanted = {user for user in users if user}
    offices = RoleGrant.objects.filter(user_id__in=wanted, office__isnull=False).values("office_id")
    return wanted | set(RoleGrant.objects.filter(office_id__in=offices).values_list("user_id", flat=True))


def above(office: Office, *, but: Iterable[UUID] = ()) -> UUID | None:
    """The supervisor of the nearest region around a centre, else the province's administrator, who is none of `but`."""
    held = in_force(RoleGrant.objects.filter(role__in=[Role.SUPERVISOR, Role.PROVINCE], user__is_active=True))
    held = held.exclude(user_id__in=list(but)).select_related("region").order_by("since", "pk")
    around = [one for one in held if one.region and office.region_id.startswith(one.region.prefix)]
    around.sort(key=lambda one: (one.role != Role.SUPERVISOR, -len(one.region.prefix)))  # type: ignore[union-attr]
    return around[0].user_id if around else None


def directors_of(office_id: UUID) -> set[UUID]:
    """The active directors of a centre today."""
    held = in_force(RoleGrant.objects.filter(office_id=office_id, role=Role.DIRECTOR, user__is_active=True))
    return set(held.values_list("user_id", flat=True))
