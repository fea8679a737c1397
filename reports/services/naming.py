"""Words on a month leave the centre: who reviews it reads them, and may know nobody of its cases."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.enums import OPEN_STATUSES
from cases.models import Case, Party, ServiceRecord
from cases.services.identifying import holds_number, telling_of_many
from core.errors import DomainError
from core.identity import Identity
from core.months import shift
from reports.explanations import Explanation
from reports.models import MonthReport
from reports.periods import starts
from reports.small_counts import small_counts

TAKE_OUT = _("Who reviews the month reads this: take out the name, number or address.")


def _cases_of(report: MonthReport, by: Identity) -> QuerySet[Case]:
    """Cases of whom one may speak in this month's words: the open ones, and those with a record in the month."""
    inside = (starts(report.month), starts(shift(report.month, 1)))
    served = ServiceRecord._base_manager.filter(
        case=OuterRef("pk"), happened_at__gte=inside[0], happened_at__lt=inside[1]
    )
    touched = Q(status__in=OPEN_STATUSES) | Q(Exists(served))
    for moment in ("received_at", "accepted_at", "closed_at"):
        touched |= Q(**{f"{moment}__gte": inside[0], f"{moment}__lt": inside[1]})
    return Case.objects.visible_to(by).filter(touched, office_id=report.office_id)


def explanation_names_nobody(report: MonthReport, by: Identity, said: Explanation) -> None:
    """Raises DomainError("names") beside the first field whose words tell who somebody of the centre's cases is."""
    told = telling_of_many(_cases_of(report, by), Party.objects.visible_to(by), said.fields.values())
    for field, words in said.fields.items():
        if words in told:
            raise DomainError("names", TAKE_OUT, field=field)


def reason_names_nobody(reason: str) -> None:
    """The same of a reason: who returns a month sees no names, so only numbers can be looked for. Raises DomainError("names")."""
    if holds_number([reason]):
        raise DomainError("names", _("Take out the mobile or identity number."), field="reason")


def words_count_nobody(said: Mapping[str, str]) -> None:
    """Raises DomainError("small_counts") beside the first field that counts so few people or cases that the tables would hide it."""
    for field, words in said.items():
        if found := small_counts(words):
            message = gettext(
                "Here stand figures of people or cases below %(k)s: %(words)s. They may tell who somebody is: write “fewer than %(k)s people” or “some” instead."
            )
            listed = gettext(", ").join(f"“{each}”" for each in found)
            raise DomainError("small_counts", message % {"k": settings.SMALL_CELL, "words": listed}, field=field)
