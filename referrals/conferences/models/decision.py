"""议定事项: what a conference decided that somebody does, by when."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Unit
from cases.models import CaseOwned
from cases.models.scope import not_walled
from core.fields import SealedTextField
from core.identity import Identity
from core.protection import IS_WORKER, TICKET, Rows, staff_of_case
from referrals.conferences.enums import DecisionStatus
from referrals.conferences.models.agenda import AgendaItem
from referrals.conferences.models.conference import Conference
from referrals.conferences.models.rules import LETTER, at_the_table, letters


class DecisionQuerySet(models.QuerySet["Decision"]):
    """Scope of decisions."""

    def visible_to(self, by: Identity) -> Self:
        """The own centres', those of an item that `by` sat at, and those given to a unit of `by`; never past a wall."""
        if by.user_id is None:
            return self.none()
        seen = Q(office_id__in=by.case_offices) | Q(item__in=AgendaItem.objects.visible_to(by)) | letters(by)
        return self.filter(seen).filter(not_walled("case_id"))


class Decision(CaseOwned):
    """One action item: a unit (or one of the centre's own staff), a person, a measure, a due time."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="decisions", db_constraint=False)
    status = models.CharField(_("Status"), max_length=8, choices=DecisionStatus.choices, default=DecisionStatus.OPEN)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("Unit"))
    group = models.ForeignKey(Group, null=True, on_delete=models.PROTECT, related_name="+")
    named_liaison = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    responsible = SealedTextField(_("Person responsible"), concept="decision.responsible")
    measure = SealedTextField(_("Measure"), concept="decision.measure")  # nothing that identifies: it leaves the centre
    decided_at = models.DateTimeField()
    due_at = models.DateTimeField(_("Due"))
    done_at = models.DateTimeField(null=True)
    done_by_name = models.CharField(max_length=64, blank=True)
    note = SealedTextField(_("What was done"), concept="decision.note")
    version = models.IntegerField(default=1)

    objects = DecisionQuerySet.as_manager()  # type: ignore[misc, assignment]
    section_rule: ClassVar[str] = "'coordination'"
    protection = Rows(
        web=f"{staff_of_case('{table}.case_id', '{table}.office_id')} OR {at_the_table('item_id')} OR {LETTER}",
        verb=f"case_id = ANY {TICKET} OR conference_id = ANY {TICKET}", worker=IS_WORKER, unique_case_key=True,
    )  # fmt: skip

    class Meta:
        ordering: ClassVar[list[str]] = ["due_at"]
        indexes = [
            models.Index(fields=["item", "due_at"], name="decision_item"),
            models.Index(fields=["conference"], name="decision_conference"),
            models.Index(fields=["case"], name="decision_open", condition=Q(status="open")),
            models.Index(fields=["group", "status"], name="decision_group"),
            models.Index(fields=["named_liaison"], name="decision_named", condition=Q(status="open")),
        ]
        constraints = [
            models.CheckConstraint(
                name="decision_of_somebody",
                condition=Q(unit__isnull=False, group__isnull=False, staff__isnull=True)
                | Q(unit__isnull=True, group__isnull=True, staff__isnull=False),
            ),
            models.CheckConstraint(
                name="decision_done_has_time", condition=~Q(status="done") | Q(done_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def owner_name(self) -> str:
        """Who does it: the unit, else one of the centre's own."""
        if self.unit is not None:
            return self.unit.short_name
        return self.staff.name if self.staff is not None else ""
