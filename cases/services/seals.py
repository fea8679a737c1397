"""A case of staff, or one that the director decides on, exists for named people only."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.enums import Role
from agencies.identities import CONTACT_ROLES, in_force
from agencies.models import Office, RoleGrant, User
from cases import registry
from cases.enums import OPEN_STATUSES, SealReason
from cases.models import Case, Seal, SealMember, WorkItem
from cases.services import access, guards, workitems
from core import engine
from core.engine import Act
from core.errors import DomainError, NotAllowed, NotFound
from core.identity import Identity, acting_as, as_verb, worker_identity


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


def _shut_out(case: Case) -> Q:
    """Work of those for whom the case does not exist (as `caremgmt_walled()` says it): not named, of its office or answering calls; any desk."""
    staff = RoleGrant.objects.filter(Q(office_id=case.office_id) | Q(role__in=sorted(CONTACT_ROLES)))
    unnamed = set(staff.values_list("user_id", flat=True)) - _named(case)
    return Q(owner_user_id__in=unnamed) | Q(owner_group_id__in=set(Office.objects.values_list("group_id", flat=True)))


def _named(case: Case) -> set[UUID]:
    rows = SealMember.objects.filter(case_id=case.pk, until__isnull=True, seal__lifted_at__isnull=True)
    return set(rows.values_list("user_id", flat=True))


def _is_left(case: Case) -> bool:
    owed = WorkItem.objects.filter(_shut_out(case), case=case, done_at__isnull=True)
    return owed.exists() or (case.manager_id is not None and case.manager_id not in _named(case))


def unsettled() -> list[UUID]:
    """Open sealed cases on which somebody owes something who does not see it, or whose manager does not."""
    with acting_as(worker_identity("seals")):
        sealed = Seal.objects.filter(lifted_at__isnull=True).values("case_id")
        cases = Case._base_manager.filter(pk__in=sealed, status__in=OPEN_STATUSES)
        return [case.pk for case in cases.order_by("pk") if _is_left(case)]


def settle(case_id: UUID) -> bool:
    """What they owed is owed by the named managers now: a callback of the desk too, and without a manager the choice of one.

    As the worker; safe to run twice. True when this call did it.
    """
    with acting_as(worker_identity("seals")):
        seal = Seal.objects.filter(case_id=case_id, lifted_at__isnull=True).select_related("case").first()
        if seal is None or not _is_left(seal.case):
            return False
        theirs, named = _shut_out(seal.case), _named(seal.case)  # asked before the verb, which reads no seals
        with as_verb([case_id]):
            case = Case._base_manager.select_for_update().get(pk=case_id)
            if not case.is_open:
                return False
            owed = WorkItem.objects.filter(theirs, case=case, done_at__isnull=True)
            owed.update(owner_user_id=None, owner_group_id=None, owner_role=Role.MANAGER)
            if case.manager_id is not None and case.manager_id not in named:
                case.manager_id = None
                access.end_managing(case_id=case.pk)
                case.version += 1
                case.save(update_fields=["manager_id", "version"])
                workitems.open_item(
                    "wall.left",
                    office_id=case.office_id,
                    source_id=seal.pk,
                    case=case,
                    owner_role=Role.MANAGER,
                    urgent=True,
                )
            workitems.ensure_next_step(case.pk)
    return True
