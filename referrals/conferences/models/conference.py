"""A conference: when, where, who chairs. It names no case; what is spoken of stands on its agenda, item by item."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Office, Room
from cases.models.case import history
from core.identity import Identity
from core.protection import CASE_OFFICES, IS_WORKER, TICKET, Rows
from referrals.conferences.enums import RUNNING, ConferenceKind, ConferenceStatus


class ConferenceQuerySet(models.QuerySet["Conference"]):
    """Scope of conferences."""

    def visible_to(self, by: Identity) -> Self:
        """The own centres' conferences as far as an item of theirs may be seen (standing meetings always), and those of a letter in force."""
        from referrals.conferences.models.agenda import AgendaItem
        from referrals.conferences.models.invitation import Invitation

        if by.user_id is None:
            return self.none()
        items = AgendaItem.objects.visible_to(by).values("conference_id")
        own = Q(office_id__in=by.case_offices) & (Q(kind=ConferenceKind.STANDING) | Q(pk__in=items))
        return self.filter(own | Q(pk__in=Invitation.objects.addressed_to(by).values("conference_id")))


class Conference(models.Model):
    """会商/联席会议 of a centre."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", verbose_name=_("Centre"))
    number = models.CharField(_("Document number"), max_length=40, unique=True)
    kind = models.CharField(_("Kind"), max_length=10, choices=ConferenceKind.choices)
    status = models.CharField(
        _("Status"), max_length=10, choices=ConferenceStatus.choices, default=ConferenceStatus.PLANNED
    )
    chair = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("Chair")
    )
    begins_at = models.DateTimeField(_("Begins"))
    ends_at = models.DateTimeField(_("Ends"))
    room = models.ForeignKey(Room, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("Room"))
    venue = models.CharField(_("Another place"), max_length=80, blank=True)
    sequence = models.SmallIntegerField(
        default=0
    )  # how often it was moved: SEQUENCE of its appointments (RFC 5545, 3.8.7.4)
    convened_at = models.DateTimeField()
    held_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    objects = ConferenceQuerySet.as_manager()
    history = history()
    protection = Rows(
        web=f"(office_id = ANY {CASE_OFFICES} AND (kind = 'standing' OR EXISTS (SELECT 1 FROM referrals_agendaitem a"  # noqa: S608 -- constants only
        " WHERE a.conference_id = {table}.id))) OR EXISTS (SELECT 1 FROM referrals_invitation v WHERE v.conference_id = {table}.id)",
        verb=f"id = ANY {TICKET}", worker=IS_WORKER,
    )  # fmt: skip

    class Meta:
        ordering: ClassVar[list[str]] = ["-begins_at"]
        indexes = [
            models.Index(fields=["office", "-begins_at", "-id"], name="conference_office"),
            models.Index(fields=["begins_at"], name="conference_running", condition=Q(status__in=RUNNING)),
        ]
        constraints = [
            models.CheckConstraint(name="conference_ends_after_it_begins", condition=Q(ends_at__gt=F("begins_at"))),
            models.CheckConstraint(name="conference_somewhere", condition=Q(room__isnull=False) | ~Q(venue="")),
            models.CheckConstraint(
                name="conference_held_has_time",
                condition=Q(status__in=[ConferenceStatus.PLANNED, ConferenceStatus.CANCELLED])
                | Q(held_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def place(self) -> str:
        """Where it is."""
        return self.room.name if self.room else self.venue

    @property
    def is_running(self) -> bool:
        return self.status in RUNNING
