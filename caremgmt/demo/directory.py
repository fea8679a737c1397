"""The directory as the generators need it: read once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from agencies.models import Office, Unit, User
from caremgmt.demo.accounts import LIAISONS
from caremgmt.directory.ids import centre_id, desk_id, unit_id, user_id
from caremgmt.directory.tables import CentreRow, centre_rows

_WORDS = {key: word for word, key in (*LIAISONS, ("yuanzhu", "legal_aid"))}


@dataclass
class Directory:
    """Offices, units and staff by where they are."""

    @cached_property
    def offices(self) -> dict[UUID, Office]:
        return {row.pk: row for row in Office.objects.select_related("region")}

    @cached_property
    def units(self) -> dict[UUID, Unit]:
        return {row.pk: row for row in Unit.objects.all()}

    @cached_property
    def users(self) -> dict[UUID, User]:
        return {row.pk: row for row in User.objects.all()}

    def centre(self, county: str) -> Office:
        """The centre of a county."""
        return self.offices[centre_id(county)]

    def desk(self, county: str) -> Office:
        """The desk that answers for a county: its own, else the prefecture's."""
        return self.offices.get(desk_id(county)) or self.offices[desk_id(f"{county[:4]}00")]

    def unit(self, county: str, key: str) -> Unit:
        """A county's unit."""
        return self.units[unit_id(county, key)]

    def user(self, username: str) -> User:
        """An account."""
        return self.users[user_id(username)]

    def manager(self, centre: CentreRow) -> User:
        """The first case manager of a centre."""
        return self.user("duogang.lanping" if centre.slug == "lanping" else f"anjian.{centre.slug}")

    def director(self, centre: CentreRow) -> User:
        """The director of a centre."""
        return self.user(f"zhuren.{centre.slug}")

    def liaison(self, centre: CentreRow, key: str) -> User:
        """Who answers for a body of a centre's county."""
        return self.user(f"{_WORDS[key]}.{centre.slug}")

    def operator(self, county: str) -> User:
        """Who answers the desk of a county."""
        from caremgmt.demo.accounts import PREFECTURE_SLUGS

        slugs = (
            {centre_row.region: centre_row.slug for centre_row in centre_rows()}
            | PREFECTURE_SLUGS
            | {"530000": "yunnan"}
        )
        desk = self.offices.get(desk_id(county)) or self.desk(county)
        slug = slugs[desk.region_id]
        return self.user("duogang.lanping" if slug == "lanping" else f"jiexian.{slug}")
