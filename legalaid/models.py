"""Legal aid (法律援助) and mediation before a lawsuit (诉前调解)."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Room, Unit
from cases.models import CaseOwned
from cases.models.case import history
from cases.models.scope import not_walled
from core.fields import SealedTextField
from core.identity import Identity
from core.protection import GROUPS, IS_WORKER, TICKET, Rows, case_rows, clear, staff_of_case
from legalaid.enums import WAITING, AidStatus, EndReason, Matter, MeansTest, Outcome, RefuseReason


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Scope of applications."""

    def visible_to(self, by: Identity) -> Self:
        """The own centres' applications, and those sent to a unit of `by`; never past a wall."""
        if by.user_id is None:
            return self.none()
        return self.filter(Q(office_id__in=by.case_offices) | Q(group_id__in=by.groups)).filter(not_walled("case_id"))

    def received_by(self, by: Identity) -> Self:
        """Applications to the units of `by`: what the officer's list is made of."""
        return self.filter(group_id__in=by.groups).filter(not_walled("case_id")) if by.groups else self.none()

    def sent_by(self, by: Identity) -> Self:
        """Applications from the own centres."""
        return self.filter(office_id__in=by.case_offices).filter(not_walled("case_id"))


class Application(CaseOwned):
    """An application to a legal-aid centre: coded fields only, nothing here names anybody.

    Who applies is read from the case's identity section, which her consent opens to the body while the application is open.
    """

    number = models.CharField(_("Document number"), max_length=40, unique=True)
    status = models.CharField(_("Status"), max_length=10, choices=AidStatus.choices, default=AidStatus.APPLIED)
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="aid_applications", verbose_name=_("Legal-aid centre")
    )
    group = models.ForeignKey(
        Group, on_delete=models.PROTECT, related_name="+"
    )  # the unit's, for the index and the policy
    matter = models.CharField(_("Matter"), max_length=20, choices=Matter.choices)
    means = models.CharField(_("Means"), max_length=12, choices=MeansTest.choices)
    is_urgent = models.BooleanField(_("A limitation period ends within seven days"), default=False)
    is_minor = models.BooleanField(_("The applicant is a minor"), default=False)
    applied_at = models.DateTimeField(_("Applied at"))
    due_at = models.DateTimeField(
        null=True
    )  # what the body owes next: decision, then lawyer; null when it owes nothing
    decided_at = models.DateTimeField(_("Decided at"), null=True)
    refuse_reason = models.CharField(_("Reason for refusing"), max_length=16, choices=RefuseReason.choices, blank=True)
    refuse_note = SealedTextField(_("Explanation"), concept="legalaid.refuse_note")
    assigned_at = models.DateTimeField(_("Assigned at"), null=True)
    lawyer_name = SealedTextField(_("Lawyer"), concept="legalaid.lawyer")
    lawyer_agency = models.CharField(_("Law firm or legal-service office"), max_length=80, blank=True)
    lawyer_phone = SealedTextField(_("Lawyer's telephone"), concept="legalaid.lawyer_phone")
    told_at = models.DateTimeField(null=True)  # when she was told the outcome
    closed_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=12, choices=EndReason.choices, blank=True)
    version = models.IntegerField(default=1)

    objects = ApplicationQuerySet.as_manager()  # type: ignore[misc, assignment]
    history = history()
    section_rule: ClassVar[str] = "'legal'"
    protection = Rows(
        web=f"{staff_of_case('{table}.case_id', '{table}.office_id')}"
        f" OR ({{table}}.group_id = ANY {GROUPS} AND {clear('{table}.case_id')})",
        verb=f"case_id = ANY {TICKET}", worker=IS_WORKER, unique_case_key=True,
    )  # fmt: skip

    class Meta:
        indexes = [
            models.Index(fields=["group", "due_at", "id"], name="aid_group_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=["group", "-applied_at", "-id"], name="aid_group_applied"),
            models.Index(fields=["office", "due_at", "id"], name="aid_office_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=["office", "-applied_at", "-id"], name="aid_office_applied"),
            models.Index(fields=["case", "-applied_at"], name="aid_case"),
            models.Index(fields=["applied_at"], name="aid_applied"),
        ]
        constraints = [
            models.CheckConstraint(
                name="aid_owes_while_waiting",
                condition=Q(status__in=WAITING, due_at__isnull=False) | (~Q(status__in=WAITING) & Q(due_at__isnull=True))),
            models.CheckConstraint(name="aid_refusal_has_reason", condition=~Q(status="refused") | ~Q(refuse_reason="")),
            models.CheckConstraint(name="aid_assigned_has_time", condition=~Q(status="assigned") | Q(assigned_at__isnull=False)),
            models.CheckConstraint(name="aid_closed_says_why", condition=~Q(status="closed") | ~Q(end_reason="")),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number


class Mediation(CaseOwned):
    """One mediation: planned, then recorded with what came of it. Never while the risk is high."""

    at = models.DateTimeField(_("When"))
    until = models.DateTimeField(_("Ends"))  # the room is booked for it
    room = models.ForeignKey(Room, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("Room"))
    venue = models.CharField(_("Another place"), max_length=80, blank=True)
    mediator = models.CharField(_("Mediator"), max_length=48)
    outcome = models.CharField(_("Outcome"), max_length=12, choices=Outcome.choices, blank=True)  # blank while planned
    held_at = models.DateTimeField(_("Held at"), null=True)
    note = SealedTextField(_("What was agreed"), concept="mediation.note")
    version = models.IntegerField(default=1)

    history = history()
    section_rule: ClassVar[str] = "'legal'"
    protection = case_rows("'legal'")

    class Meta:
        indexes = [
            models.Index(fields=["case", "-at"], name="mediation_case"),
            models.Index(fields=["held_at"], name="mediation_held", condition=Q(held_at__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(name="mediation_ends_after_it_begins", condition=Q(until__gt=models.F("at"))),
            models.CheckConstraint(name="mediation_somewhere", condition=Q(room__isnull=False) | ~Q(venue="")),
        ]

    def __str__(self) -> str:
        return str(self.pk)
