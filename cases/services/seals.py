"""A case of staff, or one that the director decides on, exists for named people only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.enums import Role
from agencies.identities import CONTACT_ROLES, in_force
from agencies.models import Office, RoleGrant, User
from cases import registry
from cases.enums import OPEN_STATUSES, SealReason
from cases.models import Case, Seal, SealMember, Wall, WorkItem
from cases.services import access, guards, workitems
from cases.services.above import above
from core import engine
from core.engine import Act
from core.errors import DomainError, NotAllowed, NotFound
from core.identity import Identity, acting_as, as_verb, worker_identity

EMPTY = "seal.empty"  # the level above's: nobody at a centre can act on a sealed case


def subjects(by: Identity, sources: Sequence[UUID]) -> Sequence[registry.SubjectRows]:
    """Of a centre where nobody can act: which one it is."""
    return [registry.SubjectRows(Office.objects.filter(pk__in=sources), words=["short_name"])]


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


def _is_acted_on(case: Case) -> bool:
    """Whether one of the named can handle it: a manager or director in office, behind no wall of the case."""
    walled = Wall.objects.filter(case_id=case.pk, lifted_at__isnull=True, user__isnull=False).values("user_id")
    held = RoleGrant.objects.filter(
        office_id=case.office_id, role__in=[Role.MANAGER, Role.DIRECTOR], user_id__in=_named(case), user__is_active=True
    )
    return in_force(held).exclude(user_id__in=walled).exists()


def _of_staff(**which: UUID) -> list[Case]:
    """Open cases whose seal named its people by itself. Whom a director's own seal leaves out stays left out, whoever goes."""
    sealed = Seal.objects.filter(lifted_at__isnull=True, reason=SealReason.STAFF).values("case_id")
    return list(Case._base_manager.select_related("office").filter(pk__in=sealed, status__in=OPEN_STATUSES, **which))


def _asked(office_ids: Iterable[UUID]) -> set[UUID]:
    """The centres of which the level above knows that nobody there can act."""
    items = WorkItem.objects.filter(kind=EMPTY, source_id__in=set(office_ids), done_at__isnull=True)
    return set(items.values_list("source_id", flat=True))


def unsettled() -> list[UUID]:
    """Open sealed cases on which somebody owes something who does not see it, whose manager does not, or on which nobody can act (any more, or again)."""
    with acting_as(worker_identity("seals")):
        of_staff = _of_staff()
        empty = {case.pk: case.office_id for case in of_staff if not _is_acted_on(case)}
        over = _asked(case.office_id for case in of_staff) - set(empty.values())
        owing = {case.pk for case in of_staff if case.pk in empty or case.office_id in over}
        sealed = Seal.objects.filter(lifted_at__isnull=True).values("case_id")
        cases = Case._base_manager.filter(pk__in=sealed, status__in=OPEN_STATUSES)
        return [case.pk for case in cases.order_by("pk") if case.pk in owing or _is_left(case)]


def _ask_above(case: Case) -> UUID | None:
    """Who is to see that somebody can act at the centre: nobody who works there. None where it was asked already, or nobody is above."""
    if _asked([case.office_id]):
        return None
    staff = RoleGrant.objects.filter(office_id=case.office_id).values_list("user_id", flat=True)
    return above(case.office, but=set(staff))


def _find_heirs(case: Case) -> bool:
    """Name whoever holds a post there by now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT caremgmt_seal_heirs(%s::uuid)", [case.pk])
        return bool(cursor.fetchone()[0])


def _fill(case: Case) -> bool:
    """Somebody at the centre, or the level above, is to act on a sealed case on which nobody could; and nobody is asked who need not be."""
    is_new = not _is_acted_on(case) and _find_heirs(case)
    is_acted_on = _is_acted_on(case)
    reviewer = None if is_acted_on else _ask_above(case)
    over = bool(_asked([case.office_id])) and all(map(_is_acted_on, _of_staff(office_id=case.office_id)))
    if not (is_new or reviewer or over):
        return False
    with as_verb([case.pk, case.office_id]):
        if reviewer is not None:  # of the centre alone, and nothing of the case: who the client is could be guessed
            workitems.open_item(
                EMPTY, office_id=case.office_id, source_id=case.office_id, matter_id=case.office_id, owner_user_id=reviewer, urgent=True
            )  # fmt: skip
        if over:
            workitems.finish(EMPTY, source_id=case.office_id)
        if is_new:
            roles = [Role.MANAGER, Role.DIRECTOR]
            for item in WorkItem.objects.filter(case=case, owner_role__in=roles, done_at__isnull=True):
                workitems.remind(item.kind, source_id=item.source_id)
    return True


def settle(case_id: UUID) -> bool:
    """What they owed is owed by the named managers now: a callback of the desk too, and without a manager the choice of one.

    Where none of the named can act, whoever holds a post there by now is named, else the level above is told. As the worker; safe to run
    twice. True when this call did it.
    """
    moved = _move_owed(case_id)
    with acting_as(worker_identity("seals")):
        filled = [_fill(case) for case in _of_staff(pk=case_id)]
    return moved or any(filled)


def _move_owed(case_id: UUID) -> bool:
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
