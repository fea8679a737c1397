"""A section is one guardian permission; expiry holds here as it does in the policies."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from guardian.backends import ObjectPermissionBackend

from cases.enums import CaseStatus, Section
from cases.models import AccessGrant, Case
from cases.models.scope import held_by, not_walled
from core import clock
from core.identity import Identity, identity_of
from core.protection import RESTRICTED_SECTIONS


def open_sections(by: Identity, case: Case) -> frozenset[str]:
    """The sections of `case` that `by` may see now. One query for one who is not of the case's own office (grants), none past a wall."""
    found: set[str] = set()
    if case.office_id in by.case_offices and case.status == CaseStatus.TRANSFERRED:
        found.add(Section.HEADER.value)  # another centre handles it now
    elif case.office_id in by.case_offices:
        found |= {section.value for section in Section if section != Section.LETTER} - set(RESTRICTED_SECTIONS)
    now = clock.now()
    grants = AccessGrant.objects.filter(
        held_by(by), Q(valid_until__isnull=True) | Q(valid_until__gt=now),
        case_id=case.pk, withdrawn_at__isnull=True, valid_from__lte=now,
    ).filter(not_walled("case_id"))  # fmt: skip
    return frozenset(found | set(grants.values_list("section", flat=True)))


class SectionBackend(ObjectPermissionBackend):
    """`user.has_perm("cases.view_medical", case)`: asks once per request and case, then from memory."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        if not isinstance(obj, Case):
            return bool(super().has_perm(user_obj, perm, obj)) if obj is not None else False
        app, _, codename = perm.partition(".")
        if app != "cases" or not codename.startswith("view_") or not user_obj.is_authenticated:
            return False
        memory: dict[Any, frozenset[str]] = user_obj.__dict__.setdefault("_open_sections", {})
        if obj.pk not in memory:
            memory[obj.pk] = open_sections(identity_of(user_obj), obj)
        return codename.removeprefix("view_") in memory[obj.pk]
