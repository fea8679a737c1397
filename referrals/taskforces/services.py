"""Who stands for a department is named, replaced or taken out by the centre's director; what was stays readable."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agencies.enums import UnitKind
from agencies.models import Office, Unit
from core import clock, engine, keys
from core.engine import Act
from core.errors import DomainError, NotAllowed
from core.identity import Identity
from referrals.taskforces.models import Membership, TaskForce

# The nine departments of the one-stop centre and those that a case regularly needs; others can be named too.
EXPECTED = (
    UnitKind.FEDERATION, UnitKind.POLICE, UnitKind.PROCURATORATE, UnitKind.COURT, UnitKind.JUSTICE, UnitKind.CIVIL_AFFAIRS, UnitKind.EDUCATION,
    UnitKind.HEALTH, UnitKind.POLITICAL_LEGAL,
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """Who stands for a department, and how the person is reached."""

    unit: Unit
    name: str
    post: str = ""
    phone: str = ""


def may_change(office_id: UUID, by: Identity) -> None:
    """The director keeps the task force."""
    if office_id not in by.director_offices:
        raise NotAllowed("not_director", _("Only the centre's director may do this."))


def task_force_of(*, office: Office, by: Identity) -> TaskForce:
    """The centre's task force; the director's first entry founds it."""
    found = TaskForce.objects.visible_to(by).filter(office=office).first()
    if found is not None:
        return found
    may_change(office.pk, by)
    row = TaskForce(office=office, founded_at=clock.now())

    def write(act: Act[TaskForce]) -> TaskForce:
        keys.create_data_key(row.pk)
        row.save(force_insert=True)
        return row

    return engine.create("task_force.found", by=by, row=row, write=write)


def member_name(
    *, office: Office, by: Identity, kind: str, place: str, person: Person, key: UUID | None = None
) -> Membership:
    """Name who stands for a department from now on; whoever did until now is ended with this moment."""
    may_change(office.pk, by)
    Membership.Place(place)
    force = task_force_of(office=office, by=by)

    def write(act: Act[TaskForce]) -> Membership:
        if person.unit.kind != kind:
            raise DomainError("unit", _("Choose a unit of this department."), field="unit")
        if not person.name.strip():
            raise DomainError("required", _("Write the name."), field="name")
        _end(act, kind, place)
        return Membership.objects.create(
            task_force=act.object, office_id=act.object.office_id, kind=kind, place=place, unit=person.unit, name=person.name.strip(),
            post=person.post.strip(), phone=person.phone, since=act.now,
        )  # fmt: skip

    return engine.change(
        "task_force.name", by=by, scope=TaskForce.objects.visible_to(by), pk=force.pk, write=write, key=key
    )


def member_end(*, membership_id: UUID, by: Identity, key: UUID | None = None) -> None:
    """Nobody stands for it any more: a gap, and shown as one. Whoever was named in her place meanwhile stays: DomainError then."""
    found = Membership.objects.visible_to(by).filter(pk=membership_id).first()
    force_id = found.task_force_id if found else membership_id  # unknown and out of scope answer alike

    def is_director(row: TaskForce, by: Identity) -> None:
        may_change(row.office_id, by)

    def write(act: Act[TaskForce]) -> None:
        ending = Membership.objects.filter(task_force=act.object, pk=membership_id, until__isnull=True)
        if not ending.update(until=act.now):
            raise DomainError("ended_already", _("This person was taken out or replaced meanwhile."))

    engine.change(
        "task_force.end",
        by=by,
        scope=TaskForce.objects.visible_to(by),
        pk=force_id,
        guards=[is_director],
        write=write,
        key=key,
    )


def _end(act: Act[TaskForce], kind: str, place: str) -> None:
    Membership.objects.filter(task_force=act.object, kind=kind, place=place, until__isnull=True).update(until=act.now)
