"""紧急查看: on an exact case number and with a reason, another centre's director opens her safe contact for four hours; reviewed within a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db import connection
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.enums import Role
from agencies.identities import in_force
from agencies.models import Office, RoleGrant
from agencies.services.notifications import notify
from cases import registry
from cases.enums import CaseStatus, GlassFinding, Section, WorkItemOutcome
from cases.models import AccessGrant, BreakGlass, Case, GlassWords, SafeContact, TimelineEntry, WorkItem
from cases.services import workitems
from cases.services.above import above, colleagues, directors_of
from core import clock, engine, keys, outbox
from core.engine import Act
from core.errors import DomainError, NotAllowed, NotFound
from core.identity import Identity, as_verb
from core.models.outbox import OutboxItem

LASTS = dt.timedelta(hours=4)
ASKED_AT_MOST = 3  # centres, one after the other [default]
CONFIRM, REVIEW = "glass.confirm", "glass.review"
ASKED_AT_ONCE = 3  # centres that are asked for one number and have not answered yet [default]
DECIDED = _("This is no longer possible: the status has changed meanwhile.")


@dataclass(frozen=True, slots=True)
class Shown:
    """What an emergency view shows: how to reach her, how great the danger is, who is responsible; nothing else of the case."""

    risk: str
    manager: str
    centre: str
    telephone: str
    safe: SafeContact | None


def own_offices(by: Identity) -> list[Office]:
    """The centres and desks for which `by` may ask."""
    held = by.case_offices | by.contact_offices
    return list(Office.objects.filter(pk__in=held).select_related("region").order_by("name"))


def confirming(by: Identity) -> QuerySet[Office]:
    """Centres with a director that are not one's own: those of the province."""
    mine = RoleGrant.objects.filter(user_id=by.person_id, office__isnull=False).values("office_id")
    directed = in_force(RoleGrant.objects.filter(role=Role.DIRECTOR, user__is_active=True)).values("office_id")
    centres = Office.objects.centres().in_operation(clock.today()).filter(pk__in=directed).exclude(pk__in=mine)
    return centres.select_related("region").order_by("region_id", "short_name")


def glass_ask(
    *, by: Identity, number: str, reason: str, office: Office, confirm: Office, key: UUID | None = None
) -> BreakGlass:
    """Ask another centre's director. Whether there is such a case is not looked at, and so not told.

    Nobody is kept waiting by a director who does not answer: other centres may be asked for the same number meanwhile, a few at a time.
    Raises DomainError where the case is one's own work already, or this centre is asked for it already.
    """
    if office.pk not in by.case_offices | by.contact_offices or not confirming(by).filter(pk=confirm.pk).exists():
        raise NotFound
    if Case.objects.visible_to(by).filter(number=number).exists():
        raise DomainError("own_already", _("You can see this case already: open it by its number."), field="number")
    asked = BreakGlass.objects.visible_to(by).filter(opener_id=by.user_id, number=number, answered_at=None)
    places = set(asked.values_list("confirm_office_id", flat=True))
    if confirm.pk in places or len(places) >= ASKED_AT_ONCE:
        raise DomainError(
            "asked_already",
            _(
                "Asked already for this number; the answer is due. Where nobody answers, ring there, or ask another centre."
            ),
            field="confirm",
        )
    row = BreakGlass(
        id=uuid4(), number=number, opener_id=by.person_id, opener_office=office, confirm_office=confirm, asked_at=clock.now()
    )  # fmt: skip

    def write(act: Act[BreakGlass]) -> BreakGlass:
        keys.create_data_key(row.pk)
        row.save(force_insert=True)
        GlassWords(glass=row, reason=reason.strip()).save(force_insert=True)
        workitems.open_item(
            CONFIRM, office_id=confirm.pk, source_id=row.pk, matter_id=row.pk, owner_role=Role.DIRECTOR, urgent=True
        )
        return row

    return engine.create("glass.ask", by=by, row=row, write=write, key=key)


def waiting(by: Identity) -> QuerySet[BreakGlass]:
    """Those that wait for the answer of `by`."""
    rows = BreakGlass.objects.visible_to(by).filter(answered_at=None, confirm_office_id__in=by.director_offices)
    return rows.exclude(opener_id=by.user_id)


def glass_answer(*, glass_id: UUID, by: Identity, agreed: bool, key: UUID | None = None) -> str:
    """Confirm, or refuse. Returns "opened", "nothing" (no such case, or none for the one who asks: the same answer) or "refused"."""

    def write(act: Act[BreakGlass]) -> str:
        row, outcome = act.object, "refused"
        if agreed:
            asked: list[Any] = [row.pk, LASTS]
            with connection.cursor() as cursor:
                cursor.execute("SELECT caremgmt_glass_open(%s::uuid, %s::interval)", asked)
                outcome = str(cursor.fetchone()[0])
            row.refresh_from_db()
        else:
            row.answered_at, row.answered_by_id, row.is_refused = act.now, by.user_id, True
        workitems.finish(CONFIRM, source_id=row.pk)
        outbox.put("glass.answered", subject=row.pk, key=f"glass:{row.pk}")
        act.detail |= {"outcome": outcome}
        return outcome

    return engine.change(
        "glass.answer", by=by, scope=waiting(by), pk=glass_id, guards=[is_stranger, _waits], write=write, key=key
    )


def _waits(row: BreakGlass, by: Identity) -> None:
    """Asked again under the lock: of two directors one answers."""
    if row.answered_at is not None:
        raise DomainError("wrong_status", DECIDED)


def _is_unreviewed(row: BreakGlass, by: Identity) -> None:
    if row.reviewed_at is not None:
        raise DomainError("wrong_status", DECIDED)


def is_stranger(row: BreakGlass, by: Identity) -> None:
    """Who confirms works at none of the opener's offices, nor the opener at hers."""
    if by.user_id in colleagues([row.opener_id]):
        raise NotAllowed("own_act", _("Nobody approves an own act: a colleague has to decide this."))


def shown(row: BreakGlass, by: Identity) -> Shown | None:
    """What the opener is shown now; None when it is over, was not opened, or is somebody else's."""
    if row.opener_id != by.user_id:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM caremgmt_glass_shows(%s::uuid)", [row.pk])
        found = cursor.fetchone()
    if found is None:
        return None
    case_id, client, risk, manager, centre, telephone = found
    keys.preload([case_id])
    safe = SafeContact.objects.visible_to(by).filter(case_id=case_id, party_id=client).first()
    return Shown(risk, manager, centre, telephone, safe)


def running(by: Identity) -> QuerySet[BreakGlass]:
    """The own ones that show something now: neither over, nor ended by what has happened to the case meanwhile."""
    now = clock.now()
    grants = AccessGrant.objects.filter(
        user_id=by.person_id, source_kind="break_glass", withdrawn_at=None, valid_until__gt=now
    )
    rows = BreakGlass.objects.visible_to(by).filter(opener_id=by.user_id, ends_at__gt=now)
    return rows.filter(pk__in=grants.values("source_id"))


def reviewable(by: Identity) -> QuerySet[BreakGlass]:
    """Opened ones that nobody has reviewed, at the centre whose case it is, or where `by` is named."""
    rows = BreakGlass.objects.visible_to(by).filter(case__isnull=False, reviewed_at=None)
    return rows.filter(Q(office_id__in=by.director_offices) | Q(reviewer_id=by.user_id))


def may_review(row: BreakGlass, by: Identity) -> None:
    """Neither who opened nor who confirmed, nor a colleague of who opened."""
    if by.user_id == row.answered_by_id or by.user_id in colleagues([row.opener_id]):
        raise NotAllowed("own_act", _("Nobody approves an own act: a colleague has to decide this."))


def glass_review(*, glass_id: UUID, by: Identity, finding: str, note: str, key: UUID | None = None) -> BreakGlass:
    """Was it justified? One that was not ends at once."""

    def write(act: Act[BreakGlass]) -> BreakGlass:
        row = act.object
        row.finding, row.reviewed_at, row.reviewed_by_id = GlassFinding(finding).value, act.now, by.user_id
        words = GlassWords.objects.get(glass=row)
        words.note = note.strip()
        words.save(update_fields=["note"])
        if finding == GlassFinding.WRONG and row.is_open():
            with connection.cursor() as cursor:
                cursor.execute("SELECT caremgmt_glass_end(%s::uuid)", [row.pk])
            row.ends_at = act.now
        workitems.finish(REVIEW, source_id=row.pk)
        act.detail |= {"finding": row.finding}
        return row

    return engine.change(
        "glass.review",
        by=by,
        scope=reviewable(by),
        pk=glass_id,
        guards=[may_review, _is_unreviewed],
        write=write,
        key=key,
    )


@outbox.register("glass.answered")
def answered(item: OutboxItem) -> None:
    """The opener's bell; and where it was opened, the entry in the case and the review that is owed. As the worker."""
    row = BreakGlass.objects.select_related("office", "opener", "opener_office").get(pk=item.subject)
    notify([row.opener_id], kind="glass", url=reverse("cases:glass", args=[row.pk]), key=f"glass:{row.pk}")
    if row.case_id is None or row.office_id is None or row.answered_at is None:
        return  # nothing was opened
    with as_verb([row.pk, row.case_id]):
        TimelineEntry.objects.create(
            case_id=row.case_id, office_id=row.office_id, section=Section.COORDINATION, kind="glass.opened", at=row.answered_at,
            actor_id=row.opener_id, actor_name=row.opener.name, actor_agency=row.opener_office.name, object_id=row.pk, data={},
        )  # fmt: skip
        if not WorkItem.objects.filter(kind=REVIEW, source_id=row.pk).exists():
            free = directors_of(row.office_id) - colleagues([row.opener_id]) - {row.answered_by_id}
            stays = not Case._base_manager.filter(pk=row.case_id, status=CaseStatus.TRANSFERRED).exists()
            _owe_review(row, None if free and stays else _named(row))


def case_goes_on(case_id: UUID) -> None:
    """Another centre has taken the case over: what was opened of it before is reviewed by the level above, for the earlier centre sees but a stub."""
    outbox.put("glass.case_gone", subject=case_id, key=f"glass:gone:{case_id}")


@outbox.register("glass.case_gone")
def case_gone(item: OutboxItem) -> None:
    """The reviews that the earlier centre's directors still owe go up at once. As the worker; safe to run twice."""
    rows = BreakGlass.objects.select_related("office").filter(case_id=item.subject, reviewed_at=None, reviewer_id=None)
    for row in rows:
        with as_verb([row.pk]):
            if WorkItem.objects.filter(kind=REVIEW, source_id=row.pk, done_at=None).exists():
                _to_the_next_above(row)


def _to_the_next_above(row: BreakGlass) -> None:
    if named := _named(row):
        workitems.finish(REVIEW, source_id=row.pk, outcome=WorkItemOutcome.SUPERSEDED)
        _owe_review(row, named)


def _named(row: BreakGlass) -> UUID | None:
    """Who may review it above the centre and has not been asked yet."""
    asked = WorkItem.objects.filter(kind=REVIEW, source_id=row.pk, owner_user__isnull=False).values_list(
        "owner_user_id"
    )
    but = (
        colleagues([row.opener_id])
        | {one for (one,) in asked if one}
        | ({row.answered_by_id} if row.answered_by_id else set())
    )
    return above(row.office, but=but) if row.office else None


def _owe_review(row: BreakGlass, named: UUID | None) -> None:
    if named:
        BreakGlass.objects.filter(pk=row.pk).update(reviewer_id=named)
    workitems.open_item(
        REVIEW, office_id=row.office_id, source_id=row.pk, matter_id=row.pk, owner_user_id=named,  # type: ignore[arg-type]
        owner_role="" if named else Role.DIRECTOR, urgent=True,
    )  # fmt: skip


def escalate(item: WorkItem, step: int) -> None:
    """A review that is late goes to the level above, and from there to the next; an ask that is late to the next centre. As the worker, in a verb on the view."""
    row = BreakGlass.objects.select_related("office", "opener_office").filter(pk=item.source_id).first()
    if item.kind == CONFIRM and row is not None:
        _ask_next(row)
        return
    if item.kind != REVIEW or row is None:
        return
    _to_the_next_above(row)


def _ask_next(row: BreakGlass) -> None:
    """The director who was asked has not answered within the term: the next centre is asked, and after the last one it lapses.

    The opener hears of the end, and may then ask anew: no ask stands unanswered for ever.
    """
    tried = [*row.tried, str(row.confirm_office_id)]
    workitems.finish(CONFIRM, source_id=row.pk, outcome=WorkItemOutcome.SUPERSEDED)
    row.tried, found = tried, _next_office(row, tried) if len(tried) < ASKED_AT_MOST else None
    if found is not None:
        row.confirm_office = found
        workitems.open_item(
            CONFIRM, office_id=found.pk, source_id=row.pk, matter_id=row.pk, owner_role=Role.DIRECTOR, urgent=True
        )  # fmt: skip
    else:
        row.answered_at = row.lapsed_at = clock.now()
        outbox.put("glass.answered", subject=row.pk, key=f"glass:{row.pk}:lapsed")
    row.save(update_fields=["tried", "confirm_office", "answered_at", "lapsed_at"])


def _next_office(row: BreakGlass, tried: Sequence[str]) -> Office | None:
    """A centre that is not asked for this number yet, with a director who is a stranger to the opener: one of the opener's prefecture first."""
    waiting = BreakGlass.objects.filter(opener_id=row.opener_id, number=row.number, answered_at=None)
    held = in_force(RoleGrant.objects.filter(role=Role.DIRECTOR, user__is_active=True))
    near = colleagues([row.opener_id])
    free = held.exclude(user_id__in=near).values("office_id")
    offices = Office.objects.centres().in_operation(clock.today()).filter(pk__in=free).exclude(pk__in=tried)
    offices = offices.exclude(pk__in=waiting.values("confirm_office_id"))
    mine = RoleGrant.objects.filter(user_id=row.opener_id, office__isnull=False).values("office_id")
    prefecture = row.opener_office.region_id[:4]
    # Among equals each ask takes its own order, so that not one centre gets all of them.
    ranked = sorted(
        offices.exclude(pk__in=mine), key=lambda one: (one.region_id[:4] != prefecture, str(uuid5(row.pk, str(one.pk))))
    )  # fmt: skip
    return next(iter(ranked), None)


def subjects(by: Identity, sources: Sequence[UUID]) -> Sequence[registry.SubjectRows]:
    """For the worklist: who asked, from where; the number as asked."""
    rows = BreakGlass.objects.visible_to(by).filter(pk__in=sources)
    return [registry.SubjectRows(rows, "number", ["opener__name", "opener_office__short_name"])]
