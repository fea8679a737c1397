"""The places that the one who asks has figures of, by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from agencies.enums import Level, OfficeKind
from agencies.models import Office, Region
from core.identity import Identity
from core.months import shift
from core.ui.sentences import joined
from reports.enums import By
from reports.figures import Found
from reports.indicators import Indicator
from reports.periods import Period
from reports.tables import Row, row_of


@dataclass(slots=True)
class Directory:
    """Names of all places that the one who asks has figures of."""

    regions: dict[str, Region]
    offices: list[Office]

    @classmethod
    def read(cls, by: Identity, period: Period) -> Directory:
        """The regions of the province, and the offices in `by`'s scope that were open in the period."""
        wanted = Q(pk__in=by.case_offices)
        for prefix in by.regions:
            wanted |= Q(region__code__startswith=prefix)
        offices = Office.objects.filter(wanted, opened_on__lt=shift(period.last, 1)).exclude(
            closed_on__lte=period.first
        )
        regions = Region.objects.filter(level__in=(Level.PROVINCE, Level.PREFECTURE, Level.COUNTY))
        return cls(
            {region.code: region for region in regions},
            list(offices.select_related("region").order_by("region_id", "kind", "name")),
        )

    def name(self, code: str, *, own_level: bool) -> str:
        """A region's name; of a region that stands among its own parts (its desk's figures) with the level: 云南省本级."""
        region = self.regions.get(code)
        name = region.name if region else code
        if not own_level:
            return name
        province = region is not None and region.level == Level.PROVINCE
        return (_("%(region)s (provincial level)") if province else _("%(region)s (prefectural level)")) % {
            "region": name
        }


def rows_of(level: str, by: Identity, directory: Directory, found: Found, indicators: Sequence[Indicator]) -> list[Row]:
    """The rows of one level: every place that is seen, also those without figures."""
    figures = found.by.get(level, {})
    if level == By.CENTRE:
        return [
            row_of(str(office.pk), office.region_id, office.name, "desk" if office.kind == OfficeKind.DESK else "centre",
                   figures.get(str(office.pk), {}), indicators, parent=office.region_id[:6])
            for office in directory.offices
        ]  # fmt: skip
    if level == By.PROVINCE:
        return [_own_whole(by, directory, found, indicators)]
    length = {By.PREFECTURE: 4, By.COUNTY: 6}[By(level)]
    wanted_level = {By.PREFECTURE: Level.PREFECTURE, By.COUNTY: Level.COUNTY}[By(level)]
    codes = {
        code
        for code, region in directory.regions.items()
        if region.level == wanted_level and _covers(by, directory, code)
    }
    codes |= figures.keys()
    rows = []
    for code in sorted(codes):
        region = directory.regions.get(code)
        own_level = region is not None and region.level != wanted_level
        parent = code[:2] + "0000" if length == 4 else code[:4] + "00"
        rows.append(
            row_of(
                code,
                code,
                directory.name(code, own_level=own_level),
                level,
                figures.get(code, {}),
                indicators,
                parent=parent,
            )
        )
    return rows


def _own_whole(by: Identity, directory: Directory, found: Found, indicators: Sequence[Indicator]) -> Row:
    """The one row of everything that is seen, under the name of what it is: the province, a part of it, or a centre."""
    if by.regions:
        widest = min(by.regions, key=len)
        code = widest.ljust(6, "0")
        name = (
            directory.name(code, own_level=False)
            if all(region.startswith(widest) for region in by.regions)
            else _("Total")
        )
    else:
        code = directory.offices[0].region_id if directory.offices else ""
        name = joined(directory.offices, "name")
    return row_of("", code, name, By.PROVINCE, found.whole, indicators)


def _covers(by: Identity, directory: Directory, code: str) -> bool:
    if any(
        code.startswith(prefix) or (prefix.startswith(code.rstrip("0")) and len(prefix) > 2) for prefix in by.regions
    ):
        return True
    return any(office.region_id.startswith(code[: 4 if code.endswith("00") else 6]) for office in directory.offices)
