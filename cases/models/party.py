"""People of a case: each section of what is known of them is a table of its own."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import Office, Region
from cases.enums import Gender, PartyRole, Section
from cases.models.case import CaseOwned, history
from core.fields import SealedTextField
from core.protection import CASE_OFFICES, IS_WORKER, TICKET, Rows, case_rows


class Person(models.Model):
    """A human being as one office knows her; `cluster` (a keyed hash of the ID number) is the worker's, for distinct counts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    once = True  # the same person may be a party of an earlier case of this office
    protection = Rows(web=f"office_id = ANY {CASE_OFFICES}", verb=f"id = ANY {TICKET}", worker=IS_WORKER)

    def __str__(self) -> str:
        return str(self.pk)


def section_of(role: str, section: Section) -> Section:
    """Who told of it, or saw it, stands in a section of their own, whatever is known of them: police and procuratorate only."""
    return Section.REPORTER if role in (PartyRole.REPORTER, PartyRole.WITNESS) else section


class Party(CaseOwned):
    """A person in a case, in a role."""

    section = models.CharField(max_length=16, choices=Section.choices, default=Section.IDENTITY)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="parties")
    role = models.CharField(max_length=12, choices=PartyRole.choices)
    is_primary = models.BooleanField(default=False)  # the client whose name the case is known by
    relation = models.CharField(max_length=48, blank=True)  # to the client, a code or a plain kinship word
    is_guardian = models.BooleanField(default=False)
    may_not_be_contacted = models.BooleanField(
        default=False
    )  # a respondent, until the manager has recorded that it is safe

    protection = case_rows("section")
    section_rule = "section"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], name="party_one_primary", condition=models.Q(is_primary=True)),
        ]
        indexes = [models.Index(fields=["case", "role"], name="party_case")]

    def __str__(self) -> str:
        return str(self.pk)


class PartyIdentity(CaseOwned):
    """Who the person is, as told to this case."""

    section = models.CharField(max_length=16, choices=Section.choices, default=Section.IDENTITY)
    party = models.OneToOneField(Party, on_delete=models.PROTECT, related_name="identity")
    name = SealedTextField(_("Name"), concept="identity.name")
    id_number = SealedTextField(_("ID number"), concept="identity.id_number")
    gender = models.CharField(_("Gender"), max_length=8, choices=Gender.choices, default=Gender.UNKNOWN)
    birth_year = models.SmallIntegerField(_("Year of birth"), null=True)
    ethnicity = models.CharField(_("Ethnicity"), max_length=24, blank=True)
    language = models.CharField(_("Language or dialect"), max_length=32, blank=True)
    is_anonymous = models.BooleanField(_("Anonymous"), default=False)
    version = models.IntegerField(default=1)

    history = history()
    protection = case_rows("section")
    section_rule = "section"

    def __str__(self) -> str:
        return str(self.pk)


class PartyContact(CaseOwned):
    """Where the person can be found: never on a paper that leaves the centre."""

    section = models.CharField(max_length=16, choices=Section.choices, default=Section.CONTACT)
    party = models.OneToOneField(Party, on_delete=models.PROTECT, related_name="contact")
    phone = SealedTextField(_("Phone"), concept="contact.phone")
    address = SealedTextField(_("Address"), concept="contact.address")
    region = models.ForeignKey(
        Region, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("County of residence")
    )
    version = models.IntegerField(default=1)

    history = history()
    protection = case_rows("section")
    section_rule = "section"

    def __str__(self) -> str:
        return str(self.pk)


class SafeContact(CaseOwned):
    """How she may be reached without danger; travels with every grant."""

    party = models.OneToOneField(Party, on_delete=models.PROTECT, related_name="safe_contact")
    safe_number = SealedTextField(_("Safe number"), concept="safe.number")
    whose_number = SealedTextField(_("Whose number"), concept="safe.whose")
    code_word = SealedTextField(_("Code word"), concept="safe.code_word")
    note = SealedTextField(_("What to mind"), concept="safe.note")
    hour_from = models.TimeField(_("Safe from"), null=True)
    hour_until = models.TimeField(_("Safe until"), null=True)
    never_message = models.BooleanField(_("Never leave a message"), default=True)
    never_text = models.BooleanField(_("Never text"), default=True)
    version = models.IntegerField(default=1)

    history = history()
    protection = case_rows("'safe_contact'")
    section_rule = "'safe_contact'"

    def __str__(self) -> str:
        return str(self.pk)
