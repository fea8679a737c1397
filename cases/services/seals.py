"""A case of staff, or one that the director decides on, exists for named people only."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from agencies.enums import Role
from agencies.identities import in_force
from agencies.models import RoleGrant, User
from cases import registry
from cases.enums import SealReason
from cases.models import Case, Seal, SealMember
from cases.services import guards, workitems
from core import engine
from core.engine import Act
from core.errors import DomainError, NotAllowed, NotFound
from core.identity import Identity


def member_choices(case: Case):  # type: ignore[no-untyped-def]
    """Those of the case's centre who can be named."""
    roles = [Role.MANAGER, Role.DIRECTOR, Role.EXPERT, Role.KEEPER]
    held = in_force(RoleGrant.objects.filter(office_id=case.office_id, role__in=roles))
    return User.objects.filter(pk__in=held.values("user_id"), is_active=True).order_by("name")


def seal_of(case_id: UUID, by: Identity) -> Seal | None:
    """The seal in force on a case, for its director; for another of the named while its lifting is asked for."""
    return Seal.objects.visible_to(by).filter(case_id=case_id, lifted_at__isnull=True).first()


def members_of(seal: Seal, by: Identity) -> list[SealMember]:
    """Who is named now."""
    rows = SealMember.objects.visible_to(by).filter(seal=seal, until__isnull=True)
    return list(rows.select_related("user").order_by("user__name"))


def _directed(case_id: UUID, by: Identity) -> Case:
    case = Case.objects.visible_to(by).filter(pk=case_id).first()
    if case is None:
        raise NotFound
    guards.is_director(case, by)
    return case


def case_seal(*, case_id: UUID, by: Identity, named: Iterable[UUID], key: UUID | None = None) -> Seal:
    """Seal a case to these people and the director who does it, or name others. Raises DomainError without a manager among them."""
    case = _directed(case_id, by)
    members = {*named, by.person_id}
    row = seal_of(case_id, by) or Seal(case=case, office_id=case.office_id, reason=SealReason.DECISION)

    def write(act: Act[Seal]) -> Seal:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT caremgmt_seal(%s::uuid, %s::uuid[], %s)",
                [case.pk, sorted(map(str, members)), SealReason.DECISION],
            )
            made = cursor.fetchone()[0]
        if made is None:
            raise DomainError(
                "no_manager", _("Name at least one case manager: somebody has to act for her."), field="named"
            )
        row.pk = made
        registry.end_with(act, case)
        return row

    return engine.create("case.seal", by=by, row=row, write=write, key=key)


def case_unseal(*, case_id: UUID, by: Identity, agreed: bool = True, key: UUID | None = None) -> str:
    """The director asks to open the case to the whole centre again; another of the named agrees, or lets the seal stand (`agreed` false).

    Where the named have no second manager or director the asking lifts it. Returns "asked", "lifted" or "kept"; NotFound where no seal is seen.
    """
    row = Seal.objects.visible_to(by).select_related("case").filter(case_id=case_id, lifted_at__isnull=True).first()
    if row is None:
        raise NotFound
    if row.lift_asked_at is None:
        guards.is_director(row, by)
    elif row.lift_asked_by_id == by.user_id and agreed:
        raise NotAllowed("own_act", _("Somebody else has to agree: nobody approves an own act."))

    def write(act: Act[Seal]) -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT caremgmt_unseal(%s::uuid, %s)", [case_id, agreed])
            outcome = str(cursor.fetchone()[0])
        if outcome == "asked":
            workitems.open_item(
                "seal.lift", office_id=row.office_id, source_id=row.pk, case=row.case, owner_role=Role.MANAGER
            )
        else:
            workitems.finish("seal.lift", source_id=row.pk)
        act.detail |= {"outcome": outcome}
        return outcome

    return engine.create("case.unseal", by=by, row=row, write=write, key=key)
