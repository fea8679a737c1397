"""查阅审批: a closed record of a minor is read by those assigned, and by others of the centre with its director's approval."""

from __future__ import annotations

import datetime as dt
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
from core.protection import DIRECTOR_OFFICES, IS_WORKER, TICKET, UID, Rows, clear, flag

if TYPE_CHECKING:
    from core.identity import Identity


class ApprovalQuerySet(models.QuerySet["RecordApproval"]):
    """Approvals asked for and given."""

    def visible_to(self, by: Identity) -> Self:
        """Those that one has a part in, all for the auditor; never past a wall."""
        if "auditor" in by.flags:
            return self.filter(not_walled("case_id"))
        return self.with_a_part_of(by)

    def with_a_part_of(self, by: Identity) -> Self:
        """The own ones, the own centre's for its director, those that one is named to decide; never past a wall."""
        if not by.user_id:
            return self.none()
        return self.filter(
            Q(asker_id=by.user_id) | Q(reviewer_id=by.user_id) | Q(office_id__in=by.director_offices)
        ).filter(not_walled("case_id"))


PART = f"(asker_id = {UID} OR reviewer_id = {UID} OR office_id = ANY {DIRECTOR_OFFICES})"


class RecordApproval(models.Model):
    """One person's access to one closed record of a minor until a day (未成年人网络保护条例第36条). `caremgmt_is_shut()` reads it.

    Asked on a number; the case is named here only once it is approved.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("Case number"), max_length=24)
    asker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    days = models.SmallIntegerField(_("For how long"))
    asked_at = models.DateTimeField()
    reviewer_id = models.UUIDField(null=True)  # named where the centre has no director in force: sees the ask alone
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.UUIDField(null=True)
    is_refused = models.BooleanField(default=False)
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, db_constraint=False, related_name="+")
    until = models.DateTimeField(null=True)

    objects = ApprovalQuerySet.as_manager()
    protection = Rows(
        web=f"({PART} OR {flag('auditor')}) AND (case_id IS NULL OR {clear('case_id')})",
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

    @property
    def is_ended_early(self) -> bool:
        """Ended by hand, before the days were over for which it was given."""
        if self.until is None or self.decided_at is None or self.is_in_force:
            return False
        return self.until < self.decided_at + dt.timedelta(days=self.days)


class ApprovalWordsQuerySet(models.QuerySet["ApprovalWords"]):
    """What was written when approvals were asked for."""

    def visible_to(self, by: Identity) -> Self:
        """For who has a part in it. The auditor sees that it was asked for, and no words of a case."""
        return self.filter(approval__in=RecordApproval.objects.with_a_part_of(by))


class ApprovalWords(models.Model):
    """The reason why a record is asked for. Apart from the approval, because the auditor reads that and not this."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    approval = models.OneToOneField(RecordApproval, on_delete=models.PROTECT, related_name="words")
    reason = SealedTextField(_("Reason"), concept="approval.reason", subject="approval_id")

    objects = ApprovalWordsQuerySet.as_manager()
    protection = Rows(
        # the sub-select is itself under the rules of approvals, walls among them; nothing in the text comes from outside
        web=f"EXISTS (SELECT 1 FROM cases_recordapproval WHERE cases_recordapproval.id = {{table}}.approval_id AND {PART})",  # noqa: S608
        verb=f"approval_id = ANY {TICKET}", verb_can="SELECT, INSERT", worker=None,
    )  # fmt: skip

    def __str__(self) -> str:
        return str(self.pk)
