"""Posts: a role is given at a place for a time, and ended. Rows stay; of a post that began anew the audit holds the days of before."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from agencies.enums import AT_OFFICE, AT_REGION, AT_UNIT, Level, OfficeKind, Role, UnitKind
from agencies.identities import DESK_ROLES, in_force
from agencies.models import Office, Region, RoleGrant, Unit, User
from agencies.services.two_people import carry_out
from core import clock
from core.errors import DomainError

Place = Office | Unit | Region
FOR_UNITS = {Role.LIAISON, Role.AID_OFFICER}  # who receives what is sent to a unit
_OF_THE_PROVINCE = {Role.PROVINCE, Role.AUDITOR, Role.SYSTEM}


def role_give(
    *, user: User, role: Role, place: Place, by: User, second: User, since: dt.date | None = None, until: dt.date | None = None,
    is_designated: bool = False,
) -> RoleGrant:  # fmt: skip
    """Give a role at a place, from a day (default: today) to a last day (default: until it is ended). Raises DomainError, NotAllowed."""
    today = clock.today()
    since = since or today
    if not user.is_active:
        raise DomainError("suspended", _("This account is switched off."))
    _check_place(role, place, today)
    if since < today or (until is not None and until < since):
        raise DomainError(
            "bad_days", _("A post begins today or later, and does not end before it has begun."), field="since"
        )
    if is_designated:
        _check_designated(role, place, user)
    grant = RoleGrant.objects.filter(user=user, role=role, **_at(place)).first()
    if grant is None:
        grant = RoleGrant(user=user, role=role, **_at(place))
    elif grant.until is None or grant.until >= today:
        raise DomainError("held", _("This post is held already."))
    grant.since, grant.until, grant.is_designated = since, until, is_designated  # a post that had ended begins anew
    row = grant

    def write() -> RoleGrant:
        row.save()
        if group := _group(role, place):
            user.groups.add(group)
        return row

    detail = _detail(grant, place)
    return carry_out("role.give", about=user, by=by, second=second, write=write, detail=detail)


def role_end(
    *, user: User, role: Role, place: Place, by: User, second: User, last_day: dt.date | None = None
) -> RoleGrant:
    """End a post at once, or with a last day to come. Raises DomainError, NotAllowed."""
    today = clock.today()
    ends = last_day or today - dt.timedelta(days=1)
    grant = RoleGrant.objects.filter(user=user, role=role, **_at(place)).first()
    if grant is None or (grant.until is not None and grant.until < today):
        raise DomainError("not_held", _("This post is not held."))
    if last_day is not None and (last_day < today or (grant.until is not None and last_day >= grant.until)):
        raise DomainError(
            "bad_days", _("The last day is today or later, and earlier than the one that stands."), field="until"
        )
    grant.until = ends
    row = grant

    def write() -> RoleGrant:
        row.save(update_fields=["until"])
        # With a day to come the group stays until then: what somebody may do is asked of the posts in force.
        if last_day is None and (group := _group(role, place)) and not _holds_another(row, place):
            user.groups.remove(group)
        return row

    detail = _detail(grant, place)
    return carry_out("role.end", about=user, by=by, second=second, write=write, detail=detail)


def _at(place: Place) -> dict[str, Place | None]:
    named = "office" if isinstance(place, Office) else "unit" if isinstance(place, Unit) else "region"
    return {"office": None, "unit": None, "region": None} | {named: place}


def _group(role: Role, place: Place) -> int | None:
    """The group whose letters and contacts come with the post."""
    if isinstance(place, Unit) and role in FOR_UNITS:
        return place.group_id
    return place.group_id if isinstance(place, Office) and role in DESK_ROLES else None


def _holds_another(ended: RoleGrant, place: Place) -> bool:
    others = in_force(RoleGrant.objects.filter(user=ended.user, **_at(place))).exclude(pk=ended.pk)
    return any(_group(Role(role), place) for role in others.values_list("role", flat=True))


def _detail(grant: RoleGrant, place: Place) -> dict[str, str]:
    days = {"since": grant.since.isoformat()} | ({"until": grant.until.isoformat()} if grant.until else {})
    return {"role": grant.role, "place": str(place.pk)} | days


def _check_designated(role: Role, place: Place, user: User) -> None:
    if role not in FOR_UNITS or not isinstance(place, Unit):
        raise DomainError("not_designated", _("Only who receives letters for a unit is its designated member."))
    named = in_force(RoleGrant.objects.filter(unit=place, role__in=FOR_UNITS, is_designated=True, user__is_active=True))
    if named.exclude(user=user).exists():
        raise DomainError("designated_taken", _("This unit has a designated member already. End that post first."))


def _check_place(role: Role, place: Place, today: dt.date) -> None:
    if not _fits(role, place):
        raise DomainError("wrong_place", _("This role is not held at such a place."), field="place")
    gone = (isinstance(place, Unit) and not place.is_active) or (
        isinstance(place, Office) and place.closed_on is not None and place.closed_on <= today
    )
    if gone:
        raise DomainError("closed_place", _("This centre, desk or unit takes no more work."), field="place")


def _fits(role: Role, place: Place) -> bool:
    if isinstance(place, Office):
        kind = OfficeKind.DESK if role in DESK_ROLES else OfficeKind.CENTRE
        return role in AT_OFFICE and place.kind == kind
    if isinstance(place, Unit):
        return role in AT_UNIT and (role != Role.AID_OFFICER or place.kind == UnitKind.LEGAL_AID)
    if role in _OF_THE_PROVINCE:
        return place.level == Level.PROVINCE
    return role in AT_REGION and place.level != Level.TOWNSHIP
