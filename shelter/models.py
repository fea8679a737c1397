"""Refuges (栖息小屋): houses, their beds, and who stays in them.

Three circles. The staff of a centre see its houses by code name, and which beds are free. Keepers see the stays of their own house: of the
case its stay tells them name, number of people, health needs and coded dangers, and no grant on the case is needed for that. The case's
manager sees the stay by a grant of the restricted section `shelter`, and the address while the stay is current.
"""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, F, Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Office
from cases.enums import GrantBasis
from cases.models import Case, CaseOwned
from cases.models.case import history
from cases.models.scope import grants_in_force, not_walled
from core.fields import SealedTextField
from core.identity import Identity
from core.protection import CASE_OFFICES, IS_WORKER, KEEPER_OFFICES, TICKET, UID, Rows, clear, granted
from shelter.enums import CURRENT, BedKind, LeaveReason, ReleaseReason, StayStatus

_OWN = f"(office_id = ANY {KEEPER_OFFICES} OR office_id = ANY {CASE_OFFICES})"


class HouseQuerySet(models.QuerySet["House"]):
    """Scope of houses."""

    def visible_to(self, by: Identity) -> Self:
        """The houses of the own centres, by code name."""
        return self.filter(office_id__in=by.case_offices | by.keeper_offices)


class House(models.Model):
    """A refuge under its code name. Where it is stands in a table of its own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="houses")
    code_name = models.CharField(_("Code name"), max_length=32)
    capacity = models.SmallIntegerField(_("How many people it takes"))
    is_active = models.BooleanField(default=True)

    objects = HouseQuerySet.as_manager()
    protection = Rows(web=_OWN, verb=f"id = ANY {TICKET}", worker=IS_WORKER)

    class Meta:
        ordering = ["code_name"]
        constraints = [
            models.UniqueConstraint(fields=["office", "code_name"], name="house_code_name"),
            models.CheckConstraint(name="house_takes_somebody", condition=Q(capacity__gt=0)),
        ]

    def __str__(self) -> str:
        return self.code_name


class HouseAddressQuerySet(models.QuerySet["HouseAddress"]):
    """Scope of addresses."""

    def visible_to(self, by: Identity) -> Self:
        """For the house's keepers, and for the manager of a case whose guest is expected or in it: as long as she holds a post at the case's centre,
        and no other grant holder.
        """
        if by.user_id is None:
            return self.none()
        cases = Case.objects.own(by).filter(manager_id=by.user_id)
        managed = Stay.objects.visible_to(by).filter(
            status__in=CURRENT, house_id=models.OuterRef("house_id"), case_id__in=cases.values("pk")
        )
        return self.filter(Q(office_id__in=by.keeper_offices) | Q(Exists(managed)))


class HouseAddress(models.Model):
    """Where a refuge is: sealed with the house's own data key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    house = models.OneToOneField(House, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    address = SealedTextField(_("Address"), concept="house.address", subject="house_id")

    objects = HouseAddressQuerySet.as_manager()
    protection = Rows(
        # the sub-selects are themselves under the rules of stays and cases; nothing in the text comes from outside
        web=f"office_id = ANY {KEEPER_OFFICES} OR EXISTS (SELECT 1 FROM shelter_stay s JOIN cases_case c ON c.id = s.case_id"  # noqa: S608
        f" WHERE s.house_id = {{table}}.house_id AND s.status IN ('held', 'checked_in') AND c.manager_id = {UID}"
        f" AND c.office_id = ANY {CASE_OFFICES})",
        verb=f"house_id = ANY {TICKET}", worker=None,
    )  # fmt: skip

    def __str__(self) -> str:
        return str(self.pk)


class BedQuerySet(models.QuerySet["Bed"]):
    """Scope of beds."""

    def visible_to(self, by: Identity) -> Self:
        """The beds of the own centres' houses."""
        return self.filter(office_id__in=by.case_offices | by.keeper_offices)


class Bed(models.Model):
    """What one guest, or one mother with her children, can have: a room for a family, or a single bed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    house = models.ForeignKey(House, on_delete=models.PROTECT, related_name="beds", db_constraint=False)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(_("Number"), max_length=16)
    kind = models.CharField(_("Kind"), max_length=8, choices=BedKind.choices)
    is_active = models.BooleanField(default=True)

    objects = BedQuerySet.as_manager()
    protection = Rows(web=_OWN, verb=f"house_id = ANY {TICKET}", worker=IS_WORKER)

    class Meta:
        ordering = ["house", "label"]
        constraints = [models.UniqueConstraint(fields=["house", "label"], name="bed_label")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.label}"


class StayQuerySet(models.QuerySet["Stay"]):
    """Scope of stays."""

    def visible_to(self, by: Identity) -> Self:
        """The stays of the own refuges, and those that a grant of the section `shelter` opens; never past a wall."""
        if by.user_id is None:
            return self.none()
        seen = Q(keeper_office_id__in=by.keeper_offices) | Q(Exists(grants_in_force(by, "case_id", "shelter")))
        return self.filter(seen).filter(not_walled("case_id"))


class Stay(CaseOwned):
    """入住: a guest, with children, in a bed from a day to a day. Two stays of one bed never overlap (an exclusion constraint, shelter/sql).

    `office` is the case's centre, `keeper_office` the house's. What the keeper may know of the guest stands here and nowhere else.
    """

    number = models.CharField(_("Document number"), max_length=40, unique=True)
    status = models.CharField(_("Status"), max_length=12, choices=StayStatus.choices, default=StayStatus.HELD)
    house = models.ForeignKey(House, on_delete=models.PROTECT, related_name="stays", db_constraint=False)
    bed = models.ForeignKey(
        Bed, on_delete=models.PROTECT, related_name="stays", db_constraint=False, verbose_name=_("Bed")
    )
    keeper_office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    guest_name = SealedTextField(_("Guest's name"), concept="stay.guest_name")
    persons = models.SmallIntegerField(_("People, children included"), default=1)
    children = models.SmallIntegerField(_("Children among them"), default=0)
    is_minor = models.BooleanField(_("The guest herself is under 18"), default=False)
    health_needs = SealedTextField(_("Health needs"), concept="stay.health_needs")
    dangers = models.JSONField(_("Dangers"), default=list)
    basis = models.CharField(_("Basis"), max_length=20, choices=GrantBasis.choices)
    held_at = models.DateTimeField()
    held_until = models.DateTimeField(_("Held until"))
    since = models.DateTimeField(_("Arrives"))
    until = models.DateTimeField(_("Stays until"))
    checked_in_at = models.DateTimeField(_("Checked in at"), null=True)
    checked_out_at = models.DateTimeField(_("Checked out at"), null=True)
    release_reason = models.CharField(max_length=16, choices=ReleaseReason.choices, blank=True)
    leave_reason = models.CharField(max_length=16, choices=LeaveReason.choices, blank=True)
    version = models.IntegerField(default=1)

    objects = StayQuerySet.as_manager()  # type: ignore[misc, assignment]
    history = history()
    section_rule: ClassVar[str] = "'shelter'"
    protection = Rows(
        web=f"(keeper_office_id = ANY {KEEPER_OFFICES} AND {clear('case_id')}) OR {granted('{table}.case_id', chr(39) + 'shelter' + chr(39))}",
        verb=f"case_id = ANY {TICKET}", worker=IS_WORKER, unique_case_key=True,
    )  # fmt: skip

    class Meta:
        indexes = [
            models.Index(fields=["keeper_office", "status", "until"], name="stay_keeper"),
            models.Index(fields=["case", "-held_at"], name="stay_case"),
            models.Index(fields=["house", "until"], name="stay_house", condition=Q(status__in=CURRENT)),
            models.Index(fields=["held_until"], name="stay_held", condition=Q(status=StayStatus.HELD)),
        ]
        constraints = [
            models.CheckConstraint(name="stay_ends_after_it_begins", condition=Q(until__gt=F("since"))),
            models.CheckConstraint(name="stay_of_somebody", condition=Q(persons__gte=1, children__gte=0, children__lte=F("persons"))),
            models.CheckConstraint(name="stay_in_has_time", condition=~Q(status="checked_in") | Q(checked_in_at__isnull=False)),
            models.CheckConstraint(name="stay_out_says_where", condition=~Q(status="checked_out") | (~Q(leave_reason="") & Q(checked_out_at__isnull=False))),
            models.CheckConstraint(name="stay_released_says_why", condition=~Q(status="released") | ~Q(release_reason="")),
            # whoever stays longer than planned is still in the bed
            models.UniqueConstraint(fields=["bed"], name="stay_one_in_bed", condition=Q(status=StayStatus.CHECKED_IN)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number


class StayNote(CaseOwned):
    """What was said of a stay: an extension and why, how she left. Insert-only; seen by whoever sees the stay."""

    class Kind(models.TextChoices):
        EXTENDED = "extended", _("Extended")
        LEFT = "left", _("Left")

    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="notes", db_constraint=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField()
    actor_id = models.UUIDField()
    actor_name = models.CharField(max_length=64)
    text = SealedTextField(concept="stay_note.text")

    section_rule: ClassVar[str] = "'shelter'"
    protection = Rows(
        web="EXISTS (SELECT 1 FROM shelter_stay s WHERE s.id = {table}.stay_id)",  # itself under the stay's rules
        verb=f"case_id = ANY {TICKET}", verb_can="SELECT, INSERT", worker=IS_WORKER, unique_case_key=True,
    )  # fmt: skip

    class Meta:
        indexes = [models.Index(fields=["stay", "at"], name="staynote_stay")]

    def __str__(self) -> str:
        return self.kind
