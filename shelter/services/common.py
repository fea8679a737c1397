"""What all verbs of a stay share: who may act, the frame around a change, the bed that somebody else took first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from cases.enums import GrantBasis, Section
from cases.services import access
from core import engine
from core.engine import Act
from core.errors import DomainError, NotAllowed
from core.identity import Identity
from shelter.enums import BedKind, Danger
from shelter.models import Stay, StayNote
from shelter.workflow import STAY

CHECK_IN, CHECK_OUT = "shelter.check_in", "shelter.check_out"
Write = Callable[[Act[Stay]], Stay]
BED_CONSTRAINTS = ("stay_bed_free", "stay_one_in_bed")


def is_keeper(row: Stay, by: Identity) -> None:
    """The keepers of the house. Asks the stay alone: a keeper cannot even name the case."""
    if row.keeper_office_id not in by.keeper_offices:
        raise NotAllowed("not_keeper", _("Only the keepers of this refuge may do this."))


def is_keeper_or_manager(row: Stay, by: Identity) -> None:
    """The keepers of the house, and the managers of the case who see the stay."""
    if row.keeper_office_id not in by.keeper_offices and row.office_id not in by.case_offices:
        raise NotAllowed("not_keeper", _("Only the keepers of this refuge and the case's manager may do this."))


@contextmanager
def bed_is_mine() -> Iterator[None]:
    """Of two who want the same bed the database chooses one; the other is told in words that say nothing of anybody."""
    try:
        yield
    except IntegrityError as error:
        constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        if constraint in BED_CONSTRAINTS:
            raise bed_taken() from None
        raise


def bed_taken() -> DomainError:
    """Somebody else has the bed."""
    return DomainError(
        "bed_taken", _("This bed is not free for this time. Choose another bed or another time."), field="bed"
    )


def fits(kind: str, persons: int, children: int, dangers: Sequence[str]) -> None:
    """Whether the party fits the bed and its description makes sense. Raises DomainError beside the field."""
    if persons < 1 or not 0 <= children <= persons:
        raise DomainError("persons", _("Count everybody who comes; children are among them."), field="children")
    if kind == BedKind.SINGLE and persons > 1:
        raise DomainError("too_many", _("A single bed takes one person. Choose a family room."), field="persons")
    for code in dangers:
        Danger(code)


def change(
    verb: str,
    stay_id: UUID,
    *,
    by: Identity,
    version: int | None,
    write: Write,
    guard: engine.Guard,
    key: UUID | None,
    moves: bool = True,
    guards: Sequence[engine.Guard] = (),
) -> Stay:
    """Run one verb on a stay that `by` may see, along its edge of the workflow where it moves the status."""
    seen = Stay.objects.visible_to(by).filter(pk=stay_id).values_list("house_id", flat=True).first()
    with bed_is_mine():
        return engine.change(
            f"stay.{verb}", by=by, scope=Stay.objects.visible_to(by), pk=stay_id, version=version, workflow=STAY if moves else None,
            guards=[guard, *guards], also=[seen] if seen else [], write=write, key=key,
        )  # fmt: skip


def note(act: Act[Stay], kind: str, text: str) -> None:
    """Keep what was said, for the keepers and the manager."""
    row = act.object
    StayNote.objects.create(
        case_id=row.case_id, office_id=row.office_id, stay=row, kind=kind, at=act.now, actor_id=act.by.person_id, actor_name=act.by.name,
        text=text,
    )  # fmt: skip


def open_to_holder(stay: Stay, holder_id: UUID) -> None:
    """Nobody manages the case: whoever holds the bed sees the stay, until it is over or a manager is named. A manager sees it by her own grant."""
    access.grant(
        case_id=stay.case_id,
        sections=[Section.SHELTER],
        source_kind="stay",
        source_id=stay.pk,
        basis=GrantBasis.DUTY,
        user_id=holder_id,
    )
