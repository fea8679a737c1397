"""联合办理: a second centre helps with a case; responsibility stays with the first."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Office
from cases.enums import GrantBasis, Risk, Section
from cases.enums_joint import JOINT_OPEN, JOINT_SECTIONS, JointEnd, JointReason, JointStatus
from cases.models.case import CaseOwned
from cases.models.category import Category
from cases.models.scope import not_recused, not_walled
from core.fields import SealedTextField
from core.protection import CASE_OFFICES, IS_WORKER, TICKET, Rows, clear

if TYPE_CHECKING:
    from core.identity import Identity


class JointQuerySet(models.QuerySet["JointHandling"]):
    """Scope of joint handlings."""

    def visible_to(self, by: Identity) -> Self:
        """What the own centres have asked for, and what they are asked or help with now; never past a wall."""
        if by.user_id is None:
            return self.none()
        asked_by_us = Q(office_id__in=by.case_offices) & Q(not_walled("case_id"))
        return self.filter(asked_by_us | self._at_second(by))

    def sent_by(self, by: Identity) -> Self:
        """Of the own centres' cases."""
        return self.visible_to(by).filter(office_id__in=by.case_offices)

    def received_by(self, by: Identity) -> Self:
        """Where the own centre is the second one, as long as it is asked or helps."""
        return self.filter(self._at_second(by))

    def open(self) -> Self:
        """Asked, or in force."""
        return self.filter(status__in=JOINT_OPEN)

    def _at_second(self, by: Identity) -> Q:
        return Q(to_office_id__in=by.case_offices, status__in=JOINT_OPEN) & Q(not_recused("case_id"))


class JointHandling(CaseOwned):
    """The letter that the second centre reads before it agrees (coded fields and a reviewed wish: no name), and afterwards who helps, until when.

    What is open to the second centre's people stands in the access grants of this source and nowhere else.
    """

    to_office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", verbose_name=_("Second centre"))
    status = models.CharField(_("Status"), max_length=10, choices=JointStatus.choices, default=JointStatus.ASKED)
    reason = models.CharField(_("Reason"), max_length=16, choices=JointReason.choices)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+", verbose_name=_("Category"))
    risk = models.CharField(_("Risk"), max_length=8, choices=Risk.choices)
    concerns_minor = models.BooleanField(_("Concerns a minor"), default=False)
    wish = SealedTextField(_("What the other centre is asked to do"), concept="joint.wish")  # reviewed: names nobody
    sections = models.JSONField(default=list)
    bases = models.JSONField(default=dict)  # what each section rests on
    asked_at = models.DateTimeField(_("Asked at"))
    due_at = models.DateTimeField(_("Answer by"))
    ends_at = models.DateTimeField(_("Until"))
    answered_at = models.DateTimeField(null=True)
    answer = SealedTextField(_("Reason for declining"), concept="joint.answer")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("Named person")
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("Deputy")
    )
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=12, choices=JointEnd.choices, blank=True)
    version = models.IntegerField(default=1)

    objects = JointQuerySet.as_manager()  # type: ignore[misc, assignment]
    section_rule: ClassVar[str] = "'letter'"
    protection = Rows(
        web=f"(office_id = ANY {CASE_OFFICES} AND {clear('case_id')})"
        f" OR (to_office_id = ANY {CASE_OFFICES} AND status IN ('asked', 'active') AND {clear('case_id', head=True)})",
        verb=f"case_id = ANY {TICKET}", worker=IS_WORKER, unique_case_key=True,
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], name="joint_once_open", condition=Q(status__in=JOINT_OPEN)),
            models.CheckConstraint(name="joint_with_another", condition=~Q(to_office=F("office"))),
            models.CheckConstraint(
                name="joint_names_somebody", condition=~Q(status=JointStatus.ACTIVE) | Q(person__isnull=False)
            ),
            models.CheckConstraint(
                name="joint_ended_says_why",
                condition=Q(status=JointStatus.ENDED, ended_at__isnull=False) & ~Q(end_reason="")
                | ~Q(status=JointStatus.ENDED) & Q(ended_at__isnull=True, end_reason=""),
            ),
        ]
        indexes = [
            models.Index(fields=["case", "-asked_at"], name="joint_case"),
            models.Index(fields=["office", "-asked_at", "-id"], name="joint_office"),
            models.Index(fields=["to_office", "-asked_at", "-id"], name="joint_to_office"),
            models.Index(fields=["ends_at"], name="joint_ends", condition=Q(status__in=JOINT_OPEN)),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_open(self) -> bool:
        return self.status in JOINT_OPEN

    @property
    def shared(self) -> list[tuple[Section, GrantBasis]]:
        """The sections that were offered, each with what it rests on."""
        return [(one, GrantBasis(self.bases[one.value])) for one in JOINT_SECTIONS if one.value in self.sections]

    @property
    def people(self) -> list[object]:
        """Ids of those who help: the named person, then the deputy."""
        return [one for one in (self.person_id, self.deputy_id) if one]
