"""A case that is open to named people of its own centre only: for the others of the house it does not exist."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.enums import SealReason
from cases.models.case import Case
from cases.models.scope import not_walled
from core.protection import CASE_OFFICES, DIRECTOR_OFFICES, IS_WORKER, Rows, clear

if TYPE_CHECKING:
    from core.identity import Identity

_DIRECTORS = Rows(web=f"office_id = ANY {DIRECTOR_OFFICES} AND {clear('case_id')}", verb=None, worker=IS_WORKER)


class SealQuerySet(models.QuerySet["models.Model"]):
    """Seals as the director reads them; who is not named knows of neither case nor seal."""

    def visible_to(self, by: Identity) -> Self:
        """Those of the own centres' cases, where `by` is named."""
        return self.filter(not_walled("case_id"), office_id__in=by.director_offices)


class SealRows(models.QuerySet["Seal"]):
    """Seals themselves: of others' a named manager reads what waits for a second person."""

    def visible_to(self, by: Identity) -> Self:
        """The director's, and those that somebody of the named is asked to lift."""
        waiting = Q(office_id__in=by.case_offices, lift_asked_at__isnull=False, lifted_at__isnull=True)
        return self.filter(Q(office_id__in=by.director_offices) | waiting).filter(not_walled("case_id"))


class Seal(models.Model):
    """One sealing of a case, from a day until it is lifted. Written through database functions; `caremgmt_walled()` reads it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, db_constraint=False, related_name="+")
    office_id = models.UUIDField()
    reason = models.CharField(max_length=16, choices=SealReason.choices)
    since = models.DateTimeField()
    set_by_id = models.UUIDField(null=True)  # null: set by a match of fingerprints
    lift_asked_at = models.DateTimeField(null=True)
    lift_asked_by_id = models.UUIDField(null=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_by_id = models.UUIDField(null=True)

    objects = SealRows.as_manager()
    protection: ClassVar[Rows] = Rows(
        web=f"{clear('case_id')} AND (office_id = ANY {DIRECTOR_OFFICES}"
        f" OR (office_id = ANY {CASE_OFFICES} AND lift_asked_at IS NOT NULL AND lifted_at IS NULL))",
        verb=None,
        worker=IS_WORKER,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], name="seal_once", condition=Q(lifted_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def subject_id(self) -> uuid.UUID:
        """Whom the verb's ticket names."""
        return self.case_id

    @property
    def audit_case_id(self) -> uuid.UUID:
        """The case, for the audit row."""
        return self.case_id


class SealMember(models.Model):
    """One person for whom a sealed case exists."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="members")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, db_constraint=False, related_name="+")
    office_id = models.UUIDField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    objects = SealQuerySet.as_manager()
    protection: ClassVar[Rows] = _DIRECTORS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seal", "user"], name="sealmember_once", condition=Q(until__isnull=True)),
        ]
        indexes = [models.Index(fields=["case"], name="sealmember_case", condition=Q(until__isnull=True))]

    def __str__(self) -> str:
        return str(self.pk)
