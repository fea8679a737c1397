"""Names of the codes that facts carry, in the order in which tables show them."""

from __future__ import annotations

from agencies.enums import UnitKind
from agencies.models import Region
from cases.enums import Channel, Gender, Risk, ServiceKind
from cases.models import Category
from reports.enums import AgeBand


def category_names(*, top: bool) -> dict[str, str]:
    """Names of the first level (A), or of the second (A01)."""
    return {row.code: row.name for row in Category.objects.filter(parent__isnull=top)}


def county_names() -> dict[str, str]:
    """Names of the counties."""
    return dict(Region.objects.filter(level="county").values_list("code", "name"))


def _labels(choices: type) -> dict[str, str]:
    return {code: str(label) for code, label in choices.choices}  # type: ignore[attr-defined]


def names_of(dimension: str) -> dict[str, str]:
    """Names of one dimension's codes. KeyError for a word that is none."""
    fixed = {
        "channel": Channel,
        "gender": Gender,
        "age": AgeBand,
        "risk": Risk,
        "service": ServiceKind,
        "agency": UnitKind,
    }
    if dimension == "category":
        return category_names(top=False)
    if dimension in ("residence", "registration"):
        return county_names()
    return _labels(fixed[dimension])
