"""An absence is entered and ended: by the person herself, or by the unit's designated member; never in one's own favour."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.models import Unit, User
from agencies.services.notifications import notify
from core import clock, engine, outbox
from core.engine import Act
from core.errors import DomainError, NotAllowed, NotFound
from core.identity import Identity
from core.models import Audit
from core.models.outbox import OutboxItem
from core.ui import times
from referrals.absences.models import Absence
from referrals.absences.people import is_head, members

LONGEST = dt.timedelta(days=366)  # [default] a longer one is a slip of the pen, or a change of post


def may_keep(by: Identity, unit: Unit, person_id: UUID) -> bool:
    """The person herself, or the unit's designated member."""
    return unit.group_id in by.groups and (person_id == by.user_id or is_head(by, unit))


def _one_at_a_time(*people: UUID) -> None:
    """Two who enter absences of the same people come one after the other, so that neither misses the other's."""
    with connection.cursor() as cursor:
        for person in sorted(map(str, people)):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [person])


def refusals(
    *, by: Identity, person: User | None, substitute: User | None, first: dt.date | None, last: dt.date | None
) -> Iterator[DomainError]:
    """Everything that is wrong with an absence by itself, each beside its field; of what is missing (None) nothing is said."""
    if substitute is not None and substitute == person:
        yield DomainError("same", _("Nobody stands in for herself. Choose a colleague."), field="substitute")
    elif substitute is not None and substitute.pk == by.user_id:
        text = _("Nobody gives herself what is addressed to a colleague by name. Let her enter it, or choose another.")
        yield DomainError("own_act", text, field="substitute")
    if first is not None and first < clock.today():
        yield DomainError("past", _("Choose today or a later day."), field="first_day")
    if first is not None and last is not None and last < first:
        yield DomainError("order", _("The last day comes before the first one."), field="last_day")
    elif first is not None and last is not None and last - first > LONGEST:
        yield DomainError("too_long", _("An absence lasts a year at most. Check the days."), field="last_day")


def _clashes(new: Absence, by: Identity) -> None:
    """Nobody stands in who is away herself, and nobody goes away who stands in: so there is no circle and no chain."""
    there = Absence.objects.visible_to(by).within(new.first_day, new.last_day)
    there = there.filter(Q(unit=new.unit) | Q(person=new.substitute))
    for row in there.select_related("person", "substitute").order_by("first_day"):
        words = {"name": row.person.name, "first": times.exact(row.first_day), "last": times.exact(row.last_day)}
        if row.person_id == new.person_id and row.unit_id == new.unit_id:
            text = _("%(name)s is entered as away from %(first)s to %(last)s already. End that first.")
            raise DomainError("entered_already", text % words, field="first_day")
        if row.person_id == new.substitute_id:
            text = _("%(name)s is away herself from %(first)s to %(last)s. Choose another.")
            raise DomainError("substitute_away", text % words, field="substitute")
        if row.substitute_id == new.person_id:
            text = _("She stands in for %(name)s from %(first)s to %(last)s: let another stand in there first.")
            raise DomainError("stands_in", text % words, field="person")


def absence_name(
    *, by: Identity, unit: Unit, person: User, substitute: User, first: dt.date, last: dt.date, key: UUID | None = None
) -> Absence:
    """Enter who is away from the unit from day to day, and who stands in. What moves then, and back, the clock moves.

    Raises NotFound for a unit that is not one's own, NotAllowed, and DomainError beside its field.
    """
    if unit.group_id not in by.groups:
        raise NotFound
    if not may_keep(by, unit, person.pk):
        raise NotAllowed("not_head", _("Only the person herself or the unit's designated member may enter this."))
    known = set(members(unit).values_list("pk", flat=True))
    if person.pk not in known:
        raise DomainError("person", _("This person is not a liaison of that unit."), field="person")
    if substitute.pk not in known:
        raise DomainError("substitute", _("This person is not a liaison of that unit."), field="substitute")
    for error in refusals(by=by, person=person, substitute=substitute, first=first, last=last):
        raise error
    _one_at_a_time(person.pk, substitute.pk)
    row = Absence(
        id=uuid4(), unit=unit, group_id=unit.group_id, person=person, substitute=substitute, first_day=first, last_day=last,
        named_at=clock.now(), named_by_id=by.person_id, named_by_name=by.name[:32],
    )  # fmt: skip
    if not _sent_before(by, key):  # of the same POST sent twice the engine says what the first one made
        _clashes(row, by)

    def write(act: Act[Absence]) -> Absence:
        row.save(force_insert=True)
        outbox.put("absence.told", subject=row.pk, key=f"absence:{row.pk}")
        if row.is_in_force:
            transaction.on_commit(_move_now)
        act.detail |= {"unit": str(unit.pk), "first": first.isoformat(), "last": last.isoformat()}
        return row

    return engine.create("absence.name", by=by, row=row, write=write, key=key)


def _move_now() -> None:
    """What has to move does so at once and not at the clock's next look; where the bell is lost, the clock moves it."""
    from referrals.tasks import absences_poll

    outbox.ring(absences_poll)


def _sent_before(by: Identity, key: UUID | None) -> bool:
    return key is not None and Audit.objects.filter(request_key=key, actor_id=by.user_id).exists()


def absence_end(*, absence_id: UUID, by: Identity, key: UUID | None = None) -> Absence:
    """She is back, or does not go: from now on nothing follows from it, and what moved comes back by the clock."""

    def write(act: Act[Absence]) -> Absence:
        row = act.object
        if row.is_over:
            raise DomainError("over", _("This absence is over already."))
        row.ended_at, row.ended_by_name = act.now, by.name[:32]
        outbox.put("absence.told", subject=row.pk, key=f"absence:{row.pk}:ended")
        transaction.on_commit(_move_now)
        return row

    scope = Absence.objects.visible_to(by).filter(group_id__in=by.groups).select_related("unit")
    return engine.change("absence.end", by=by, scope=scope, pk=absence_id, guards=[_keeps], write=write, key=key)


def _keeps(row: Absence, by: Identity) -> None:
    if not may_keep(by, row.unit, row.person_id):
        raise NotAllowed("not_head", _("Only the person herself or the unit's designated member may enter this."))


@outbox.register("absence.told")
def told(item: OutboxItem) -> None:
    """The bell of both: an absence was entered or ended. As the worker."""
    row = Absence.objects.get(pk=item.subject)
    notify([row.person_id, row.substitute_id], kind="absence", url=reverse("referrals:absences"), key=item.key)
