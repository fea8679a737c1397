"""紧急查看: somebody elsewhere must know at once how a woman can be reached safely."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Office
from cases.enums import GlassFinding
from cases.models.case import Case
from cases.models.scope import not_walled
from core import clock
from core.fields import SealedTextField
from core.protection import DIRECTOR_OFFICES, IS_WORKER, TICKET, UID, Rows, clear, flag

if TYPE_CHECKING:
    import datetime as dt

    from core.identity import Identity


class GlassQuerySet(models.QuerySet["BreakGlass"]):
    """Emergency views."""

    def visible_to(self, by: Identity) -> Self:
        """Those that one has a part in, all for the auditor; never past a wall."""
        if "auditor" in by.flags:
            return self.filter(not_walled("case_id"))
        return self.with_a_part_of(by)

    def with_a_part_of(self, by: Identity) -> Self:
        """The own ones, those that one's centre confirms or whose case it handles (its director); never past a wall."""
        if not by.user_id:
            return self.none()
        mine = Q(opener_id=by.user_id) | Q(reviewer_id=by.user_id)
        directed = Q(confirm_office_id__in=by.director_offices) | Q(office_id__in=by.director_offices)
        return self.filter(mine | directed).filter(not_walled("case_id"))


PART = f"(opener_id = {UID} OR reviewer_id = {UID} OR confirm_office_id = ANY {DIRECTOR_OFFICES} OR office_id = ANY {DIRECTOR_OFFICES})"


class BreakGlass(models.Model):
    """One emergency view: asked on an exact case number, confirmed by another centre's director, over after four hours, reviewed within a day.

    The case is named here only when it has been opened: before, and when nothing was opened, nobody learns from the row whether there is one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("Case number"), max_length=24)  # as asked, whether there is such a case or not
    opener = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opener_office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    confirm_office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by_id = models.UUIDField(null=True)
    is_refused = models.BooleanField(default=False)
    tried = models.JSONField(default=list)  # ids of the centres whose directors did not answer in time
    lapsed_at = models.DateTimeField(null=True)  # nobody answered: it can be asked anew
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, db_constraint=False, related_name="+")
    office = models.ForeignKey(Office, null=True, on_delete=models.PROTECT, related_name="+")  # that of the case
    ends_at = models.DateTimeField(null=True)
    reviewer_id = models.UUIDField(null=True)  # named where the case's centre has nobody who may review it
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by_id = models.UUIDField(null=True)
    finding = models.CharField(max_length=12, choices=GlassFinding.choices, blank=True)

    objects = GlassQuerySet.as_manager()
    protection = Rows(
        web=f"({PART} OR {flag('auditor')}) AND (case_id IS NULL OR {clear('case_id')})",
        verb=f"id = ANY {TICKET}",
        worker=IS_WORKER,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(name="glass_two_people", condition=~Q(answered_by_id=F("opener_id"))),
            models.CheckConstraint(
                name="glass_reviewed_by_a_third",
                condition=Q(reviewed_by_id__isnull=True)
                | (~Q(reviewed_by_id=F("opener_id")) & ~Q(reviewed_by_id=F("answered_by_id"))),
            ),
            models.CheckConstraint(
                name="glass_open_has_an_end",
                condition=Q(case__isnull=True) | Q(office__isnull=False, ends_at__isnull=False, is_refused=False),
            ),
            models.CheckConstraint(
                name="glass_lapsed_by_nobody",
                condition=Q(lapsed_at__isnull=True)
                | Q(answered_at__isnull=False, answered_by_id__isnull=True, is_refused=False, case__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["opener", "number", "confirm_office"],
                name="glass_asked_once",
                condition=Q(answered_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["opener", "-asked_at"], name="glass_opener"),
            models.Index(fields=["confirm_office", "-asked_at"], name="glass_confirm"),
            models.Index(fields=["office", "-asked_at"], name="glass_office"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def audit_case_id(self) -> uuid.UUID | None:
        """The case, for the audit row, once it was opened."""
        return self.case_id

    @property
    def was_opened(self) -> bool:
        return self.case_id is not None

    def is_open(self, at: dt.datetime | None = None) -> bool:
        """Whether it still shows something; the database decides the same by the grant's end."""
        return self.ends_at is not None and (at or clock.now()) < self.ends_at


class GlassWordsQuerySet(models.QuerySet["GlassWords"]):
    """What was written of emergency views."""

    def visible_to(self, by: Identity) -> Self:
        """For who has a part in it. The auditor sees that there was one, and no words of a case."""
        return self.filter(glass__in=BreakGlass.objects.with_a_part_of(by))


class GlassWords(models.Model):
    """The reason of an emergency view, and what its review found. Apart from the view, because the auditor reads that and not this."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    glass = models.OneToOneField(BreakGlass, on_delete=models.PROTECT, related_name="words")
    reason = SealedTextField(_("Reason"), concept="glass.reason", subject="glass_id")
    note = SealedTextField(_("What the review found"), concept="glass.note", subject="glass_id")

    objects = GlassWordsQuerySet.as_manager()
    protection = Rows(
        # the sub-select is itself under the rules of views, walls among them; nothing in the text comes from outside
        web=f"EXISTS (SELECT 1 FROM cases_breakglass WHERE cases_breakglass.id = {{table}}.glass_id AND {PART})",  # noqa: S608
        verb=f"glass_id = ANY {TICKET}", worker=None,
    )  # fmt: skip

    def __str__(self) -> str:
        return str(self.pk)
