"""Contacts: every touch of a person with a desk or centre before or without a case."""

from __future__ import annotations

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import Office, Region
from cases.enums import Channel, Gender
from cases.models import Category
from core.fields import SealedTextField
from core.identity import Identity
from core.protection import CASE_OFFICES, CONTACT_OFFICES, IS_WORKER, TICKET, UID, Rows, clear
from hotline.enums import CallerRelation, ContactStatus, Danger, Disposition


class ContactQuerySet(models.QuerySet["Contact"]):
    """Scope of contacts."""

    def visible_to(self, by: Identity) -> ContactQuerySet:
        """The own desks' and centres' contacts, and contacts that opened a case of the own centre.

        Drafts are only the writer's, until they are left lying: then they are the whole office's.
        """
        from cases.models.scope import not_walled

        if by.user_id is None:
            return self.none()
        own = models.Q(office_id__in=by.contact_offices) | models.Q(case_office_id__in=by.case_offices)
        rows = self.filter(own).filter(not_walled("case_id"))
        others = ~models.Q(operator_id=by.user_id) & (
            models.Q(left_at__isnull=True) | ~models.Q(office_id__in=by.contact_offices)
        )
        return rows.exclude(others, status=ContactStatus.DRAFT)


class Contact(models.Model):
    """来访来电记录. The caller is not the client: two sets of fields. Crisis first: only the disposition is mandatory."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", verbose_name=_("Desk or centre"))
    number = models.CharField(max_length=24, unique=True, null=True)  # noqa: DJ001 - a draft has none, and none is not unique
    status = models.CharField(max_length=6, choices=ContactStatus.choices, default=ContactStatus.DRAFT)
    channel = models.CharField(_("Channel"), max_length=20, choices=Channel.choices, default=Channel.HOTLINE)
    operator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    occurred_at = models.DateTimeField(_("When it happened"))
    entered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    drafted_at = models.DateTimeField(null=True)  # when the draft was last kept
    left_at = models.DateTimeField(null=True)  # since when the draft has been left lying: nobody writes it any more
    danger = models.CharField(_("Is she in danger now?"), max_length=8, choices=Danger.choices, default=Danger.UNKNOWN)
    whisper = models.BooleanField(_("She must whisper: yes/no questions only"), default=False)
    whisper_answers = models.JSONField(default=dict)  # question code -> yes | no | unsure
    whereabouts = SealedTextField(_("Where is she now?"), concept="contact.whereabouts", subject="id")
    source_number = models.CharField(
        _("The sender's number"), max_length=40, blank=True
    )  # of a petition, a 12345 order, a letter
    language = models.CharField(_("Language or interpreter"), max_length=32, blank=True)
    caller_relation = models.CharField(
        _("Who is calling"), max_length=12, choices=CallerRelation.choices, default=CallerRelation.SELF
    )
    caller_name = SealedTextField(_("Caller's name"), concept="contact.caller_name", subject="id")
    caller_phone = SealedTextField(_("Caller's phone"), concept="contact.caller_phone", subject="id")
    client_name = SealedTextField(_("Client's name"), concept="contact.client_name", subject="id")
    client_gender = models.CharField(_("Client's gender"), max_length=8, choices=Gender.choices, default=Gender.FEMALE)
    client_birth_year = models.SmallIntegerField(_("Client's year of birth"), null=True)
    is_anonymous = models.BooleanField(_("Wishes to stay anonymous"), default=False)
    region_residence = models.ForeignKey(
        Region, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("Lives in")
    )
    region_registration = models.ForeignKey(
        Region, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("Registered in")
    )
    category = models.ForeignKey(
        Category, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("Category")
    )
    narrative = SealedTextField(_("What happened"), concept="contact.narrative", subject="id")
    needs = SealedTextField(_("What she needs"), concept="contact.needs", subject="id")
    agreed = SealedTextField(_("Agreed next step"), concept="contact.agreed", subject="id")
    safe_number = SealedTextField(_("Safe number"), concept="contact.safe_number", subject="id")
    safe_whose = SealedTextField(_("Whose number"), concept="contact.safe_whose", subject="id")
    code_word = SealedTextField(_("Code word"), concept="contact.code_word", subject="id")
    safe_from = models.TimeField(_("Safe from"), null=True)
    safe_until = models.TimeField(_("Safe until"), null=True)
    respondent_name = SealedTextField(_("Respondent's name"), concept="contact.respondent_name", subject="id")
    respondent_work = SealedTextField(_("Where he or his kin work"), concept="contact.respondent_work", subject="id")
    protocol = models.JSONField(default=dict)  # step code -> time it was done (domestic-violence protocol)
    incident_number_110 = models.CharField(_("110 incident number"), max_length=40, blank=True)
    callback_at = models.DateTimeField(_("Call back at"), null=True)
    disposition = models.CharField(_("Outcome"), max_length=12, choices=Disposition.choices, blank=True)
    case_id = models.UUIDField(null=True)
    case_office_id = models.UUIDField(null=True)
    version = models.IntegerField(default=1)

    objects = ContactQuerySet.as_manager()
    protection = Rows(
        web=f"(office_id = ANY {CONTACT_OFFICES} OR case_office_id = ANY {CASE_OFFICES})"
        f" AND (status <> 'draft' OR operator_id = {UID} OR (left_at IS NOT NULL AND office_id = ANY {CONTACT_OFFICES})) AND (case_id IS NULL OR {clear('case_id')})",
        verb=f"id = ANY {TICKET}", worker=IS_WORKER,
    )  # fmt: skip

    class Meta:
        indexes = [
            models.Index(fields=["office", "-occurred_at"], name="contact_office"),
            models.Index(fields=["case_id"], name="contact_case", condition=models.Q(case_id__isnull=False)),
            models.Index(fields=["operator", "status"], name="contact_drafts", condition=models.Q(status="draft")),
            models.Index(
                fields=["drafted_at"], name="contact_unleft", condition=models.Q(status="draft", left_at=None)
            ),
            models.Index(fields=["occurred_at"], name="contact_occurred"),
            models.Index(fields=["office", "client_birth_year"], name="contact_birth_year"),
        ]
        constraints = [
            models.CheckConstraint(
                name="contact_logged_has_outcome", condition=models.Q(status="draft") | ~models.Q(disposition="")
            ),
        ]

    def __str__(self) -> str:
        return self.number or str(self.pk)

    @property
    def audit_case_id(self) -> uuid.UUID | None:
        """The case, for the audit row."""
        return self.case_id

    @property
    def is_draft(self) -> bool:
        return self.status == ContactStatus.DRAFT

    @property
    def is_split_residence(self) -> bool:
        """人户分离: registered in another county than she lives in."""
        return bool(
            self.region_registration_id
            and self.region_residence_id
            and self.region_registration_id != self.region_residence_id
        )

    @property
    def known_name(self) -> str:
        """The client's name; the caller's where she calls for herself."""
        return self.client_name or (self.caller_name if self.caller_relation == CallerRelation.SELF else "")

    @property
    def shown_name(self) -> str:
        """The client's name as lists, files and Today show it: never of one who wishes to stay anonymous."""
        return str(_("Anonymous")) if self.is_anonymous else self.known_name

    @property
    def duration(self) -> dt.timedelta | None:
        """How long it took to take it down; nothing for a paper that was entered later."""
        if self.ended_at is None or abs(self.entered_at - self.occurred_at) > dt.timedelta(minutes=5):
            return None
        return self.ended_at - self.entered_at
