"""Who holds what of a case, from which source, on which basis, since when and until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.models import Unit
from cases import registry
from cases.enums import AccessEnd, GrantBasis, Section
from cases.models import AccessGrant, Consent
from cases.services.access import QUIET_SOURCES
from cases.views.scope import View
from core import clock

SOURCES = {
    "referral": _("Referral"),
    "contact": _("Took the first call"),
    "follow_up": _("Callback due"),
    "manager": _("Manages the case"),
    "conference": _("Case conference"),
    "stay": _("Stay in the refuge"),
    "legal_aid": _("Legal aid"),
    "care_team": _("Care team"),
    "break_glass": _("Emergency view"),
    "joint": _("Joint handling"),
}
# A letter rests on no consent: before acceptance it names nobody, and it stays with the body until it is answered or recalled.
LETTER_BASIS = _("The letter itself names nobody")


@dataclass
class Share:
    """What one source opened to one holder: in force, offered or over."""

    source_id: UUID
    source: Any
    basis: Any
    state: Any
    tone: str
    since: dt.datetime
    until: dt.datetime | None
    consent: Consent | None
    group_id: int | None
    user_id: UUID | None
    may_end: bool
    reason: Any = ""
    page_url: str = ""  # where the source itself stands, a letter: there it is recalled
    joint_url: str = ""  # where a joint handling ends: with all that is open or offered for it
    sections: list[Any] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        """Ended by its time or by somebody."""
        return self.tone == "neutral"


@dataclass
class Holder:
    """A body or person with all that is or was open to it."""

    name: str
    body: str
    shares: list[Share] = field(default_factory=list)

    @property
    def open(self) -> list[Share]:
        return [share for share in self.shares if not share.is_over]

    @property
    def over(self) -> list[Share]:
        return [share for share in self.shares if share.is_over]


def units_of(grants: Iterable[AccessGrant]) -> dict[int, str]:
    """Names of the units as whose members people hold something. One query."""
    return dict(Unit.objects.filter(group_id__in={one.member_of for one in grants}).values_list("group_id", "name"))


def body_of(grant: AccessGrant, units: dict[int, str]) -> str:
    """The unit or office that the holder belongs to; a unit's own grant names itself, a person's the unit as whose member it was given."""
    if grant.group:
        place = getattr(grant.group, "unit", None) or getattr(grant.group, "office", None)
        return str(place.name) if place else ""
    if grant.member_of in units:
        return units[grant.member_of]
    if grant.user:
        held = [one.unit or one.office for one in grant.user.role_grants.all()]
        # a person with several posts has it for the one that the access is bound to
        places = sorted((place for place in held if place is not None), key=lambda place: place.pk != grant.at_office)
        return str(places[0].name) if places else ""
    return ""


def _state(grant: AccessGrant) -> tuple[Any, str]:
    now = clock.now()
    if grant.withdrawn_at:
        return (_("Ended") if grant.end_reason == AccessEnd.EXPIRED else _("Withdrawn")), "neutral"
    if grant.valid_until and grant.valid_until <= now:
        return _("Ended"), "neutral"
    if grant.valid_from is None:
        return _("Offered, not yet open"), "warn"
    return _("Open now"), "info"


def _joint_url(grant: AccessGrant) -> str:
    """The button that ends a joint handling as a whole: part of it open and the rest of it owed would be neither."""
    if grant.source_kind != "joint":
        return ""
    return reverse("cases:joint-recall" if grant.valid_from is None else "cases:joint-end", args=[grant.source_id])


def basis_of(grant: AccessGrant) -> Any:
    """On what it rests; of a letter, which a withdrawn consent leaves there, what it is."""
    return LETTER_BASIS if grant.section == Section.LETTER else GrantBasis(grant.basis).label


def page_of(source_kind: str, source_id: UUID) -> str:
    """The page of a source of access, where it has one."""
    route = registry.source_pages.get(source_kind)
    return reverse(route, args=[source_id]) if route else ""


def holders(seen: View) -> list[Holder]:
    """Everybody to whom something of the case is or was open, whoever has something now first. A constant number of queries."""
    grants = list(
        AccessGrant.objects.filter(case_id=seen.case.pk, office_id__in=seen.by.case_offices)
        .select_related("user", "group__unit", "group__office", "consent")
        .prefetch_related("user__role_grants__unit", "user__role_grants__office")
        .order_by("-offered_at", "section", "pk")
    )
    units = units_of(grants)
    found: dict[tuple[int | None, UUID | None], Holder] = {}
    shares: dict[tuple[Any, ...], Share] = {}
    for grant in grants:
        label, tone = _state(grant)
        body = body_of(grant, units)
        who = (grant.group_id, grant.user_id)
        holder = found.setdefault(who, Holder(str(grant.user.name) if grant.user else body, body))
        basis = basis_of(grant)
        key = (grant.source_id, *who, str(label), grant.end_reason, str(basis), grant.consent_id, grant.valid_until)
        if key not in shares:
            shares[key] = Share(
                source_id=grant.source_id, source=SOURCES.get(grant.source_kind, grant.source_kind), basis=basis,
                state=label, tone=tone, since=grant.valid_from or grant.offered_at, until=grant.withdrawn_at or grant.valid_until,
                consent=grant.consent, group_id=grant.group_id, user_id=grant.user_id,
                may_end=tone != "neutral" and grant.source_kind not in {*QUIET_SOURCES, "joint"} and grant.section != Section.LETTER,
                page_url=page_of(grant.source_kind, grant.source_id) if tone != "neutral" and grant.section == Section.LETTER else "",
                joint_url=_joint_url(grant) if tone != "neutral" else "",
                reason=AccessEnd(grant.end_reason).label if grant.end_reason else "",
            )  # fmt: skip
            holder.shares.append(shares[key])
        shares[key].sections.append(Section(grant.section).label)
    return sorted(found.values(), key=lambda holder: not holder.open)
