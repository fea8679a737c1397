"""What the console's lists offer: counties by prefecture, categories by group, centres that may take a case."""

from __future__ import annotations

from typing import Any, Self

from django.utils.translation import gettext as _

from agencies.enums import Level, OfficeKind
from agencies.models import Office, Region
from cases.models import Category
from core import clock
from core.pinyin import initials

Groups = list[tuple[str, Any]]


class Searchable(str):
    """A choice's name with the letters by which the keyboard finds it (`data-letters`)."""

    __slots__ = ("letters", "place")
    letters: str
    place: str

    def __new__(cls, text: str, letters: str = "", place: str = "") -> Self:
        made = super().__new__(cls, text)
        made.letters, made.place = letters, place
        return made


def counties(office: Office) -> Groups:
    """All counties grouped by prefecture, those of the office's own prefecture first; one query."""
    rows = list(Region.objects.filter(level__in=[Level.PREFECTURE, Level.COUNTY]).order_by("code"))
    groups: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        if row.level == Level.COUNTY:
            letters = " ".join(sorted(initials(row.name)))
            groups.setdefault(row.code[:4], []).append((row.code, Searchable(row.name, letters)))
    names = {row.code[:4]: row.name for row in rows if row.level == Level.PREFECTURE}
    own = office.region_id[:4]
    ordered = sorted(groups, key=lambda code: (code != own, code))
    return [("", _("Not known")), *((names.get(code, code), groups[code]) for code in ordered)]


def categories() -> Groups:
    """The classification in force: groups with their kinds, each led by its code so that typing A01 finds it; one query."""
    rows = [row for row in Category.objects.all() if row.retired_on is None or row.retired_on > clock.today()]
    heads = {row.code: row.name for row in rows if row.parent_id is None}
    groups: dict[str, list[tuple[str, str]]] = {code: [] for code in heads}
    for row in rows:
        if row.parent_id in groups:
            groups[row.parent_id].append((row.code, f"{row.code} {row.name}"))
    return [("", _("Not known yet")), *((f"{code} {heads[code]}", kinds) for code, kinds in groups.items() if kinds)]


def centres(office: Office) -> list[Office]:
    """Centres that this office may open a case at: a centre only itself, a desk those of its region."""
    if office.kind == OfficeKind.CENTRE:
        return [office]
    found = Office.objects.centres().in_operation(clock.today()).within(office.region.prefix)
    return list(found.select_related("region"))


def proposed(offered: list[Office], residence: str | None) -> Office | None:
    """The centre of the county where she lives, else the one of its prefecture; the only one where there is no choice."""
    if residence:
        for office in offered:
            if office.region_id == residence:
                return office
        for office in offered:
            if office.region.level == Level.PREFECTURE and residence.startswith(office.region.prefix):
                return office
    return offered[0] if len(offered) == 1 else None
