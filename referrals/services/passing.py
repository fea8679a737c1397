"""A letter is passed on inside the agency: to a colleague of the unit, or to the unit above, below or beside it.

What rests on her consent stays with the body that the consent names (security.md, 3 and 4): there it goes to colleagues alone.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.models import Unit, User
from cases.enums import GrantBasis, Section
from cases.services import access, timeline, workitems
from core.engine import Act
from core.errors import DomainError
from core.identity import Identity
from referrals.absences.people import members
from referrals.enums import AWAY, OWED, UNNAMED
from referrals.models import Referral, ReferralNote
from referrals.services.common import ACCEPT, RESPOND, beside, is_addressee, note, said
from referrals.services.letters import NAMED_LIAISON_NEEDED


def same_agency(unit: Unit) -> QuerySet[Unit]:
    """The unit and those of its kind directly above, below and beside it."""
    near = Q(pk=unit.pk) | Q(parent_id=unit.pk)
    if unit.parent_id is not None:
        near |= Q(pk=unit.parent_id) | Q(parent_id=unit.parent_id)
    return Unit.objects.filter(near, kind=unit.kind, is_active=True, has_accounts=True)


def receivers(row: Referral, by: Identity) -> list[tuple[str, Any]]:
    """Who could take the letter on, as `unit:person`, and as `unit` where nobody need be named. Walls are not asked here: they show when it is passed."""
    near = same_agency(row.unit)
    units = list((near.filter(pk=row.unit_id) if rests_on_consent(row) else near).order_by("pk"))
    found = [
        (f"{unit.pk}:{user.pk}", f"{unit.short_name} · {user.name}")
        for unit in units
        for user in members(unit)
        if user.pk not in (by.user_id, row.named_liaison_id)
    ]
    whole = [] if needs_a_name(row) else [(str(unit.pk), unit.short_name) for unit in units if unit.pk != row.unit_id]
    return [*found, *whole]


def needs_a_name(row: Referral) -> bool:
    """Violence and minors stay with named people, and so does what was addressed to one."""
    return bool(row.named_liaison_id or row.concerns_minor or row.category.is_violence or row.category.concerns_minor)


def rests_on_consent(row: Referral) -> bool:
    """Whether the letter, or a section that it offers, rests on her consent, which names one body."""
    return GrantBasis.CONSENT in (row.basis, *(basis for _section, basis in row.shared))


def referral_pass_on(
    *, referral_id: UUID, by: Identity, version: int | None, to: str, text: str, key: UUID | None = None
) -> Referral:
    """The liaison passes the letter on (`to` as in `receivers`): access and what is owed go with it, the due time stays, it is written down."""

    def write(act: Act[Referral]) -> Referral:
        row = act.object
        if row.status not in OWED:
            raise DomainError("wrong_status", _("This is no longer possible: the status has changed meanwhile."))
        unit, person = _receiver(row, to)
        if person is None and needs_a_name(row):
            raise DomainError("named_liaison", NAMED_LIAISON_NEEDED, field="to")
        if unit.pk != row.unit_id and rests_on_consent(row):
            raise DomainError("consent", _NAMES_THIS_BODY % {"unit": row.unit.short_name}, field="to")
        words = said(text)
        if not access.pass_on(source_id=row.pk, group_id=unit.group_id, user_id=person.pk if person else None):
            raise DomainError("receiver", _CANNOT_TAKE_IT, field="to")
        receiver = f"{unit.short_name} {person.name}" if person else unit.short_name
        note(act, ReferralNote.Kind.PASSED, f"{by.name} → {receiver}\n{words}")
        if row.opened_to_id and row.opened_to_id == row.named_liaison_id:
            row.opened_to = person  # what was open to the holder at once has gone along
        elif row.opened_to_id and unit.pk != row.unit_id:
            row.opened_to = None
        row.unit, row.group_id, row.named_liaison = unit, unit.group_id, person
        workitems.finish((AWAY, UNNAMED), source_id=row.pk)
        workitems.pass_on(
            (ACCEPT, RESPOND),
            source_id=row.pk,
            owner_user_id=person.pk if person else None,
            owner_group_id=unit.group_id,
        )
        timeline.add(
            act, row.case, "referral.passed_on", section=Section.COORDINATION, object_id=row.pk, unit=unit.short_name,
            name=person.name if person else "",
        )  # fmt: skip
        act.detail |= {"unit": str(unit.pk), "liaison": str(person.pk) if person else None}
        return row

    return beside("pass_on", write, is_addressee, referral_id=referral_id, by=by, version=version, key=key)


_NAMES_THIS_BODY = _(
    "Her consent names %(unit)s and no other body. Give the letter back and say who should have it: the centre asks her, and sends it there."
)
_CANNOT_TAKE_IT = _("This colleague or unit cannot take it. Choose another.")


def _receiver(row: Referral, to: str) -> tuple[Unit, User | None]:
    code, _sep, person = to.partition(":")
    try:
        unit = same_agency(row.unit).filter(pk=UUID(code)).first()
        user = User.objects.filter(pk=UUID(person)).first() if person else None
    except ValueError:
        unit = user = None
    if unit is None or (person and user is None):
        raise DomainError("receiver", _CANNOT_TAKE_IT, field="to")
    return unit, user
