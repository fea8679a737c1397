"""What the console's lists offer: counties by prefecture, categories by group, centres that may take a case."""

from __future__ import annotations

from typing import Any, Self

from django.utils.translation import gettext as _

from agencies.enums import Level
from agencies.models import Office, Region
from cases.models import Category
from core import clock
from core.pinyin import initials

Groups = list[tuple[str, Any]]


class Searchable(str):
    """A choice's name with the letters by which the keyboard finds it (`data-letters`)."""

    __slots__ = ("letters",)
    letters: str

    def __new__(cls, text: str, letters: str = "") -> Self:
        made = super().__new__(cls, text)
        made.letters = letters
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


def centres(offered: list[Office]) -> Groups:
    """The centres that may take the case, by prefecture in the order given; where there is but one region, without groups."""
    options = [(office.region_id[:4], (str(office.pk), Searchable(office.short_name, " ".join(sorted(initials(office.short_name))))))
               for office in offered]  # fmt: skip
    codes = list(dict.fromkeys(code for code, _option in options))
    first: tuple[str, Any] = ("", _("Choose the centre"))
    if len(codes) < 2:
        return [first, *(option for _code, option in options)]
    names = dict(Region.objects.filter(code__in=[f"{code}00" for code in codes]).values_list("code", "name"))
    return [
        first,
        *((names.get(f"{code}00", code), [option for at, option in options if at == code]) for code in codes),
    ]


def all_centres() -> list[Office]:
    """The centres in operation, with their regions; one query."""
    return list(Office.objects.centres().in_operation(clock.today()).select_related("region"))
