"""A liaison is away from a day to a day and a colleague of the same unit stands in; what moved because of it is kept letter by letter."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from agencies.models import Unit
from cases.models import CaseOwned
from cases.models.scope import not_walled
from core import clock
from core.identity import Identity
from core.protection import GROUPS, IS_WORKER, TICKET, UID, Rows, staff_of_case
from referrals.conferences.models import Decision, Invitation
from referrals.models.referral import Referral

_SENDS = "(SELECT caremgmt_uuids('co')) <> '{}'"


class AbsenceQuerySet(models.QuerySet["Absence"]):
    """Scope of absences."""

    def visible_to(self, by: Identity) -> Self:
        """Those of the own units and the own ones; whoever manages cases sees all, for she has to know to whom a letter goes."""
        if by.user_id is None:
            return self.none()
        if by.case_offices:
            return self.all()
        return self.filter(Q(group_id__in=by.groups) | Q(person_id=by.user_id) | Q(substitute_id=by.user_id))

    def in_force(self, day: dt.date | None = None) -> Self:
        """Those of a day (of today): begun, not past their last day, not ended before it."""
        day = day or clock.today()
        return self.filter(ended_at__isnull=True, first_day__lte=day, last_day__gte=day)

    def within(self, first: dt.date, last: dt.date) -> Self:
        """Those that share a day with this time and have not been ended."""
        return self.filter(ended_at__isnull=True, first_day__lte=last, last_day__gte=first)


class Absence(models.Model):
    """One person's absence from one unit, with the colleague who stands in. Never changed, only ended: what was stays readable.

    Why somebody is away is nobody's business here and is not asked.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("Unit"))
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="+")  # the unit's, for the policy
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("Who is away")
    )
    substitute = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("Who stands in")
    )
    first_day = models.DateField(_("First day"))
    last_day = models.DateField(_("Last day"))
    named_at = models.DateTimeField()
    named_by_id = models.UUIDField()
    named_by_name = models.CharField(max_length=32)
    ended_at = models.DateTimeField(null=True)  # before its last day
    ended_by_name = models.CharField(max_length=32, blank=True)

    objects = AbsenceQuerySet.as_manager()
    protection = Rows(
        web=f"group_id = ANY {GROUPS} OR person_id = {UID} OR substitute_id = {UID} OR {_SENDS}",
        verb=f"id = ANY {TICKET}",
        worker=IS_WORKER,
    )

    class Meta:
        indexes = [
            models.Index(fields=["group", "-first_day"], name="absence_group"),
            models.Index(fields=["person", "last_day"], name="absence_person", condition=Q(ended_at__isnull=True)),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="absence_days_in_order", condition=Q(last_day__gte=F("first_day"))),
            models.CheckConstraint(name="absence_by_another", condition=~Q(person=F("substitute"))),
            # nobody gives herself what is addressed to another by name
            models.CheckConstraint(name="absence_not_for_oneself", condition=~Q(named_by_id=F("substitute"))),
            ExclusionConstraint(
                name="absence_once_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("group", RangeOperators.EQUAL),
                    (
                        Func("first_day", "last_day", Value("[]"), function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(ended_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_in_force(self) -> bool:
        """Whether the person is away today."""
        return self.ended_at is None and self.first_day <= clock.today() <= self.last_day

    @property
    def is_over(self) -> bool:
        """Whether nothing more follows from it."""
        return self.ended_at is not None or self.last_day < clock.today()


class StandInQuerySet(models.QuerySet["StandIn"]):
    """Scope of what moved."""

    def visible_to(self, by: Identity) -> Self:
        """Whoever sees the letter sees who stands in for whom on it."""
        if by.user_id is None:
            return self.none()
        seen = Q(office_id__in=by.case_offices) & Q(not_walled("case_id"))
        for model in (Referral, Invitation, Decision):
            seen |= Q(source_id__in=model.objects.visible_to(by).values("pk"))
        return self.filter(seen)


class StandIn(CaseOwned):
    """One letter, invitation or measure that went from an absent person to another of the unit; open until it is back or answered."""

    absence = models.ForeignKey(Absence, on_delete=models.PROTECT, related_name="stand_ins", db_constraint=False)
    source_id = models.UUIDField()
    absent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    came_back = models.BooleanField(default=False)  # to the one who was away

    objects = StandInQuerySet.as_manager()  # type: ignore[misc, assignment]
    section_rule: ClassVar[str] = "'letter'"
    protection = Rows(
        # sub-selects stand under the rules of the tables that they ask
        web=f"{staff_of_case('{table}.case_id', '{table}.office_id')}"  # noqa: S608 -- constants only
        " OR EXISTS (SELECT 1 FROM referrals_referral r WHERE r.id = {table}.source_id)"
        " OR EXISTS (SELECT 1 FROM referrals_invitation i WHERE i.id = {table}.source_id)"
        " OR EXISTS (SELECT 1 FROM referrals_decision d WHERE d.id = {table}.source_id)",
        verb=f"case_id = ANY {TICKET}",
        worker=IS_WORKER,
        unique_case_key=True,
    )

    class Meta:
        indexes = [models.Index(fields=["source_id", "-since"], name="standin_source")]
        constraints = [
            models.UniqueConstraint(fields=["source_id"], name="standin_one_at_a_time", condition=Q(until__isnull=True))
        ]

    def __str__(self) -> str:
        return str(self.pk)
