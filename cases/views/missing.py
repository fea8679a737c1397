"""What is missing on a case in words, each with the form on which it is entered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from cases.enums import CaseStatus, Section
from cases.models import Party, WorkItem
from cases.services import missing
from cases.views.scope import View
from cases.worklist import MISSING_WORDS

OF_PERSON = {
    "known_name": "cases:person-identity", "client_birth_year": "cases:person-identity", "region_residence_id": "cases:person-contact",
    "safe_number": "cases:person-safe",
}  # fmt: skip


@dataclass(frozen=True)
class Gap:
    """One fact that nobody had the time to ask."""

    label: Any
    url: str


def gaps(seen: View) -> list[Gap]:
    """Those of this case while its work item is open; for whoever may enter them."""
    case = seen.case
    if (
        not seen.may_change
        or not WorkItem.objects.visible_to(seen.by).open().filter(kind=missing.MISSING, case_id=case.pk).exists()
    ):
        return []
    names = missing.still([case.pk], seen.by).get(case.pk, [])
    party = (
        Party.objects.visible_to(seen.by).filter(case_id=case.pk, is_primary=True).values_list("pk", flat=True).first()
    )
    assess = "cases:assess" if case.status == CaseStatus.RECEIVED else "cases:reassess"
    found = []
    for name in names:
        if name in OF_PERSON and party:
            found.append(Gap(MISSING_WORDS[name], reverse(OF_PERSON[name], args=[case.pk, party])))
        elif name == "narrative":
            found.append(Gap(MISSING_WORDS[name], reverse("cases:section", args=[case.pk, Section.INCIDENT.value])))
        elif name == "category_id":
            found.append(Gap(MISSING_WORDS[name], reverse(assess, args=[case.pk])))
    return found
