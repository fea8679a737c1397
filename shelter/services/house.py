"""A refuge is registered."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agencies.models import Office
from core import engine, keys
from core.engine import Act
from core.errors import DomainError, NotAllowed
from core.identity import Identity
from shelter.enums import BedKind
from shelter.models import Bed, House, HouseAddress


def house_open(
    *,
    by: Identity,
    office: Office,
    code_name: str,
    capacity: int,
    address: str,
    beds: Sequence[tuple[str, str]],
    key: UUID | None = None,
) -> House:
    """Register a refuge of a centre with its beds (label, kind). Only its keepers do this: nobody else is to know where it is."""
    if office.pk not in by.keeper_offices:
        raise NotAllowed("not_keeper", _("Only the keepers of this centre's refuges may do this."))
    if not beds:
        raise DomainError("no_beds", _("A refuge has at least one bed."), field="families")
    if House.objects.visible_to(by).filter(office=office, code_name=code_name).exists():
        raise DomainError("code_name", _("There is a refuge of this code name already."), field="code_name")
    house = House(office=office, code_name=code_name, capacity=capacity)

    def write(act: Act[House]) -> House:
        keys.create_data_key(house.pk)
        house.save(force_insert=True)
        HouseAddress.objects.create(house=house, office=office, address=address)
        Bed.objects.bulk_create(
            Bed(house=house, office=office, label=label, kind=BedKind(kind)) for label, kind in beds
        )
        act.detail |= {"beds": len(beds)}
        return house

    return engine.create("house.open", by=by, row=house, write=write, key=key)
