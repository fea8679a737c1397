"""How a consent is said in every form whose sending may rest on one."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.enums import ConsentGiver, ConsentHow
from cases.forms.fields import MomentField
from cases.models import Case, PartyIdentity
from cases.services.ages import OF_AGE, age_of
from cases.services.consents import Given, guardians, refusals
from core.errors import DomainError

NAMES = ("given_by", "guardian", "how", "consent_note", "wish", "consent_until")


class GivenForm(forms.Form):
    """By whom, how, until when, in which words. A form that asks for consent begins with these fields and adds its own."""

    given_by = forms.ChoiceField(
        label=_("Consent given by"), choices=ConsentGiver.choices, required=False, initial=ConsentGiver.HERSELF,
        help_text=_("A child's own consent counts from 14 years; before, a guardian's who is not the respondent."))  # fmt: skip
    guardian = forms.ChoiceField(
        label=_("Which guardian"), required=False, help_text=_("A guardian who is the respondent never consents.")
    )
    how = forms.ChoiceField(
        label=_("How it was given"), required=False, choices=[("", _("Please choose")), *ConsentHow.choices]
    )
    consent_note = forms.CharField(
        label=_("How consent was given"), required=False, max_length=300,
        help_text=_("For example: in person on 3 March, signed form in the paper file."))  # fmt: skip
    wish = forms.CharField(
        label=_("The child's own wish"),
        required=False,
        max_length=300,
        help_text=_("In her words; needed from 8 years."),
    )
    consent_until = MomentField(
        label=_("The consent holds until"), required=False, help_text=_("What rests on it ends then by itself.")
    )

    def __init__(self, *args: Any, ask: ConsentContext, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.consent_context = ask
        guardian: Any = self.fields["guardian"]
        guardian.choices = lambda: [
            ("", _("Please choose")),
            *ask.guardians,
        ]  # asked for only where the field is drawn or filled in

    def given(self, data: dict[str, Any]) -> Given:
        """The consent as it was typed."""
        return Given(
            note=data.get("consent_note", ""), given_by=data.get("given_by") or ConsentGiver.HERSELF, how=data.get("how", ""),
            guardian_id=UUID(data["guardian"]) if data.get("guardian") else None, wish=data.get("wish", ""), until=data.get("consent_until"),
        )  # fmt: skip

    def check_consent(self, data: dict[str, Any], now: dt.datetime) -> None:
        """Everything that is wrong with the consent, beside its fields."""
        for error in refusals(self.consent_context.case, self.given(data), now=now):
            self.put(error)

    def put(self, error: DomainError) -> None:
        """A rule's error beside its field, unless the field has one already."""
        name = error.field if error.field in self.fields else None
        if name is None or name not in self.errors:
            self.add_error(name, error.message)


class ConsentContext:
    """Who could consent in a case: its guardians, and whether the client may be a child."""

    def __init__(self, case: Case) -> None:
        self.case = case

    @cached_property
    def guardians(self) -> list[tuple[str, Any]]:
        """The choices of a guardian; never one who is the respondent."""
        return [(str(row.pk), row.identity.name or _("Unknown")) for row in guardians(self.case.pk)]

    @cached_property
    def may_be_minor(self) -> bool:
        """By her age, and where nobody knows it, by what the case says."""
        age = age_of(PartyIdentity.objects.filter(case_id=self.case.pk, party__is_primary=True).first())
        return age.at_most < OF_AGE if age else self.case.concerns_minor
