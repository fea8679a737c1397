"""A letter lies with a whole unit, and the case has turned out to be a minor's: it is marked, and the centre names a liaison or recalls it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agencies.models import User
from cases.enums import Risk, Section
from cases.models import Case
from cases.services import access, timeline, workitems
from core.engine import Act
from core.errors import DomainError
from core.identity import Identity
from referrals.enums import OWED, UNNAMED
from referrals.models import Referral
from referrals.services.common import ACCEPT, RESPOND, beside, is_sender
from referrals.services.letters import liaisons
from referrals.services.passing import needs_a_name


def waits_for_a_name(row: Referral) -> bool:
    """Whether a whole unit holds what belongs with one person of it."""
    return row.status in OWED and row.named_liaison_id is None and row.unit.has_accounts and needs_a_name(row)


def ask_for_a_name(row: Referral) -> None:
    """The case's manager owes a name, or the recall. Inside a verb on the case."""
    if waits_for_a_name(row):
        urgent = row.risk == Risk.HIGH
        workitems.open_item(UNNAMED, office_id=row.office_id, source_id=row.pk, case=row.case, urgent=urgent)


def hear_minor(act: Act[Any], case: Case) -> None:
    """The case has turned out to be a minor's: no letter of it is shown to a program any more, finished ones among them."""
    rows = Referral.objects.filter(case=case, concerns_minor=False)
    for row in rows.select_related("unit", "category", "case"):
        row.concerns_minor = True
        row.version += 1
        row.save()
        ask_for_a_name(row)


def referral_name(
    *, referral_id: UUID, by: Identity, version: int | None, named_liaison: User, key: UUID | None = None
) -> Referral:
    """The centre names who of the unit has the letter from now on: access and what is owed go to that one alone, the due time stays."""

    def write(act: Act[Referral]) -> Referral:
        row = act.object
        if not waits_for_a_name(row):
            raise DomainError("wrong_status", _("This is no longer possible: the status has changed meanwhile."))
        if not liaisons(row.unit).filter(pk=named_liaison.pk).exists():
            raise DomainError("named_liaison", _("This person is not a liaison of that unit."), field="named_liaison")
        if not access.name_holder(source_id=row.pk, group_id=row.group_id, user_id=named_liaison.pk):
            raise DomainError("named_liaison", _CANNOT_TAKE_IT, field="named_liaison")
        if row.opened_to_id != named_liaison.pk:
            row.opened_to = None
        row.named_liaison = named_liaison
        workitems.finish(UNNAMED, source_id=row.pk)
        workitems.pass_on((ACCEPT, RESPOND), source_id=row.pk, owner_user_id=named_liaison.pk, owner_group_id=None)
        timeline.add(
            act, row.case, "referral.named", section=Section.COORDINATION, object_id=row.pk, unit=row.unit.short_name,
            name=named_liaison.name,
        )  # fmt: skip
        act.detail |= {"liaison": str(named_liaison.pk)}
        return row

    return beside("name", write, is_sender, referral_id=referral_id, by=by, version=version, key=key)


_CANNOT_TAKE_IT = _("This matter must not go there because of a conflict of interest. Choose another.")

__all__ = ["ask_for_a_name", "hear_minor", "referral_name", "waits_for_a_name"]
