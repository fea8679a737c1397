"""Another centre that is asked for something on a case: which can be, and who there may answer."""

from __future__ import annotations

from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from agencies.enums import Role
from agencies.identities import in_force
from agencies.models import Office, RoleGrant, User
from cases.models import Case
from core import clock, engine
from core.errors import DomainError
from core.identity import Identity


def centre_choices(case: Case):  # type: ignore[no-untyped-def]
    """The centres in operation that can be asked: all but the case's own."""
    return Office.objects.centres().in_operation(clock.today()).exclude(pk=case.office_id)


def taker_choices(office_id: UUID):  # type: ignore[no-untyped-def]
    """Those of a centre who may manage what it takes on."""
    held = in_force(RoleGrant.objects.filter(office_id=office_id, role__in=[Role.MANAGER, Role.DIRECTOR]))
    return User.objects.filter(pk__in=held.values("user_id"), is_active=True)


def is_another_centre(place: Office) -> engine.Guard:
    """A guard: `place` is a centre that can be asked."""

    def check(case: Case, by: Identity) -> None:
        if not centre_choices(case).filter(pk=place.pk).exists():
            raise DomainError("no_such_centre", _("Choose another centre that is in operation."), field="to_office")

    return check


def check_takers(case: Case, place: Office) -> None:
    """Somebody there must be able to know of the case; a sealed one is for named people of its own centre alone. Inside a verb on the case."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT caremgmt_transfer_takers(%s::uuid, %s::uuid)", [case.pk, place.pk])
        takers = cursor.fetchone()[0]
    if takers == "sealed":
        raise DomainError(
            "sealed",
            _("The case is open to named people of your centre only. The director lifts the seal first."),
        )
    if takers == "none":
        raise DomainError("no_taker", _("This centre cannot take the matter on. Ask another one."), field="to_office")


__all__ = ["centre_choices", "check_takers", "is_another_centre", "taker_choices"]
