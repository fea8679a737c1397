"""查阅审批: a closed record of a minor is read by those assigned, and by others of the centre with its director's approval."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Office
from cases.models.case import Case
from cases.models.scope import not_walled
from core import clock
from core.fields import SealedTextField
from core.protection import DIRECTOR_OFFICES, IS_WORKER, TICKET, UID, WALLED, Rows, flag

if TYPE_CHECKING:
    from core.identity import Identity


class ApprovalQuerySet(models.QuerySet["RecordApproval"]):
    """Approvals asked for and given."""

    def visible_to(self, by: Identity) -> Self:
        """The own ones, the own centre's for its director, all for the auditor; never past a wall."""
        if not by.user_id:
            return self.none()
        mine = Q(asker_id=by.user_id) | Q(office_id__in=by.director_offices)
        return (self if "auditor" in by.flags else self.filter(mine)).filter(not_walled("case_id"))


class RecordApproval(models.Model):
    """One person's access to one closed record of a minor until a day (未成年人网络保护条例第36条). `caremgmt_walled()` reads it.

    Asked on a number; the case is named here only once it is approved.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("Case number"), max_length=24)
    asker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    reason = SealedTextField(_("Reason"), concept="approval.reason", subject="id")
    days = models.SmallIntegerField(_("For how long"))
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.UUIDField(null=True)
    is_refused = models.BooleanField(default=False)
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, db_constraint=False, related_name="+")
    until = models.DateTimeField(null=True)

    objects = ApprovalQuerySet.as_manager()
    protection = Rows(
        web=f"(asker_id = {UID} OR office_id = ANY {DIRECTOR_OFFICES} OR {flag('auditor')})"
        f" AND (case_id IS NULL OR case_id <> ALL {WALLED})",
        verb=f"id = ANY {TICKET}",
        worker=IS_WORKER,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(name="approval_by_another", condition=~Q(decided_by_id=F("asker_id"))),
            models.CheckConstraint(
                name="approval_is_decided",
                condition=Q(case__isnull=True)
                | Q(decided_at__isnull=False, decided_by_id__isnull=False, until__isnull=False, is_refused=False),
            ),
            models.UniqueConstraint(
                fields=["asker", "number"], name="approval_asked_once", condition=Q(decided_at__isnull=True)
            ),
        ]
        indexes = [
            models.Index(fields=["office", "-asked_at"], name="approval_office"),
            models.Index(fields=["asker", "case"], name="approval_asker", condition=Q(case__isnull=False)),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def audit_case_id(self) -> uuid.UUID | None:
        """The case, for the audit row, once it was approved."""
        return self.case_id

    @property
    def is_in_force(self) -> bool:
        return self.until is not None and clock.now() < self.until
