"""An emergency view is asked of another centre's director, confirmed or refused; where nobody answers the next centre is asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.enums import Role
from agencies.identities import in_force
from agencies.models import Office, RoleGrant
from cases.enums import WorkItemOutcome
from cases.models import BreakGlass, Case, GlassWords, WorkItem
from cases.services import workitems
from cases.services.above import colleagues
from cases.services.glass.common import CONFIRM, DECIDED, REVIEW
from cases.services.glass.reviewing import to_the_next_above
from core import clock, engine, keys, outbox
from core.engine import Act
from core.errors import DomainError, NotAllowed, NotFound
from core.identity import Identity

LASTS = dt.timedelta(hours=4)
ASKED_AT_MOST = 3  # centres, one after the other [default]
ASKED_AT_ONCE = 3  # centres that are asked for one number and have not answered yet [default]


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


def is_stranger(row: BreakGlass, by: Identity) -> None:
    """Who confirms works at none of the opener's offices, nor the opener at hers."""
    if by.user_id in colleagues([row.opener_id]):
        raise NotAllowed("own_act", _("Nobody approves an own act: a colleague has to decide this."))


def escalate(item: WorkItem, step: int) -> None:
    """A review that is late goes to the level above, and from there to the next; an ask that is late to the next centre. As the worker, in a verb on the view."""
    row = BreakGlass.objects.select_related("office", "opener_office").filter(pk=item.source_id).first()
    if item.kind == CONFIRM and row is not None:
        _ask_next(row)
        return
    if item.kind != REVIEW or row is None:
        return
    to_the_next_above(row)


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
