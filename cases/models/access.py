"""Who may see what of a case, why, since when and until when."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from cases.enums import AccessEnd, ConsentGiver, ConsentHow, GrantBasis, PartyRole, Section, WallReason
from cases.models.case import Case, CaseOwned
from cases.models.party import Party
from cases.models.scope import not_walled
from core.fields import SealedTextField
from core.protection import CASE_OFFICES, DIRECTOR_OFFICES, GROUPS, IS_WORKER, UID, Rows, case_rows, clear

if TYPE_CHECKING:
    from core.identity import Identity


class Consent(CaseOwned):
    """Her consent to one body's seeing some sections, with scope and end; withdrawing it ends the grants that rest on it."""

    unit_id = models.UUIDField()
    unit_name = models.CharField(max_length=80)
    sections = models.JSONField(default=list)
    given_at = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    note = SealedTextField(_("How she consented"), concept="consent.note")
    how = models.CharField(_("How it was given"), max_length=8, choices=ConsentHow.choices, blank=True)
    given_by = models.CharField(_("Given by"), max_length=8, choices=ConsentGiver.choices, blank=True)
    guardian = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, db_constraint=False, related_name="+")
    wish = SealedTextField(_("The child's own wish"), concept="consent.wish")
    is_expired = models.BooleanField(default=False)  # ended by its date, not by her word

    protection = case_rows("'coordination'")  # to whom she consented is the centre's own
    section_rule = "'coordination'"

    class Meta:
        indexes = [
            models.Index(
                fields=["valid_until"],
                name="consent_until",
                condition=Q(withdrawn_at__isnull=True, valid_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class AccessGrant(models.Model):
    """The truth of access: source, holder, section, from, until, basis, consent. Written only through database functions that check the actor."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, db_constraint=False, related_name="grants")
    office_id = models.UUIDField()
    section = models.CharField(max_length=16, choices=Section.choices)
    group = models.ForeignKey(Group, null=True, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    # A person's grant holds only while she is a member of this unit, or has a post at this centre; both empty for one without such a post.
    member_of = models.IntegerField(null=True)
    at_office = models.UUIDField(null=True)
    source_kind = models.CharField(max_length=24)
    source_id = models.UUIDField()
    basis = models.CharField(max_length=20, choices=GrantBasis.choices)
    consent = models.ForeignKey(
        Consent, null=True, on_delete=models.PROTECT, db_constraint=False, related_name="grants"
    )
    offered_at = models.DateTimeField()
    valid_from = models.DateTimeField(null=True)  # null: offered, opens on acceptance
    valid_until = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=8, choices=AccessEnd.choices, blank=True, db_default="")

    protection = Rows(
        web=f"(group_id = ANY {GROUPS} OR user_id = {UID} OR office_id = ANY {CASE_OFFICES}) AND {clear('case_id')}",
        verb="case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])", verb_can="SELECT", worker=IS_WORKER,
    )  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="grant_one_holder",
                condition=Q(group__isnull=False, user__isnull=True) | Q(group__isnull=True, user__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["source_id", "section", "group", "user"],
                name="grant_once",
                nulls_distinct=False,
                condition=Q(withdrawn_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["case", "section"],
                name="grant_case",
                include=["group", "user", "valid_from", "valid_until", "withdrawn_at"],
            ),
            models.Index(fields=["source_id"], name="grant_source"),
            models.Index(fields=["consent"], name="grant_consent", condition=Q(consent__isnull=False)),
            models.Index(
                fields=["valid_until"],
                name="grant_until",
                condition=Q(withdrawn_at__isnull=True, valid_until__isnull=False),
            ),
            models.Index(fields=["group", "section"], name="grant_group", condition=Q(withdrawn_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.source_kind} {self.section}"


class WallQuerySet(models.QuerySet["Wall"]):
    """Walls as those who answer for them may read them."""

    def visible_to(self, by: Identity) -> Self:
        """The director's; of others' only what waits for a second person, or for `by` by name. Never past a wall of one's own."""
        waiting = Q(office_id__in=by.case_offices, lift_asked_at__isnull=False, lifted_at__isnull=True)
        named = Q(reviewer_id=by.user_id, confirmed_at__isnull=True, lifted_at__isnull=True)
        return self.filter(Q(office_id__in=by.director_offices) | waiting | named).filter(not_walled("case_id"))


class Wall(models.Model):
    """A person or unit that must not know of this case; the walled one is never told. Written through database functions only.

    The centre's director reads the walls; a manager only one that a second person is asked to lift.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, db_constraint=False, related_name="+")
    office_id = models.UUIDField()
    group = models.ForeignKey(Group, null=True, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=24, choices=WallReason.choices)
    since = models.DateTimeField()
    set_by_id = models.UUIDField(null=True)  # null: set by a match of fingerprints
    settled_at = models.DateTimeField(null=True)  # when what the walled one owed was given to others
    lift_asked_at = models.DateTimeField(null=True)
    lift_asked_by_id = models.UUIDField(null=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_by_id = models.UUIDField(null=True)
    # Only the name is the same: it stands at once, and until somebody has found out who it is.
    party_role = models.CharField(max_length=12, choices=PartyRole.choices, blank=True, db_default="")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by_id = models.UUIDField(null=True)
    reviewer_id = models.UUIDField(null=True)  # who decides where no director of the centre may, or none has in time

    objects = WallQuerySet.as_manager()
    protection = Rows(
        web=f"{clear('case_id')} AND (office_id = ANY {DIRECTOR_OFFICES}"
        f" OR (office_id = ANY {CASE_OFFICES} AND lift_asked_at IS NOT NULL AND lifted_at IS NULL)"
        f" OR (reviewer_id = {UID} AND confirmed_at IS NULL AND lifted_at IS NULL))",
        verb=None,
        worker=IS_WORKER,
        worker_can="SELECT, UPDATE (settled_at, reviewer_id)",
    )

    class Meta:
        indexes = [
            models.Index(fields=["user"], name="wall_user", condition=Q(lifted_at__isnull=True)),
            models.Index(fields=["group"], name="wall_group", condition=Q(lifted_at__isnull=True)),
            models.Index(fields=["case", "-since"], name="wall_case"),
            models.Index(fields=["since"], name="wall_unsettled", condition=Q(settled_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_provisional(self) -> bool:
        """Set by a name alone, and nobody has found out yet who it is."""
        return self.reason == WallReason.NAME and self.confirmed_at is None and self.lifted_at is None

    @property
    def subject_id(self) -> uuid.UUID:
        """Whom the verb's ticket names."""
        return self.case_id

    @property
    def audit_case_id(self) -> uuid.UUID:
        """The case, for the audit row."""
        return self.case_id


class CaseGroupObjectPermission(GroupObjectPermissionBase):
    """Guardian's rows for units: the union of grants, kept by one database function; the case's sort key is copied in for lists."""

    content_object = models.ForeignKey(Case, on_delete=models.CASCADE, db_constraint=False)
    case_received_at = models.DateTimeField(null=True)

    protection = Rows(web=f"group_id = ANY {GROUPS} AND {clear('content_object_id')}", verb=None, worker=IS_WORKER)

    class Meta:
        unique_together = [["group", "permission", "content_object"]]
        indexes = [
            models.Index(fields=["group", "permission", "-case_received_at", "content_object"], name="cgop_newest")
        ]


class CaseUserObjectPermission(UserObjectPermissionBase):
    """Guardian's rows for people (experts, keepers), kept by the same function."""

    content_object = models.ForeignKey(Case, on_delete=models.CASCADE, db_constraint=False)
    case_received_at = models.DateTimeField(null=True)

    protection = Rows(web=f"user_id = {UID} AND {clear('content_object_id')}", verb=None, worker=IS_WORKER)

    class Meta:
        unique_together = [["user", "permission", "content_object"]]
        indexes = [
            models.Index(fields=["user", "permission", "-case_received_at", "content_object"], name="cuop_newest")
        ]
