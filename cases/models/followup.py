"""跟踪回访: planned by rules, polled by beat, attempted by people."""

from __future__ import annotations

import uuid

from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import Office
from cases.enums import AttemptOutcome, FollowUpStatus, Risk, Satisfaction
from cases.models.case import CaseOwned
from core.fields import SealedTextField
from core.protection import Open, case_rows


class FollowUpRule(models.Model):
    """When a callback is owed after which event, by risk; an office without rules of its own follows the province's (office null)."""

    class Event(models.TextChoices):
        OPENED = "opened", _("After opening")
        ANSWERED = "answered", _("After a referral is answered")
        IN_FOLLOW_UP = "in_follow_up", _("While in follow-up")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    event = models.CharField(max_length=16, choices=Event.choices)
    risk = models.CharField(max_length=8, choices=Risk.choices)
    after_hours = models.IntegerField()
    by_desk = models.BooleanField(default=True)  # the hotline calls; else the manager

    protection = Open("the public table of callback rules")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["office", "event", "risk", "after_hours"], name="followuprule_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.risk} +{self.after_hours} h"


class FollowUp(CaseOwned):
    """One planned callback. It becomes due once: a work item is opened for the desk or the manager."""

    status = models.CharField(
        _("Status"), max_length=10, choices=FollowUpStatus.choices, default=FollowUpStatus.PLANNED
    )
    reason = models.CharField(_("Reason"), max_length=16, choices=FollowUpRule.Event.choices)
    due_at = models.DateTimeField(_("Due"))
    desk_group = models.ForeignKey(
        Group, null=True, on_delete=models.PROTECT, related_name="+"
    )  # else the case's manager
    attempts = models.SmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    satisfaction = models.CharField(_("Satisfaction"), max_length=14, choices=Satisfaction.choices, blank=True)
    version = models.IntegerField(default=1)

    protection = case_rows("'callback'")
    section_rule = "'callback'"

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], name="followup_planned", condition=models.Q(status=FollowUpStatus.PLANNED)),
            models.Index(fields=["case", "due_at"], name="followup_case"),
        ]
        constraints = [models.UniqueConstraint(fields=["case", "reason", "due_at"], name="followup_once")]

    def __str__(self) -> str:
        return f"{self.reason} {self.status}"


class FollowUpAttempt(CaseOwned):
    """One attempt to reach her. Insert-only."""

    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="tries", db_constraint=False)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=14, choices=AttemptOutcome.choices)
    note = SealedTextField(concept="attempt.note")
    actor_id = models.UUIDField()
    actor_name = models.CharField(max_length=32)

    protection = case_rows("'callback'", verb_can="SELECT, INSERT")
    section_rule = "'callback'"

    class Meta:
        indexes = [models.Index(fields=["follow_up", "at"], name="attempt_followup")]

    def __str__(self) -> str:
        return self.outcome
