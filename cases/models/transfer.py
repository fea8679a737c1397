"""移交: a centre asks another one to go on with a case."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Office
from cases.enums import Risk, TransferReason, TransferStatus
from cases.models.case import Case, CaseOwned
from cases.models.category import Category
from cases.models.scope import not_recused, not_walled
from core.fields import SealedTextField
from core.protection import CASE_OFFICES, IS_WORKER, TICKET, Rows, clear

if TYPE_CHECKING:
    from core.identity import Identity


class TransferQuerySet(models.QuerySet["Transfer"]):
    """Scope of transfers."""

    def visible_to(self, by: Identity) -> Self:
        """What the own centres ask (as long as they handle the case), and what they are asked; never past a wall."""
        if by.user_id is None:
            return self.none()
        sent = Q(office_id__in=by.case_offices) & Q(not_walled("case_id"))
        return self.filter(sent | self._received(by))

    def sent_by(self, by: Identity) -> Self:
        """Asked by the own centres."""
        return self.visible_to(by).filter(office_id__in=by.case_offices)

    def received_by(self, by: Identity) -> Self:
        """Asked of the own centres."""
        return self.filter(self._received(by))

    def _received(self, by: Identity) -> Q:
        return Q(to_office_id__in=by.case_offices) & Q(not_recused("case_id")) & Q(not_walled("successor_id"))


class Transfer(CaseOwned):
    """The letter that the receiving centre sees before it takes a case over: coded fields and a reviewed message, no name, no free text.

    Once it is taken over the earlier centre does not see this row any more: its stub never names the destination.
    """

    to_office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="+", verbose_name=_("Receiving centre")
    )
    status = models.CharField(_("Status"), max_length=10, choices=TransferStatus.choices, default=TransferStatus.ASKED)
    reason = models.CharField(_("Reason"), max_length=16, choices=TransferReason.choices)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+", verbose_name=_("Category"))
    risk = models.CharField(_("Risk"), max_length=8, choices=Risk.choices)
    concerns_minor = models.BooleanField(_("Concerns a minor"), default=False)
    message = SealedTextField(_("Message"), concept="transfer.message")  # reviewed: nothing that identifies
    asked_at = models.DateTimeField(_("Asked at"))
    due_at = models.DateTimeField(_("Answer by"))
    answered_at = models.DateTimeField(null=True)
    answer = SealedTextField(_("Answer"), concept="transfer.answer")
    successor = models.OneToOneField(
        Case, null=True, on_delete=models.PROTECT, db_constraint=False, related_name="taken_over_by"
    )

    objects = TransferQuerySet.as_manager()  # type: ignore[misc, assignment]
    section_rule: ClassVar[str] = "'letter'"
    protection = Rows(
        web=f"(office_id = ANY {CASE_OFFICES} AND {clear('case_id')})"
        f" OR (to_office_id = ANY {CASE_OFFICES} AND {clear('case_id', head=True)} AND (successor_id IS NULL OR {clear('successor_id')}))",
        verb=f"case_id = ANY {TICKET}", worker=IS_WORKER, unique_case_key=True,
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], name="transfer_once_open", condition=Q(status=TransferStatus.ASKED)
            ),
            models.CheckConstraint(
                name="transfer_names_successor",
                condition=Q(status=TransferStatus.ACCEPTED, successor__isnull=False)
                | (~Q(status=TransferStatus.ACCEPTED) & Q(successor__isnull=True)),
            ),
            models.CheckConstraint(name="transfer_to_another", condition=~Q(to_office=models.F("office"))),
        ]
        indexes = [
            models.Index(fields=["case", "-asked_at"], name="transfer_case"),
            models.Index(fields=["office", "-asked_at", "-id"], name="transfer_office"),
            models.Index(fields=["to_office", "-asked_at", "-id"], name="transfer_to_office"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
