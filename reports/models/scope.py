"""Whose figures one may see: the own centres', and those of the regions that one supervises."""

from __future__ import annotations

from typing import Self, TypeVar

from django.db import models
from django.db.models import Q

from core.identity import Identity
from core.protection import CASE_OFFICES, flag

M = TypeVar("M", bound=models.Model)
_PREFIXES = "((SELECT caremgmt_texts('rg'))::text[])"

# A region's code begins with the codes of all regions around it: 53, 5301, 530102.
FIGURES = (
    f"(office_id = ANY {CASE_OFFICES} OR {flag('province')} OR left(region_code, 2) = ANY {_PREFIXES}"
    f" OR left(region_code, 4) = ANY {_PREFIXES} OR left(region_code, 6) = ANY {_PREFIXES})"
)


class FiguresQuerySet(models.QuerySet[M]):
    """Rows that carry `office_id` and `region_code`."""

    def visible_to(self, by: Identity) -> Self:
        """Figures of the own centres and of the supervised regions."""
        wanted = Q(office_id__in=by.case_offices)
        for prefix in by.regions:
            wanted |= Q(region_code__startswith=prefix)
        return self.filter(wanted)
