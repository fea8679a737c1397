"""The only scope: who sees which rows of a case. The database's policies say the same by themselves."""

from __future__ import annotations

from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q

from core import clock
from core.identity import Identity
from core.protection import RESTRICTED_SECTIONS, clear

M = TypeVar("M", bound=models.Model)


def _clear(case_field: str, *, head: bool) -> Func:
    rule = clear("%(expressions)s", head=head)
    return Func(F(case_field), template=f"({rule} IS NOT FALSE)", output_field=BooleanField())


def not_walled(case_field: str) -> Func:
    """The condition on one column that its case exists for the bound identity; rows without a case stand behind no wall.

    With the walls stand the closed records of minors and what another centre has taken over: of these the earlier centre reads the head alone.
    """
    return _clear(case_field, head=False)


def not_recused(case_field: str) -> Func:
    """The same for rows of a case's head, which its centre reads on where another one has taken the case over."""
    return _clear(case_field, head=True)


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
        """Rows that `by` may see: the own centres' (restricted sections by grant only, of what was handed over the head), and those a
        grant in force opens; never past a wall.
        """
        if not (by.groups or by.user_id):
            return self.none()
        case_field: str = getattr(self.model, "case_field", "case_id")
        section: str = self.model.section_rule  # type: ignore[attr-defined]
        wanted: Any = section.strip("'") if section.startswith("'") else OuterRef(section)
        granted = Q(Exists(grants_in_force(by, case_field, wanted))) & Q(not_walled(case_field))
        return self.filter(self._of_staff(by) | granted)

    def own(self, by: Identity) -> Self:
        """Of these only the own centres' rows, without asking for grants: lists of the own work walk the office's index."""
        return self.filter(self._of_staff(by))

    def _of_staff(self, by: Identity) -> Q:
        case_field: str = getattr(self.model, "case_field", "case_id")
        section: str = self.model.section_rule  # type: ignore[attr-defined]
        here, clear, heads = Q(office_id__in=by.case_offices), Q(not_walled(case_field)), Q(not_recused(case_field))
        if section.strip("'") in RESTRICTED_SECTIONS:
            return Q(pk__in=[])
        keeps_head: bool = getattr(self.model, "keeps_head", False)
        if section.startswith("'"):
            return here & (heads if keeps_head else clear)
        rows = clear & ~Q(**{f"{section}__in": RESTRICTED_SECTIONS})
        return here & (rows | (Q(**{section: "header"}) & heads) if keeps_head else rows)


__all__ = ["CaseQuerySet", "Exists", "F", "grants_in_force", "held_by", "not_recused", "not_walled"]
