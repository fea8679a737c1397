"""A centre's standing task force: for each department one member and one liaison. What changes is ended, never overwritten."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agencies.enums import UnitKind
from agencies.models import Office, Unit
from core.fields import SealedTextField
from core.identity import Identity
from core.protection import CASE_OFFICES, IS_WORKER, TICKET, Rows


class OwnQuerySet(models.QuerySet):
    """Scope of task forces: the own centres'."""

    def visible_to(self, by: Identity) -> Self:
        """What belongs to the own centres."""
        return self.filter(office_id__in=by.case_offices)


class TaskForce(models.Model):
    """工作专班 of a centre; its data key seals names and numbers."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    office = models.OneToOneField(Office, on_delete=models.PROTECT, related_name="+")
    founded_at = models.DateTimeField()
    version = models.IntegerField(default=1)

    objects = OwnQuerySet.as_manager()
    protection = Rows(web=f"office_id = ANY {CASE_OFFICES}", verb=f"id = ANY {TICKET}", worker=IS_WORKER)

    def __str__(self) -> str:
        return str(self.pk)


class Membership(models.Model):
    """One person for one department, from a time to a time."""

    class Place(models.TextChoices):
        MEMBER = "member", _("Member")
        LIAISON = "liaison", _("Liaison")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    task_force = models.ForeignKey(TaskForce, on_delete=models.PROTECT, related_name="memberships", db_constraint=False)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("Department"), max_length=20, choices=UnitKind.choices)
    place = models.CharField(_("Role"), max_length=8, choices=Place.choices)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("Unit"))
    name = SealedTextField(_("Name"), concept="membership.name", subject="task_force_id")
    post = SealedTextField(_("Post"), concept="membership.post", subject="task_force_id")
    phone = SealedTextField(_("Telephone"), concept="membership.phone", subject="task_force_id")
    since = models.DateTimeField(_("Since"))
    until = models.DateTimeField(_("Until"), null=True)

    objects = OwnQuerySet.as_manager()
    protection = Rows(web=f"office_id = ANY {CASE_OFFICES}", verb=f"task_force_id = ANY {TICKET}", worker=IS_WORKER)

    class Meta:
        indexes = [models.Index(fields=["task_force", "kind", "-since"], name="membership_force")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["task_force", "kind", "place"], name="membership_one_at_a_time", condition=Q(until__isnull=True)
            ),
            models.CheckConstraint(
                name="membership_ends_after_it_begins", condition=Q(until__isnull=True) | Q(until__gte=F("since"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.place}"
