"""An invitation is a letter: before a body accepts it sees coded fields only."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Unit
from cases.enums import GrantBasis, Risk
from cases.models import CaseOwned, Category
from cases.models.scope import not_walled
from core.identity import Identity
from core.protection import IS_WORKER, TICKET, Rows, staff_of_case
from referrals.conferences.enums import Confirmation, InvitationStatus, Regret
from referrals.conferences.models.agenda import AgendaItem
from referrals.conferences.models.conference import Conference
from referrals.conferences.models.rules import LETTER, letters


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Scope of invitations."""

    def visible_to(self, by: Identity) -> Self:
        """The own centres' invitations, and letters in force to a unit of `by` or to `by` by name; never past a wall."""
        if by.user_id is None:
            return self.none()
        return self.filter(Q(office_id__in=by.case_offices) | letters(by)).filter(not_walled("case_id"))

    def addressed_to(self, by: Identity) -> Self:
        """Of these only the letters that `by` received."""
        if by.user_id is None or not by.groups:
            return self.none()
        return self.filter(letters(by)).filter(not_walled("case_id"))


class Invitation(CaseOwned):
    """One body's letter to one agenda item. Coded fields are copied in: the unit cannot name the case before it accepts."""

    conference = models.ForeignKey(
        Conference, on_delete=models.PROTECT, related_name="invitations", db_constraint=False
    )
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="invitations", db_constraint=False)
    status = models.CharField(
        _("Status"), max_length=10, choices=InvitationStatus.choices, default=InvitationStatus.SENT
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("Unit"))
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="+")
    named_liaison = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+", verbose_name=_("Category"))
    risk = models.CharField(_("Risk"), max_length=8, choices=Risk.choices)
    concerns_minor = models.BooleanField(_("Concerns a minor"), default=False)
    sections = models.JSONField(_("Sections offered"), default=list)
    basis = models.CharField(_("Legal basis of sharing"), max_length=20, choices=GrantBasis.choices)
    sent_at = models.DateTimeField()
    pledged_at = models.DateTimeField(_("Secrecy pledged at"), null=True)  # with the acceptance
    pledged_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    agreed_sequence = models.SmallIntegerField(default=0)  # which time of the conference the body has said yes to
    regret = models.CharField(_("Reason for declining"), max_length=16, choices=Regret.choices, blank=True)
    confirmation = models.CharField(
        _("Minutes of the conference"), max_length=10, choices=Confirmation.choices, blank=True
    )
    answered_at = models.DateTimeField(null=True)  # the confirmation of the minutes, or the objection
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.IntegerField(default=1)

    objects = InvitationQuerySet.as_manager()  # type: ignore[misc, assignment]
    section_rule: ClassVar[str] = "'letter'"
    protection = Rows(
        web=f"{staff_of_case('{table}.case_id', '{table}.office_id')} OR {LETTER}",
        verb=f"case_id = ANY {TICKET} OR conference_id = ANY {TICKET}", worker=IS_WORKER, unique_case_key=True,
    )  # fmt: skip

    class Meta:
        indexes = [
            models.Index(fields=["item", "status"], name="invitation_item"),
            models.Index(fields=["conference"], name="invitation_conference"),
            models.Index(fields=["group", "status"], name="invitation_group"),
            models.Index(
                fields=["named_liaison"], name="invitation_named", condition=Q(status__in=["sent", "accepted"])
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "unit"], name="invitation_once", condition=Q(status__in=["sent", "accepted"])
            ),
            models.CheckConstraint(
                name="invitation_decline_has_reason", condition=~Q(status="declined") | ~Q(regret="")
            ),
            models.CheckConstraint(
                name="invitation_accepted_is_pledged", condition=~Q(status="accepted") | Q(pledged_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def has_new_time(self) -> bool:
        """Whether the conference was moved since the body said that it comes."""
        return self.status == InvitationStatus.ACCEPTED and self.agreed_sequence < self.conference.sequence
