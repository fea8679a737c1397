"""文书: orders issued by an authority, with validity."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import Office, Region
from cases.enums import OrderKind
from cases.models.case import Case
from cases.models.scope import CaseQuerySet
from core.protection import CASE_OFFICES, IS_WORKER, TICKET, Rows, case_rows

if TYPE_CHECKING:
    from core.identity import Identity

_of_case = case_rows("'legal'").web


class OrderQuerySet(CaseQuerySet["Order"]):
    """Orders of cases, and of families that are no case."""

    def visible_to(self, by: Identity) -> Self:
        """Like all rows of a case; what belongs to none belongs to the centre that entered it."""
        of_cases = super().visible_to(by).filter(case__isnull=False)
        return of_cases | self.filter(case__isnull=True, office_id__in=by.case_offices)


class Order(models.Model):
    """One order under its document number; the case may be missing (procuratorates issue supervision orders for others too)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, db_constraint=False, related_name="orders")
    kind = models.CharField(_("Kind"), max_length=20, choices=OrderKind.choices)
    document_number = models.CharField(_("Document number"), max_length=64, unique=True)
    issuer = models.CharField(_("Issued by"), max_length=80)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    issued_on = models.DateField(_("Issued on"))
    valid_until = models.DateField(_("Valid until"), null=True)
    entered_at = models.DateTimeField()

    objects = OrderQuerySet.as_manager()
    case_field = "case_id"
    section_rule = "'legal'"
    protection = Rows(
        web=f"(case_id IS NOT NULL AND ({_of_case})) OR (case_id IS NULL AND office_id = ANY {CASE_OFFICES})",
        verb=f"coalesce(case_id, id) = ANY {TICKET}", worker=IS_WORKER,
    )  # fmt: skip

    class Meta:
        indexes = [
            models.Index(fields=["issued_on"], name="order_issued"),
            models.Index(fields=["case"], name="order_case"),
            models.Index(fields=["office", "-entered_at"], name="order_alone", condition=models.Q(case__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.document_number

    @property
    def subject_id(self) -> uuid.UUID:
        """The case, else the order itself."""
        return self.case_id or self.pk

    @property
    def audit_case_id(self) -> uuid.UUID | None:
        return self.case_id
