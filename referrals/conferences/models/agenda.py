"""An agenda item: one case before one conference, with what is shared of it."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.enums import GrantBasis, Risk
from cases.models import CaseOwned, Category
from cases.models.scope import not_walled
from core.identity import Identity
from core.protection import IS_WORKER, TICKET, Rows, staff_of_case
from referrals.conferences.enums import InvitationStatus, Reason
from referrals.conferences.models.conference import Conference
from referrals.conferences.models.rules import at_the_table


class AgendaItemQuerySet(models.QuerySet["AgendaItem"]):
    """Scope of agenda items."""

    def visible_to(self, by: Identity) -> Self:
        """The items of the own centres' cases, and those whose invitation a unit of `by` has accepted; never past a wall."""
        from referrals.conferences.models.invitation import Invitation

        if by.user_id is None:
            return self.none()
        joined = Invitation.objects.addressed_to(by).filter(status=InvitationStatus.ACCEPTED).values("item_id")
        return self.filter(Q(office_id__in=by.case_offices) | Q(pk__in=joined)).filter(not_walled("case_id"))


class AgendaItem(CaseOwned):
    """One case on the agenda. Its minutes, its list of bodies and its paper are its own: bodies differ from item to item."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="items", db_constraint=False)
    place = models.SmallIntegerField(_("Order"), default=1)
    reason = models.CharField(_("Reason"), max_length=16, choices=Reason.choices)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+", verbose_name=_("Category"))
    risk = models.CharField(_("Risk"), max_length=8, choices=Risk.choices)  # as it was when it was put on the agenda
    sections = models.JSONField(_("Sections shared"), default=list)
    basis = models.CharField(_("Legal basis of sharing"), max_length=20, choices=GrantBasis.choices)
    paper_number = models.CharField(
        _("Document number"), max_length=40, blank=True
    )  # of the minutes, once they are signed
    ended_at = models.DateTimeField(null=True)  # nothing is followed any more, and nothing is shared

    objects = AgendaItemQuerySet.as_manager()  # type: ignore[misc, assignment]
    section_rule: ClassVar[str] = "'coordination'"
    protection = Rows(
        web=f"{staff_of_case('{table}.case_id', '{table}.office_id')} OR {at_the_table('id')}",
        verb=f"case_id = ANY {TICKET} OR conference_id = ANY {TICKET}", worker=IS_WORKER, unique_case_key=True,
    )  # fmt: skip

    class Meta:
        ordering: ClassVar[list[str]] = ["place"]
        indexes = [
            models.Index(fields=["conference", "place"], name="agenda_conference"),
            models.Index(fields=["case"], name="agenda_case"),
        ]
        constraints = [models.UniqueConstraint(fields=["conference", "case"], name="agenda_once")]

    def __str__(self) -> str:
        return str(self.pk)
