"""待办: everything that someone owes a client is one row here."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q

from agencies.enums import Role
from agencies.models import Office
from cases.enums import WorkItemOutcome
from cases.models.access import Wall
from cases.models.case import Case
from cases.models.scope import not_walled
from cases.models.seal import Seal
from core.protection import CASE_OFFICES, DIRECTOR_OFFICES, GROUPS, IS_WORKER, KEEPER_OFFICES, TICKET, UID, Rows, clear

if TYPE_CHECKING:
    from uuid import UUID

    from core.identity import Identity


def _own_ask(by: Identity) -> Q:
    """Nobody agrees to an own act: the lifting of a wall or seal is owed by everybody of the centre but the one who asks for it."""
    asked = Q(lift_asked_by_id=by.user_id, lifted_at__isnull=True)
    walls, seals = (model._base_manager.filter(asked).values("pk") for model in (Wall, Seal))
    return Q(kind="wall.lift", source_id__in=walls) | Q(kind="seal.lift", source_id__in=seals)


class WorkItemQuerySet(models.QuerySet["WorkItem"]):
    """The worklist."""

    def visible_to(self, by: Identity) -> Self:
        """Items owed by `by`, by a unit or desk of `by`, and all of the own centres' cases; never past a wall."""
        mine = Q(owner_user_id=by.user_id) | Q(owner_group_id__in=by.groups)
        mine |= Q(office_id__in=by.case_offices, matter_id__isnull=True)
        mine |= Q(office_id__in=by.director_offices, owner_role=Role.DIRECTOR)
        if by.keeper_offices:
            mine |= Q(owner_role=Role.KEEPER, office_id__in=by.keeper_offices)
        return self.filter(mine).filter(not_walled("case_id")) if by.user_id else self.none()

    def open(self) -> Self:
        return self.filter(done_at__isnull=True)

    def owed_by(self, by: Identity) -> Self:
        """Open items that `by` can carry out: named, or addressed to a unit, desk or role of `by`; never what `by` has asked a second one for."""
        managed = Q(owner_role=Role.MANAGER, office_id__in=by.case_offices)
        directed = Q(owner_role=Role.DIRECTOR, office_id__in=by.director_offices)
        if by.keeper_offices:
            directed |= Q(owner_role=Role.KEEPER, office_id__in=by.keeper_offices)
        return (
            self.open()
            .visible_to(by)
            .filter(Q(owner_user_id=by.user_id) | Q(owner_group_id__in=by.groups) | managed | directed)
            .exclude(_own_ask(by))
        )


class WorkItem(models.Model):
    """One owed step: what (kind, source), by whom (a person, a unit or desk, a role at the centre), by when. Unique while open.

    It belongs to a case, to a contact that has not become one, or to a matter of those who answer for a centre (an alert, an emergency
    view): such an item is seen by its owner alone, so that the one whom it is about is not warned.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")  # the office that answers for it
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, db_constraint=False, related_name="work_items")
    contact_id = models.UUIDField(null=True)
    matter_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=40)
    source_id = models.UUIDField()
    owner_user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    owner_group = models.ForeignKey(Group, null=True, on_delete=models.PROTECT, related_name="+")
    owner_role = models.CharField(max_length=20, blank=True, choices=Role.choices)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    clock = models.CharField(max_length=40, blank=True)  # the rule that the due time comes from
    is_urgent = models.BooleanField(default=False)
    reminders = models.SmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    done_by_id = models.UUIDField(null=True)
    outcome = models.CharField(max_length=12, choices=WorkItemOutcome.choices, blank=True)

    once = True  # unique while open for kind and source
    objects = WorkItemQuerySet.as_manager()
    protection = Rows(
        web=f"(owner_user_id = {UID} OR owner_group_id = ANY {GROUPS} OR (office_id = ANY {CASE_OFFICES} AND matter_id IS NULL)"
        f" OR (owner_role = 'director' AND office_id = ANY {DIRECTOR_OFFICES})"
        f" OR (owner_role = 'keeper' AND office_id = ANY {KEEPER_OFFICES}))"
        f" AND (case_id IS NULL OR {clear('case_id')})",
        verb=f"coalesce(case_id, contact_id, matter_id) = ANY {TICKET}",
        worker=IS_WORKER,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "source_id"], name="workitem_once_open", condition=Q(done_at__isnull=True)
            ),
            models.CheckConstraint(
                name="workitem_of_something",
                condition=Q(case__isnull=False) | Q(contact_id__isnull=False) | Q(matter_id__isnull=False),
            ),
            models.CheckConstraint(
                name="workitem_has_owner",
                condition=Q(owner_user__isnull=False) | Q(owner_group__isnull=False) | ~Q(owner_role=""),
            ),
            models.CheckConstraint(name="workitem_done_says_how", condition=Q(done_at__isnull=True) | ~Q(outcome="")),
        ]
        indexes = [
            models.Index(fields=["case"], name="workitem_case_open", condition=Q(done_at__isnull=True)),
            models.Index(fields=["contact_id"], name="workitem_contact_open", condition=Q(done_at__isnull=True)),
            models.Index(fields=["office", "due_at"], name="workitem_office_open", condition=Q(done_at__isnull=True)),
            models.Index(fields=["owner_user", "due_at"], name="workitem_user_open", condition=Q(done_at__isnull=True)),
            models.Index(
                fields=["owner_group", "due_at"], name="workitem_group_open", condition=Q(done_at__isnull=True)
            ),
            models.Index(fields=["due_at"], name="workitem_due_open", condition=Q(done_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.kind

    @property
    def subject_id(self) -> UUID:
        """The case, else the contact, else the matter."""
        return self.case_id or self.contact_id or self.matter_id  # type: ignore[return-value]
