"""Delivered services."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import Office
from cases.enums import Section, ServiceKind
from cases.models.case import Case
from cases.models.party import Person
from cases.models.scope import CaseQuerySet
from core.fields import SealedTextField
from core.protection import CONTACT_OFFICES, IS_WORKER, TICKET, Rows, case_rows

if TYPE_CHECKING:
    from core.identity import Identity

_of_case = case_rows("section").web


class ServiceRecordQuerySet(CaseQuerySet["ServiceRecord"]):
    """Services of cases, and of calls that became none."""

    def visible_to(self, by: Identity) -> Self:
        """Like all rows of a case; what hangs on a contact alone belongs to the desk or centre that took it."""
        of_cases = super().visible_to(by).filter(case__isnull=False)
        return of_cases | self.filter(case__isnull=True, office_id__in=by.contact_offices)


class ServiceRecord(models.Model):
    """One kind × client × occasion (statistics.md, SERVICES). Hangs on a case, or on a contact of an advice-only call."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, db_constraint=False, related_name="services")
    contact_id = models.UUIDField(null=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    section = models.CharField(max_length=16, choices=Section.choices, default=Section.HEADER)
    kind = models.CharField(_("Service"), max_length=16, choices=ServiceKind.choices)
    occasion = models.UUIDField()  # four bodies at one visit are one service: same occasion
    happened_at = models.DateTimeField(_("Happened at"))
    entered_at = models.DateTimeField()
    by_name = models.CharField(max_length=32, blank=True)
    by_agency = models.CharField(max_length=128, blank=True)
    minutes = models.SmallIntegerField(_("Minutes"), null=True)
    note = SealedTextField(_("Note"), concept="service.note", subject="subject_id")

    objects = ServiceRecordQuerySet.as_manager()
    case_field = "case_id"
    section_rule = "section"
    protection = Rows(
        web=f"(case_id IS NOT NULL AND ({_of_case})) OR (case_id IS NULL AND office_id = ANY {CONTACT_OFFICES})",
        verb=f"coalesce(case_id, contact_id) = ANY {TICKET}", verb_can="SELECT, INSERT, UPDATE", worker=IS_WORKER,
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "person", "occasion"], name="service_once", nulls_distinct=False),
            models.CheckConstraint(
                name="service_of_something", condition=models.Q(case__isnull=False) | models.Q(contact_id__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["happened_at"], name="service_happened"),
            models.Index(fields=["case", "-happened_at"], name="service_case"),
        ]

    def __str__(self) -> str:
        return self.kind

    @property
    def subject_id(self) -> uuid.UUID:
        """The case, else the contact."""
        return self.case_id or self.contact_id  # type: ignore[return-value]

    @property
    def audit_case_id(self) -> uuid.UUID | None:
        return self.case_id
