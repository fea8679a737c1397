"""What an absence moves: letters, invitations and measures that name somebody who is away go to who stands in, and come back.

The clock asks what is, and not what was done last: killed at any point and started again it goes on where things stand.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from agencies.identities import in_force
from agencies.models import RoleGrant, Unit, User
from cases.enums import Risk, Section
from cases.models import Wall, WorkItem
from cases.services import access, timeline, workitems
from core import clock, engine
from core.engine import Act
from core.identity import acting_as, current, worker_identity
from referrals.absences.models import Absence, StandIn
from referrals.absences.people import LIAISON_ROLES, heads, members
from referrals.conferences.enums import RUNNING, DecisionStatus, InvitationStatus
from referrals.conferences.models import Decision, Invitation
from referrals.enums import AWAY, AWAY_FROM_CONFERENCE, OWED
from referrals.models.referral import Referral

# What a unit owes on what was addressed to it.
_OWED = (
    "referral.accept", "referral.respond", "conference.answer", "conference.moved", "conference.confirm", "conference.action",
)  # fmt: skip
_AWAY = (AWAY, AWAY_FROM_CONFERENCE)
MOST = 500  # of each kind in one poll

# What can name one person of a unit, and when it is still hers to carry out. The pledge of secrecy is the body's: who stands in is bound by it.
Named = Referral | Invitation | Decision
OPEN: dict[type[Any], Q] = {
    Referral: Q(status__in=OWED),
    Invitation: Q(
        status__in=[InvitationStatus.SENT, InvitationStatus.ACCEPTED], conference__status__in=[str(s) for s in RUNNING]
    ),
    Decision: Q(status=DecisionStatus.OPEN),
}
CODES: dict[str, type[Any]] = {"referral": Referral, "invitation": Invitation, "decision": Decision}


class _NothingToDo(Exception):
    """Somebody else has done it, or nobody can: the verb is not carried out and leaves no trace."""


@dataclass(frozen=True, slots=True)
class Cover:
    """Somebody of a unit who is away, and who could take what names her, in this order."""

    absence: Absence
    takers: tuple[User, ...]


def cover(unit: Unit, person_id: UUID | None) -> Cover | None:
    """Who could stand in for a person of the unit who is away today: the named substitute, else its designated member, else whoever has least.

    None when she is not away. Whether a case exists for them is asked of each case (`take`).
    """
    absence = Absence.objects.in_force().filter(unit=unit, person_id=person_id).select_related("substitute").first()
    if absence is None:
        return None
    away = (
        Absence.objects.in_force().filter(person_id__in=members(unit).values("pk")).values_list("person_id", flat=True)
    )
    there = {user.pk: user for user in members(unit).exclude(pk__in=[*away, absence.person_id])}
    owed = WorkItem.objects.open().filter(owner_user_id__in=there).values_list("owner_user_id").annotate(n=Count("pk"))
    load, chief = dict(owed.values_list("owner_user_id", "n")), heads(unit)
    ranked = sorted(
        there.values(),
        key=lambda user: (user.pk != absence.substitute_id, user.pk not in chief, load.get(user.pk, 0), user.name),
    )
    return Cover(absence, tuple(ranked))


def take(found: Cover, *, case_id: UUID, group_id: int) -> User | None:
    """The first of them for whom the case exists. Inside a verb of the case's centre or of the clock."""
    for user in found.takers:
        if access.may_hold(case_id=case_id, group_id=group_id, user_id=user.pk):
            return user
    return None


def due() -> list[tuple[str, UUID]]:
    """What has to move now, or may have to: what names somebody who is away or has left, what stands wrong, what waits because nobody could take it."""
    found: list[tuple[str, UUID]] = []
    with acting_as(worker_identity("absences")):
        away = Absence.objects.in_force()
        waiting = WorkItem.objects.open().filter(kind__in=_AWAY)
        others = {
            *waiting.order_by("opened_at").values_list("source_id", flat=True)[:MOST],
            *_unsettled().values_list("source_id", flat=True)[:MOST],
        }
        for code, model in CODES.items():
            here = away.filter(person_id=OuterRef("named_liaison_id"), group_id=OuterRef("group_id"))
            gone = model._base_manager.filter(OPEN[model], Exists(here), named_liaison_id__in=away.values("person_id"))
            left = model._base_manager.filter(
                OPEN[model], ~Exists(_posts()), named_liaison__isnull=False, unit__has_accounts=True
            )
            # what waits because nobody could take it is looked at apart, so that it never crowds out what can move
            gone = gone.exclude(Exists(waiting.filter(source_id=OuterRef("pk"))))
            left = left.exclude(Exists(waiting.filter(source_id=OuterRef("pk"))))
            ids = {*gone.values_list("pk", flat=True)[:MOST], *left.values_list("pk", flat=True)[:MOST]}
            ids |= set(model._base_manager.filter(pk__in=others).values_list("pk", flat=True))
            found += [(code, pk) for pk in sorted(ids, key=str)]
    return found


def _posts() -> QuerySet[RoleGrant]:
    """The posts in force of who is named by a letter, invitation or measure, in its unit."""
    held = RoleGrant.objects.filter(
        user_id=OuterRef("named_liaison_id"), unit_id=OuterRef("unit_id"), role__in=LIAISON_ROLES, user__is_active=True
    )
    return in_force(held)


def _unsettled() -> QuerySet[StandIn]:
    """Open stand-ins whose time is over, whose holder can hold them no more, or that were answered or passed on meanwhile."""
    today = clock.today()
    over = Q(absence__ended_at__isnull=False) | Q(absence__last_day__lt=today)
    held = RoleGrant.objects.filter(
        user_id=OuterRef("holder_id"),
        unit_id=OuterRef("absence__unit_id"),
        role__in=LIAISON_ROLES,
        user__is_active=True,
    )
    away = Absence.objects.in_force(today).filter(
        person_id=OuterRef("holder_id"), group_id=OuterRef("absence__group_id")
    )
    walled = Wall.objects.filter(case_id=OuterRef("case_id"), user_id=OuterRef("holder_id"), lifted_at__isnull=True)
    stays = Q(pk__in=[])
    for model, still in OPEN.items():
        stays |= Q(
            Exists(model._base_manager.filter(still, pk=OuterRef("source_id"), named_liaison_id=OuterRef("holder_id")))
        )
    wrong = over | ~Q(Exists(in_force(held))) | Q(Exists(away)) | Q(Exists(walled)) | ~stays
    return StandIn.objects.filter(until__isnull=True).filter(wrong).order_by("since")


@dataclass(frozen=True, slots=True)
class _Seen:
    """How things stood when they were looked at: in whose hands it is, who of them is away, who could take it."""

    holder_id: UUID | None
    stand_in: StandIn | None
    cover: Cover | None  # of the one whom it was addressed to; None: she is there, or has left
    is_holder_away: bool
    has_holder_left: bool
    is_open: bool


def _look(model: type[Any], source_id: UUID) -> _Seen | None:
    row = model._base_manager.select_related("unit").filter(pk=source_id).first()
    if row is None:
        return None
    stand_in = StandIn.objects.filter(source_id=source_id, until__isnull=True).select_related("absence").first()
    standing = stand_in is not None and stand_in.holder_id == row.named_liaison_id
    absent = stand_in.absent_id if stand_in is not None and standing else row.named_liaison_id
    away = Absence.objects.in_force().filter(group_id=row.group_id, person_id=row.named_liaison_id)
    return _Seen(
        row.named_liaison_id, stand_in, cover(row.unit, absent) if row.unit else None, away.exists(),
        bool(row.named_liaison_id and row.unit and row.unit.has_accounts and not members(row.unit).filter(pk=row.named_liaison_id).exists()),
        model._base_manager.filter(OPEN[model], pk=source_id).exists(),
    )  # fmt: skip


def settle(*, code: str, source_id: UUID) -> bool:
    """Bring one letter, invitation or measure to who has to hold it today; safe to run twice. True when this call did something."""
    model = CODES[code]
    with acting_as(worker_identity("absences")):
        seen = _look(model, source_id)
        if seen is None:
            return False
        try:
            engine.change(
                "absence.settle", by=current(), scope=model._base_manager.select_related("unit"), pk=source_id,
                write=partial(_settle, seen=seen),
            )  # fmt: skip
        except _NothingToDo:
            return False
    return True


def _settle(act: Act[Any], *, seen: _Seen) -> None:
    row, stand_in = act.object, seen.stand_in
    if row.named_liaison_id != seen.holder_id:
        raise _NothingToDo  # it has changed hands since; the next look sees how
    if not seen.is_open or row.named_liaison_id is None:
        _end(row, stand_in, act.now)
    elif stand_in is not None and stand_in.holder_id != row.named_liaison_id:
        _end(row, stand_in, act.now)  # the holder has passed it on
    elif stand_in is not None:
        _go_on(act, stand_in, seen)
    elif seen.cover is None and seen.has_holder_left:
        _owe(row)  # nobody was to stand in for good: the case's manager decides
    elif seen.cover is None:
        _end(row, None, act.now)  # she is back, and nobody could have taken it
    else:
        _give(act, seen.cover, absent_id=row.named_liaison_id, before=None)


def _go_on(act: Act[Any], stand_in: StandIn, seen: _Seen) -> None:
    """It is with somebody who stands in: back when the one who was away is there, on when who stands in cannot hold it."""
    row = act.object
    if seen.cover is None:
        if _move(act, stand_in.absent, "absence.back"):
            _end(row, stand_in, act.now, came_back=True)
        elif _is_fit(row):
            _end(row, stand_in, act.now)  # she has left the unit, or must not know: who stood in has it for good
        else:
            _owe(row)
    elif seen.cover.absence.pk == stand_in.absence_id and not seen.is_holder_away and _is_fit(row):
        raise _NothingToDo
    else:
        _give(act, seen.cover, absent_id=stand_in.absent_id, before=stand_in)


def _give(act: Act[Any], found: Cover, *, absent_id: UUID, before: StandIn | None) -> None:
    row = act.object
    to = take(found, case_id=row.case_id, group_id=row.group_id)
    if to is None or (to.pk != row.named_liaison_id and not _move(act, to, "absence.begun")):
        _owe(row)
        return
    if before is not None:
        _end(row, before, act.now)
    keep(row, found.absence, absent_id)
    workitems.finish(_AWAY, source_id=row.pk)


def keep(row: Named, absence: Absence, absent_id: UUID) -> None:
    """Keep that this is with its holder in the stead of somebody who is away. Inside a verb on the case."""
    StandIn.objects.create(
        case_id=row.case_id, office_id=row.office_id, absence=absence, source_id=row.pk, absent_id=absent_id,
        holder_id=row.named_liaison_id, since=clock.now(),  # type: ignore[misc]
    )  # fmt: skip


def _end(row: Named, stand_in: StandIn | None, now: dt.datetime, *, came_back: bool = False) -> None:
    """Nothing more follows: it was answered, passed on, or is back."""
    settled = workitems.finish(_AWAY, source_id=row.pk)
    if stand_in is not None:
        StandIn.objects.filter(pk=stand_in.pk).update(until=now, came_back=came_back)
    elif not settled:
        raise _NothingToDo


def _move(act: Act[Any], to: User, entry: str) -> bool:
    """Access, what is owed and the name go from one person of the unit to another. False where the other cannot take it."""
    row = act.object
    before = row.named_liaison_id
    if not access.stand_in(source_id=row.pk, group_id=row.group_id, from_user_id=before, to_user_id=to.pk):
        return False
    if isinstance(row, Referral) and row.opened_to_id == before:
        row.opened_to = to
    row.named_liaison = to
    if row.unit.has_accounts:  # else the case's manager owes the chasing
        workitems.pass_on(_OWED, source_id=row.pk, owner_user_id=to.pk, owner_group_id=None)
    timeline.add(
        act, row.case, entry, section=Section.COORDINATION, object_id=row.pk, unit=row.unit.short_name, name=to.name
    )  # fmt: skip
    act.detail |= {"from": str(before), "to": str(to.pk)}
    return True


def _is_fit(row: Named) -> bool:
    """Whether the holder can hold it on."""
    holder = row.named_liaison_id
    return holder is not None and access.may_hold(case_id=row.case_id, group_id=row.group_id or 0, user_id=holder)


def _owe(row: Named) -> None:
    """Nobody of the unit can take it: the case's manager is told at once, and decides where else it goes."""
    kind = AWAY if isinstance(row, Referral) else AWAY_FROM_CONFERENCE
    if WorkItem.objects.filter(kind=kind, source_id=row.pk, done_at__isnull=True).exists():
        raise _NothingToDo
    urgent = row.case.risk == Risk.HIGH
    workitems.open_item(kind, office_id=row.office_id, source_id=row.pk, case=row.case, urgent=urgent)
