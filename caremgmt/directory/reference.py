"""Divisions, classification, clocks and calendar: the same in every installation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models

from agencies.enums import UnitKind as U
from agencies.models import Region
from caremgmt.directory.clocks import clock_rules, followup_rules
from caremgmt.directory.tables import category_rows, divisions
from cases.models import Category, ClockRule, FollowUpRule
from core import clock
from core.calendar import refresh_year
from core.identity import database_pads
from core.models import ClockOffset, IdentityKey, Installation

FIRST_YEAR = 2018  # of the working days

VIOLENCE = {"A01", "A02", "B01", "B02", "B03", "B04", "B05", "B06", "E01", "E02", "E06", "E11"}
MINORS = {"A05"}  # and everything in E
BY_GROUP = {
    "A": [U.COURT, U.LEGAL_AID, U.JUSTICE, U.FEDERATION, U.COMMUNITY],
    "B": [U.POLICE, U.PROCURATORATE, U.LEGAL_AID, U.HOSPITAL],
    "C": [U.HUMAN_RESOURCES, U.UNION, U.LEGAL_AID, U.COURT],
    "D": [U.TOWNSHIP, U.JUSTICE, U.LEGAL_AID, U.COURT],
    "E": [U.POLICE, U.CIVIL_AFFAIRS, U.EDUCATION, U.PROCURATORATE, U.SCHOOL],
    "F": [U.FEDERATION, U.TOWNSHIP, U.EDUCATION],
    "G": [U.CIVIL_AFFAIRS, U.TOWNSHIP, U.FEDERATION, U.HEALTH],
    "H": [U.POLITICAL_LEGAL, U.COURT, U.PROCURATORATE, U.PETITION],
    "Z": [U.FEDERATION, U.TOWNSHIP],
}
BY_CATEGORY = {
    "A01": [U.POLICE, U.COURT, U.LEGAL_AID, U.HOSPITAL, U.COMMUNITY],
    "A02": [U.POLICE, U.CIVIL_AFFAIRS, U.LEGAL_AID, U.COMMUNITY],
    "A06": [U.JUSTICE, U.LEGAL_AID, U.COMMUNITY, U.CIVIL_AFFAIRS, U.COURT],
    "B02": [U.POLICE, U.HUMAN_RESOURCES, U.LEGAL_AID],
    "B05": [U.POLICE, U.LEGAL_AID, U.PROCURATORATE],
    "E01": [U.POLICE, U.PROCURATORATE, U.EDUCATION, U.CIVIL_AFFAIRS, U.SCHOOL],
    "E02": [U.POLICE, U.PROCURATORATE, U.HOSPITAL, U.EDUCATION],
    "E03": [U.CIVIL_AFFAIRS, U.POLICE, U.TOWNSHIP, U.PROCURATORATE],
    "E04": [U.CIVIL_AFFAIRS, U.PROCURATORATE, U.COMMUNITY, U.SCHOOL],
    "E05": [U.EDUCATION, U.SCHOOL, U.POLICE],
    "E07": [U.EDUCATION, U.SCHOOL, U.TOWNSHIP],
    "E09": [U.CIVIL_AFFAIRS, U.COMMUNITY, U.SCHOOL, U.YOUTH_LEAGUE],
    "E10": [U.HEALTH, U.SCHOOL, U.EDUCATION],
    "E12": [U.CIVIL_AFFAIRS, U.EDUCATION, U.POLICE, U.HEALTH],
    "G02": [U.HEALTH, U.FEDERATION, U.CIVIL_AFFAIRS],
    "G03": [U.HEALTH, U.FEDERATION],
    "G04": [U.CIVIL_AFFAIRS, U.COMMUNITY, U.DISABLED],
    "G05": [U.HUMAN_RESOURCES, U.FEDERATION],
}


def add_missing(model: type[models.Model], rows: Iterable[Any], *, field: str = "pk") -> int:
    """Insert the rows whose `field` is not in the table yet; what an administrator has changed since stays. Returns how many."""
    known = set(model._base_manager.values_list(field, flat=True))
    new = [row for row in rows if getattr(row, field) not in known]
    model._base_manager.bulk_create(new, batch_size=2000)
    return len(new)


def load_installation() -> None:
    """Demo or real (once), the keys with which the database checks identities, a clock that is not turned."""
    Installation.objects.get_or_create(pk=1, defaults={"kind": settings.INSTALLATION_KIND})
    inner, outer = database_pads()
    if not IdentityKey.objects.filter(key_id="k", inner_pad=inner, outer_pad=outer).exists():
        IdentityKey.objects.update_or_create(key_id="k", defaults={"inner_pad": inner, "outer_pad": outer})
    ClockOffset.objects.get_or_create(pk=1)


def load_reference() -> int:
    """All public tables. Returns how many rows were added."""
    added = add_missing(
        Region,
        (
            Region(code=row.code, name=row.name, level=row.level, parent_id=row.parent or None)
            for row in divisions().values()
        ),
    )
    added += add_missing(Category, sorted(map(_category, category_rows()), key=lambda row: (len(row.code), row.code)))
    added += add_missing(FollowUpRule, followup_rules())
    added += add_missing(ClockRule, clock_rules(), field="code")
    return added + sum(refresh_year(year) for year in range(FIRST_YEAR, clock.today().year + 2))


def _category(row: dict[str, str]) -> Category:
    code = row["code"]
    return Category(
        code=code, zh=row["zh"], en=row["en"], parent_id=code[0] if len(code) > 1 else None,
        proposes=[kind.value for kind in BY_CATEGORY.get(code, BY_GROUP[code[0]])], is_violence=code in VIOLENCE,
        concerns_minor=code.startswith("E") or code in MINORS,
    )  # fmt: skip
