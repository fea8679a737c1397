"""The only scope: who sees which rows of a case. The database's policies say the same by themselves."""

from __future__ import annotations

from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q
from django.db.models.expressions import RawSQL

from core import clock
from core.identity import Identity
from core.protection import RESTRICTED_SECTIONS

M = TypeVar("M", bound=models.Model)


def walled_cases() -> RawSQL:
    """The ids of cases that the bound identity is walled off, as a subquery (nobody may read the walls themselves)."""
    return RawSQL("(SELECT unnest(caremgmt_walled()))", [])


def not_walled(case_field: str) -> Func:
    """The same as a condition on one column; rows without a case stand behind no wall.

    An array, like in the policies: of NOT IN the planner thinks that it halves the rows.
    """
    template = "(%(expressions)s <> ALL ((SELECT caremgmt_walled())::uuid[])) IS NOT FALSE"
    return Func(F(case_field), template=template, output_field=BooleanField())


def held_by(by: Identity) -> Q:
    """Grants to a unit of `by`, and to `by` in person as long as the post that they were given for is held (core.protection.HOLDS)."""
    post = Q(member_of__isnull=True) | Q(member_of__in=by.groups)
    place = Q(at_office__isnull=True) | Q(at_office__in=by.case_offices)
    return Q(group_id__in=by.groups) | (Q(user_id=by.user_id) & post & place)


def grants_in_force(by: Identity, case: str, section: Any) -> models.QuerySet[Any]:
    """The access grants of `by` in force now for the outer row's `case` and `section` (F expression or code)."""
    from cases.models.access import AccessGrant

    now = clock.now()
    return AccessGrant._base_manager.filter(
        held_by(by),
        Q(valid_until__isnull=True) | Q(valid_until__gt=now),
        case_id=OuterRef(case), section=section, withdrawn_at__isnull=True, valid_from__lte=now,
    )  # fmt: skip


class CaseQuerySet(models.QuerySet[M]):
    """Rows of a case. `case_field` and `section` come from the model."""

    def visible_to(self, by: Identity) -> Self:
        """Rows that `by` may see: the own centres' (restricted sections by grant only), and those a grant in force opens; never past a wall."""
        case_field: str = getattr(self.model, "case_field", "case_id")
        section: str = self.model.section_rule  # type: ignore[attr-defined]
        literal = section.strip("'") if section.startswith("'") else None
        if literal in RESTRICTED_SECTIONS:
            staff = Q(pk__in=[])
        else:
            staff = Q(office_id__in=by.case_offices)
            if literal is None:
                staff &= ~Q(**{f"{section}__in": RESTRICTED_SECTIONS})
        rows = self
        if by.groups or by.user_id:
            wanted: Any = literal if literal is not None else OuterRef(section)
            rows = rows.filter(staff | Q(Exists(grants_in_force(by, case_field, wanted))))
        else:
            rows = rows.none()
        return rows.filter(not_walled(case_field))

    def own(self, by: Identity) -> Self:
        """Of these only the own centres' rows, without asking for grants: lists of the own work walk the office's index."""
        rows = self.filter(not_walled(getattr(self.model, "case_field", "case_id")), office_id__in=by.case_offices)
        section: str = self.model.section_rule  # type: ignore[attr-defined]
        if section.strip("'") in RESTRICTED_SECTIONS:
            return rows.none()
        return rows if section.startswith("'") else rows.exclude(**{f"{section}__in": RESTRICTED_SECTIONS})


__all__ = ["CaseQuerySet", "Exists", "F", "grants_in_force", "held_by", "not_walled", "walled_cases"]
