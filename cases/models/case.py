"""The case, and what every row of a case is made of."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Office, Region
from cases.enums import GRANTABLE, OPEN_STATUSES, CaseStatus, Channel, CloseReason, RefuseReason, Risk
from cases.models.category import Category
from cases.models.scope import CaseQuerySet
from core.history import JointRecords
from core.identity import current
from core.protection import case_rows

if TYPE_CHECKING:
    from uuid import UUID


def acting_user(instance: models.Model, **kwargs: object) -> UUID | None:
    """Who stands in a history row: the bound identity."""
    return current().user_id


def history(**kwargs: object) -> JointRecords:
    """History with ids instead of foreign keys: it outlives accounts."""
    return JointRecords(
        history_user_id_field=models.UUIDField(null=True), history_user_getter=_history_user, history_user_setter=_no_setter,
        get_user=acting_user, history_change_reason_field=models.CharField(max_length=1, null=True), **kwargs,
    )  # fmt: skip


def _history_user(historical: models.Model) -> UUID | None:
    return historical.history_user_id  # type: ignore[attr-defined,no-any-return]


def _no_setter(historical: models.Model, user_id: UUID | None) -> None:
    historical.history_user_id = user_id  # type: ignore[attr-defined]


class Case(models.Model):
    """案（事）件. Belongs to one office for ever; every open one has a next step (a constraint trigger holds it)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, verbose_name=_("Centre"))
    number = models.CharField(_("Case number"), max_length=24, unique=True)
    status = models.CharField(_("Status"), max_length=12, choices=CaseStatus.choices, default=CaseStatus.RECEIVED)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, verbose_name=_("Category"))
    risk = models.CharField(_("Risk"), max_length=8, choices=Risk.choices, default=Risk.UNKNOWN)
    channel = models.CharField(_("Channel"), max_length=20, choices=Channel.choices)
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("Case manager")
    )
    region_residence = models.ForeignKey(
        Region, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("County of residence")
    )
    region_registration = models.ForeignKey(
        Region, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("County of registration")
    )
    concerns_minor = models.BooleanField(_("Concerns a minor"), default=False)
    is_anonymous = models.BooleanField(_("Anonymous"), default=False)
    received_at = models.DateTimeField(_("Received at"))
    accepted_at = models.DateTimeField(_("Accepted at"), null=True)
    closed_at = models.DateTimeField(_("Closed at"), null=True)
    close_reason = models.CharField(_("Reason for closing"), max_length=16, choices=CloseReason.choices, blank=True)
    refuse_reason = models.CharField(
        _("Reason for not accepting"), max_length=20, choices=RefuseReason.choices, blank=True
    )
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged_cases")
    # The case of another centre that this one goes on with (人户分离, moving); the earlier one never points here.
    predecessor = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="successor")
    next_due_at = models.DateTimeField(null=True)
    touched_at = models.DateTimeField()
    contact_id = models.UUIDField(null=True, unique=True)  # the contact that opened it
    version = models.IntegerField(default=1)

    objects = CaseQuerySet.as_manager()
    history = history()
    protection = case_rows("'header'", case="id", keeps_head=True)
    case_field: ClassVar[str] = "id"
    section_rule: ClassVar[str] = "'header'"
    keeps_head: ClassVar[bool] = True

    class Meta:
        # One permission for each section: guardian keeps them per case; `view_case` would be all or nothing.
        default_permissions = ()
        permissions = [(f"view_{section.value}", f"Can view {section.value}") for section in GRANTABLE]
        constraints = [
            models.UniqueConstraint(fields=["id", "office"], name="case_office_key"),
            models.CheckConstraint(
                name="case_closed_has_reason", condition=~Q(status=CaseStatus.CLOSED) | ~Q(close_reason="")
            ),
            models.CheckConstraint(
                name="case_refused_has_reason", condition=~Q(status=CaseStatus.NOT_ACCEPTED) | ~Q(refuse_reason="")
            ),
            models.CheckConstraint(
                name="case_merged_names_kept",
                condition=Q(status=CaseStatus.MERGED, merged_into__isnull=False)
                | (~Q(status=CaseStatus.MERGED) & Q(merged_into__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["office", "-received_at", "-id"], name="case_office_received"),
            models.Index(fields=["office", "status", "-received_at"], name="case_office_status"),
            models.Index(
                fields=["office", "next_due_at", "id"], name="case_office_due", condition=Q(status__in=OPEN_STATUSES)
            ),
            models.Index(fields=["office", "category", "-received_at"], name="case_office_category"),
            models.Index(fields=["manager", "status"], name="case_manager"),
            models.Index(fields=["accepted_at"], name="case_accepted"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject_id(self) -> UUID:
        """Whom the data key and the verb's ticket name."""
        return self.pk

    @property
    def audit_case_id(self) -> UUID:
        """The case, for the audit row."""
        return self.pk

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATUSES

    @property
    def is_split_residence(self) -> bool:
        """人户分离: registered in another county than she lives in."""
        return bool(
            self.region_registration_id
            and self.region_residence_id
            and self.region_registration_id != self.region_residence_id
        )


class CaseOwned(models.Model):
    """A row of a case: hangs on (case, office) by one composite key, from which policies and sharding are generated.

    Subclasses say `section_rule`: the name of their section column, or a section's code in single quotes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, db_constraint=False, related_name="%(class)ss")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, db_constraint=False, related_name="+")

    objects = CaseQuerySet.as_manager()
    case_field: ClassVar[str] = "case_id"
    section_rule: ClassVar[str] = "'header'"

    class Meta:
        abstract = True

    @property
    def subject_id(self) -> UUID:
        """Whom the data key and the verb's ticket name."""
        return self.case_id

    @property
    def audit_case_id(self) -> UUID:
        """The case, for the audit row."""
        return self.case_id
